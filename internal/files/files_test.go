package files_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"fermata/internal/files"
)

func TestWriteNew(t *testing.T) {
	dir := t.TempDir()
	base := filepath.Join(dir, "x")
	write := func(text string, force bool) (string, string) {
		path, note, err := files.WriteNew(base, ".sched", []byte(text), force)
		require.NoError(t, err)
		return filepath.Base(path), note
	}
	read := func(name string) string {
		data, err := os.ReadFile(filepath.Join(dir, name))
		require.NoError(t, err)
		return string(data)
	}
	path, note := write("one", false)
	require.Equal(t, []string{"x.sched", ""}, []string{path, note})
	path, note = write("one", false)
	require.Equal(t, []string{"x.sched", ""}, []string{path, note})
	path, note = write("two", false)
	require.Equal(t, "x.2.sched", path)
	require.Contains(t, note, "x.sched is there with other content and is kept")
	path, _ = write("two", false)
	require.Equal(t, "x.2.sched", path)
	require.Equal(t, []string{"one", "two"}, []string{read("x.sched"), read("x.2.sched")})
	path, note = write("three", true)
	require.Equal(t, "x.sched", path)
	require.Contains(t, note, "replaced")
	require.Equal(t, "three", read("x.sched"))
	left, err := filepath.Glob(filepath.Join(dir, ".*"))
	require.NoError(t, err)
	require.Empty(t, left, "no temporary file stays")
}
