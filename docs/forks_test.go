package docs

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"fermata/internal/gotool"
)

// block is a fenced block of a page: what stands behind the fence, and the text.
var block = regexp.MustCompile("(?ms)^```(\\w+)(?: (\\S+))?\n(.*?)^```$")

// TestForksPage does what the page says, in a folder beside a checkout: it writes the files, runs each command, and
// holds what the page prints against what comes out.
func TestForksPage(t *testing.T) {
	page, err := os.ReadFile("forks.md")
	require.NoError(t, err)
	root, err := filepath.Abs("..")
	require.NoError(t, err)
	gotool.DependOn(t, root)
	beside := t.TempDir()
	require.NoError(t, os.Symlink(root, filepath.Join(beside, "fermata")))
	dir := filepath.Join(beside, "my-fork")
	require.NoError(t, os.Mkdir(dir, 0o755))
	commands := 0
	for _, b := range block.FindAllStringSubmatch(string(page), -1) {
		kind, file, text := b[1], b[2], b[3]
		switch {
		case file != "":
			require.NoError(t, os.WriteFile(filepath.Join(dir, file), []byte(text), 0o644))
		case kind == "console":
			for _, c := range strings.Split(text, "$ ")[1:] {
				command, printed, _ := strings.Cut(c, "\n")
				commands++
				run(t, dir, command, printed)
			}
		}
	}
	require.Equal(t, 5, commands, "from nothing to the first verdict in five commands")
}

// run runs a command as a shell does. Where FAIL is printed it must fail; each printed line but "..." must come out, in
// that order.
func run(t *testing.T, dir, command, printed string) {
	t.Helper()
	cmd := exec.Command("sh", "-c", command)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	got := string(out)
	require.Equal(t, strings.Contains(printed, "FAIL"), err != nil, "%s: %v\n%s", command, err, got)
	for _, line := range strings.Split(strings.TrimSpace(printed), "\n") {
		if line = strings.TrimSpace(line); line == "..." {
			continue
		}
		_, rest, ok := strings.Cut(got, line)
		require.True(t, ok, "%s does not print, in its place: %s\n%s", command, line, string(out))
		got = rest
	}
}
