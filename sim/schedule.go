package sim

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

// scheduleMagic opens every schedule file; the number is the version of the format.
const scheduleMagic = "fermata schedule 1"

// Schedule is a schedule as text: what it was made for, and one choice a line, by meaning.
type Schedule struct {
	Headers []Header
	Lines   []Line
}

// Header is one "key: value" line.
type Header struct{ Key, Value string }

// Line is one choice, in the words that Describe gives it.
type Line struct {
	// Number is the line in the file, 0 if there is none.
	Number int
	// Comment stands on lines of its own before the choice, without the "#".
	Comment []string
	// Actor is who acts; "clock" and "fault" are actors here.
	Actor string
	// Step is the verb with its arguments.
	Step string
	// Reply is what stands after "=>"; empty if nothing does, and then nothing is checked.
	Reply string
}

// ParseError says where a schedule is malformed and what was expected there.
type ParseError struct {
	File     string
	Line     int
	Got      string
	Expected string
}

func (e *ParseError) Error() string {
	return fmt.Sprintf("%s:%d: %s: expected %s", e.File, e.Line, e.Got, e.Expected)
}

// Vocabulary is what a schedule may say.
type Vocabulary struct {
	Headers []string
	// Verb tells whether a word is a step's verb.
	Verb func(word string) bool
}

// Header gives a header's value.
func (s *Schedule) Header(key string) (string, bool) {
	for _, h := range s.Headers {
		if h.Key == key {
			return h.Value, true
		}
	}
	return "", false
}

// Text is the schedule as a file, with the actors in a column.
func (s *Schedule) Text() string {
	var b strings.Builder
	b.WriteString(scheduleMagic + "\n")
	for _, h := range s.Headers {
		fmt.Fprintf(&b, "%s: %s\n", h.Key, h.Value)
	}
	width := 0
	for _, l := range s.Lines {
		width = max(width, len(l.Actor))
	}
	for _, l := range s.Lines {
		for _, c := range l.Comment {
			b.WriteString(strings.TrimRight("# "+c, " ") + "\n")
		}
		fmt.Fprintf(&b, "%-*s  %s", width, l.Actor, l.Step)
		if l.Reply != "" {
			b.WriteString(" => " + l.Reply)
		}
		b.WriteString("\n")
	}
	return b.String()
}

// lineBytesMax bounds a line of a schedule.
const lineBytesMax = 4096

// ParseSchedule reads a schedule; file is its name in errors.
func ParseSchedule(r io.Reader, file string, v Vocabulary) (*Schedule, error) {
	p := &parser{file: file, vocabulary: v, schedule: &Schedule{}}
	scan := bufio.NewScanner(r)
	scan.Buffer(make([]byte, 0, lineBytesMax), lineBytesMax)
	for scan.Scan() {
		p.number++
		if err := p.line(strings.TrimSuffix(scan.Text(), "\r")); err != nil {
			return nil, err
		}
	}
	if err := scan.Err(); err == bufio.ErrTooLong {
		p.number++
		return nil, p.fail("a line too long", fmt.Sprintf("at most %d bytes", lineBytesMax))
	} else if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	if p.number == 0 {
		return nil, p.fail("an empty file", fmt.Sprintf("%q", scheduleMagic))
	}
	if len(p.schedule.Lines) == 0 {
		return nil, p.fail("the end of the file", "at least one choice")
	}
	return p.schedule, nil
}

type parser struct {
	file       string
	number     int
	vocabulary Vocabulary
	schedule   *Schedule
	comment    []string
}

func (p *parser) fail(got, expected string) error {
	return &ParseError{p.file, max(p.number, 1), got, expected}
}

func (p *parser) line(text string) error {
	switch {
	case p.number == 1:
		if text != scheduleMagic {
			return p.fail(fmt.Sprintf("%q", clip(text)), fmt.Sprintf("%q", scheduleMagic))
		}
		return nil
	case strings.TrimSpace(text) == "":
		return nil
	case strings.HasPrefix(text, "#"):
		p.comment = append(p.comment, strings.TrimSpace(text[1:]))
		return nil
	}
	if key, value, ok := strings.Cut(text, ":"); ok && !strings.ContainsAny(key, " \t") {
		return p.header(key, value)
	}
	return p.choice(text)
}

