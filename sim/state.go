package sim

import (
	"encoding/binary"
	"slices"
)

// Choices appends the choices that are open: steps by actor, then the clock, then faults. A run in
// which only faults could still fire is over.
func (m *Machine) Choices(dst []Choice) []Choice {
	if m.failure != nil {
		return dst
	}
	open := len(dst)
	for i := range m.actors {
		a := &m.actors[i]
		if !m.canStep(a) {
			continue
		}
		n := m.world.Alternatives(a.id, &a.pending, m.left.Advances)
		for alt := range n {
			dst = append(dst, Choice{Actor: a.id, Alt: uint8(alt)})
		}
	}
	if m.left.Advances > 0 && m.world.NextAdvance(&m.clock) {
		dst = append(dst, Choice{Actor: Clock})
	}
	if m.left.Faults > 0 && len(dst) > open {
		dst = m.faults(dst)
	}
	return dst
}

func (m *Machine) canStep(a *Actor) bool {
	return a.state == parked && m.world.Enabled(a.id, &a.pending)
}

func (m *Machine) faults(dst []Choice) []Choice {
	var servers []string
	for i := range m.actors {
		a := &m.actors[i]
		if a.state != parked {
			continue
		}
		if a.spec.MayFail && m.canStep(a) && m.world.MayFail(&a.pending) {
			dst = append(dst, Choice{a.id, 0, ErrorBefore}, Choice{a.id, 0, ErrorAfter})
		}
		server := a.spec.Server
		if a.spec.MayCrash && (server == "" || !slices.Contains(servers, server)) {
			servers = append(servers, server)
			dst = append(dst, Choice{a.id, 0, Crash})
		}
	}
	return dst
}

// CanGoOn tells whether the actor that took the last step could take another: choosing someone else
// is then a preemption.
func (m *Machine) CanGoOn() bool {
	return m.current != Nobody && m.canStep(&m.actors[m.current])
}

// Current is the actor that took the last step; Nobody before the first. The clock and faults leave
// it as it is.
func (m *Machine) Current() ActorID { return m.current }

// Pending is the step that the actor is held at; nil if its script is over or it broke off.
func (m *Machine) Pending(id ActorID) *Step {
	if a := &m.actors[id]; a.state == parked {
		return &a.pending
	}
	return nil
}

// PendingOp is the operation that the actor's pending step belongs to, and whether the step opens it.
func (m *Machine) PendingOp(id ActorID) (op *Operation, first bool) {
	return &m.actors[id].op, m.actors[id].first
}

// Steps is the number of choices taken in this run.
func (m *Machine) Steps() int { return m.steps }

// Taken are the choices of this run: its schedule. Valid until the next call that changes the run.
func (m *Machine) Taken() []Choice { return m.taken }

// History are the calls and returns of this run, in canonical order.
func (m *Machine) History() History { return m.history.events }

// Fingerprint is a hash of this run's choices, replies and writes, by content.
func (m *Machine) Fingerprint() uint64 { return m.print }

// Failure tells how an actor's code broke out of this run; nil if none did. No choice is left then.
func (m *Machine) Failure() *Failure { return m.failure }

// Transition is the last transition taken, valid until the next.
func (m *Machine) Transition() *Transition { return &m.transition }

// Left is what remains of the budget.
func (m *Machine) Left() Budget { return m.left }

func (m *Machine) record(e Event) { m.history.add(e) }

// Save appends the state of the run, for Load; only of a Machine made with NewMemo.
func (m *Machine) Save(dst []byte) []byte {
	dst = m.world.Save(dst)
	dst = m.saveActors(dst)
	dst = append(dst, byte(m.current), byte(len(m.crashed)))
	for _, id := range m.crashed {
		dst = append(dst, byte(id))
	}
	dst = binary.LittleEndian.AppendUint32(dst, uint32(m.steps))
	dst = binary.LittleEndian.AppendUint64(dst, m.print)
	dst = m.saveHistory(dst)
	if m.judge != nil {
		dst = m.judge.Save(dst)
	}
	return dst
}

// Load puts back a state that the same Machine saved on the way to where it is now.
func (m *Machine) Load(src []byte) {
	src = m.world.Load(src)
	m.failure = nil
	for i := range m.actors {
		m.place(&m.actors[i], int32(binary.LittleEndian.Uint32(src)))
		if actorState(src[4]) == crashed {
			m.actors[i].state = crashed
		}
		src = src[5:]
	}
	m.left = Budget{int(src[0]), int(src[1])}
	m.current = ActorID(src[2])
	m.crashed = m.crashed[:0]
	for _, id := range src[4 : 4+src[3]] {
		m.crashed = append(m.crashed, ActorID(id))
	}
	src = src[4+src[3]:]
	m.steps = int(binary.LittleEndian.Uint32(src))
	m.print = binary.LittleEndian.Uint64(src[4:])
	src = m.loadHistory(src[12:])
	m.taken = m.taken[:m.steps]
	if m.judge != nil {
		m.judge.Load(src)
	}
}

// Key appends what tells the state of the run from another: the world, where each actor is, what is
// left of the budget, and the past, which is the canonical history and the judge's residual.
func (m *Machine) Key(dst []byte) []byte {
	dst = m.world.Key(dst)
	dst = m.saveActors(dst)
	dst = m.saveHistory(dst)
	if m.judge != nil {
		dst = m.judge.Save(dst)
	}
	return dst
}

func (m *Machine) saveActors(dst []byte) []byte {
	for i := range m.actors {
		a := &m.actors[i]
		dst = binary.LittleEndian.AppendUint32(dst, uint32(a.node))
		dst = append(dst, byte(a.state))
	}
	return append(dst, byte(m.left.Advances), byte(m.left.Faults))
}

func (m *Machine) saveHistory(dst []byte) []byte {
	dst = append(dst, byte(len(m.history.numbers)), byte(len(m.history.numbers)>>8))
	for _, n := range m.history.numbers {
		dst = binary.LittleEndian.AppendUint16(dst, n)
	}
	return dst
}

func (m *Machine) loadHistory(src []byte) []byte {
	n := int(binary.LittleEndian.Uint16(src))
	src = src[2:]
	m.history.reset()
	for range n {
		num := binary.LittleEndian.Uint16(src)
		m.history.events = append(m.history.events, m.history.known[num])
		m.history.numbers = append(m.history.numbers, num)
		src = src[2:]
	}
	return src
}
