package catalogue

import (
	"slices"

	"fermata/sim"
	"fermata/sim/explore"
	"fermata/sweeper"
)

// Beside is another engine on a finding's schedule: actor by actor it goes where the finding went, as far as that actor
// has a step, and then on by the base scheduler.
type Beside struct {
	Case  *Case
	Trace *Trace
	// PartsAt is the first step, from 1, at which the two do something else; 0 if they never do.
	PartsAt int
	// Violated names the first oracle that judges and is violated; empty if none is. Message is what it says.
	Violated, Message string
}

// besideOf runs the other engine.
func besideOf(f *Finding, e sweeper.Engine) (*Beside, error) {
	c := *f.Case
	c.Engine = e
	b := &Beside{Case: &c}
	in := c.instance()
	m := sim.New(in.system)
	defer m.Close()
	n := newNarrator(in, m)
	saw := func(vs []sim.Violation) {
		n.saw(vs)
		b.judge(vs)
	}
	m.Reset()
	for _, s := range f.Trace.Steps {
		choice, ok := ofActor(m, s.Actor)
		if !ok {
			continue
		}
		saw(m.Take(choice))
		if m.Failure() != nil {
			break
		}
	}
	explore.Finish(m, saw)
	if failure := m.Failure(); failure != nil {
		return nil, failure
	}
	b.judge(m.AtRest())
	n.trace.Final = n.final()
	b.Trace, b.PartsAt = n.trace, parting(f.Trace.Steps, n.trace.Steps)
	return b, nil
}

func (b *Beside) judge(vs []sim.Violation) {
	i := slices.IndexFunc(vs, func(v sim.Violation) bool { return v.Judging })
	if i >= 0 && b.Violated == "" {
		b.Violated, b.Message = vs[i].Oracle, vs[i].Message
	}
}

// ofActor gives the first open choice of the actor, without a fault.
func ofActor(m *sim.Machine, actor string) (sim.Choice, bool) {
	open := m.Choices(nil)
	i := slices.IndexFunc(open, func(c sim.Choice) bool {
		return c.Fault == sim.NoFault && m.ActorName(c.Actor) == actor
	})
	if i < 0 {
		return sim.Choice{}, false
	}
	return open[i], true
}

// parting is the first step at which two traces differ, from 1; 0 if they do not.
func parting(a, b []TraceStep) int {
	for i := range max(len(a), len(b)) {
		if i >= len(a) || i >= len(b) || stepWords(a[i]) != stepWords(b[i]) {
			return i + 1
		}
	}
	return 0
}
