package catalogue

import (
	"fmt"

	"fermata/model"
	"fermata/sim"
	"fermata/sim/explore"
	"fermata/sim/world"
	"fermata/sweeper"
)

// Picture is a finding with all that it takes to draw it.
type Picture struct {
	Finding *Finding
	// States has the state of the world before the first step, and then after each step of the finding's trace.
	States     []State
	Holds      []Hold
	Operations []PictureOperation
	// OrderOf names the specification by which Operations are ordered, or which nothing explains; empty if there is no
	// answer.
	OrderOf string
	// Passing is a schedule near the finding's that violates nothing; nil if none was found.
	Passing *Passing
	// Beside is another engine on the same schedule; nil if none was asked for.
	Beside *Beside
}

// State is the world at one moment, a fact a line, in a fixed order.
type State struct{ Facts []Fact }

// Fact is one thing that can be said of a state.
type Fact struct {
	// Kind is clock, workflow, task, queue, lock or listener.
	Kind, Name, Value string
}

// Hold is a stretch of steps over which an actor holds a workflow's lock: from the one that took it to the one that
// freed it, or the last of the run.
type Hold struct {
	Workflow, Actor string
	From, To        int
	// Lease is what was asked for with the first of the holds.
	Lease model.Millis
	// Open tells that nothing freed it.
	Open bool
}

// Passing is a schedule that parts from a finding's at one choice, and violates nothing that judges.
type Passing struct {
	// At is the step, from 1, at which the two part; Failing and Other are what each of them does there.
	At             int
	Failing, Other string
	Trace          *Trace
}

// PictureOf replays a finding and collects what it takes to draw it. beside, if not nil, is an engine to run the same
// schedule on: each step is of the same actor, as far as that has one.
func PictureOf(f *Finding, beside *sweeper.Engine) (*Picture, error) {
	if len(f.Schedule.Lines) == 0 {
		return nil, fmt.Errorf("%w: the violation of %s is of a run without a step: there is nothing to draw",
			ErrUsage, f.Oracle)
	}
	in := f.Case.instance()
	m := sim.New(in.system)
	defer m.Close()
	p := &Picture{Finding: f}
	d := &drawn{in: in, m: m, picture: p}
	d.begin()
	if _, err := explore.Follow(m, f.Schedule.Lines, false, d.saw); err != nil {
		return nil, err
	}
	explore.Finish(m, d.saw)
	if failure := m.Failure(); failure != nil {
		return nil, failure
	}
	d.end()
	p.operations(f.Trace)
	if !in.several() { // of one workflow alone
		if err := p.order(in, in.events(m.History())); err != nil {
			return nil, err
		}
	}
	violating := append([]sim.Choice(nil), m.Taken()[:f.Trace.At]...)
	if err := p.pass(m, violating); err != nil {
		return nil, err
	}
	if beside == nil {
		return p, nil
	}
	var err error
	p.Beside, err = besideOf(f, *beside)
	return p, err
}

// pass looks for the passing schedule, and tells it.
func (p *Picture) pass(m *sim.Machine, violating []sim.Choice) error {
	flipped, ok := explore.Flip(m, violating)
	if !ok {
		return nil
	}
	n, err := narrateChoices(p.Finding.Case, flipped.Choices)
	if err != nil {
		return err
	}
	failing := p.Finding.Trace.Steps[flipped.At]
	other := n.trace.Steps[flipped.At]
	p.Passing = &Passing{At: flipped.At + 1, Failing: stepWords(failing), Other: stepWords(other), Trace: n.trace}
	return nil
}

func stepWords(s TraceStep) string {
	if s.Reply == "" {
		return s.Actor + " " + s.Text
	}
	return s.Actor + " " + s.Text + " => " + s.Reply
}

// narrateChoices tells a whole run.
func narrateChoices(c *Case, choices []sim.Choice) (*narrator, error) {
	in := c.instance()
	m := sim.New(in.system)
	defer m.Close()
	n := newNarrator(in, m)
	m.Reset()
	for _, choice := range choices {
		if failure := m.Failure(); failure != nil {
			return nil, failure
		}
		n.saw(m.Take(choice))
	}
	n.trace.Final = n.final()
	return n, nil
}

