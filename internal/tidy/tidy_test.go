package tidy

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func tree(t *testing.T) *Tree {
	t.Helper()
	tr, err := Read("../..")
	require.NoError(t, err)
	return tr
}

func none(t *testing.T, found []Finding) {
	t.Helper()
	for _, f := range found {
		t.Error(f)
	}
}

func TestImports(t *testing.T)     { none(t, tree(t).Imports()) }
func TestDeterminism(t *testing.T) { none(t, tree(t).Determinism()) }
func TestShape(t *testing.T)       { none(t, tree(t).Shape()) }
func TestPlaces(t *testing.T)      { none(t, tree(t).Places()) }

func TestMapOrder(t *testing.T) { none(t, tree(t).MapOrder()) }

// What a fork imports stays light: the standard library, porcupine and ours.
func TestScenariosStayLight(t *testing.T) {
	tr := tree(t)
	cmd := exec.Command("go", "list", "-deps", "./scenarios")
	cmd.Dir = tr.Root
	out, err := cmd.Output()
	require.NoError(t, err)
	packages := strings.Fields(string(out))
	require.Contains(t, packages, tr.Module+"/scenarios")
	for _, p := range packages {
		ours := strings.HasPrefix(p, tr.Module+"/")
		if !ours && strings.Contains(strings.Split(p, "/")[0], ".") {
			require.Equal(t, "github.com/anishathalye/porcupine", p)
		}
	}
}

// Each rule is shown to be able to fail, on a module made up for it.
func TestRulesRing(t *testing.T) {
	tr, err := Read(wrong(t))
	require.NoError(t, err)
	maps := tr.MapOrder()
	all := append(tr.Imports(), tr.Determinism()...)
	all = append(append(all, maps...), append(tr.Shape(), tr.Places()...)...)
	var got []string
	for _, f := range all {
		got = append(got, f.String())
	}
	text := strings.Join(got, "\n")
	for _, want := range []string{
		"sim may not import model", "package other is not in the import table", "is in no table",
		"may not import github.com/spf13/cobra", "starts a goroutine", "selects among channels",
		"uses time.Now", "uses rand.IntN", "uses sync.Mutex", "uses os.Getenv", "prints a pointer",
		"stops an unwinding", "ranges over a map", "columns wide", "has no doc.go", "has 402 lines",
		"long has 72 lines", "says TO" + "DO", "names a place on a machine", "holds the module's path",
	} {
		require.Contains(t, text, want)
	}
	require.NotContains(t, text, "excused")
}
