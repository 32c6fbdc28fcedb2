package report

import (
	"fmt"
	"io"

	"fermata/scenarios"
)

// Document is what the reports of one call are written into.
type Document struct {
	// Command is the one that was called.
	Command string
	// Version is the program's. Docs is the address of the page that explains the oracles; empty if there is none.
	Version, Docs string
	// Source gives the path of a source file, as the compiler names it, from the source root on, with slashes; empty
	// if it is not below it. File does so for a path as a user gives it. Either may be nil: nothing is below it then.
	Source, File func(path string) string
	// Colour paints text for a terminal.
	Colour bool
}

// The formats of a document.
const (
	FormatText     = "text"
	FormatJSON     = "json"
	FormatJUnit    = "junit"
	FormatSARIF    = "sarif"
	FormatMarkdown = "markdown"
)

// Formats lists the formats in which the reports of a call can be written, the default first.
func Formats() []string {
	return []string{FormatText, FormatJSON, FormatJUnit, FormatSARIF, FormatMarkdown}
}

// Writer writes what the cases of one call came to. A format with a line or a block for each case is written as they
// come; one that is a single document at the end.
type Writer interface {
	// Begin says what is to be searched, before it is.
	Begin(s Setup) error
	// Case takes what came out.
	Case(r *scenarios.Report, o Options) error
	// End writes what can be written only when all cases are known.
	End() error
}

// NewWriter makes the writer of a format, one of Formats.
func NewWriter(w io.Writer, format string, d Document) Writer {
	switch format {
	case FormatText:
		return &textWriter{w: w, colour: d.Colour, counts: map[scenarios.Verdict]int{}}
	case FormatJSON:
		return jsonWriter{w}
	}
	return &documentWriter{w: w, format: format, document: d}
}

// textWriter writes each case as a block, and at the end how many came to what.
type textWriter struct {
	w      io.Writer
	colour bool
	cases  int
	counts map[scenarios.Verdict]int
}

func (t *textWriter) Begin(s Setup) error { return Header(t.w, s, Options{Colour: t.colour}) }

func (t *textWriter) Case(r *scenarios.Report, o Options) error {
	t.cases++
	t.counts[r.Verdict]++
	if err := Outcome(t.w, r, o); err != nil {
		return err
	}
	_, err := fmt.Fprintln(t.w)
	return err
}

func (t *textWriter) End() error {
	if t.cases <= 1 {
		return nil
	}
	said := fmt.Sprintf("%d cases: %d ok, %d with a violation, %d unknown", t.cases,
		t.counts[scenarios.OK], t.counts[scenarios.Violated], t.counts[scenarios.Unknown])
	if n := t.counts[scenarios.NotApplicable]; n > 0 {
		said += fmt.Sprintf(", %d not applicable", n)
	}
	_, err := fmt.Fprintln(t.w, said)
	return err
}

// jsonWriter writes an object a line for each case.
type jsonWriter struct{ w io.Writer }

func (jsonWriter) Begin(Setup) error { return nil }

func (j jsonWriter) Case(r *scenarios.Report, o Options) error { return JSON(j.w, r, o) }

func (jsonWriter) End() error { return nil }

// documentWriter collects the cases and writes one document of them all.
type documentWriter struct {
	w        io.Writer
	format   string
	document Document
	entries  []entry
}

func (*documentWriter) Begin(Setup) error { return nil }

func (c *documentWriter) Case(r *scenarios.Report, o Options) error {
	c.entries = append(c.entries, c.document.entryOf(r, o))
	return nil
}

func (c *documentWriter) End() error {
	switch c.format {
	case FormatJUnit:
		return c.document.writeJUnit(c.w, c.entries)
	case FormatSARIF:
		return c.document.writeSARIF(c.w, c.entries)
	}
	return c.document.writeMarkdown(c.w, c.entries)
}