// drawn collects states and holds while a run goes on.
type drawn struct {
	in      *instance
	m       *sim.Machine
	picture *Picture
	heard   map[string]int // calls of listeners, by what was heard of whom
	order   []string
	open    map[model.WorkflowID]*Hold
	start   model.Millis
}

func (d *drawn) begin() {
	d.heard, d.open, d.start = map[string]int{}, map[model.WorkflowID]*Hold{}, d.in.world.Now()
	d.note()
}

// saw notes the state after the step that the machine has just taken.
func (d *drawn) saw([]sim.Violation) {
	t := d.m.Transition()
	if t.Step != nil {
		switch call := callOf(t.Step); call {
		case sweeper.ListenerCompleted, sweeper.ListenerTerminated, sweeper.ListenerFinalized:
			name := call.String()[len("listener."):] + " of " + d.in.world.ObjectName(t.Step.Object)
			if d.heard[name] == 0 {
				d.order = append(d.order, name)
			}
			d.heard[name]++
		}
	}
	d.holds(t)
	d.note()
}

// holds opens and closes the bars of locks.
func (d *drawn) holds(t *sim.Transition) {
	w := d.in.world
	for _, id := range w.Workflows() {
		owner, _, held := w.LockHolder(id)
		h := d.open[id]
		if h != nil && (!held || w.ActorName(owner) != h.Actor) {
			h.To, h.Open = t.Number, false
			d.picture.Holds = append(d.picture.Holds, *h)
			delete(d.open, id)
			h = nil
		}
		if held && h == nil {
			d.open[id] = &Hold{Workflow: string(id), Actor: w.ActorName(owner), From: t.Number, Open: true}
			if t.Step != nil && callOf(t.Step) == sweeper.LockAcquire {
				d.open[id].Lease = model.Millis(t.Step.B)
			}
		}
	}
}

func (d *drawn) end() {
	for _, id := range d.in.world.Workflows() {
		if h := d.open[id]; h != nil {
			h.To = d.m.Steps()
			d.picture.Holds = append(d.picture.Holds, *h)
		}
	}
}

func (d *drawn) note() {
	s := State{Facts: factsOf(d.in.world, d.start)}
	for _, name := range d.order {
		s.Facts = append(s.Facts, Fact{"listener", name, "called " + times(d.heard[name])})
	}
	d.picture.States = append(d.picture.States, s)
}

// factsOf are the facts of a world.
func factsOf(w *world.World, start model.Millis) []Fact {
	facts := []Fact{{"clock", "time", "+" + (w.Now() - start).String()}}
	for _, id := range w.Workflows() {
		wf, ok := w.Workflow(id)
		if !ok {
			facts = append(facts, Fact{"workflow", string(id), "not in the store"})
			continue
		}
		facts = append(facts, Fact{"workflow", string(id), wf.Status.String()})
		for _, t := range wf.Tasks {
			facts = append(facts, Fact{"task", string(t.ID), t.Status.String()})
		}
		for _, t := range wf.Tasks {
			if due := message(w, t.QueueName(), string(t.ID)); due != "" {
				facts = append(facts, Fact{"queue", t.QueueName() + " " + string(t.ID), due})
			}
		}
		entry := message(w, model.DeciderQueue, string(id))
		if entry == "" {
			entry = "no message"
		}
		facts = append(facts, Fact{"queue", model.DeciderQueue + " " + string(id), entry})
		lock := "free"
		if owner, holds, held := w.LockHolder(id); held {
			lock = "held " + times(holds) + " by " + w.ActorName(owner)
		}
		facts = append(facts, Fact{"lock", string(id), lock})
	}
	return facts
}

// message says how a message stands in a queue; empty if it is not there.
func message(w *world.World, queue, id string) string {
	due, ok := w.Message(queue, id)
	switch {
	case ok && due <= 0:
		return "due now"
	case ok:
		return "due in " + due.String()
	case w.Contains(queue, id):
		return "delivered"
	}
	return ""
}
