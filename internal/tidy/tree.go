package tidy

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Tree is a module's files, read once.
type Tree struct {
	Root   string
	Module string // the module's path, from go.mod
	Files  []*File
	fset   *token.FileSet
}

// File is one file of the tree; Syntax is nil unless it is Go.
type File struct {
	Path   string // slashed, from the root
	Text   []byte
	Syntax *ast.File
}

// Dir is the folder of the file, slashed; "." is the root.
func (f *File) Dir() string {
	dir, _, ok := cutLast(f.Path, "/")
	if !ok {
		return "."
	}
	return dir
}

// Test tells whether the file is a Go test.
func (f *File) Test() bool { return strings.HasSuffix(f.Path, "_test.go") }

func cutLast(s, sep string) (before, after string, found bool) {
	if i := strings.LastIndex(s, sep); i >= 0 {
		return s[:i], s[i+len(sep):], true
	}
	return s, "", false
}

// Finding is one broken rule at one place.
type Finding struct {
	Path string
	Line int
	Text string
}

func (f Finding) String() string { return fmt.Sprintf("%s:%d: %s", f.Path, f.Line, f.Text) }

// Read reads the module at root, without version control and build output.
func Read(root string) (*Tree, error) {
	t := &Tree{Root: root, fset: token.NewFileSet()}
	mod, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		return nil, err
	}
	line, _, _ := bytes.Cut(mod, []byte("\n"))
	t.Module = strings.TrimSpace(strings.TrimPrefix(string(line), "module"))
	err = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := d.Name()
		if d.IsDir() {
			if name == ".git" || name == "fermata-found" || name == "target" {
				return filepath.SkipDir
			}
			return nil
		}
		if name == ".git" { // of a linked work tree
			return nil
		}
		return t.add(path)
	})
	slices.SortFunc(t.Files, func(a, b *File) int { return strings.Compare(a.Path, b.Path) })
	return t, err
}

// fileBytesMax is the size from which a file is taken for a build's output.
const fileBytesMax = 1 << 20

func (t *Tree) add(path string) error {
	if info, err := os.Stat(path); err != nil || info.Size() > fileBytesMax {
		return err
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	rel, err := filepath.Rel(t.Root, path)
	if err != nil {
		return err
	}
	f := &File{Path: filepath.ToSlash(rel), Text: text}
	if strings.HasSuffix(path, ".go") {
		if f.Syntax, err = parser.ParseFile(t.fset, f.Path, text, parser.ParseComments); err != nil {
			return err
		}
	}
	t.Files = append(t.Files, f)
	return nil
}

// source lists the Go files under the folders; tests only if asked for.
func (t *Tree) source(tests bool, under ...string) []*File {
	var files []*File
	for _, f := range t.Files {
		if f.Syntax == nil || f.Test() && !tests {
			continue
		}
		if slices.ContainsFunc(
			under,
			func(dir string) bool { return f.Dir() == dir || strings.HasPrefix(f.Dir(), dir+"/") },
		) {
			files = append(files, f)
		}
	}
	return files
}

func (t *Tree) line(n ast.Node) int { return t.fset.Position(n.Pos()).Line }
