package catalogue

import (
	"fmt"
	"slices"
	"strings"

	"fermata/sim"
	"fermata/sim/explore"
)

// Stepper walks a schedule forth and back, and off it: at any step another of the open choices can be taken, and the
// walk goes on from there by the base scheduler. Close it.
type Stepper struct {
	Case *Case

	in    *instance
	m     *sim.Machine
	drawn *drawn
	n     *narrator
	// plan is what is still to come of the schedule, from where the walk left it; empty off it and behind it.
	plan []sim.Choice
	// choices are those of the schedule, and left the step at which the walk left it, from 1; 0 if it did not.
	choices []sim.Choice
	left    int
	seen    []Seen
	over    bool
}

// Seen is a violation that the walk came by, and after how many steps.
type Seen struct {
	Step    int
	Oracle  string
	Object  string
	Message string
	Judging bool
}

// NewStepper begins at the start of a schedule, which must fit as for Replay.
func NewStepper(s *sim.Schedule, o ReplayOptions) (*Stepper, error) {
	c, err := CaseOf(s, o.Engine, o.Extra...)
	if err == nil {
		c, err = c.On(o.Parts)
	}
	if err != nil {
		return nil, err
	}
	in := c.instance()
	w := &Stepper{Case: c, in: in, m: sim.New(in.system)}
	if _, err := explore.Follow(w.m, s.Lines, o.Repair, func([]sim.Violation) {}); err != nil {
		w.m.Close()
		return nil, err
	}
	w.choices = slices.Clone(w.m.Taken())
	explore.Finish(w.m, nil)
	if f := w.m.Failure(); f != nil {
		w.m.Close()
		return nil, f
	}
	w.choices = slices.Clone(w.m.Taken())
	w.to(0)
	return w, nil
}

// Close gives up the walk.
func (w *Stepper) Close() { w.m.Close() }

// to begins anew and goes so far, along what was taken and then the plan.
func (w *Stepper) to(steps int) {
	path := append(slices.Clone(w.m.Taken()), w.plan...)
	if w.drawn == nil {
		path = w.choices
	}
	w.n = newNarrator(w.in, w.m)
	w.seen, w.over = nil, false
	w.m.Reset()
	w.drawn = &drawn{in: w.in, m: w.m, picture: &Picture{}}
	w.drawn.begin()
	for _, c := range path[:min(steps, len(path))] {
		w.take(c)
	}
	w.plan = path[min(steps, len(path)):]
}

func (w *Stepper) take(c sim.Choice) {
	vs := w.m.Take(c)
	w.note(vs)
	w.n.saw(vs)
	w.drawn.saw(vs)
	if len(w.m.Choices(nil)) == 0 && !w.over {
		w.over = true
		w.note(w.m.AtRest())
	}
}

func (w *Stepper) note(vs []sim.Violation) {
	for _, v := range vs {
		known := slices.ContainsFunc(w.seen, func(s Seen) bool { return s.Oracle == v.Oracle && s.Object == v.Object })
		if !known {
			w.seen = append(w.seen, Seen{w.m.Steps(), v.Oracle, v.Object, v.Message, v.Judging})
		}
	}
}

// Next takes one step, that of the schedule if the walk is on it, else the base scheduler's; false at the end of the
// run.
func (w *Stepper) Next() bool {
	open := w.m.Choices(nil)
	if len(open) == 0 {
		return false
	}
	c := open[explore.Base(w.m, open)]
	if len(w.plan) > 0 {
		c, w.plan = w.plan[0], w.plan[1:]
	}
	w.take(c)
	return true
}

// Back goes back one step; false at the start.
func (w *Stepper) Back() bool {
	n := w.m.Steps()
	if n == 0 {
		return false
	}
	w.to(n - 1)
	return true
}

// Home goes back to the start, End on to the end of the run.
func (w *Stepper) Home() { w.to(0) }

// End goes on to the end of the run.
func (w *Stepper) End() {
	for w.m.Steps() < w.m.System().Limits.StepsMax && w.Next() {
	}
}

// Violation goes to the first violation that judges, from the start on; false if there is none, and then the walk is at
// the end.
func (w *Stepper) Violation() bool {
	w.to(0)
	for {
		if slices.ContainsFunc(w.seen, func(s Seen) bool { return s.Judging }) {
			return true
		}
		if w.m.Steps() >= w.m.System().Limits.StepsMax || !w.Next() {
			return false
		}
	}
}

// Choose takes one of the open choices, by its number from 0. One that is not the schedule's leaves it.
func (w *Stepper) Choose(i int) {
	c := w.m.Choices(nil)[i]
	if len(w.plan) > 0 && c == w.plan[0] {
		w.Next()
		return
	}
	if w.left == 0 || w.m.Steps() < w.left {
		w.left = w.m.Steps() + 1
	}
	w.plan = nil
	w.take(c)
}

// Open are the choices that are open, in words; Due is the number of the one that Next takes, -1 if none is.
func (w *Stepper) Open() (open []string, due int) {
	choices := w.m.Choices(nil)
	due = -1
	for i, c := range choices {
		l := w.m.Describe(c)
		text := l.Actor + "  " + l.Step
		if l.Reply != "" {
			text += " => " + l.Reply
		}
		open = append(open, text)
		if len(w.plan) > 0 && c == w.plan[0] {
			due = i
		}
	}
	if due < 0 && len(choices) > 0 {
		due = explore.Base(w.m, choices)
	}
	return open, due
}

// Steps are those taken so far, told for reading.
func (w *Stepper) Steps() []TraceStep { return w.n.trace.Steps }

// Actors are the columns, in the order of the cast.
func (w *Stepper) Actors() []string {
	var names []string
	for i := range w.in.cast.actors {
		names = append(names, w.in.cast.actors[i].Name)
	}
	return names
}

// State is the world now, and Before the one before the last step.
func (w *Stepper) State() (now, before State) {
	states := w.drawn.picture.States
	return states[len(states)-1], states[max(len(states)-2, 0)]
}

// Seen are the violations so far.
func (w *Stepper) Seen() []Seen { return w.seen }

// Left is the step at which the walk left the schedule, from 1; 0 if it is on it.
func (w *Stepper) Left() int {
	if w.left > w.m.Steps() {
		return 0
	}
	return w.left
}

// Over tells whether the run is at its end.
func (w *Stepper) Over() bool { return w.over }

// Schedule is the walk so far as a schedule, with what it shows as what is expected.
func (w *Stepper) Schedule() (*sim.Schedule, error) {
	if w.m.Steps() == 0 {
		return nil, fmt.Errorf("%w: a schedule needs at least one step", ErrUsage)
	}
	expect := "ok"
	for _, s := range w.seen {
		if s.Judging {
			expect = "violation " + s.Oracle
			break
		}
	}
	headers := headers(w.Case, &Finding{})
	for i := range headers {
		if headers[i].Key == "expect" {
			headers[i].Value = strings.TrimSpace(expect)
		}
	}
	return &sim.Schedule{Headers: headers, Lines: slices.Clone(w.n.lines)}, nil
}
