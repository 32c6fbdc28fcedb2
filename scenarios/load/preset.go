package load

import (
	"fmt"
	"strings"
)

// Mark says where a figure of a preset comes from.
type Mark string

// The marks.
const (
	Reported Mark = "reported" // somebody said so, and the note says who
	Assumed  Mark = "assumed"  // nobody did, and the note says why so
)

// Line is one figure of a preset.
type Line struct {
	Figure, Text string
	Mark         Mark
	Note         string
	at           int // line of the file, from 1
}

// Preset is a named list of figures: each of them once, and each marked.
type Preset struct {
	Name  string
	Lines []Line
}

// presetHead is the first line of a preset.
const presetHead = "fermata load 1"

// presetForm is what each line of a preset is.
const presetForm = "FIGURE: TEXT | reported | NOTE, or | assumed | NOTE"

// ParsePreset reads a preset: the line "fermata load 1" and then, in any order, every figure on a line of its own, as
// in "servers: 30 | reported | #213: at least 30 replicas". Lines that begin with # are comments. Errors are ErrUsage,
// and say the line.
func ParsePreset(name, text string) (*Preset, error) {
	p := &Preset{Name: name}
	begun := false
	for i, whole := range strings.Split(text, "\n") {
		said := strings.TrimSpace(whole)
		switch {
		case !begun && said != presetHead:
			return nil, p.wrong(i+1, "expected %q, which begins a preset", presetHead)
		case !begun:
			begun = true
		case said != "" && !strings.HasPrefix(said, "#"):
			line, err := p.line(i+1, said)
			if err != nil {
				return nil, err
			}
			p.Lines = append(p.Lines, line)
		}
	}
	if missing := p.missing(); len(missing) > 0 {
		return nil, fmt.Errorf("%w: %s: expected every figure: %s is missing", ErrUsage, name,
			strings.Join(missing, ", "))
	}
	return p, nil
}

// line reads one figure.
func (p *Preset) line(at int, said string) (Line, error) {
	figure, rest, named := strings.Cut(said, ":")
	parts := strings.SplitN(rest, "|", 3)
	line := Line{Figure: strings.TrimSpace(figure), at: at}
	for i, to := range []*string{&line.Text, (*string)(&line.Mark), &line.Note} {
		if i < len(parts) {
			*to = strings.TrimSpace(parts[i])
		}
	}
	switch {
	case !named:
		return line, p.wrong(at, "expected %s", presetForm)
	case FigureNamed(line.Figure) == nil:
		return line, p.wrong(at, "unknown figure %q: expected one of %s", clipped(line.Figure),
			strings.Join(figureNames(), ", "))
	case p.Line(line.Figure) != nil:
		return line, p.wrong(at, "%s is in line %d already: expected it once", line.Figure, p.Line(line.Figure).at)
	case line.Mark != Reported && line.Mark != Assumed:
		return line, p.wrong(at, "%s is marked neither reported nor assumed: expected %s", line.Figure, presetForm)
	case line.Note == "":
		return line, p.wrong(at, "%s says neither who reported it nor why it is assumed: expected %s", line.Figure,
			presetForm)
	}
	return line, nil
}

// Line is the line of a figure; nil if the preset has none.
func (p *Preset) Line(figure string) *Line {
	for i := range p.Lines {
		if p.Lines[i].Figure == figure {
			return &p.Lines[i]
		}
	}
	return nil
}

// Setup makes the setup that the preset describes. The engine is to be set. Errors are ErrUsage, and say the line.
func (p *Preset) Setup(read func(path string) ([]byte, error)) (*Setup, error) {
	s := Default()
	for i := range p.Lines {
		if err := FigureNamed(p.Lines[i].Figure).Set(s, p.Lines[i].Text, read); err != nil {
			return nil, p.wrong(p.Lines[i].at, "%s", strings.TrimPrefix(err.Error(), ErrUsage.Error()+": "))
		}
	}
	return s, nil
}

func (p *Preset) missing() (names []string) {
	for _, name := range figureNames() {
		if p.Line(name) == nil {
			names = append(names, name)
		}
	}
	return names
}

// wrong is ErrUsage in a line.
func (p *Preset) wrong(line int, format string, args ...any) error {
	return fmt.Errorf("%w: %s:%d: %s", ErrUsage, p.Name, line, fmt.Sprintf(format, args...))
}

func figureNames() (names []string) {
	for _, f := range Figures() {
		names = append(names, f.Name)
	}
	return names
}

// clipped is the beginning of what was given, to be told on one line.
func clipped(given string) string {
	const most = 40
	if len(given) > most {
		return given[:most] + "..."
	}
	return given
}
