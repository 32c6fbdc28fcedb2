package mutation

import (
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"fermata/internal/mutation/chosen"
)

// Overlay writes the files with the mutants in them into a folder, and the file that go build -overlay takes. It gives
// that one's path. The error names every mutant whose function or text is not there, or not once.
func Overlay(root, folder string, mutants []*Mutant) (string, error) {
	functions := Functions(mutants)
	if len(functions) > chosen.FunctionsMax {
		return "", fmt.Errorf("mutation: %d functions: at most %d", len(functions), chosen.FunctionsMax)
	}
	replace := map[string]string{}
	var errs []error
	for _, m := range mutants {
		path := filepath.Join(root, filepath.FromSlash(m.File))
		if replace[path] != "" {
			continue
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return "", fmt.Errorf("mutant %s: %w", m.Name, err)
		}
		with, err := withMutants(m.File, string(text), mutants, functions)
		errs = append(errs, err)
		replace[path] = filepath.Join(folder, strings.ReplaceAll(m.File, "/", "-"))
		if err := os.WriteFile(replace[path], []byte(with), 0o644); err != nil {
			return "", err
		}
	}
	if err := errors.Join(errs...); err != nil {
		return "", err
	}
	list, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return "", err
	}
	path := filepath.Join(folder, "overlay.json")
	return path, os.WriteFile(path, list, 0o644)
}

// Functions are the functions with mutants, as "file function", in the order of the mutants. Their places are the
// numbers by which the overlay's files call chosen.Enter.
func Functions(mutants []*Mutant) []string {
	var names []string
	for _, m := range mutants {
		if name := m.Place(); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// Place names the mutant's function.
func (m *Mutant) Place() string { return m.File + " " + m.Func }

// withMutants is a file in which each function that has mutants begins by asking which one is to run, and which has
// the mutants' functions behind everything else. The lines of what was there keep their numbers.
func withMutants(file, text string, mutants []*Mutant, functions []string) (string, error) {
	fset := token.NewFileSet()
	syntax, err := parser.ParseFile(fset, file, text, parser.SkipObjectResolution)
	if err != nil {
		return "", err
	}
	at := func(p token.Pos) int { return fset.Position(p).Offset }
	inserts := []insert{{at(syntax.Name.End()), at(syntax.Name.End()), "; import chosen " + chosenPath}}
	var behind strings.Builder
	met := map[string]bool{}
	var errs []error
	for _, d := range syntax.Decls {
		fn, ok := d.(*ast.FuncDecl)
		if !ok || fn.Body == nil {
			continue
		}
		of := slices.DeleteFunc(slices.Clone(mutants), func(m *Mutant) bool {
			return m.File != file || m.Func != nameOf(fn)
		})
		if len(of) == 0 {
			continue
		}
		function := slices.Index(functions, of[0].Place())
		met[of[0].Func] = true
		named, call := callable(fn, at)
		inserts = append(inserts, named...)
		cases := ""
		for _, m := range of {
			edited, err := m.edited(text[at(fn.Pos()):at(fn.Name.Pos())], text[at(fn.Name.End()):at(fn.End())], fn)
			errs = append(errs, err)
			behind.WriteString(edited)
			cases += fmt.Sprintf("case %d: %s; ", m.Number, fmt.Sprintf(call, m.copyOf(fn)))
		}
		begin := at(fn.Body.Lbrace) + 1
		inserts = append(inserts, insert{begin, begin, fmt.Sprintf(" switch chosen.Enter(%d) { %s};", function, cases)})
	}
	for _, m := range mutants {
		if m.File == file && !met[m.Func] {
			errs = append(errs, fmt.Errorf("mutant %s: %s has no function %s", m.Name, file, m.Func))
		}
	}
	return applied(text, inserts) + behind.String(), errors.Join(errs...)
}

// edited is the mutant's function, whose source has that text before and behind its name.
func (m *Mutant) edited(before, behind string, fn *ast.FuncDecl) (string, error) {
	lines := strings.Split(behind, "\n")
	for i := range lines {
		lines[i] = strings.TrimLeft(lines[i], "\t ")
	}
	body := strings.Join(lines, "\n")
	for _, e := range m.Edits {
		if n := strings.Count(body, e.Old); n != 1 {
			return "", fmt.Errorf("mutant %s: %s of %s has %d times, and not once: %s",
				m.Name, m.Func, m.File, n, e.Old)
		}
		body = strings.Replace(body, e.Old, e.New, 1)
	}
	return "\n" + before + m.copyOf(fn) + body + "\n", nil
}

// copyOf names the mutant's function.
func (m *Mutant) copyOf(fn *ast.FuncDecl) string { return fmt.Sprintf("%sMutant%d", fn.Name, m.Number) }

// insert puts text in the place of a part of a file.
type insert struct {
	from, to int
	text     string
}

func applied(text string, inserts []insert) string {
	slices.SortFunc(inserts, func(a, b insert) int { return b.from - a.from })
	for _, i := range inserts {
		text = text[:i.from] + i.text + text[i.to:]
	}
	return text
}
