package report

import (
	"fmt"
	"slices"
	"strings"

	"fermata/scenarios/catalogue"
)

// WalkView is how a walk along a schedule is shown.
type WalkView struct {
	// Width and Height are those of the terminal; of its columns at most Width are used.
	Width, Height int
	// Message is said above the keys, if there is something to say.
	Message string
	// Typed are the digits so far of a choice that needs more than one.
	Typed string
	// Choices gives the room of the steps to the open choices.
	Choices bool
}

// Style is how a stretch of a screen stands out.
type Style int

// The styles of a screen.
const (
	Plain   Style = iota
	Strong        // the title, and the step that was just taken
	Faint         // what is said beside
	Changed       // what the step has changed
	Wrong         // a violation
)

// Span is a stretch of a line, in one style.
type Span struct {
	Text  string
	Style Style
}

// The least lines of the steps, with their heads, and of the open choices; where there are fewer, something else goes.
const (
	stepsMin   = 8
	stepsFew   = 3 // while the choices have the room
	choicesMin = 3
	choicesMax = 9
)

// screenOf is a screen while it is drawn.
type screenOf struct {
	walk *catalogue.Stepper
	view WalkView
	// columns are those that are used.
	columns int
	trace   *catalogue.Trace
	lines   [][]Span
}

// Walk draws one screen of a walk, of at most Height lines: where the walk is, the steps so far, the state, what is
// open, and what is violated. Where the room is short, what matters less is left out.
func Walk(w *catalogue.Stepper, v WalkView) [][]Span {
	s := &screenOf{walk: w, view: v, columns: max(min(v.Width, Width), 1), trace: w.Trace()}
	s.title()
	head := s.take()
	foot := s.foot()
	s.table(v.Height - len(head) - len(foot) - 1)
	lines := append(head, s.take()...)
	if len(lines)+len(foot) < v.Height {
		lines = append(lines, []Span{})
	}
	lines = append(lines, foot...)
	if over := len(lines) - v.Height; over > 0 { // the title and the keys stay
		lines = slices.Delete(lines, min(1, len(lines)-over), min(1, len(lines)-over)+over)
	}
	return lines
}

// take gives the lines so far, and begins anew.
func (s *screenOf) take() [][]Span {
	lines := s.lines
	s.lines = nil
	return lines
}

// add adds a line in one style, cut at the edge.
func (s *screenOf) add(text string, style Style) {
	s.lines = append(s.lines, []Span{{cut(strings.TrimRight(text, " "), s.columns), style}})
}

// proseMin is the least width that prose is wrapped to; on a narrower screen it is cut.
const proseMin = 20

// prose adds a text behind a label, wrapped at the edge.
func (s *screenOf) prose(label, text string, style Style) {
	for _, t := range indentedTo(max(s.columns, proseMin), label, text) {
		s.add(t, style)
	}
}

func (s *screenOf) title() {
	c, at := s.walk.Case, len(s.walk.Steps())
	title := fmt.Sprintf("%s on %s: step %d", c.Scenario.Name, c.Engine.Name, at)
	left, leaves := s.walk.Left(), s.walk.Leaves()
	switch {
	case left > 0:
		title += fmt.Sprintf(", left the schedule at %d", left)
	case leaves > 0:
		title += fmt.Sprintf(", leaves the schedule at %d", leaves)
	default:
		title += fmt.Sprintf(" of %d", s.walk.Length())
	}
	if s.walk.Over() {
		title += ", the end"
	}
	s.prose("", title, Strong)
}

// foot is what stands below the steps. What is left out first stands last in extras.
func (s *screenOf) foot() [][]Span {
	s.state()
	state := s.take()
	s.violations()
	wrong := s.take()
	s.notes()
	notes := s.take()
	s.others()
	others := s.take()
	s.message()
	s.keys()
	keys := s.take()
	extras := [][][]Span{wrong, notes, others}
	room := func() int {
		used := 2 + len(state) + len(keys) // with the title and a gap
		for _, e := range extras {
			used += len(e)
		}
		return s.view.Height - used
	}
	open, _ := s.walk.Open()
	for len(extras) > 1 && room() < stepsMin+min(max(len(open), 1), choicesMin) {
		extras = extras[:len(extras)-1]
	}
	s.open(room())
	foot := append(state, s.take()...)
	for _, e := range extras {
		foot = append(foot, e...)
	}
	return append(foot, keys...)
}

