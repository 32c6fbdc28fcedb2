package sim

import "time"

// waitAlt is the alternative by which a choice of the clock is a wait and no advance.
const waitAlt = 1

// waitMax is how long a wait takes at most.
const waitMax = time.Hour

// hosted is what a Machine has if a Host runs the code.
type hosted struct {
	stage Stage
	world HostWorld
	begun bool
	// elapsed is the time in the run, to the nanosecond; the World's stands at the millisecond below.
	elapsed time.Duration
	// idle tells that nothing happened since a wait that woke nobody.
	idle bool
	wait Step // what a wait would do
}

func (m *Machine) open() {
	w, ok := m.world.(HostWorld)
	if !ok {
		panic("sim: a system with a Host needs a HostWorld")
	}
	m.hosted = &hosted{world: w}
	m.hosted.stage = m.sys.Host.Open(m.heldText)
}

// beginHosted begins a run, which is over at once if the one before broke out when it was ended.
func (m *Machine) beginHosted() {
	h := m.hosted
	h.elapsed, h.idle = 0, false
	for i := range m.actors {
		a := &m.actors[i]
		*a = *a.fresh()
		a.state = finished
	}
	if m.failure != nil {
		return
	}
	h.begun = true
	m.settle(h.stage.Begin(m.sys.Start), nil, nil, 0)
	h.elapsed = 0
	for i := range m.sys.Actors {
		m.undertakeHosted(&m.actors[i], 0, Reply{})
	}
}

// endHosted ends the run in progress, if there is one.
func (m *Machine) endHosted() *Failure {
	if !m.hosted.begun {
		return nil
	}
	m.hosted.begun = false
	return m.hosted.stage.End(m.sys.Stop)
}

// undertakeHosted lets the actor begin its operation pos, and those behind it as long as they return at once.
func (m *Machine) undertakeHosted(a *Actor, pos int, last Reply) {
	for ; m.failure == nil; pos++ {
		op, ok := a.spec.Script(pos, last)
		if !ok {
			a.state = finished
			return
		}
		task := &Actor{id: a.id, owner: a.id, spec: a.spec, pos: pos, doing: op}
		a.task, a.op, a.pos, a.state = task, &task.doing, pos, waiting
		if !m.settle(m.hosted.stage.Start(task), task, nil, 0) {
			return
		}
		task.called, last = true, task.result
		m.history.add(callOf(a.id, &op))
		m.history.add(returnOf(a.id, &op, last))
	}
}

// answer hands the goroutine that is held in the actor's place its reply. If the operation returns, that was its last
// step, and the next one begins; what else happens by it is held.
func (m *Machine) answer(a *Actor, r Reply) {
	task, held := a.task, a.held
	m.hosted.idle = false
	m.vacate(a)
	returned := true
	if held != nil {
		returned = m.settle(m.hosted.stage.Answer(held, r), task, a, held.Goroutine)
	}
	if !returned || m.failure != nil {
		return
	}
	m.transition.Last, m.transition.Result = true, task.result
	m.history.add(returnOf(task.id, &task.doing, task.result))
	m.undertakeHosted(&m.actors[task.id], task.pos+1, task.result)
}

// settle takes in what happened, and tells whether the operation by which it happened returned. Any other that
// returned is held once more: its return is a step.
func (m *Machine) settle(n *News, by, last *Actor, goroutine uint64) (returned bool) {
	m.hosted.elapsed += n.Passed
	if n.Failure != nil {
		m.fail(n.Failure)
		return false
	}
	for _, task := range n.Returned {
		if task == by {
			returned = true
			continue
		}
		a := &m.actors[task.id]
		a.steps[0] = Step{}
		m.hosted.world.NextReturn(&a.steps[0])
		a.pending, a.state = &a.steps[0], parked
	}
	m.seat(n.Held, last, goroutine)
	return returned
}

// crashHosted crashes every actor of the server of id.
func (m *Machine) crashHosted(id ActorID) {
	var ids []ActorID
	server := m.actors[id].spec.Server
	for i := range m.actors {
		a := &m.actors[i]
		if a.owner != a.id || !m.alive(a) || (a.spec.Server != server || server == "") && a.id != id {
			continue
		}
		ids = append(ids, a.id)
	}
	for i := range m.actors {
		for _, dead := range ids {
			if a := &m.actors[i]; a.owner == dead {
				m.vacate(a)
			}
		}
	}
	for _, dead := range ids {
		m.actors[dead].state = crashed
	}
	m.hosted.idle = false
	m.settle(m.hosted.stage.Crash(ids), nil, nil, 0)
	for _, dead := range ids {
		m.world.Crashed(dead)
	}
}

// alive tells whether the actor can crash: it has an operation in progress, or goroutines of one.
func (m *Machine) alive(a *Actor) bool {
	if a.state == parked || m.hosted == nil {
		return a.state == parked
	}
	return a.state == waiting || m.hasThread(a)
}

// hasThread tells whether a goroutine other than the operation's own is held for the actor.
func (m *Machine) hasThread(a *Actor) bool {
	each := m.sys.threads() - 1
	first := len(m.sys.Actors) + int(a.id)*each
	for i := range m.actors[first : first+each] {
		if m.actors[first+i].state == parked {
			return true
		}
	}
	return false
}

// nextWait describes the clock's wait and gives its limit; false if there is nothing to wait for: no operation of
// which nobody is held, or nothing happened since a wait in vain.
func (m *Machine) nextWait(s *Step) (limit time.Duration, ok bool) {
	h := m.hosted
	if h == nil || h.idle {
		return 0, false
	}
	for i := range m.sys.Actors {
		a := &m.actors[i]
		if a.state != waiting || m.hasThread(a) {
			continue
		}
		*s = Step{}
		limit = waitMax
		if ms := h.world.NextWait(s); ms > 0 {
			limit = min(limit, h.until(ms)-1)
		}
		return limit, limit > 0
	}
	return 0, false
}

// until is how long it takes to the beginning of the millisecond that is so many from now.
func (h *hosted) until(ms int64) time.Duration {
	return h.elapsed.Truncate(time.Millisecond) + time.Duration(ms)*time.Millisecond - h.elapsed
}

// waitOn takes the clock's wait. The World's time moves by the milliseconds that the run's time passed.
func (m *Machine) waitOn(t *Transition) {
	h := m.hosted
	limit, _ := m.nextWait(&m.advanced)
	before := h.elapsed.Truncate(time.Millisecond)
	n := h.stage.Wait(limit)
	after := (h.elapsed + n.Passed).Truncate(time.Millisecond)
	m.advanced.A = (after - before).Milliseconds()
	t.Step = &m.advanced
	t.Reply = m.world.Apply(Clock, t.Step, 0)
	m.settle(n, nil, nil, 0)
	h.idle = len(n.Held)+len(n.Returned) == 0
}

// pass lets the run's time pass up to the World's, which has just advanced.
func (m *Machine) pass() {
	if h := m.hosted; h != nil {
		h.idle = false
		d := time.Duration(h.world.Elapsed())*time.Millisecond - h.elapsed
		m.settle(h.stage.Pass(max(d, 0)), nil, nil, 0)
	}
}
