package explore

import "fermata/sim"

// PreemptionBoundedDPOR finds every violation of PreemptionBounded with the same bound that is a matter of the
// trace class (see DPOR), and mostly makes fewer runs. It is BPOR (Coons, Musuvathi and McKinley, OOPSLA 2013):
// a bound makes equivalent runs differ in what they may cost, so that a race has to be reversed not
// only where it is but also, at no cost, where the scheduler last switched to the actor that was first; and
// what is left out because it was searched before might have been cut there, so nothing sleeps. Classes
// are met more than once.
//
// The clock and faults are free, also in the midst of an actor's turn, of which BPOR knows nothing. So
// everything is tried as long as an advance or a fault is left in the budget.
func PreemptionBoundedDPOR(m *sim.Machine, preemptions int, o Options) *Result {
	return dpor(m, o, dporParts{bounded: true, bound: preemptions, conservative: true})
}

// cost is 1 if the choice is a preemption.
func (n *node) cost(c sim.Choice) int {
	l := level{current: n.current, canGoOn: n.canGoOn}
	return l.preemption(c)
}

// lookAtCost notes what the path has cost so far.
func (d *reduction) lookAtCost(n *node) {
	n.current, n.canGoOn = d.m.Current(), d.m.CanGoOn()
	if d.depth > 0 {
		last := d.path[d.depth-1]
		n.spent = last.spent + last.cost(last.open[last.taken])
	}
}

// dear tells whether a choice is more than the bound allows, and notes that something was left out.
func (d *reduction) dear(n *node, c sim.Choice) bool {
	if !d.parts.bounded || n.spent+n.cost(c) <= d.parts.bound {
		return false
	}
	d.r.PreemptionsCut = true
	return true
}

// raceAll has the pending step of every actor tried before what it conflicts with.
func (d *reduction) raceAll() {
	e := &d.races.blocked
	for e.actor = range d.clock {
		if s := d.m.Pending(sim.ActorID(e.actor)); s != nil {
			d.touch(&e.touches, e.actor, s)
			d.raceEach(e)
		}
	}
}

// raceEach has an event tried before the last one of each other actor that it conflicts with and before
// which it can be, and where that actor's turn began.
func (d *reduction) raceEach(e *event) {
	var met actorSet
	for j := d.depth - 1; j >= 0; j-- {
		f := &d.path[j].event
		if f.actor == e.actor || f.actor >= d.clock || met.has(f.actor) || !f.touches.conflicts(&e.touches) {
			continue
		}
		if d.tryAt(j, e.actor) {
			met.add(f.actor)
		}
		if start := d.turn(j); start < j && d.parts.conservative {
			d.tryAt(start, e.actor)
		}
	}
}

// tryAt has an actor tried at j, or all others if it cannot step there, and tells whether it can.
func (d *reduction) tryAt(j, p int) bool {
	n := d.path[j]
	if n.enabled.has(p) {
		n.backtrack.add(p)
		return true
	}
	n.backtrack = n.enabled
	return false
}

// turn is where on the path the scheduler switched to the actor of the event at j.
func (d *reduction) turn(j int) int {
	p := d.path[j].event.actor
	for j > 0 && d.path[j-1].event.actor == p {
		j--
	}
	return j
}
