package tidy

import (
	"go/ast"
	"go/importer"
	"go/types"
	"slices"
	"strings"
)

// unorderedMark is the comment that allows a range over a map, with the reason behind it.
const unorderedMark = "//tidy:unordered "

// MapOrder finds ranges over maps in deterministic packages: their order differs from run to run.
func (t *Tree) MapOrder() []Finding {
	imp := importer.ForCompiler(t.fset, "source", nil)
	var found []Finding
	var dirs []string
	for _, f := range t.source(false, Deterministic...) {
		if !slices.Contains(dirs, f.Dir()) {
			dirs = append(dirs, f.Dir())
		}
	}
	for _, dir := range dirs {
		var files []*ast.File
		var ours []*File
		for _, f := range t.source(false, dir) {
			if f.Dir() == dir {
				files, ours = append(files, f.Syntax), append(ours, f)
			}
		}
		info := &types.Info{Types: map[ast.Expr]types.TypeAndValue{}}
		// What cannot be imported is for the compiler to say; what is known of the rest will do here.
		conf := types.Config{Importer: imp, Error: func(error) {}}
		conf.Check(t.Module+"/"+dir, t.fset, files, info) //nolint:errcheck // see above
		for _, f := range ours {
			found = append(found, t.mapRanges(f, info)...)
		}
	}
	return found
}

func (t *Tree) mapRanges(f *File, info *types.Info) []Finding {
	var found []Finding
	lines := strings.Split(string(f.Text), "\n")
	ast.Inspect(f.Syntax, func(n ast.Node) bool {
		r, ok := n.(*ast.RangeStmt)
		if !ok {
			return true
		}
		tv, ok := info.Types[r.X]
		if !ok {
			return true
		}
		if _, isMap := tv.Type.Underlying().(*types.Map); isMap && !excused(lines, t.line(r)) {
			found = append(
				found,
				Finding{
					f.Path,
					t.line(r),
					"ranges over a map: sort the keys, or say why order does not matter: " + unorderedMark + "<why>",
				},
			)
		}
		return true
	})
	return found
}

// excused tells whether the line, or the one above it, gives a reason.
func excused(lines []string, line int) bool {
	for _, l := range lines[max(line-2, 0):line] {
		if _, why, ok := strings.Cut(l, unorderedMark); ok && strings.TrimSpace(why) != "" {
			return true
		}
	}
	return false
}
