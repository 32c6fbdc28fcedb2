package sim

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// scheduleMagic opens every schedule file; the number is the version of the format.
const scheduleMagic = "fermata schedule 1"

// Schedule is a schedule as text: what it was made for, and one choice a line, by meaning.
type Schedule struct {
	Headers []Header
	Lines   []Line
}

// Header is one "key: value" line.
type Header struct {
	Key, Value string
	// Number is the line in the file, 0 if there is none.
	Number int
}

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

// LineOf is the line of the file that has the header; 0 if none has.
func (s *Schedule) LineOf(key string) int {
	for _, h := range s.Headers {
		if h.Key == key {
			return h.Number
		}
	}
	return 0
}

// Text is the schedule as a file, with the actors in a column.
func (s *Schedule) Text() string {
	var b strings.Builder
	b.WriteString(scheduleMagic + "\n")
	for _, h := range s.Headers {
		b.WriteString(strings.TrimRight(h.Key+": "+h.Value, " ") + "\n")
	}
	width := 0
	for _, l := range s.Lines {
		width = max(width, utf8.RuneCountInString(l.Actor))
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

// lineBytesMax and linesMax bound a schedule's text.
const (
	lineBytesMax = 4096
	linesMax     = 100_000
)

// ParseSchedule reads a schedule; file is its name in errors. What is malformed is a *ParseError.
// Comments are kept, except those at the end of a line and those behind the last choice.
func ParseSchedule(r io.Reader, file string, v Vocabulary) (*Schedule, error) {
	p := &parser{file: file, vocabulary: v, schedule: &Schedule{}}
	scan := bufio.NewScanner(r)
	scan.Buffer(make([]byte, 0, lineBytesMax), lineBytesMax+len("\r\n"))
	for scan.Scan() {
		p.number++
		if err := p.line(scan.Text()); err != nil {
			return nil, err
		}
	}
	if err := scan.Err(); errors.Is(err, bufio.ErrTooLong) {
		p.number++
		return nil, p.tooLong()
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

func (p *parser) tooLong() error {
	return p.fail("a line too long", fmt.Sprintf("at most %d bytes", lineBytesMax))
}

func (p *parser) line(text string) error {
	trimmed := strings.TrimSpace(text)
	switch {
	case len(text) > lineBytesMax:
		return p.tooLong()
	case p.number > linesMax:
		return p.fail("a file too long", fmt.Sprintf("at most %d lines", linesMax))
	case p.number == 1:
		if text != scheduleMagic {
			return p.fail(quote(text), fmt.Sprintf("%q", scheduleMagic))
		}
		return nil
	case trimmed == "":
		return nil
	case trimmed[0] == '#':
		p.comment = append(p.comment, strings.TrimSpace(trimmed[1:]))
		return nil
	}
	if key, value, ok := strings.Cut(text, ":"); ok && !strings.ContainsAny(key, " \t") {
		return p.header(key, value)
	}
	return p.choice(text)
}

func (p *parser) header(key, value string) error {
	if len(p.schedule.Lines) > 0 {
		return p.fail("header "+quote(key)+" after a choice", "headers first")
	}
	if !slices.Contains(p.vocabulary.Headers, key) {
		return p.fail("unknown header "+quote(key), "one of "+strings.Join(p.vocabulary.Headers, ", "))
	}
	if _, again := p.schedule.Header(key); again {
		return p.fail("header "+quote(key)+" a second time", "each header once")
	}
	value = strings.TrimSpace(uncommented(value))
	p.schedule.Headers = append(p.schedule.Headers, Header{key, value, p.number})
	return nil
}

// uncommented is the text up to the first word that begins with "#".
func uncommented(text string) string {
	between := true
	for i, r := range text {
		if between && r == '#' {
			return text[:i]
		}
		between = unicode.IsSpace(r)
	}
	return text
}

// replyMark stands between a step and its reply.
const replyMark = "=>"

func (p *parser) choice(text string) error {
	l := Line{Number: p.number, Comment: p.comment}
	p.comment = nil
	text = uncommented(text)
	words := strings.Fields(text)
	at := slices.Index(words, replyMark)
	if at == len(words)-1 && at >= 0 {
		return p.fail(`nothing after "=>"`, "the reply")
	}
	if at >= 0 {
		l.Reply = strings.Join(words[at+1:], " ")
		words = words[:at]
	}
	if len(words) < 2 {
		return p.fail(quote(text), `an actor and a step, for example "sweeper-1  lock.acquire w1"`)
	}
	if strings.Contains(words[0], ":") { // at the beginning of its line it would be a header
		return p.fail(quote(words[0]), "an actor, whose name has no colon")
	}
	l.Actor, l.Step = words[0], strings.Join(words[1:], " ")
	verb := words[1]
	if l.Actor == faultActor {
		var err error
		if verb, err = p.fault(text, words, l.Reply); err != nil {
			return err
		}
	}
	if verb != "" && !p.vocabulary.Verb(verb) {
		return p.fail("unknown verb "+quote(verb), `a verb of the table of port calls, for example "lock.acquire"`)
	}
	p.schedule.Lines = append(p.schedule.Lines, l)
	return nil
}

// fault checks a fault and gives the verb of the step that it fails; none for one that is a choice of its own.
func (p *parser) fault(text string, words []string, reply string) (verb string, err error) {
	if reply != "" {
		return "", p.fail("a reply after a fault", "no reply: a fault decides it")
	}
	switch apart := FaultNamed(words[1]); {
	case apart.Kills() && len(words) != 3:
		return "", p.fail(quote(text), fmt.Sprintf(`"fault %s" and an actor or a server`, apart))
	case apart == Pause && len(words) != 3:
		return "", p.fail(quote(text), `"fault pause" and an actor`)
	case apart == Redeliver && len(words) < 3:
		return "", p.fail(quote(text), `"fault redeliver" and what is redelivered`)
	case apart.Apart():
		return "", nil
	}
	kind := FaultNamed(words[len(words)-1])
	if len(words) < 4 || kind == NoFault || kind.Apart() {
		return "", p.fail(quote(text), `"fault", an actor, its step, and error-before or error-after`)
	}
	return words[2], nil
}

// quote quotes what a file says, the beginning of it if it is long.
func quote(s string) string {
	if len(s) > 60 {
		s = s[:57] + "..."
	}
	return fmt.Sprintf("%q", s)
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

// Actors is how many actors there are, threads among them; their numbers are those below.
func (m *Machine) Actors() int { return len(m.actors) }

// Describe gives the words of an open choice. Its reply is set only where the choice decides it.
func (m *Machine) Describe(c Choice) Line {
	switch {
	case c.Fault.Apart():
		if c.Fault == Redeliver {
			m.world.FaultStep(Redeliver, Clock, int(c.Alt), &m.fault)
		}
		return m.describeFault(c, &m.fault)
	case c.Actor == Clock && c.Alt == waitAlt:
		m.nextWait(&m.hosted.wait)
		return Line{Actor: clockActor, Step: m.world.StepText(Clock, &m.hosted.wait)}
	case c.Actor == Clock:
		m.nextAdvance(&m.clock)
		return Line{Actor: clockActor, Step: m.world.StepText(Clock, &m.clock)}
	}
	a := &m.actors[c.Actor]
	text := m.world.StepText(a.owner, a.pending)
	if c.Fault != NoFault {
		return Line{Actor: faultActor, Step: a.spec.Name + " " + text + " " + c.Fault.String()}
	}
	l := Line{Actor: a.spec.Name, Step: text}
	if m.world.Alternatives(a.owner, a.pending, m.left.Advances) > 1 {
		l.Reply = m.world.ReplyText(a.pending, m.world.AltReply(a.owner, a.pending, int(c.Alt)))
	}
	return l
}

// describeFault gives the words of a fault that is a choice of its own; s is the step of a redelivery.
func (m *Machine) describeFault(c Choice, s *Step) Line {
	what := ""
	switch c.Fault {
	case Redeliver:
		return Line{Actor: faultActor, Step: m.world.StepText(Clock, s)}
	case Pause:
		what = m.ActorName(c.Actor)
	default:
		what = m.crashName(c.Actor)
	}
	return Line{Actor: faultActor, Step: c.Fault.String() + " " + what}
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
	if c.Fault.Apart() {
		return m.describeFault(c, t.Step)
	}
	l := Line{Actor: m.ActorName(c.Actor), Step: m.world.StepText(t.Actor, t.Step)}
	if c.Fault != NoFault {
		return Line{Actor: faultActor, Step: l.Actor + " " + l.Step + " " + c.Fault.String()}
	}
	l.Reply = m.world.ReplyText(t.Step, t.Reply)
	return l
}
