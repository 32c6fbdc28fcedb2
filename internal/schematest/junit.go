package schematest

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"fermata/testdata"
)

// element is what junit-10.xsd says of one element.
type element struct{ children, required, optional []string }

// elements are those of the schema that a report of ours may have; the schema has more.
var elements = map[string]element{
	"testsuites": {[]string{"testsuite"}, nil, []string{"name", "time", "tests", "failures", "errors"}},
	"testsuite": {
		[]string{"testsuite", "properties", "testcase", "system-out", "system-err"},
		[]string{"name", "tests", "failures", "errors"},
		[]string{"group", "time", "skipped", "timestamp", "hostname", "id", "package", "file", "log", "url"},
	},
	"properties": {[]string{"property"}, nil, nil},
	"property":   {nil, []string{"name", "value"}, nil},
	"testcase": {
		[]string{"skipped", "error", "failure", "system-out", "system-err"},
		[]string{"name"}, []string{"time", "classname", "group"},
	},
	"skipped":    {nil, nil, []string{"type", "message"}},
	"error":      {nil, nil, []string{"type", "message"}},
	"failure":    {nil, nil, []string{"type", "message"}},
	"system-out": {},
	"system-err": {},
}

// JUnit says where a document does not have the structure of junit-10.xsd; nil if it has. It knows elements,
// nesting and attributes, and not the forms of values, which Lint has checked.
func JUnit(document []byte) error {
	d := xml.NewDecoder(bytes.NewReader(document))
	open := []string{}
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		switch token := token.(type) {
		case xml.StartElement:
			if err := check(open, token); err != nil {
				return err
			}
			open = append(open, token.Name.Local)
		case xml.EndElement:
			open = open[:len(open)-1]
		}
	}
}

func check(open []string, e xml.StartElement) error {
	name := e.Name.Local
	known, ok := elements[name]
	allowed := []string{"testsuites", "testsuite"}
	if len(open) > 0 {
		allowed = elements[open[len(open)-1]].children
	}
	if !ok || !slices.Contains(allowed, name) {
		return fmt.Errorf("<%s> in %v: expected one of %v", name, open, allowed)
	}
	var has []string
	for _, a := range e.Attr {
		has = append(has, a.Name.Local)
		if !slices.Contains(known.required, a.Name.Local) && !slices.Contains(known.optional, a.Name.Local) {
			return fmt.Errorf("<%s %s>: no such attribute", name, a.Name.Local)
		}
	}
	for _, r := range known.required {
		if !slices.Contains(has, r) {
			return fmt.Errorf("<%s>: expected the attribute %s", name, r)
		}
	}
	return nil
}

// Lint has xmllint validate a document against junit-10.xsd, and gives what it says against it. Without the program
// the test is skipped.
func Lint(t testing.TB, document []byte) error {
	t.Helper()
	program, err := exec.LookPath("xmllint")
	if err != nil {
		t.Skip("no xmllint: the package libxml2-utils (Debian) or libxml2 (Homebrew) has it")
	}
	schema, err := testdata.Schemas.ReadFile("schemas/junit-10.xsd")
	if err != nil {
		return err
	}
	xsd, file := filepath.Join(t.TempDir(), "junit-10.xsd"), filepath.Join(t.TempDir(), "report.xml")
	if err := errors.Join(os.WriteFile(xsd, schema, 0o644), os.WriteFile(file, document, 0o644)); err != nil {
		return err
	}
	out, err := exec.Command(program, "--nonet", "--noout", "--schema", xsd, file).CombinedOutput()
	if err != nil {
		return fmt.Errorf("%w: %s", err, strings.TrimSpace(string(out)))
	}
	return nil
}
