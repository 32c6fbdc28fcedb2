package proposed_test

import (
	"bytes"
	"flag"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/diff"
	"github.com/stretchr/testify/require"
)

var rewrite = flag.Bool("rewrite", false, "rewrite the golden file")

const golden = "../../testdata/old_vs_proposed.diff"

// texts are the functions that the measures change: the old one's file and name, then the new one's.
var texts = [][4]string{
	{"../conductor/sweeper_3150.go", "sweep3150", "sweeper.go", "sweep"},
	{"../conductor/repair_3113.go", "verifyAndRepairTask3113", "repair.go", "verifyAndRepairTask"},
	{"../conductor/complete_3107.go", "completeWorkflow3107", "executor.go", "completeWorkflow"},
	{"../conductor/terminate_3136.go", "terminateModel3136", "executor.go", "terminateModel"},
}

var measureTag = regexp.MustCompile(`// (LockFirst|AtomicRepair|RemoveFirst):`)

// TestDiff compares the texts of 3.17.0 with the proposed ones. The golden file is a unified diff of the
// functions, their release numbers and package qualifiers left out; each hunk is headed by the one
// measure that it is of, which the new text names in a comment.
func TestDiff(t *testing.T) {
	var b strings.Builder
	for _, text := range texts {
		before := function(t, text[0], text[1])
		before = bytes.Replace(before, []byte(text[1]), []byte(text[3]), 1)
		after := function(t, text[2], text[3])
		b.WriteString(headed(t, string(diff.Diff(text[1], before, text[3], after))))
	}
	got := b.String()
	require.LessOrEqual(t, strings.Count(got, "\n"), 120)
	if *rewrite {
		require.NoError(t, os.WriteFile(golden, []byte(got), 0o644))
	}
	want, err := os.ReadFile(golden)
	require.NoError(t, err)
	require.Equal(t, string(want), got)
}

// function is the source of a function without its doc comment.
func function(t *testing.T, path, name string) []byte {
	t.Helper()
	src, err := os.ReadFile(path)
	require.NoError(t, err)
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, path, src, parser.ParseComments)
	require.NoError(t, err)
	for _, decl := range file.Decls {
		if f, ok := decl.(*ast.FuncDecl); ok && f.Name.Name == name {
			text := string(src[fset.Position(f.Pos()).Offset:fset.Position(f.End()).Offset])
			return []byte(strings.ReplaceAll(text, "conductor.", "") + "\n")
		}
	}
	require.Failf(t, "no such function", "%s in %s", name, path)
	return nil
}

// headed writes each hunk's measure behind its range, where a diff names the section.
func headed(t *testing.T, text string) string {
	t.Helper()
	parts := strings.Split(text, "\n@@ ")
	for i, hunk := range parts[1:] {
		measures := map[string]bool{}
		for _, line := range strings.Split(hunk, "\n") {
			if tag := measureTag.FindStringSubmatch(line); tag != nil && line[0] == '+' {
				measures[tag[1]] = true
				hunk = strings.Replace(hunk, " @@\n", " @@ "+tag[1]+"\n", 1)
			}
		}
		require.Len(t, measures, 1, "a hunk is of one measure:\n%s", hunk)
		parts[i+1] = hunk
	}
	return strings.Join(parts, "\n@@ ")
}