// state says what is so now. A star marks what the last step changed, with what it was before. No fact is parted.
func (s *screenOf) state() {
	const label = "state  "
	line := []Span{{label, Plain}}
	used, fresh := width(label), true
	for _, f := range factsNow(s.walk.State()) {
		room := s.columns - width(label)
		f.Text = cut(f.Text, room)
		if !fresh && used+2+width(f.Text) > s.columns {
			s.lines = append(s.lines, clip(line, s.columns))
			line, used, fresh = []Span{{strings.Repeat(" ", width(label)), Plain}}, width(label), true
		}
		if !fresh {
			line = append(line, Span{"; ", Plain})
			used += 2
		}
		line, used, fresh = append(line, f), used+width(f.Text), false
	}
	s.lines = append(s.lines, clip(line, s.columns))
}

// clip cuts a line of spans at the edge.
func clip(line []Span, columns int) []Span {
	for i := range line {
		line[i].Text = string([]rune(line[i].Text)[:min(width(line[i].Text), columns)])
		columns -= width(line[i].Text)
	}
	return line
}

// factsNow are the facts in words.
func factsNow(now, before catalogue.State) []Span {
	was := map[string]string{}
	for _, f := range before.Facts {
		was[f.Kind+" "+f.Name] = f.Value
	}
	var facts []Span
	for _, f := range now.Facts {
		name := f.Kind + " " + f.Name
		old, known := was[name]
		delete(was, name)
		span := Span{name + ": " + f.Value, Plain}
		switch {
		case !known:
			span = Span{"*" + span.Text, Changed}
		case old != f.Value:
			span = Span{"*" + span.Text + ", was " + old, Changed}
		}
		facts = append(facts, span)
	}
	for _, f := range before.Facts {
		if old, gone := was[f.Kind+" "+f.Name]; gone {
			facts = append(facts, Span{"*" + f.Kind + " " + f.Name + ": gone, was " + old, Changed})
		}
	}
	return facts
}

// violations names those that judge, so far.
func (s *screenOf) violations() {
	if err := s.walk.Failure(); err != nil {
		s.prose("", "BROKEN  "+err.Error(), Wrong)
	}
	for _, v := range s.walk.Seen() {
		if v.Judging {
			s.prose("", fmt.Sprintf("VIOLATION at step %d: %s: %s", v.Step, v.Oracle, v.Message), Wrong)
		}
	}
}

func (s *screenOf) notes() {
	for _, n := range s.trace.Notes {
		s.prose("  ", n, Plain)
	}
}

// others counts the violations that do not judge.
func (s *screenOf) others() {
	n := int64(0)
	for _, v := range s.walk.Seen() {
		if !v.Judging {
			n++
		}
	}
	if n > 0 {
		s.add("also seen: "+count(n, "violation")+" of oracles that do not judge this scenario", Faint)
	}
}

func (s *screenOf) message() {
	if s.view.Message == "" {
		s.add("", Plain)
		return
	}
	s.prose("", s.view.Message, Plain)
}

// keys are the keys of a walk, each with its word if there is room for the words.
func (s *screenOf) keys() {
	if s.view.Typed != "" {
		s.add("choice "+s.view.Typed+"_  a digit more, or Enter to take it; Esc drops it", Strong)
		return
	}
	keys := [][2]string{{"n", "next"}, {"b", "back"}, {"v", "violation"}, {"g", "start"}, {"G", "end"}}
	if open, _ := s.walk.Open(); len(open) > 0 {
		digits := fmt.Sprintf("1-%d", len(open))
		if len(open) == 1 {
			digits = "1"
		}
		keys = append(keys, [2]string{digits, "take"})
	}
	if s.walk.Leaves() > 0 {
		keys = append(keys, [2]string{"r", "return"})
	}
	keys = append(keys, [2]string{"s", "save"}, [2]string{"q", "quit"})
	var long, short []string
	for _, k := range keys {
		long, short = append(long, k[0]+" "+k[1]), append(short, k[0])
	}
	line := strings.Join(long, "  ")
	if width(line) > s.columns {
		line = strings.Join(short, " ") + " quit"
	}
	s.add(line, Faint)
}
