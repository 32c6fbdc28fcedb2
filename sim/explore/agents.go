package explore

import (
	"math/rand/v2"

	"fermata/sim"
)

// An agent is who takes a choice, as a strategy sees it: an actor, the clock, or the adversary who spends the budget of
// faults. Agents are numbered: the actors first, then the clock, then the adversary. The choices of one agent stand
// next to each other among those that are open.

// agents counts them.
func agents(m *sim.Machine) int { return m.Actors() + 2 }

// agentOf numbers who takes the choice.
func agentOf(m *sim.Machine, c sim.Choice) int {
	switch {
	case c.Fault != sim.NoFault:
		return m.Actors() + 1
	case c.Actor == sim.Clock:
		return m.Actors()
	}
	return int(c.Actor)
}

// pendingOf is the step that an agent would take; nil if it has none. An adversary has none of its own.
func pendingOf(m *sim.Machine, agent int) *sim.Step {
	switch {
	case agent < m.Actors():
		return m.Pending(sim.ActorID(agent))
	case agent == m.Actors():
		return m.NextAdvance()
	}
	return nil
}

// span is where the choices end that are of the same agent as the one at from.
func span(m *sim.Machine, open []sim.Choice, from int) int {
	to := from + 1
	for agent := agentOf(m, open[from]); to < len(open) && agentOf(m, open[to]) == agent; {
		to++
	}
	return to
}

// drawOf draws one of the choices of the agent whose first is at from.
func drawOf(rng *rand.Rand, m *sim.Machine, open []sim.Choice, from int) int {
	if to := span(m, open, from); to > from+1 {
		return from + rng.IntN(to-from)
	}
	return from
}

// acted tells which agents a transition was a step of: whoever took it and, of an injected error, the actor whose step
// failed. They are the same if there is but one.
func acted(m *sim.Machine, t *sim.Transition) (int, int) {
	agent := agentOf(m, t.Choice)
	if t.Step != nil && t.Choice.Actor != sim.Clock {
		return agent, int(t.Choice.Actor)
	}
	return agent, agent
}

// touches tells whether a step has an access to the object.
func touches(s *sim.Step, o sim.Object) bool {
	for _, a := range s.Access[:s.Accesses] {
		if a.Object == o {
			return true
		}
	}
	return false
}

// weighted draws an index with a chance in proportion to its weight; -1 if all weights are 0.
func weighted(rng *rand.Rand, weights []int) int {
	total := 0
	for _, w := range weights {
		total += w
	}
	if total == 0 {
		return -1
	}
	at := rng.IntN(total)
	for i, w := range weights {
		if at -= w; at < 0 {
			return i
		}
	}
	panic("explore: the weights changed while one was drawn")
}

// newcomers tells who can go for the first time in a run. An actor that could not from the start is brought by whoever
// acted last: as a thread is by the one that creates it.
type newcomers struct {
	known []bool // by agent
	came  []int
}

func (n *newcomers) begin(m *sim.Machine) {
	n.known = append(n.known[:0], make([]bool, agents(m))...)
}

// look gives those who came since the last look.
func (n *newcomers) look(m *sim.Machine, open []sim.Choice) []int {
	n.came = n.came[:0]
	for i := 0; i < len(open); i = span(m, open, i) {
		if agent := agentOf(m, open[i]); !n.known[agent] {
			n.known[agent] = true
			n.came = append(n.came, agent)
		}
	}
	return n.came
}

// brings is the objects by which a transition let an actor begin: those that it wrote and the actor's first step
// touches. There is no race in that.
func brings(m *sim.Machine, agent int) (objects []sim.Object) {
	first, by := pendingOf(m, agent), m.Transition().Step
	if first == nil || by == nil {
		return nil
	}
	for _, a := range by.Access[:by.Accesses] {
		if a.Kind == sim.Write && touches(first, a.Object) {
			objects = append(objects, a.Object)
		}
	}
	return objects
}
