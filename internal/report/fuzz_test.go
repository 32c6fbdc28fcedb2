package report_test

import (
	"bytes"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"fermata/internal/report"
)

// FuzzReadGrid: no bytes make the parser panic, what it refuses it names with file and line, and what it
// reads it also writes, and compares.
func FuzzReadGrid(f *testing.F) {
	matrix, err := os.ReadFile("../../testdata/matrix.json")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(matrix)
	for _, s := range []string{
		"", "{}", `{"schema":"fermata/1","command":"matrix","rows":[{"scenario":"s","cells":[{"engine":"e"}]}]}`,
		`{"schema":"fermata/2","command":"matrix"}`, `{"schema":"fermata/1","command":"find"}`,
		`{"rows":[{"x":1}]}`, "[[[[",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		g, err := report.ReadGrid(bytes.NewReader(data), "m.json")
		if err != nil {
			require.ErrorContains(t, err, "m.json:1: ")
			require.ErrorContains(t, err, ": expected what matrix --format json prints")
			return
		}
		var first, second bytes.Buffer
		require.NoError(t, g.WriteJSON(&first))
		again, err := report.ReadGrid(bytes.NewReader(first.Bytes()), "m.json")
		require.NoError(t, err)
		require.NoError(t, again.WriteJSON(&second))
		require.Equal(t, first.String(), second.String())
		g.Compare(again)
	})
}
