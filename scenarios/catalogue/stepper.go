package catalogue

import (
	"fmt"
	"slices"

	"fermata/sim"
	"fermata/sim/explore"
)

// Stepper walks a schedule forth and back, and off it: at any step another of the open choices can be taken, and the
// walk goes on from there by the base scheduler. Close it.
type Stepper struct {
	Case *Case

	o     ReplayOptions
	in    *instance
	m     *sim.Machine
	drawn *drawn
	n     *narrator
	// plan is what was walked, or stands in the schedule, from here on.
	plan []sim.Choice
	// choices are those of the schedule, to the end of its run, and actors who acts in it.
	choices []sim.Choice
	actors  []string
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
	w := &Stepper{Case: c, o: o, in: in, m: sim.New(in.system)}
	if err := w.follow(s); err != nil {
		w.m.Close()
		return nil, err
	}
	w.along(w.choices, len(w.choices))
	w.actors = actorsOf(w.n.trace)
	w.along(w.choices, 0)
	return w, nil
}

// follow takes the choices of the schedule, and then the base scheduler's to the end of the run.
func (w *Stepper) follow(s *sim.Schedule) error {
	if _, err := explore.Follow(w.m, s.Lines, w.o.Repair, func([]sim.Violation) {}); err != nil {
		return err
	}
	explore.Finish(w.m, nil)
	if f := w.m.Failure(); f != nil {
		return f
	}
	w.choices = slices.Clone(w.m.Taken())
	return nil
}

// actorsOf are the cast, in its order, and then who else acts: the clock, a fault.
func actorsOf(t *Trace) []string {
	names := slices.Clone(t.Actors)
	for _, s := range t.Steps {
		if !slices.Contains(names, s.Actor) {
			names = append(names, s.Actor)
		}
	}
	return names
}

// Close gives up the walk.
func (w *Stepper) Close() { w.m.Close() }

// way is what was walked up to here, and what is to come.
func (w *Stepper) way() []sim.Choice { return append(slices.Clone(w.m.Taken()), w.plan...) }

// to begins anew and goes so far on the same way.
func (w *Stepper) to(steps int) { w.along(w.way(), steps) }

// along begins anew and goes so far on a way.
func (w *Stepper) along(way []sim.Choice, steps int) {
	w.n = newNarrator(w.in, w.m)
	w.n.seat("")
	w.seen, w.over = nil, false
	w.m.Reset()
	w.drawn = &drawn{in: w.in, m: w.m, picture: &Picture{}}
	w.drawn.begin()
	for _, c := range way[:min(steps, len(way))] {
		w.take(c)
	}
	w.plan = way[min(steps, len(way)):]
}

func (w *Stepper) take(c sim.Choice) {
	vs := w.m.Take(c)
	w.note(vs)
	w.n.saw(vs)
	w.drawn.saw(vs)
	if len(w.m.Choices(nil)) == 0 && !w.over {
		w.over = true
		if w.m.Failure() == nil {
			w.note(w.m.AtRest())
		}
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

// Next takes one step, that of the way if it goes on, else the base scheduler's; false at the end of the run, or of
// what a run may have of steps.
func (w *Stepper) Next() bool {
	open := w.m.Choices(nil)
	if len(open) == 0 || w.m.Steps() >= w.m.System().Limits.StepsMax {
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
	for w.Next() {
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
		if !w.Next() {
			return false
		}
	}
}

// Choose takes one of the open choices, by its number from 0. One that is not the way's makes a way of its own, which
// the base scheduler goes on with.
func (w *Stepper) Choose(i int) {
	c := w.m.Choices(nil)[i]
	if len(w.plan) > 0 && c == w.plan[0] {
		w.Next()
		return
	}
	w.plan = nil
	w.take(c)
	if n := w.m.Steps(); n <= len(w.choices) && slices.Equal(w.m.Taken(), w.choices[:n]) {
		w.plan = slices.Clone(w.choices[n:])
	}
}

// Leaves is the step, from 1, at which the way leaves the schedule, be it still to come; 0 if it does not.
func (w *Stepper) Leaves() int {
	for i, c := range w.way() {
		if i >= len(w.choices) || c != w.choices[i] {
			return i + 1
		}
	}
	return 0
}

// Left is the step at which the walk left the schedule, from 1; 0 if it is on it.
func (w *Stepper) Left() int {
	if n := w.Leaves(); n <= w.m.Steps() {
		return n
	}
	return 0
}

// Return goes back onto the schedule, to where the way leaves it; false if it does not.
func (w *Stepper) Return() bool {
	n := w.Leaves()
	if n == 0 {
		return false
	}
	w.along(slices.Clone(w.choices), n-1)
	return true
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

// Trace is the walk so far. Its actors are those of the whole schedule, and who else has acted. Once a violation that
// judges was seen it has that and its window, as far as it is walked.
func (w *Stepper) Trace() *Trace {
	n := *w.n
	t := *n.trace
	t.Steps = slices.Clone(t.Steps)
	t.Actors = w.actors
	t.Actors = actorsOf(&t)
	n.trace = &t
	for _, s := range w.seen {
		if s.Judging {
			t.At = s.Step
			n.window(&Finding{Oracle: s.Oracle, Object: s.Object}, w.in.world)
			break
		}
	}
	return &t
}

// Length is how many steps the schedule has, with those that the base scheduler adds to the end of its run.
func (w *Stepper) Length() int { return len(w.choices) }

// State is the world now, and Before the one before the last step.
func (w *Stepper) State() (now, before State) {
	states := w.drawn.picture.States
	return states[len(states)-1], states[max(len(states)-2, 0)]
}

// Seen are the violations so far.
func (w *Stepper) Seen() []Seen { return w.seen }

// Over tells whether the run is at its end, and Failure whether because the code broke a rule of the machine.
func (w *Stepper) Over() bool { return w.over }

// Failure is nil where the code kept the rules.
func (w *Stepper) Failure() error {
	if f := w.m.Failure(); f != nil {
		return f
	}
	return nil
}

// Schedule is the walk so far as a schedule. What is expected of it is what a replay shows, which goes on from its end
// by the base scheduler.
func (w *Stepper) Schedule() (*sim.Schedule, error) {
	if w.m.Steps() == 0 {
		return nil, fmt.Errorf("%w: a schedule needs at least one step", ErrUsage)
	}
	s := &sim.Schedule{Headers: headers(w.Case, &Finding{}), Lines: slices.Clone(w.n.lines)}
	o := w.o
	o.Repair, o.Times = false, 1
	r, _, err := Replay(s, o)
	if err != nil {
		return nil, err
	}
	expect := slices.IndexFunc(s.Headers, func(h sim.Header) bool { return h.Key == "expect" })
	switch r.Verdict {
	case Violated:
		s.Headers[expect] = headers(w.Case, r.Findings[0])[expect]
	case OK:
		s.Headers[expect].Value = "ok"
	default:
		s.Headers = slices.Delete(s.Headers, expect, expect+1)
	}
	return s, nil
}
