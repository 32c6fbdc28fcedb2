package examples

import (
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/stretchr/testify/require"

	"fermata/internal/gotool"
)

var rewrite = flag.Bool("rewrite", false, "write what comes out into the scripts; read the diff")

// TestFork runs the scripts of testdata/script in copies of the example fork, with the go command of this machine.
func TestFork(t *testing.T) {
	root, err := filepath.Abs("..")
	require.NoError(t, err)
	gotool.DependOn(t, root)
	testscript.Run(t, testscript.Params{
		Dir:                "testdata/script",
		UpdateScripts:      *rewrite,
		RequireUniqueNames: true,
		Setup: func(e *testscript.Env) error {
			e.Vars = append(e.Vars, gotool.Environment(t)...)
			e.Vars = append(e.Vars, "FERMATA="+root)
			return copyFork(filepath.Join(root, "examples", "fork"), filepath.Join(e.WorkDir, "fork"), root)
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){"paste": paste, "edit": edit},
	})
}

// copyFork copies the example, which then finds Fermata by its absolute path.
func copyFork(from, to, root string) error {
	if err := os.CopyFS(to, os.DirFS(from)); err != nil {
		return err
	}
	cmd := exec.Command("go", "mod", "edit", "-replace=fermata="+root)
	cmd.Dir = to
	return cmd.Run()
}

// paste runs the command that the file's line "replay: ..." has, as a shell does: paste FILE.
func paste(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 1 {
		ts.Fatalf("usage: paste FILE")
	}
	_, line, ok := strings.Cut(ts.ReadFile(args[0]), "replay:   ")
	if !ok {
		ts.Fatalf("%s has no command to replay", args[0])
	}
	line, _, _ = strings.Cut(line, "\n")
	err := ts.Exec("sh", "-c", line)
	if (err != nil) != neg {
		ts.Fatalf("%s: %v", line, err)
	}
}

// edit replaces what the pattern matches in a file, which must be something: edit FILE PATTERN NEW.
func edit(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: edit FILE PATTERN NEW")
	}
	pattern, text := regexp.MustCompile(args[1]), ts.ReadFile(args[0])
	if !pattern.MatchString(text) {
		ts.Fatalf("%s has no %s", args[0], args[1])
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(pattern.ReplaceAllString(text, args[2])), 0o644))
}
