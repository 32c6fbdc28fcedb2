package report

import (
	"io"

	"fermata/scenarios"
)

// MatrixSARIF writes the findings of a matrix's cells as a SARIF log. path gives the file of a violation's schedule.
func (d *Document) MatrixSARIF(w io.Writer, m *scenarios.Matrix, path func(*scenarios.Finding) string) error {
	return d.writeSARIF(w, d.matrixEntries(m, path))
}

func (d *Document) matrixEntries(m *scenarios.Matrix, path func(*scenarios.Finding) string) []entry {
	var entries []entry
	for i := range m.Cells {
		entries = append(entries, d.entryOf(m.Cells[i].Report, Options{Path: path}))
	}
	return entries
}

// AnnotateMatrix writes as workflow commands what is not green in a matrix. With an expectation that is what is not as
// expected, and what is unknown in any case.
func (d *Document) AnnotateMatrix(
	w io.Writer, m *scenarios.Matrix, path func(*scenarios.Finding) string, want *Grid,
) error {
	var out []annotation
	got := GridOf(m, path)
	entries := d.matrixEntries(m, path)
	if want == nil {
		for i := range entries {
			out = append(out, annotationsOf(&entries[i])...)
		}
		return writeAnnotations(w, out)
	}
	words, wanted := got.words(), want.words()
	for i := range entries {
		e := &entries[i]
		p := place{e.name, e.engine, e.parts}
		if wanted[p] != words[p] || e.verdict == scenarios.Unknown {
			out = append(out, unexpected(e, wanted[p], words[p])...)
		}
	}
	for _, difference := range got.Compare(*want) {
		if difference.Got == nothing {
			out = append(out, annotation{
				level: levelError, message: difference.String(),
				title: "not in the matrix any more: " + difference.Scenario + " on " + difference.Engine,
			})
		}
	}
	return writeAnnotations(w, out)
}

// unexpected annotates a cell that is not as expected.
func unexpected(e *entry, want, got string) []annotation {
	if want == "" {
		want = nothing
	}
	said := "Expected " + want + ", got " + got + "."
	as := annotationsOf(e)
	if len(as) == 0 {
		as = []annotation{{title: "not as expected: " + e.title, message: "On " + e.parts + "."}}
	}
	for i := range as {
		as[i].message = said + " " + as[i].message
		as[i].level = levelError
	}
	return as
}
