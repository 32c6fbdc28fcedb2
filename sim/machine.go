package sim

import "math/bits"

// Machine runs a System, one choice at a time. Make it with New or NewMemo, and Close it.
type Machine struct {
	sys    *System
	world  World
	judge  Judge
	actors []Actor
	trees  []*replyTree // nil where actors run as coroutines

	left    Budget
	current ActorID // who took the last step, not the clock
	steps   int
	history history
	print   uint64
	taken   []Choice
	crashed []ActorID
	failure *Failure

	clock      Step // the clock's own step
	did        Step // what the transition shows
	didOp      Operation
	transition Transition
}

// New makes a Machine that drives the system's actors as coroutines, and resets it.
func New(sys *System) *Machine {
	m := newMachine(sys)
	for i := range m.actors {
		m.actors[i].co = newCoroutine(&m.actors[i])
	}
	m.Reset()
	return m
}

// NewMemo makes a Machine that drives the system's actors along reply trees, and resets it. It can
// Save and Load a run. The system's code must keep nothing between operations outside the World.
func NewMemo(sys *System) *Machine {
	m := newMachine(sys)
	if sys.Histories {
		m.history.index = map[Event]uint16{}
	} else {
		m.history.off = true
	}
	m.world.Reset()
	if sys.Start != nil {
		sys.Start()
	}
	for i := range m.actors {
		m.trees = append(m.trees, newReplyTree(ActorID(i), &sys.Actors[i]))
	}
	m.Reset()
	return m
}

func newMachine(sys *System) *Machine {
	if sys.Limits.StepsMax == 0 {
		sys.Limits.StepsMax = StepsDefault
	}
	if len(sys.Actors) >= int(Clock) {
		panic("sim: a system has more actors than can be numbered")
	}
	m := &Machine{sys: sys, world: sys.World, judge: sys.Judge, actors: make([]Actor, len(sys.Actors))}
	for i := range m.actors {
		m.actors[i] = Actor{id: ActorID(i), spec: &sys.Actors[i]}
	}
	return m
}

// System is what the Machine runs.
func (m *Machine) System() *System { return m.sys }

// Reset ends the run in progress without further effect and begins a new one.
func (m *Machine) Reset() {
	m.park()
	m.world.Reset()
	if m.judge != nil {
		m.judge.Reset()
	}
	if m.sys.Start != nil {
		m.sys.Start()
	}
	m.left, m.current, m.steps, m.print = m.sys.Budget, Nobody, 0, 0
	m.taken, m.crashed, m.failure = m.taken[:0], m.crashed[:0], nil
	m.history.reset()
	for i := range m.actors {
		a := &m.actors[i]
		if m.trees != nil {
			m.follow(a, m.trees[i].start)
		} else {
			m.begin(a, 0, Reply{})
		}
	}
}

// park brings every coroutine to the end of its operation, and replaces those that are lost.
func (m *Machine) park() {
	if m.trees != nil {
		return
	}
	for i := range m.actors {
		a := &m.actors[i]
		if a.state == parked {
			a.co.abandon()
		}
		if a.co.failure != nil {
			a.co.close()
			a.co = newCoroutine(a)
		}
		a.state = finished
	}
}

// Close gives the Machine's coroutines back. Coroutines that are not closed are never collected.
func (m *Machine) Close() {
	if m.trees != nil {
		for _, t := range m.trees {
			t.close()
		}
		return
	}
	m.park()
	for i := range m.actors {
		m.actors[i].co.close()
	}
}

// begin runs the actor's code from operation pos on to its next step.
func (m *Machine) begin(a *Actor, pos int, last Reply) {
	for ; ; pos++ {
		op, ok := a.spec.Script(pos, last)
		a.pos = pos
		if !ok {
			a.state, a.op = finished, Operation{}
			return
		}
		a.op, a.state, a.first = op, parked, true
		if !a.co.resume() {
			m.checkFailure(a)
			return
		}
		last = a.co.result
		m.record(callOf(a.id, &op))
		m.record(returnOf(a.id, &op, last))
	}
}

func (m *Machine) checkFailure(a *Actor) {
	if a.co.failure != nil {
		a.state, m.failure = failed, a.co.failure
	}
}

