package main

import (
	"io/fs"
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
	copyTree(t, "../../..", dir)
	require.NoError(t, rename(dir, "example.org/you/harness"))
	for _, args := range [][]string{
		{".", "build", "./..."},
		{".", "vet", "./..."},
		{".", "test", "-run", "Committed", "./scenarios/catalogue"},
		{"examples/fork", "vet", "./..."},
		{".", "test", "./docs"},
	} {
		cmd := exec.Command("go", args[1:]...)
		cmd.Dir = filepath.Join(dir, args[0])
		out, err := cmd.CombinedOutput()
		require.NoError(t, err, string(out))
	}
	mod, err := os.ReadFile(filepath.Join(dir, "go.mod"))
	require.NoError(t, err)
	require.True(t, strings.HasPrefix(string(mod), "module example.org/you/harness\n"))
}

// copyTree copies the tree without what was built or fetched into it.
func copyTree(t *testing.T, from, to string) {
	t.Helper()
	require.NoError(t, filepath.WalkDir(from, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() && (d.Name() == ".git" || d.Name() == "target") {
			return skip(err)
		}
		rel, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		if d.IsDir() {
			return os.MkdirAll(filepath.Join(to, rel), 0o755)
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(to, rel), text, 0o644)
	}))
}

func TestRenameRefusesWhatIsNoPath(t *testing.T) {
	for _, path := range []string{"", "a b", "/abs", "a//b", "a/../b", `a"b`} {
		require.False(t, valid.MatchString(path), path)
	}
}
