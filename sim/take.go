package sim

import (
	"math/bits"
	"slices"
)

// begin runs the actor's code from operation pos on to its next step.
func (m *Machine) begin(a *Actor, pos int, last Reply) {
	for ; ; pos++ {
		op, ok := a.spec.Script(pos, last)
		if !ok {
			a.state = finished
			return
		}
		a.undertake(pos, op)
		if !m.run(a, &op) {
			return
		}
		last = a.co.result
	}
}

// run runs the operation that the actor has undertaken up to its first step; it tells whether it returned without one.
func (m *Machine) run(a *Actor, op *Operation) (returned bool) {
	a.state, a.first = parked, true
	if !a.co.resume() {
		m.held(a)
		return false
	}
	m.history.add(callOf(a.id, op))
	m.history.add(returnOf(a.id, op, a.co.result))
	return true
}

// held looks at the step that an actor's coroutine has stopped at.
func (m *Machine) held(a *Actor) {
	if a.co.failure != nil {
		m.checkFailure(a)
		return
	}
	a.plain = m.quick != nil && m.quick.Plain(a.pending)
}

func (m *Machine) checkFailure(a *Actor) {
	if f := a.co.failure; f != nil {
		a.state = failed
		m.fail(f)
	}
}

// fail ends the run; the first failure is kept.
func (m *Machine) fail(f *Failure) {
	if m.failure == nil {
		m.failure = f
	}
}

// follow puts the actor at the node that the edge leads to.
func (m *Machine) follow(a *Actor, e *edge) {
	for _, ev := range e.idle {
		m.history.add(ev)
	}
	m.place(a, e.node)
}

func (m *Machine) place(a *Actor, n int32) {
	node := m.trees[a.id].nodes[n]
	a.node, a.state, a.pos, a.first = n, node.state, node.pos, node.parent == noNode
	a.pending, a.op, a.plain = &node.step, &node.op, node.plain
	if node.state == failed {
		m.fail(node.failure)
	}
}

// advance hands the actor the reply to its step and lets it go on to its next one.
func (m *Machine) advance(a *Actor, c Choice) {
	t := &m.transition
	if m.trees != nil {
		e := m.trees[a.id].child(a.node, t.Reply)
		m.mix(c, e.digest)
		if t.Last, t.Result = e.last, e.result; e.last {
			m.history.addAs(returnOf(a.id, a.op, e.result), &e.mark)
		}
		m.follow(a, e)
		return
	}
	m.mix(c, m.world.Digest(a.owner, t.Step, t.Reply))
	if m.hosted != nil {
		m.answer(a, t.Reply)
		return
	}
	a.co.reply, a.first = t.Reply, false
	if !a.co.resume() {
		m.held(a)
		return
	}
	m.returned = *a.op // the actor goes on before the judge looks
	t.Op, t.Last, t.Result = &m.returned, true, a.co.result
	m.history.add(returnOf(a.id, a.op, t.Result))
	m.begin(a, a.pos+1, t.Result)
}

// Take takes a choice that Choices offers, and reports what it violates. The result is valid until
// the next call.
func (m *Machine) Take(c Choice) []Violation {
	m.steps++
	m.taken = append(m.taken, c)
	if c.Fault.Apart() || c.Actor == Clock {
		m.takeOther(c)
	} else {
		m.step(c)
	}
	m.intruders()
	if m.judge == nil {
		return nil
	}
	return m.judge.Observe(&m.transition)
}

// takeOther takes a choice that is no actor's step.
func (m *Machine) takeOther(c Choice) {
	t := &m.transition
	*t = Transition{Number: m.steps, Choice: c, Actor: c.Actor}
	switch {
	case c.Fault.Apart():
		m.left.Faults--
		m.takeFault(c)
	case c.Alt == waitAlt:
		m.waitOn(t)
		m.mix(c, m.world.Digest(Clock, t.Step, t.Reply))
	default:
		m.left.Advances--
		m.nextAdvance(&m.advanced)
		t.Step = &m.advanced
		t.Reply = m.world.Apply(Clock, t.Step, 0)
		m.mix(c, m.world.Digest(Clock, t.Step, t.Reply))
		m.pass()
	}
}

// step takes an actor's step. It sets each field of the transition: to clear it first takes longer.
func (m *Machine) step(c Choice) {
	a, t := &m.actors[c.Actor], &m.transition
	m.current = c.Actor
	if a.task != nil {
		a.first, a.task.called = !a.task.called, true
	}
	t.Number, t.Choice, t.Actor = m.steps, c, a.owner
	t.Step, t.Op, t.OpNumber, t.First, t.Site = a.pending, a.op, a.pos, a.first, a.site()
	t.Last, t.Result = false, Reply{}
	if a.first {
		m.history.addAs(callOf(a.owner, a.op), m.callMark(a))
	}
	if c.Fault == ErrorBefore {
		t.Reply = Reply{}
	} else {
		t.Reply = m.world.Apply(a.owner, t.Step, int(c.Alt))
	}
	if c.Fault != NoFault {
		m.left.Faults--
		t.Reply = m.world.FaultReply(t.Step)
	}
	if m.renaming != nil && !m.named {
		m.named = m.renaming.world.Names(t.Step, t.Reply)
	}
	m.advance(a, c)
}

// callMark is where the number of the call in progress is kept; nil if nothing is remembered.
func (m *Machine) callMark(a *Actor) *uint32 {
	if m.trees == nil {
		return nil
	}
	return &m.trees[a.id].nodes[a.node].call
}

// nextAdvance describes the clock's next step, if it has one.
func (m *Machine) nextAdvance(s *Step) bool {
	*s = Step{}
	return m.world.NextAdvance(s)
}

// mix folds a choice and the digest of what it did into the fingerprint.
func (m *Machine) mix(c Choice, digest uint64) {
	w := digest ^ (uint64(c.Actor)<<16|uint64(c.Alt)<<8|uint64(c.Fault))*0xa0761d6478bd642f
	hi, lo := bits.Mul64(m.print^w^0x9e3779b97f4a7c15, 0xd1342543de82ef95)
	m.print = hi ^ lo
}

// AtRest judges a run that has no choice left. The result is valid until the next call.
func (m *Machine) AtRest() []Violation {
	if m.judge == nil {
		return nil
	}
	r := &m.rest
	r.Blocked, r.Crashed, r.Waiting = r.Blocked[:0], r.Crashed[:0], r.Waiting[:0]
	r.History = m.history.events
	for i := range m.actors {
		switch m.actors[i].state {
		case parked:
			if owner := m.actors[i].owner; !slices.Contains(r.Blocked, owner) {
				r.Blocked = append(r.Blocked, owner)
			}
		case waiting:
			r.Waiting = append(r.Waiting, ActorID(i))
		case crashed:
			r.Crashed = append(r.Crashed, ActorID(i))
		}
	}
	return m.judge.AtRest(r)
}
