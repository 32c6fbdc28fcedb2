package tidy

import (
	"bytes"
	"fmt"
	"go/ast"
	"slices"
	"strings"
	"unicode/utf8"
)

// The limits of files, functions and lines.
const (
	fileLinesMax     = 400
	functionLinesMax = 70
	lineColumnsMax   = 120
	tabColumns       = 4
)

// Shape finds Go files, functions and lines that are too long, packages without a doc.go, and words
// that mark something unfinished.
func (t *Tree) Shape() []Finding {
	var found []Finding
	documented := map[string]bool{}
	for _, f := range t.Files {
		if f.Syntax == nil {
			continue
		}
		if strings.HasSuffix(f.Path, "/doc.go") && f.Syntax.Doc != nil {
			documented[f.Dir()] = true
		}
		found = append(found, t.shapeOf(f)...)
	}
	for _, f := range t.Files {
		small := strings.HasSuffix(f.Path, "/main.go") || strings.HasSuffix(f.Path, "/embed.go")
		if f.Syntax != nil && !f.Test() && !documented[f.Dir()] && !small {
			found = append(found, Finding{f.Path, 1, "package " + f.Dir() + " has no doc.go with a package comment"})
			documented[f.Dir()] = true
		}
	}
	return found
}

func (t *Tree) shapeOf(f *File) []Finding {
	var found []Finding
	lines := bytes.Split(f.Text, []byte("\n"))
	if n := len(lines) - 1; n > fileLinesMax {
		found = append(
			found,
			Finding{f.Path, n, fmt.Sprintf("has %d lines: at most %d; is it one room or two?", n, fileLinesMax)},
		)
	}
	for i, line := range lines {
		columns := utf8.RuneCount(line) + (tabColumns-1)*bytes.Count(line, []byte("\t"))
		if columns > lineColumnsMax {
			found = append(
				found,
				Finding{f.Path, i + 1, fmt.Sprintf("is %d columns wide: at most %d", columns, lineColumnsMax)},
			)
		}
		for _, word := range unfinished {
			if bytes.Contains(line, []byte(word)) {
				found = append(
					found,
					Finding{f.Path, i + 1, "says " + word + ": do it, or say in the docs that it is not done"},
				)
			}
		}
	}
	for _, d := range f.Syntax.Decls {
		fn, ok := d.(*ast.FuncDecl)
		if !ok || fn.Body == nil {
			continue
		}
		n := t.fset.Position(fn.End()).Line - t.line(fn) + 1
		if n > functionLinesMax && !table(fn) {
			found = append(
				found,
				Finding{f.Path, t.line(fn), fmt.Sprintf("%s has %d lines: at most %d", fn.Name, n, functionLinesMax)},
			)
		}
	}
	return found
}

// unfinished are the words, put together here so that this file does not hold them.
var unfinished = []string{"TO" + "DO", "FIX" + "ME", "XX" + "X"}

// table tells whether the function does nothing but return one literal: data, however long.
func table(fn *ast.FuncDecl) bool {
	if len(fn.Body.List) != 1 {
		return false
	}
	r, ok := fn.Body.List[0].(*ast.ReturnStmt)
	if !ok || len(r.Results) != 1 {
		return false
	}
	_, literal := r.Results[0].(*ast.CompositeLit)
	return literal
}

// Places finds machines' paths in any file, and our module's path in what must survive a rename.
func (t *Tree) Places() []Finding {
	var found []Finding
	machines := [][]byte{[]byte("/ho" + "me/"), []byte("/ro" + "ot/"), []byte("/wo" + "rk/"), []byte("/Us" + "ers/")}
	for _, f := range t.Files {
		for i, line := range bytes.Split(f.Text, []byte("\n")) {
			if slices.ContainsFunc(machines, func(m []byte) bool { return bytes.Contains(line, m) }) {
				found = append(found, Finding{f.Path, i + 1, "names a place on a machine"})
			}
			golden := strings.Contains("/"+f.Path, "/testdata/") && f.Syntax == nil
			if golden && t.namesPackage(line) {
				found = append(found, Finding{f.Path, i + 1, "holds the module's path, which a rename changes"})
			}
		}
	}
	return found
}

// namesPackage tells whether the line names one of our packages by its whole path.
func (t *Tree) namesPackage(line []byte) bool {
	for dir := range Allowed { //tidy:unordered any one will do
		at := bytes.Index(line, []byte(t.Module+"/"+dir))
		if at > 0 && line[at-1] != '/' || at == 0 { // a path in an address is none of ours
			return true
		}
	}
	return false
}
