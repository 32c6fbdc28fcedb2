package cli

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestSourceRoot(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.MkdirAll(filepath.Join(dir, "real", "engine"), 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "real", "engine", "sweep.go"), nil, 0o644))
	require.NoError(t, os.Symlink(filepath.Join(dir, "real"), filepath.Join(dir, "link")))

	r, err := openSourceRoot(filepath.Join(dir, "link"))
	require.NoError(t, err)
	r.module = "example.org/fork"
	for file, want := range map[string]string{
		filepath.Join(dir, "link", "engine", "sweep.go"): "engine/sweep.go",
		filepath.Join(dir, "real", "engine", "sweep.go"): "engine/sweep.go",
		filepath.Join(dir, "engine", "sweep.go"):         "",
		filepath.Join(dir, "real-not", "sweep.go"):       "",
		"example.org/fork/engine/sweep.go":               "engine/sweep.go",
		"example.org/fork/engine/other.go":               "",
		"example.org/other@v1.0.0/engine/sweep.go":       "",
		"slices/slices.go":                               "",
	} {
		require.Equal(t, want, r.source(file), file)
	}
	require.Equal(t, "found/x.sched", r.file(filepath.Join(dir, "link", "found", "x.sched")))
	require.Empty(t, r.file("x.sched"))

	_, err = openSourceRoot(filepath.Join(dir, "nowhere"))
	require.ErrorContains(t, err, "no such file or directory: expected the folder that the sources are in")
	_, err = openSourceRoot(filepath.Join(dir, "real", "engine", "sweep.go"))
	require.ErrorContains(t, err, "it is no folder: expected the folder that the sources are in")
}

// TestDocsAddress: documentation has an address where the module's path is one.
func TestDocsAddress(t *testing.T) {
	require.Empty(t, docsAddress("fermata"))
	require.Empty(t, docsAddress("some/where"))
	const module = "example.org/you/fermata"
	require.Equal(t, "https://"+module+"/blob/HEAD/docs/oracles.md", docsAddress(module))
}
