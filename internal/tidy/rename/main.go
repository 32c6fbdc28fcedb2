// Command rename gives the module another path: in go.mod, also of the examples, in every import, also on pages, and
// nowhere else, since nothing else names it. Run it from the module's root: go run ./internal/tidy/rename NEW/PATH.
package main

import (
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

// valid is a module path: elements of letters, digits and -._~, parted by slashes.
var valid = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._~-]*(/[A-Za-z0-9][A-Za-z0-9._~-]*)*$`)

func main() {
	if len(os.Args) != 2 || !valid.MatchString(os.Args[1]) {
		fmt.Fprintln(os.Stderr, "rename: expected one module path, for example example.org/you/fermata")
		os.Exit(2)
	}
	if err := rename(".", os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "rename:", err)
		os.Exit(2)
	}
}

// rename changes the module at root to the path.
func rename(root, path string) error {
	name := filepath.Join(root, "go.mod")
	mod, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	first, rest, _ := strings.Cut(string(mod), "\n")
	old, ok := strings.CutPrefix(first, "module ")
	if !ok {
		return fmt.Errorf("%s: expected the module line first", name)
	}
	err = filepath.WalkDir(root, func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() && (d.Name() == ".git" || d.Name() == "target") {
			return skip(err)
		}
		if d.Name() == "go.mod" && file != name {
			return inModule(file, strings.TrimSpace(old), path)
		}
		if strings.HasSuffix(file, ".md") {
			return inPage(file, strings.TrimSpace(old), path)
		}
		if d.IsDir() || !strings.HasSuffix(file, ".go") {
			return nil
		}
		return inFile(file, strings.TrimSpace(old), path)
	})
	if err != nil {
		return err
	}
	return os.WriteFile(name, []byte("module "+path+"\n"+rest), 0o644)
}

// inModule changes what another module in the tree says of this one.
func inModule(file, old, path string) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	lines := strings.Split(string(text), "\n")
	for i, line := range lines {
		words := strings.Fields(line)
		if len(words) > 2 && (words[0] == "require" || words[0] == "replace") && words[1] == old {
			lines[i] = strings.Replace(line, old, path, 1)
		}
	}
	return os.WriteFile(file, []byte(strings.Join(lines, "\n")), 0o644)
}

// inPage changes what a page shows of Go and of the go command.
func inPage(file, old, path string) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	packages := regexp.MustCompile(`(["\x60 ])` + regexp.QuoteMeta(old) + `/(model|sweeper|scenarios|cmd|sim)\b`)
	out := packages.ReplaceAllString(string(text), "${1}"+path+"/$2")
	for _, flag := range []string{"-require=", "-replace="} {
		out = regexp.MustCompile(flag+regexp.QuoteMeta(old)+`([@=])`).ReplaceAllString(out, flag+path+"$1")
	}
	return os.WriteFile(file, []byte(out), 0o644)
}

func skip(err error) error {
	if err != nil {
		return err
	}
	return filepath.SkipDir
}

// inFile changes the imports of one file.
func inFile(file, old, path string) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	fset := token.NewFileSet()
	syntax, err := parser.ParseFile(fset, file, text, parser.ImportsOnly)
	if err != nil {
		return err
	}
	out := string(text)
	for i := len(syntax.Imports) - 1; i >= 0; i-- {
		spec := syntax.Imports[i].Path
		value, err := strconv.Unquote(spec.Value)
		if err != nil {
			return err
		}
		if tail, ok := strings.CutPrefix(value, old+"/"); ok {
			from, to := fset.Position(spec.Pos()).Offset, fset.Position(spec.End()).Offset
			out = out[:from] + strconv.Quote(path+"/"+tail) + out[to:]
		}
	}
	if out == string(text) {
		return nil
	}
	return os.WriteFile(file, []byte(out), 0o644)
}
