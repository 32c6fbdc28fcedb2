package sim

import (
	"fmt"
	"math/bits"
	"slices"
)

// Machine runs a System, one choice at a time. Make it with New or NewMemo, and Close it.
type Machine struct {
	sys    *System
	world  World
	judge  Judge
	actors []Actor
	trees  []*replyTree // nil where actors run as coroutines
	hosted *hosted      // nil unless a Host runs their code

	renaming *renaming // nil unless actors can be renamed
	named    bool      // a reply of this run named an actor
	keyed    int       // bytes of the last key that are the world's

	left    Budget
	current ActorID // who took the last step, not the clock
	steps   int
	history history
	print   uint64
	taken   []Choice
	failure *Failure

	clock      Step // what the clock would do
	advanced   Step // what it did last
	returned   Operation
	transition Transition
	rest       Rest
}

// New makes a Machine that drives the system's actors as coroutines, or as goroutines of the Host if there is one,
// and resets it.
func New(sys *System) *Machine {
	m := newMachine(sys)
	if sys.Host != nil {
		m.open()
	} else {
		for i := range m.actors {
			m.actors[i].co = newCoroutine(&m.actors[i])
		}
	}
	m.Reset()
	return m
}

// NewMemo makes a Machine that drives the system's actors along reply trees, and resets it. It can
// Save and Load a run. The system's code must keep nothing between operations outside the World.
func NewMemo(sys *System) *Machine {
	if sys.Host != nil {
		panic("sim: code that a Host runs cannot be driven along a reply tree: " +
			"what it does next is no function of its replies")
	}
	m := newMachine(sys)
	m.history.off = !sys.Histories
	if sys.Histories {
		m.history.index, m.history.shared = map[Event]uint16{}, sys.Numbers
	}
	m.world.Reset()
	if sys.Start != nil {
		sys.Start()
	}
	m.renaming = newRenaming(sys)
	m.grow()
	m.Reset()
	return m
}

func newMachine(sys *System) *Machine {
	if sys.Limits.StepsMax == 0 {
		sys.Limits.StepsMax = StepsDefault
	}
	if b := sys.Budget; min(b.Advances, b.Faults) < 0 || max(b.Advances, b.Faults) > budgetMax {
		panic(fmt.Sprintf("sim: a budget of %+v is not within 0 and %d", b, budgetMax))
	}
	m := &Machine{sys: sys, world: sys.World, judge: sys.Judge}
	m.history.off = !sys.Histories && sys.Judge == nil
	m.makeActors()
	return m
}

// budgetMax bounds a budget: it stands in a state's key as two bytes.
const budgetMax = 1<<16 - 1

// System is what the Machine runs.
func (m *Machine) System() *System { return m.sys }

// RecordSites has every transition from the next Reset on tell where in the code its step was made, at the cost of a
// walk up the stack for each. Only a Machine made with New can: a reply tree runs no code.
func (m *Machine) RecordSites() {
	for i := range m.actors {
		m.actors[i].sites = &[2][]uintptr{}
	}
}

// Reset ends the run in progress without further effect and begins a new one. If an actor breaks out
// while its run is ended, the new run has that Failure.
func (m *Machine) Reset() {
	broke := m.park()
	m.world.Reset()
	if m.judge != nil {
		m.judge.Reset()
	}
	if m.sys.Start != nil && m.hosted == nil {
		m.sys.Start()
	}
	m.left, m.current, m.steps, m.print = m.sys.Budget, Nobody, 0, 0
	m.taken, m.failure, m.named = m.taken[:0], broke, false
	m.transition = Transition{}
	m.history.reset()
	if m.hosted != nil {
		m.beginHosted()
		return
	}
	for i := range m.actors {
		a := &m.actors[i]
		if m.trees != nil {
			m.follow(a, &m.trees[i].start)
		} else {
			m.begin(a, 0, Reply{})
		}
	}
	m.intruders()
}

// park brings every coroutine to the end of its operation, replaces those that are lost, and tells
// how the first of them broke out meanwhile.
func (m *Machine) park() (broke *Failure) {
	if m.hosted != nil {
		return m.endHosted()
	}
	if m.sys.Suspicious {
		defer func() {
			if f := m.forgive(); broke == nil {
				broke = f
			}
		}()
	}
	if m.trees != nil {
		return nil
	}
	for i := range m.actors {
		a := &m.actors[i]
		if a.state == parked {
			if f := a.co.abandon(); broke == nil {
				broke = f
			}
		}
		if a.co.failure != nil {
			a.co.close()
			a.co = newCoroutine(a)
		}
		a.state = finished
	}
	return broke
}

