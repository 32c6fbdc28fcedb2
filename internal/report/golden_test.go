package report_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

var rewrite = flag.Bool("rewrite", false, "write what comes out into the goldens; read the diff")

// golden holds what was rendered against testdata/<name>; used notes it, so that none is left over.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *rewrite {
		require.NoError(t, os.WriteFile(path, []byte(got), 0o644))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err, "go test ./internal/report -rewrite writes it")
	require.Equal(t, string(want), got)
}

// requireFits holds every line to 80 columns.
func requireFits(t require.TestingT, text string) {
	for _, line := range strings.Split(text, "\n") {
		require.LessOrEqual(t, utf8.RuneCountInString(line), 80, "%q", line)
	}
}
