package mutation

import (
	"errors"
	"fmt"
	"strings"
)

// Mutant is one small wrong edit.
type Mutant struct {
	Number int // from 1, in the order of the file
	Name   string
	Wrong  string // what is wrong, in a line
	File   string // slashed, from the module's root
	// Func is the function or, as "receiver.method", the method.
	Func  string
	Edits []Edit
	// Engine is the engine that is run, where that is not the one on which a scenario is proved; Lock, Queue and Store
	// are its parts, where they are not the first.
	Engine, Lock, Queue, Store string
	// Missing tells, of a mutant that survives though it differs, which scenario or oracle would kill it.
	Missing string
}

// Edit puts text in the place of what occurs once in the function. Both are lines without their indentation.
type Edit struct{ Old, New string }

// On tells what the mutant runs on, as its file says it; empty for what each scenario says.
func (m *Mutant) On() string {
	var on []string
	for _, part := range []struct{ what, name string }{
		{"engine", m.Engine}, {"lock", m.Lock}, {"queue", m.Queue}, {"store", m.Store},
	} {
		if part.name != "" {
			on = append(on, part.what+"="+part.name)
		}
	}
	return strings.Join(on, " ")
}

// Parse reads mutants. A line begins with what it is:
//
//	mutant NAME
//	wrong WHAT IS WRONG
//	in FILE FUNCTION
//	on engine=NAME lock=NAME queue=NAME store=NAME
//	missing WHAT WOULD KILL IT
//	- OLD TEXT, several such lines for several lines
//	+ NEW TEXT, none to leave the old text out
//
// "on" and "missing" may be left out. A second "-" behind a "+" begins a second edit. Empty lines and those with # are
// passed over.
func Parse(text string) ([]*Mutant, error) {
	p := &reader{}
	for i, line := range strings.Split(text, "\n") {
		word, rest, _ := strings.Cut(line, " ")
		if strings.TrimSpace(line) == "" || word == "#" {
			continue
		}
		if err := p.line(word, strings.TrimSpace(rest)); err != nil {
			return nil, fmt.Errorf("line %d: %w", i+1, err)
		}
	}
	return p.all, p.whole()
}

type reader struct {
	all  []*Mutant
	last string // the word of the last line
}

func (p *reader) line(word, rest string) error {
	defer func() { p.last = word }()
	if word == "mutant" {
		if err := p.whole(); err != nil {
			return err
		}
		for _, m := range p.all {
			if m.Name == rest {
				return fmt.Errorf("a second mutant %s", rest)
			}
		}
		p.all = append(p.all, &Mutant{Number: len(p.all) + 1, Name: rest})
		return nil
	}
	if len(p.all) == 0 {
		return errors.New(`expected "mutant NAME" first`)
	}
	m := p.all[len(p.all)-1]
	switch word {
	case "wrong":
		m.Wrong = rest
	case "in":
		m.File, m.Func, _ = strings.Cut(rest, " ")
	case "on":
		return m.on(rest)
	case "missing":
		m.Missing = rest
	case "-":
		if p.last != "-" {
			m.Edits = append(m.Edits, Edit{})
		}
		e := &m.Edits[len(m.Edits)-1]
		e.Old = joined(e.Old, rest)
	case "+":
		if len(m.Edits) == 0 {
			return errors.New("a + before any -")
		}
		e := &m.Edits[len(m.Edits)-1]
		e.New = joined(e.New, rest)
	default:
		return fmt.Errorf("unknown word %q: expected mutant, wrong, in, on, missing, - or +", word)
	}
	return nil
}

func (m *Mutant) on(rest string) error {
	for _, word := range strings.Fields(rest) {
		what, name, _ := strings.Cut(word, "=")
		part := map[string]*string{"engine": &m.Engine, "lock": &m.Lock, "queue": &m.Queue, "store": &m.Store}[what]
		if part == nil || name == "" {
			return fmt.Errorf("%q: expected engine=, lock=, queue= or store= with a name", word)
		}
		*part = name
	}
	return nil
}

// whole tells what the last mutant lacks.
func (p *reader) whole() error {
	if len(p.all) == 0 {
		return nil
	}
	m := p.all[len(p.all)-1]
	switch {
	case m.Name == "" || m.Wrong == "" || m.File == "" || m.Func == "":
		return fmt.Errorf("mutant %s: expected a name, what is wrong, and a file with a function", m.Name)
	case len(m.Edits) == 0:
		return fmt.Errorf("mutant %s: expected an edit", m.Name)
	}
	return nil
}

func joined(text, line string) string {
	if text == "" {
		return line
	}
	return text + "\n" + line
}
