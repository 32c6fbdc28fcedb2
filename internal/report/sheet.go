package report

import "io"

// Sheet is text for a terminal, line by line, as this package lays it out; for what it does not know how to tell.
type Sheet struct{ lines }

// NewSheet is an empty one; colour paints for a terminal.
func NewSheet(colour bool) *Sheet { return &Sheet{lines{palette: palette(colour)}} }

// Title adds a text that stands out, wrapped.
func (s *Sheet) Title(text string) {
	for _, t := range wrap(text, Width) {
		s.add(s.bold(t))
	}
}

// Line adds a line as it is.
func (s *Sheet) Line(text string) { s.add(text) }

// Warning adds a text that wants to be seen behind a label, wrapped.
func (s *Sheet) Warning(label, text string) {
	for _, t := range indented(label, text) {
		s.add(s.yellow(t))
	}
}

// Entry adds a text behind a label, wrapped behind it.
func (s *Sheet) Entry(label, text string) { s.add(indented(label, text)...) }

// WriteText writes the lines.
func (s *Sheet) WriteText(w io.Writer) error { return s.writeTo(w) }