func (p *parser) header(key, value string) error {
	if len(p.schedule.Lines) > 0 {
		return p.fail(fmt.Sprintf("header %q after a choice", key), "headers first")
	}
	known := false
	for _, h := range p.vocabulary.Headers {
		known = known || h == key
	}
	if !known {
		return p.fail(fmt.Sprintf("unknown header %q", key), "one of "+strings.Join(p.vocabulary.Headers, ", "))
	}
	if _, again := p.schedule.Header(key); again {
		return p.fail(fmt.Sprintf("header %q a second time", key), "each header once")
	}
	value, _, _ = strings.Cut(value, " #")
	p.schedule.Headers = append(p.schedule.Headers, Header{key, strings.TrimSpace(value)})
	return nil
}

func (p *parser) choice(text string) error {
	l := Line{Number: p.number, Comment: p.comment}
	p.comment = nil
	text, _, _ = strings.Cut(text, " #")
	step, reply, replied := strings.Cut(text, " => ")
	words := strings.Fields(step)
	if len(words) < 2 {
		return p.fail(fmt.Sprintf("%q", clip(text)), `an actor and a step, for example "sweeper-1  lock.acquire w1"`)
	}
	l.Actor, l.Step, l.Reply = words[0], strings.Join(words[1:], " "), strings.TrimSpace(reply)
	if replied && l.Reply == "" {
		return p.fail(`nothing after "=>"`, "the reply")
	}
	verb := words[1]
	if l.Actor == faultActor {
		if verb == Crash.String() {
			if len(words) != 3 {
				return p.fail(fmt.Sprintf("%q", clip(text)), `"fault crash" and an actor`)
			}
			p.schedule.Lines = append(p.schedule.Lines, l)
			return nil
		}
		kind := FaultNamed(words[len(words)-1])
		if len(words) < 4 || kind == NoFault || kind == Crash {
			return p.fail(fmt.Sprintf("%q", clip(text)), `"fault", an actor, its step, and error-before or error-after`)
		}
		verb = words[2]
	}
	if !p.vocabulary.Verb(verb) {
		return p.fail(fmt.Sprintf("unknown verb %q", clip(verb)), `a verb of the table of port calls, for example "lock.acquire"`)
	}
	p.schedule.Lines = append(p.schedule.Lines, l)
	return nil
}

func clip(s string) string {
	if len(s) > 60 {
		return s[:57] + "..."
	}
	return s
}

// clockActor and faultActor are the actors of schedules that no system lists.
const (
	clockActor = "clock"
	faultActor = "fault"
)

// ActorName is the actor's name in schedules.
func (m *Machine) ActorName(id ActorID) string {
	if id == Clock {
		return clockActor
	}
	return m.actors[id].spec.Name
}

// Describe gives the words of an open choice. Its reply is set only where the choice decides it.
func (m *Machine) Describe(c Choice) Line {
	switch {
	case c.Actor == Clock:
		m.nextAdvance(&m.clock)
		return Line{Actor: clockActor, Step: m.world.StepText(Clock, &m.clock)}
	case c.Fault == Crash:
		return Line{Actor: faultActor, Step: Crash.String() + " " + m.crashName(c.Actor)}
	}
	a := &m.actors[c.Actor]
	text := m.world.StepText(c.Actor, a.pending)
	if c.Fault != NoFault {
		return Line{Actor: faultActor, Step: a.spec.Name + " " + text + " " + c.Fault.String()}
	}
	l := Line{Actor: a.spec.Name, Step: text}
	if m.world.Alternatives(c.Actor, a.pending, m.left.Advances) > 1 {
		l.Reply = m.world.ReplyText(a.pending, m.world.AltReply(c.Actor, a.pending, int(c.Alt)))
	}
	return l
}

func (m *Machine) crashName(id ActorID) string {
	if server := m.actors[id].spec.Server; server != "" {
		return server
	}
	return m.actors[id].spec.Name
}

// DescribeTaken gives the words of the last choice taken, with the reply it got.
func (m *Machine) DescribeTaken() Line {
	t := &m.transition
	c := t.Choice
	if c.Fault == Crash {
		return Line{Actor: faultActor, Step: Crash.String() + " " + m.crashName(c.Actor)}
	}
	l := Line{Actor: m.ActorName(c.Actor), Step: m.world.StepText(c.Actor, t.Step)}
	if c.Fault != NoFault {
		return Line{Actor: faultActor, Step: l.Actor + " " + l.Step + " " + c.Fault.String()}
	}
	l.Reply = m.world.ReplyText(t.Step, t.Reply)
	return l
}
