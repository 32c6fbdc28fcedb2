package cli

import (
	"flag"
	"os"
	"testing"

	"github.com/stretchr/testify/require"
)

// The goldens of the measures: the text for reading, the JSON for matrix --expect.
const (
	measuresText = "../../../testdata/matrix.measures.txt"
	measuresJSON = "../../../testdata/matrix.measures.json"
)

func TestMatrixOfMeasures(t *testing.T) {
	if testing.Short() {
		t.Skip("eight combinations of every scenario: left out by -short")
	}
	if flag.Lookup("rewrite").Value.String() == "true" {
		a, out, _ := inProcess(t.Context())
		require.Equal(t, exitViolation, a.main([]string{"matrix", "--measures", "--format", "json"}))
		require.NoError(t, os.WriteFile(measuresJSON, out.Bytes(), 0o644))
	}
	a, out, said := inProcess(t.Context())
	code := a.main([]string{"matrix", "--measures", "--expect", measuresJSON})
	require.Equal(t, exitClean, code, said.String())
	if flag.Lookup("rewrite").Value.String() == "true" {
		require.NoError(t, os.WriteFile(measuresText, out.Bytes(), 0o644))
	}
	want, err := os.ReadFile(measuresText)
	require.NoError(t, err)
	require.Equal(t, string(want), out.String())
}