// Close ends the run in progress as Reset does and gives the Machine's coroutines back. Coroutines
// that are not closed are never collected. Afterwards the Machine only answers Failure.
func (m *Machine) Close() {
	broke := m.park()
	for _, t := range m.trees {
		if f := t.close(); broke == nil {
			broke = f
		}
	}
	if m.trees == nil && m.hosted == nil {
		for i := range m.actors {
			m.actors[i].co.close()
		}
	}
	if m.failure == nil {
		m.failure = broke
	}
}

// Recheck runs the code again to every step that the reply trees remember, and tells the first
// difference as a *Failure: code that keeps something between operations must not be driven along
// a reply tree. It is nil for a Machine made with New.
func (m *Machine) Recheck() error {
	for _, t := range m.trees {
		if f := t.recheck(); f != nil {
			return f
		}
	}
	return nil
}

// begin runs the actor's code from operation pos on to its next step.
func (m *Machine) begin(a *Actor, pos int, last Reply) {
	for ; ; pos++ {
		op, ok := a.spec.Script(pos, last)
		if !ok {
			a.state = finished
			return
		}
		a.undertake(pos, op)
		a.state, a.first = parked, true
		if !a.co.resume() {
			m.checkFailure(a)
			return
		}
		last = a.co.result
		m.history.add(callOf(a.id, &op))
		m.history.add(returnOf(a.id, &op, last))
	}
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
	a.pending, a.op = &node.step, &node.op
	if node.state == failed {
		m.fail(node.failure)
	}
}

// advance hands the actor the reply to its step and lets it go on to its next one.
func (m *Machine) advance(a *Actor, r Reply) {
	t := &m.transition
	if m.trees != nil {
		e := m.trees[a.id].child(a.node, r)
		if t.Last, t.Result = e.last, e.result; e.last {
			m.history.add(returnOf(a.id, a.op, e.result))
		}
		m.follow(a, e)
		return
	}
	if m.hosted != nil {
		m.answer(a, r)
		return
	}
	a.co.reply, a.first = r, false
	if !a.co.resume() {
		m.checkFailure(a)
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
	t := &m.transition
	*t = Transition{Number: m.steps, Choice: c, Actor: c.Actor}
	switch {
	case c.Fault == Crash:
		m.left.Faults--
		m.crash(c.Actor)
		m.mix(c, 0)
	case c.Actor == Clock && c.Alt == waitAlt:
		m.waitOn(t)
		m.mix(c, m.world.Digest(Clock, t.Step, t.Reply))
	case c.Actor == Clock:
		m.left.Advances--
		m.nextAdvance(&m.advanced)
		t.Step = &m.advanced
		t.Reply = m.world.Apply(Clock, t.Step, 0)
		m.mix(c, m.world.Digest(Clock, t.Step, t.Reply))
		m.pass()
	default:
		m.step(c)
	}
	m.intruders()
	if m.judge == nil {
		return nil
	}
	return m.judge.Observe(t)
}

func (m *Machine) step(c Choice) {
	a, t := &m.actors[c.Actor], &m.transition
	m.current = c.Actor
	if a.task != nil {
		a.first, a.task.called = !a.task.called, true
	}
	t.Actor = a.owner
	t.Step, t.Op, t.OpNumber, t.First, t.Site = a.pending, a.op, a.pos, a.first, a.site()
	if a.first {
		m.history.add(callOf(a.owner, a.op))
	}
	if c.Fault != ErrorBefore {
		t.Reply = m.world.Apply(a.owner, t.Step, int(c.Alt))
	}
	if c.Fault != NoFault {
		m.left.Faults--
		t.Reply = m.world.FaultReply(t.Step)
	}
	if m.renaming != nil && !m.named {
		m.named = m.renaming.world.Names(t.Step, t.Reply)
	}
	m.mix(c, m.world.Digest(a.owner, t.Step, t.Reply))
	m.advance(a, t.Reply)
}

// crash ends every actor of the server of a, without any further effect.
func (m *Machine) crash(id ActorID) {
	if m.hosted != nil {
		m.crashHosted(id)
		return
	}
	server := m.actors[id].spec.Server
	for i := range m.actors {
		a := &m.actors[i]
		if a.state != parked || (a.spec.Server != server || server == "") && a.id != id {
			continue
		}
		if m.trees == nil {
			a.co.abandon()
			m.checkFailure(a)
		} else if f := m.trees[i].end(a.node); f != nil {
			m.fail(f)
		}
		a.state = crashed
		m.world.Crashed(a.id)
	}
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
