package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// The copy of the module under another path builds, vets, and keeps its goldens as they are.
func TestRenamedCopyBuilds(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.CopyFS(dir, os.DirFS("../../..")))
	require.NoError(t, rename(dir, "example.org/you/harness"))
	for _, args := range [][]string{
		{"build", "./..."}, {"vet", "./..."}, {"test", "-run", "Committed", "./scenarios"},
	} {
		cmd := exec.Command("go", args...)
		cmd.Dir = dir
		out, err := cmd.CombinedOutput()
		require.NoError(t, err, string(out))
	}
	mod, err := os.ReadFile(filepath.Join(dir, "go.mod"))
	require.NoError(t, err)
	require.True(t, strings.HasPrefix(string(mod), "module example.org/you/harness\n"))
}

func TestRenameRefusesWhatIsNoPath(t *testing.T) {
	for _, path := range []string{"", "a b", "/abs", "a//b", "a/../b", `a"b`} {
		require.False(t, valid.MatchString(path), path)
	}
}
