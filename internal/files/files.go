package files

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// numbersMax bounds the numbered names that are tried beside one that is taken.
const numbersMax = 1000

// Dir is a folder that is written to. It is made and tried before a search, so that no search is
// for nothing.
type Dir struct {
	path  string
	made  bool
	force bool
}

// OpenDir makes the folder and tries whether it can be written to. force replaces files that are there.
func OpenDir(path string, force bool) (*Dir, error) {
	d := &Dir{path: path, force: force}
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		d.made = true
	}
	err := os.MkdirAll(path, 0o755)
	if err == nil {
		var f *os.File
		if f, err = os.CreateTemp(path, ".fermata-*"); err == nil {
			f.Close()
			err = os.Remove(f.Name())
		}
	}
	if err != nil {
		return nil, Unusable(path, err, "a folder that can be written to")
	}
	return d, nil
}

// Close takes the folder away again if it was made here and nothing is in it.
func (d *Dir) Close() {
	if d.made {
		os.Remove(d.path) // fails, as it should, if something is in it
	}
}

// Write puts a file of that name and ending into the folder; see WriteNew.
func (d *Dir) Write(name, ending, text string) (path, note string, err error) {
	return WriteNew(filepath.Join(d.path, name), ending, []byte(text), d.force)
}

// WriteNew writes base+ending, to a temporary name first. A file with the same content stays; one
// with another is replaced by force only, else the first free name base.2+ending, base.3+ending and
// so on is taken. note says so where something was there.
func WriteNew(base, ending string, data []byte, force bool) (path, note string, err error) {
	path = base + ending
	for n := 2; n <= numbersMax; n++ {
		old, err := os.ReadFile(path)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return path, note, writeRenamed(path, data)
		case err != nil:
			return "", "", Unusable(path, err, "a file that can be written")
		case bytes.Equal(old, data):
			return path, note, nil
		case force:
			return path, path + " was there with other content: replaced", writeRenamed(path, data)
		}
		taken := base + ending
		path = fmt.Sprintf("%s.%d%s", base, n, ending)
		note = fmt.Sprintf("%s is there with other content and is kept: writing %s (--force replaces it)",
			taken, path)
	}
	return "", "", fmt.Errorf("%s: expected a free name among %d", base+ending, numbersMax)
}

// Writable tries whether a file can be written, and leaves nothing behind.
func Writable(path string) error {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return Unusable(path, errors.New("it is a folder"), "a file that can be written")
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".fermata-*")
	if err != nil {
		return Unusable(path, err, "a file that can be written")
	}
	f.Close()
	return os.Remove(f.Name())
}

// Same tells whether two paths are one file that is there.
func Same(path, other string) bool {
	a, err := os.Stat(path)
	b, err2 := os.Stat(other)
	return err == nil && err2 == nil && os.SameFile(a, b)
}

func writeRenamed(path string, data []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".fermata-*")
	if err != nil {
		return Unusable(path, err, "a folder that can be written to")
	}
	_, err = f.Write(data)
	err = errors.Join(err, f.Chmod(0o644), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		os.Remove(f.Name())
		return Unusable(path, err, "a file that can be written")
	}
	return nil
}

// Open opens a file for reading; what says what it should hold.
func Open(path, what string) (*os.File, error) {
	f, err := os.Open(path)
	if err == nil {
		var info fs.FileInfo
		if info, err = f.Stat(); err == nil && info.IsDir() {
			err = errors.New("it is a folder")
		}
		if err == nil {
			return f, nil
		}
		f.Close()
	}
	return nil, fmt.Errorf("%s: %w: expected %s", path, Reason(err), what)
}

// Unusable says why a path cannot be used, and what was expected there.
func Unusable(path string, err error, expected string) error {
	return fmt.Errorf("%s: %w: expected %s", path, Reason(err), expected)
}

// Reason is an error without the operation and the path, which stand before it.
func Reason(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}
