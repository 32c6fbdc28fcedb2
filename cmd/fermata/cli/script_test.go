package cli_test

import (
	"bytes"
	"errors"
	"flag"
	"os"
	"os/exec"
	"strconv"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"fermata/cmd/fermata/cli"
)

var rewrite = flag.Bool("rewrite", false, "write what comes out into the scripts; read the diff")

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"fermata": func() { os.Exit(cli.Main(os.Args[1:])) }})
}

// TestScripts runs testdata/script/*.txtar, one for each behaviour, named for subcommand and topic.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                "testdata/script",
		UpdateScripts:      *rewrite,
		RequireUniqueNames: true,
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"exits": exits, "binary": binary, "replace": replace, "long": long,
		},
	})
}

// exits runs a program and holds its exit code against the one given: exits 2 fermata frobnicate.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE program [args...]")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		var exit *exec.ExitError
		if !errors.As(err, &exit) {
			ts.Fatalf("%v", err)
		}
		got = exit.ExitCode()
	}
	if got != want {
		ts.Fatalf("exit code %d, expected %d", got, want)
	}
}

// binary writes a file of every byte there is: binary FILE.
func binary(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: binary FILE")
	}
	data := make([]byte, 1<<12)
	for i := range data {
		data[i] = byte(i * 7)
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), data, 0o644))
}

// long writes a file of one line of two megabytes: long FILE.
func long(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: long FILE")
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), bytes.Repeat([]byte("{"), 2<<20), 0o644))
}

// replace copies a file with a word replaced, which must be in it: replace OLD NEW FROM TO.
func replace(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 4 {
		ts.Fatalf("usage: replace OLD NEW FROM TO")
	}
	old, text := []byte(args[0]), []byte(ts.ReadFile(args[2]))
	if !bytes.Contains(text, old) {
		ts.Fatalf("%s has no %q", args[2], args[0])
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[3]), bytes.ReplaceAll(text, old, []byte(args[1])), 0o644))
}