// follow puts the actor at the node that the edge leads to.
func (m *Machine) follow(a *Actor, e edge) {
	for _, ev := range e.idle {
		m.record(ev)
	}
	m.place(a, e.node)
}

func (m *Machine) place(a *Actor, n int32) {
	node := &m.trees[a.id].nodes[n]
	a.node, a.state, a.pending, a.op, a.pos = n, node.state, node.step, node.op, node.pos
	a.first = node.state == parked && node.parent == noNode
	if node.state == failed {
		m.failure = node.failure
	}
}

// advance hands the actor the reply to its step and lets it go on to its next one.
func (m *Machine) advance(a *Actor, r Reply) {
	t := &m.transition
	if m.trees != nil {
		e := m.trees[a.id].child(a.node, r)
		if t.Last, t.Result = e.last, e.result; e.last {
			m.record(returnOf(a.id, &a.op, e.result))
		}
		m.follow(a, e)
		return
	}
	a.co.reply, a.first = r, false
	if !a.co.resume() {
		m.checkFailure(a)
		return
	}
	result := a.co.result
	t.Last, t.Result = true, result
	m.record(returnOf(a.id, &a.op, result))
	m.begin(a, a.pos+1, result)
}

// Take takes a choice that Choices offers, and reports what it violates. The result is valid until
// the next call.
func (m *Machine) Take(c Choice) []Violation {
	m.steps++
	m.taken = append(m.taken, c)
	t := &m.transition
	*t = Transition{Number: m.steps, Choice: c}
	switch {
	case c.Fault == Crash:
		m.left.Faults--
		m.crash(c.Actor)
		m.mix(uint64(c.Actor)<<8 | uint64(c.Fault))
	case c.Actor == Clock:
		m.left.Advances--
		m.world.NextAdvance(&m.clock)
		t.Step = &m.clock
		t.Reply = m.world.Apply(Clock, &m.clock, 0)
		m.mix(m.world.Digest(Clock, &m.clock, t.Reply))
	default:
		m.step(c)
	}
	if m.judge == nil {
		return nil
	}
	return m.judge.Observe(t)
}

func (m *Machine) step(c Choice) {
	a, t := &m.actors[c.Actor], &m.transition
	m.current = c.Actor
	m.did, m.didOp = a.pending, a.op // the actor goes on before the judge looks
	t.Step, t.Op, t.OpNumber, t.First = &m.did, &m.didOp, a.pos, a.first
	if a.first {
		m.record(callOf(a.id, &a.op))
	}
	if c.Fault != ErrorBefore {
		t.Reply = m.world.Apply(c.Actor, &m.did, int(c.Alt))
	}
	if c.Fault != NoFault {
		m.left.Faults--
		t.Reply = m.world.FaultReply(&m.did)
	}
	m.mix(m.world.Digest(c.Actor, &m.did, t.Reply))
	m.advance(a, t.Reply)
}

// crash ends every actor of the server of a, without any further effect.
func (m *Machine) crash(id ActorID) {
	server := m.actors[id].spec.Server
	for i := range m.actors {
		a := &m.actors[i]
		if a.state != parked || (a.spec.Server != server || server == "") && a.id != id {
			continue
		}
		if m.trees == nil {
			a.co.abandon()
			m.checkFailure(a)
		}
		a.state = crashed
		m.world.Crashed(a.id)
		m.crashed = append(m.crashed, a.id)
	}
}

// mix folds a word into the fingerprint.
func (m *Machine) mix(w uint64) {
	hi, lo := bits.Mul64(m.print^w^0x9e3779b97f4a7c15, 0xd1342543de82ef95)
	m.print = hi ^ lo
}

// AtRest judges a run that has no choice left. The result is valid until the next call.
func (m *Machine) AtRest() []Violation {
	if m.judge == nil {
		return nil
	}
	r := Rest{Crashed: m.crashed, History: m.history.events}
	for i := range m.actors {
		if m.actors[i].state == parked {
			r.Blocked = append(r.Blocked, ActorID(i))
		}
	}
	return m.judge.AtRest(&r)
}
