package explore

import (
	"fmt"
	"strings"

	"fermata/sim"
)

// Drift is a schedule that does not fit the system any more: where, what it asks for, and what was
// open instead.
type Drift struct {
	Line sim.Line
	// Answered tells that the step was taken and its reply differs; Got is the one that came.
	Answered bool
	Got      string
	// Open are the choices that were open, in words.
	Open []string
}

func (d *Drift) Error() string {
	at := fmt.Sprintf("line %d: %s %s", d.Line.Number, d.Line.Actor, d.Line.Step)
	if d.Answered {
		return fmt.Sprintf("%s => %s: the reply was %q", at, d.Line.Reply, d.Got)
	}
	if len(d.Open) == 0 {
		return at + ": the run was over"
	}
	return at + ": not open; open were: " + strings.Join(d.Open, " | ")
}

// Repeat takes the choices on a fresh run and tells what is violated at the end of them: by the last
// one, and by the run if it is over then. It must be given choices of the same system.
func Repeat(m *sim.Machine, choices []sim.Choice) ([]sim.Violation, error) {
	m.Reset()
	var open []sim.Choice
	var vs []sim.Violation
	for i, c := range choices {
		if open = m.Choices(open[:0]); !contains(open, c) {
			return nil, fmt.Errorf("explore: choice %d is not open", i+1)
		}
		vs = m.Take(c)
	}
	vs = append([]sim.Violation(nil), vs...)
	if err := failure(m); err != nil {
		return vs, err
	}
	if open = m.Choices(open[:0]); len(open) == 0 {
		vs = append(vs, m.AtRest()...)
	}
	return vs, nil
}

// Follower replays a schedule line by line. Unlike Repeat it goes by the words.
type Follower struct {
	m      *sim.Machine
	repair bool
	open   []sim.Choice
	// Changes are the lines that a repair skipped and the steps that it filled in, in words.
	Changes []string
	// Taken, if not nil, sees each choice after it is taken, with what it violates.
	Taken func(vs []sim.Violation)
}

// Follow replays the lines on a fresh run. It stops at the first line that does not fit, with a
// *Drift, or at a *sim.Failure; or, to repair, it first lets the line's actor go on for a few steps,
// else skips the line.
func Follow(m *sim.Machine, lines []sim.Line, repair bool, taken func([]sim.Violation)) (*Follower, error) {
	f := &Follower{m: m, repair: repair, Taken: taken}
	m.Reset()
	for _, l := range lines {
		if err := f.line(l); err != nil {
			return f, err
		}
	}
	return f, nil
}

// fillMax is how many steps a repair fills in before a line.
const fillMax = 20

func (f *Follower) line(l sim.Line) error {
	if err := failure(f.m); err != nil {
		return err
	}
	c, drift := f.find(l)
	if drift != nil && f.repair {
		if c, drift = f.fill(l); drift != nil {
			f.Changes = append(f.Changes, fmt.Sprintf("skipped line %d: %s %s", l.Number, l.Actor, l.Step))
			return nil
		}
	}
	if drift != nil {
		return drift
	}
	f.take(c)
	if got := f.m.DescribeTaken(); l.Reply != "" && got.Reply != l.Reply {
		if !f.repair {
			return &Drift{Line: l, Answered: true, Got: got.Reply}
		}
		f.Changes = append(f.Changes, fmt.Sprintf("line %d: the reply is %s now", l.Number, got.Reply))
	}
	return nil
}

func (f *Follower) take(c sim.Choice) {
	vs := f.m.Take(c)
	if f.Taken != nil {
		f.Taken(vs)
	}
}

// find gives the open choice that the line means.
func (f *Follower) find(l sim.Line) (sim.Choice, *Drift) {
	f.open = f.m.Choices(f.open[:0])
	drift := &Drift{Line: l}
	for _, c := range f.open {
		d := f.m.Describe(c)
		if d.Actor == l.Actor && d.Step == l.Step && (d.Reply == "" || l.Reply == "" || d.Reply == l.Reply) {
			return c, nil
		}
		drift.Open = append(drift.Open, words(d))
	}
	return sim.Choice{}, drift
}

func words(l sim.Line) string {
	text := l.Actor + " " + l.Step
	if l.Reply != "" {
		text += " => " + l.Reply
	}
	return text
}

// fill lets the line's actor take the steps that stand before the line now, if there are few.
func (f *Follower) fill(l sim.Line) (sim.Choice, *Drift) {
	look := append([]sim.Choice(nil), f.m.Taken()...)
	for range fillMax {
		c, ok := f.stepOf(l.Actor)
		if !ok {
			break
		}
		f.m.Take(c)
		if _, drift := f.find(l); drift == nil {
			return f.refill(l, look, len(f.m.Taken())-len(look))
		}
	}
	f.again(look)
	return f.find(l)
}

// refill goes back and takes the steps once more, this time for good.
func (f *Follower) refill(l sim.Line, before []sim.Choice, steps int) (sim.Choice, *Drift) {
	f.again(before)
	for range steps {
		c, _ := f.stepOf(l.Actor)
		f.Changes = append(f.Changes, fmt.Sprintf("before line %d: %s", l.Number, words(f.m.Describe(c))))
		f.take(c)
	}
	return f.find(l)
}

func (f *Follower) again(choices []sim.Choice) {
	choices = append([]sim.Choice(nil), choices...)
	f.m.Reset()
	for _, c := range choices {
		f.m.Take(c)
	}
}

func (f *Follower) stepOf(actor string) (sim.Choice, bool) {
	f.open = f.m.Choices(f.open[:0])
	for _, c := range f.open {
		if c.Fault == sim.NoFault && f.m.ActorName(c.Actor) == actor {
			return c, true
		}
	}
	return sim.Choice{}, false
}

// Finish lets the run go on to its end by the base scheduler: the current actor until it blocks,
// then the lowest one; the clock only when nobody else can step; no faults. It tells whether the run is
// over, which it is not if the limit on steps cut it or code broke out.
func Finish(m *sim.Machine, taken func([]sim.Violation)) (over bool) {
	var open []sim.Choice
	for {
		if open = m.Choices(open[:0]); len(open) == 0 {
			return m.Failure() == nil
		}
		if m.Steps() >= m.System().Limits.StepsMax {
			return false
		}
		vs := m.Take(open[Base(m, open)])
		if taken != nil {
			taken(vs)
		}
	}
}

// Base is the index of the base scheduler's choice among those that are open, of which there is one at least. A thread
// of the same actor goes before the other actors.
func Base(m *sim.Machine, open []sim.Choice) int {
	for i, c := range open {
		if c.Actor == m.Current() && c.Fault == sim.NoFault {
			return i
		}
	}
	if sys := m.System(); sys.Host != nil {
		for i, c := range open {
			if sys.OwnerOf(c.Actor) == sys.OwnerOf(m.Current()) && c.Fault == sim.NoFault {
				return i
			}
		}
	}
	return 0
}

func contains(open []sim.Choice, c sim.Choice) bool {
	for _, o := range open {
		if o == c {
			return true
		}
	}
	return false
}

func failure(m *sim.Machine) error {
	if f := m.Failure(); f != nil {
		return f
	}
	return nil
}
