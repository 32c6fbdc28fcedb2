package mutation_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"fermata/internal/mutation"
)

// edit is a mutant of the function that every test here has.
const edit = "mutant m\nwrong so\nin a.go %F\n- x := 1\n+ x := 2\n"

// TestParseRefuses: what is no mutant is refused with its line.
func TestParseRefuses(t *testing.T) {
	for text, want := range map[string]string{ //tidy:unordered each on its own
		"wrong so":                                       "line 1: expected \"mutant NAME\" first",
		"mutant m\nwrong so\nin a.go\n- x":               "mutant m: expected a name",
		"mutant m\nwrong so\nin a.go f":                  "mutant m: expected an edit",
		"mutant m\n+ x":                                  "line 2: a + before any -",
		"mutant m\nwhere a.go f":                         "line 2: unknown word \"where\"",
		"mutant m\nwrong so\nin a.go f\non l=x":          "line 4: \"l=x\"",
		strings.Replace(edit, "%F", "f", 1) + "mutant m": "line 6: a second mutant m",
	} {
		_, err := mutation.Parse(text)
		require.ErrorContains(t, err, want, text)
	}
}

// TestOverlayRefuses: an edit whose text or function is not there, or not once, is refused by the mutant's name.
func TestOverlayRefuses(t *testing.T) {
	for source, want := range map[string]string{ //tidy:unordered each on its own
		"package a\n\nfunc f() {\n\tx := 1\n\t_ = x\n}\n":           "",
		"package a\n\nfunc f() {\n}\n":                              "f of a.go has 0 times, and not once: x := 1",
		"package a\n\nfunc f() {\n\tx := 1\n\t_ = x\n\tx := 1\n}\n": "mutant m: f of a.go has 2",
		"package a\n\nfunc g() {\n\tx := 1\n\t_ = x\n}\n":           "mutant m: a.go has no function f",
	} {
		dir := t.TempDir()
		require.NoError(t, os.WriteFile(filepath.Join(dir, "a.go"), []byte(source), 0o644))
		all, err := mutation.Parse(strings.Replace(edit, "%F", "f", 1))
		require.NoError(t, err)
		_, err = mutation.Overlay(dir, t.TempDir(), all)
		if want == "" {
			require.NoError(t, err)
			continue
		}
		require.ErrorContains(t, err, want)
	}
}

// TestOverlayCalls: receivers and parameters without names get one, and everything is passed on.
func TestOverlayCalls(t *testing.T) {
	const source = "package a\n\ntype r int\n\nfunc (r) f(_ string, n, _ int) int {\n\tx := 1\n\treturn x\n}\n\n" +
		"func g(int, ...int) {\n\tx := 1\n\t_ = x\n}\n"
	dir, folder := t.TempDir(), t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "a.go"), []byte(source), 0o644))
	all, err := mutation.Parse(strings.Replace(edit, "%F", "r.f", 1) +
		strings.NewReplacer("%F", "g", "mutant m", "mutant n").Replace(edit))
	require.NoError(t, err)
	_, err = mutation.Overlay(dir, folder, all)
	require.NoError(t, err)
	text, err := os.ReadFile(filepath.Join(folder, "a.go"))
	require.NoError(t, err)
	const made = `unnamed\d+`
	require.Regexp(t, `func \(`+made+` r\) f\(`+made+` string, n, `+made+` int\) int \{ switch chosen\.Enter\(0\) \{ `+
		`case 1: return `+made+`\.fMutant1\(`+made+`, n, `+made+`\); \};`, string(text))
	require.Regexp(t, `func g\(`+made+` int, `+made+` \.\.\.int\) \{ switch chosen\.Enter\(1\) \{ `+
		`case 2: gMutant2\(`+made+`, `+made+`\.\.\.\); return; \};`, string(text))
	require.Contains(t, string(text), "func (r) fMutant1(_ string, n, _ int) int {\nx := 2\n")
}
