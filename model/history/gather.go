package history

import (
	"cmp"
	"fmt"
	"io"
	"slices"

	"fermata/model/spec"
)

// spentMax is how many objects for which the search met its limit porcupine is asked about.
const spentMax = 16

// keptMax is how many operations are kept, at least, before a return that nothing explains.
const keptMax = 128

// gatherer takes what a judge's outcome names out of a second reading.
type gatherer interface {
	see(e Event)
	// results explains the violations, and counts the objects that nobody could judge.
	results() (findings []Finding, unknown int, err error)
}

// gather is a gatherer.
type gather[S comparable] struct {
	judge   *judge[S]
	objects []*gathered[S]
	unknown int
	more    int // objects with a violation, beside the one that is gathered
}

// gathered is one object's events, from some moment on at which nothing was open.
type gathered[S comparable] struct {
	target
	follower follower[S]
	events   []Event
	from     []S
	called   int // operations among events
	cuts     []cut[S]
	followed bool // the search is not at its end
	over     bool // enough is gathered
}

// cut is a moment at which nothing is open: what was possible, and what came before.
type cut[S comparable] struct {
	states         []S
	events, called int
}

func (j *judge[S]) again(o outcome) gatherer {
	g := &gather[S]{judge: j}
	slices.SortFunc(o.spent, func(a, b target) int {
		return cmp.Or(cmp.Compare(a.object.Workflow, b.object.Workflow), cmp.Compare(a.object.Task, b.object.Task))
	})
	var targets []target
	if o.violations > 0 { // which decides the verdict
		targets, g.unknown, g.more = []target{o.first}, len(o.spent), o.violations-1
	} else {
		targets = o.spent[:min(spentMax, len(o.spent))]
		g.unknown = len(o.spent) - len(targets)
	}
	for _, t := range targets {
		initial := j.Initial
		if t.from == fromStarted {
			initial = j.Started
		}
		c := &gathered[S]{target: t, from: []S{initial(t.object)}, followed: true}
		c.follower.search = spec.NewSearch(j.limits, j.Spec)
		c.follower.begin([]spec.Possible[S]{{State: c.from[0]}})
		g.objects = append(g.objects, c)
	}
	return g
}

func (g *gather[S]) see(e Event) {
	object, known := g.judge.Spec.Object(e.Op.Operation)
	if !known {
		return
	}
	for _, c := range g.objects {
		if c.object == object && !c.over {
			c.see(e)
		}
	}
}

func (c *gathered[S]) see(e Event) {
	c.events = append(c.events, e)
	if e.Kind == spec.Call {
		c.called++
	}
	if !c.followed {
		return
	}
	c.follower.add(e)
	for {
		op, verdict := c.follower.next(false)
		switch {
		case verdict == spec.Violation:
			c.over, c.followed = true, false
			return
		case verdict == spec.Unknown:
			c.followed = false
			return
		case op == nil:
			if c.follower.quiet() {
				c.cut()
			}
			return
		}
	}
}

// cut notes that nothing is open, and forgets what is too long ago.
func (c *gathered[S]) cut() {
	var states []S
	for _, p := range c.follower.search.Possible(nil) {
		states = append(states, p.State)
	}
	c.cuts = append(c.cuts, cut[S]{states, len(c.events), c.called})
	last := -1
	for i, at := range c.cuts {
		if c.called-at.called < keptMax {
			break
		}
		last = i
	}
	if last < 0 {
		return
	}
	at := c.cuts[last]
	c.from = at.states
	c.events = slices.Clone(c.events[at.events:])
	c.called -= at.called
	c.cuts = slices.Clone(c.cuts[last+1:])
	for i := range c.cuts {
		c.cuts[i].events -= at.events
		c.cuts[i].called -= at.called
	}
}

func (g *gather[S]) results() ([]Finding, int, error) {
	var findings []Finding
	for _, c := range g.objects {
		f, verdict, err := g.explain(c)
		switch {
		case err != nil:
			return nil, 0, err
		case verdict == spec.Violation:
			findings = append(findings, f)
		case verdict == spec.Unknown:
			g.unknown++
		case c.line != 0:
			return nil, 0, fmt.Errorf("%w: %s of the first reading is not in the second: did the file change?",
				spec.ErrHistory, c.object)
		}
	}
	return findings, g.unknown, nil
}

// explain asks porcupine about one object.
func (g *gather[S]) explain(c *gathered[S]) (Finding, spec.Verdict, error) {
	s := g.judge.Spec
	events := make([]spec.Event, len(c.events))
	operations := map[int]*Operation{}
	for i, e := range c.events {
		events[i] = e.Spec()
		operations[e.Op.Number] = e.Op
	}
	if len(events) == 0 {
		return Finding{}, spec.Ok, nil
	}
	x, err := spec.Explain(g.judge.limits, s, c.from, spec.Close(alone(events)))
	if err != nil || x.Verdict != spec.Violation {
		return Finding{}, x.Verdict, err
	}
	f := Finding{Spec: s.Name(), Object: c.object, Line: operations[x.Last].ReturnLine, More: g.more}
	for _, state := range x.Before {
		f.Before = append(f.Before, fmt.Sprint(state))
	}
	for _, e := range c.events {
		switch number := e.Op.Number; {
		case slices.Contains(x.Operations, number):
			f.Lines = append(f.Lines, Line{Number: e.Line(), Text: e.Spec().String()})
		case e.Kind == spec.Call && slices.Contains(x.Others, number):
			f.Others = append(f.Others, e.Op.Operation.Name.String())
		}
		if e.Kind == spec.Return && e.Op.Number == x.Last {
			break
		}
	}
	f.visualize = func(w io.Writer) error {
		return spec.Visualize(w, s, x, func(number int) string { return place(operations[number]) })
	}
	return f, spec.Violation, nil
}

// place says where an operation stands in the file.
func place(o *Operation) string {
	switch {
	case o.Open():
		return fmt.Sprintf("%s, operation %d, line %d, open", o.Actor, o.Number, o.CallLine)
	case o.CallLine == o.ReturnLine:
		return fmt.Sprintf("%s, operation %d, line %d", o.Actor, o.Number, o.CallLine)
	}
	return fmt.Sprintf("%s, operation %d, lines %d and %d", o.Actor, o.Number, o.CallLine, o.ReturnLine)
}

// alone gives the events with an actor for each operation: those of one actor may overlap by the
// uncertainty of its clock, and porcupine knows no actors.
func alone(events []spec.Event) []spec.Event {
	list := slices.Clone(events)
	for i := range list {
		list[i].Actor = spec.Actor(fmt.Sprintf("%s %d", list[i].Actor, list[i].Op))
	}
	return list
}
