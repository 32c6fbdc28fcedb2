package cli

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"

	"fermata/internal/files"
)

// sourceRoot is the folder that a document's files are given from, as it was named and with its links followed.
type sourceRoot struct {
	names []string
	// module is the path of the main module, from which -trimpath gives its files.
	module string
}

func openSourceRoot(dir string) (*sourceRoot, error) {
	const expected = "the folder that the sources are in"
	info, err := os.Stat(dir)
	if err == nil && !info.IsDir() {
		err = errors.New("it is no folder")
	}
	if err != nil {
		return nil, files.Unusable("--source-root "+dir, err, expected)
	}
	r := &sourceRoot{}
	if build, ok := debug.ReadBuildInfo(); ok {
		r.module = build.Main.Path
	}
	named, err := filepath.Abs(dir)
	if err != nil {
		return nil, files.Unusable("--source-root "+dir, err, expected)
	}
	r.names = []string{named}
	if followed, err := filepath.EvalSymlinks(named); err == nil && followed != named {
		r.names = append(r.names, followed)
	}
	return r, nil
}

// source gives a file, as the compiler names it, from the root on; empty if it is not below it. Built with -trimpath,
// a file of the main module has the module's path for its folder, which then is the root if the file is there.
func (r *sourceRoot) source(file string) string {
	if filepath.IsAbs(file) {
		return r.below(file)
	}
	below, ok := strings.CutPrefix(file, r.module+"/")
	if !ok || r.module == "" {
		return ""
	}
	if _, err := os.Stat(filepath.Join(r.names[0], filepath.FromSlash(below))); errors.Is(err, fs.ErrNotExist) {
		return ""
	}
	return below
}

// file gives a path of the user's from the root on; empty if it is not below it.
func (r *sourceRoot) file(path string) string {
	absolute, err := filepath.Abs(path)
	if err != nil {
		return ""
	}
	return r.below(absolute)
}

func (r *sourceRoot) below(file string) string {
	for _, name := range r.names {
		if rel, err := filepath.Rel(name, file); err == nil && filepath.IsLocal(rel) {
			return filepath.ToSlash(rel)
		}
	}
	return ""
}
