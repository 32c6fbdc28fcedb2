package sim

import "encoding/binary"

// Choices appends the choices that are open: steps by actor, then the clock, then faults. A run in
// which only faults could still fire is over.
func (m *Machine) Choices(dst []Choice) []Choice {
	if m.failure != nil {
		return dst
	}
	open := len(dst)
	for i := range m.actors {
		a := &m.actors[i]
		if a.plain && a.state == parked {
			dst = append(dst, Choice{Actor: a.id})
			continue
		}
		if !m.canStep(a) {
			continue
		}
		n := m.world.Alternatives(a.owner, a.pending, m.left.Advances)
		for alt := range n {
			dst = append(dst, Choice{Actor: a.id, Alt: uint8(alt)})
		}
	}
	if m.hosted != nil {
		if _, ok := m.nextWait(&m.hosted.wait); ok {
			dst = append(dst, Choice{Actor: Clock, Alt: waitAlt})
		}
	}
	if m.left.Advances > 0 && m.mayAdvance() {
		dst = append(dst, Choice{Actor: Clock})
	}
	if m.left.Faults > 0 && len(dst) > open {
		dst = m.faults(dst)
	}
	return dst
}

func (m *Machine) canStep(a *Actor) bool {
	return a.state == parked && (a.plain || m.world.Enabled(a.owner, a.pending))
}

func (m *Machine) mayAdvance() bool {
	if m.quick != nil {
		return m.quick.MayAdvance()
	}
	return m.nextAdvance(&m.clock)
}

// CanGoOn tells whether the actor that took the last step could take another: choosing someone else
// is then a preemption.
func (m *Machine) CanGoOn() bool {
	return m.current != Nobody && m.canStep(&m.actors[m.current])
}

// Current is the actor that took the last step; Nobody before the first. The clock and crashes
// leave it as it is.
func (m *Machine) Current() ActorID { return m.current }

// Pending is the step that the actor is held at; nil if its script is over or it broke off.
func (m *Machine) Pending(id ActorID) *Step {
	if a := &m.actors[id]; a.state == parked {
		return a.pending
	}
	return nil
}

// NextAdvance is the step that the clock would take; nil if it has none, or none is left in the budget. Valid until the
// next call.
func (m *Machine) NextAdvance() *Step {
	if m.left.Advances > 0 && m.nextAdvance(&m.clock) {
		return &m.clock
	}
	return nil
}

// PendingOp is the operation that the actor's pending step belongs to, and whether the step opens it.
// It says nothing of an actor without a pending step.
func (m *Machine) PendingOp(id ActorID) (op *Operation, first bool) {
	a := &m.actors[id]
	if a.task != nil {
		return a.op, !a.task.called
	}
	return a.op, a.first
}

// Steps is the number of choices taken in this run.
func (m *Machine) Steps() int { return m.steps }

// Taken are the choices of this run: its schedule. Valid until the next call that changes the run.
func (m *Machine) Taken() []Choice { return m.taken }

// History are the calls and returns of this run, in canonical order.
func (m *Machine) History() History { return m.history.events }

// Fingerprint is a hash of this run's choices, replies and writes, by content.
func (m *Machine) Fingerprint() uint64 { return m.print }

// Failure tells how an actor's code broke out, of this run or while the one before it was ended; nil
// if none did. No choice is left then.
func (m *Machine) Failure() *Failure { return m.failure }

// Transition is the last transition taken, valid until the next.
func (m *Machine) Transition() *Transition { return &m.transition }

// Left is what remains of the budget.
func (m *Machine) Left() Budget { return m.left }

// CanSave tells whether the Machine can Save and Load a run: it was made with NewMemo.
func (m *Machine) CanSave() bool { return m.trees != nil }

// Save appends the state of the run, for Load; only of a Machine made with NewMemo.
func (m *Machine) Save(dst []byte) []byte {
	if m.trees == nil {
		panic("sim: only a Machine made with NewMemo can save a run")
	}
	dst = m.world.Save(dst)
	dst = m.saveActors(dst)
	dst = append(dst, byte(m.current), bit(m.named))
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
	src = m.loadActors(src)
	m.current, m.named = ActorID(src[0]), src[1] != 0
	m.steps = int(binary.LittleEndian.Uint32(src[2:]))
	m.print = binary.LittleEndian.Uint64(src[6:])
	src = m.loadHistory(src[14:])
	m.taken = m.taken[:m.steps]
	if m.judge != nil {
		m.judge.Load(src)
	}
}

// Jump is Load of a state that the same Machine saved anywhere: the choices lead there.
func (m *Machine) Jump(src []byte, taken []Choice) {
	m.taken = append(m.taken[:0], taken...)
	m.Load(src)
}

func bit(set bool) byte {
	if set {
		return 1
	}
	return 0
}

// Key appends what tells the state of the run from another: the world, where each actor is, what is
// left of the budget, and the past, which is the canonical history and the judge's residual.
func (m *Machine) Key(dst []byte) []byte {
	begin := len(dst)
	dst = m.world.Key(dst)
	m.keyed = len(dst) - begin
	for i := range m.actors {
		dst = binary.AppendUvarint(dst, uint64(m.number(ActorID(i))))
	}
	dst = m.keyBudget(dst)
	dst = keyNumbers(dst, m.history.numbers)
	if m.judge != nil {
		dst = m.judge.Save(dst)
	}
	return dst
}

// KeyedWorld is how many bytes of the last Key or OrbitKey are the world's: the first.
func (m *Machine) KeyedWorld() int { return m.keyed }

// number tells where an actor is, in the words of its class: of actors that are alike, two that had equal replies in
// equal operations have one number. Where an actor was when it crashed no longer matters.
func (m *Machine) number(id ActorID) uint32 {
	a := &m.actors[id]
	if a.state == crashed {
		return 0
	}
	return uint32(m.trees[id].nodes[a.node].number) + 1
}

func (m *Machine) keyBudget(dst []byte) []byte {
	dst = binary.AppendUvarint(dst, uint64(m.left.Advances))
	return binary.AppendUvarint(dst, uint64(m.left.Faults))
}

// saveActors appends where each actor is and what is left of the budget.
func (m *Machine) saveActors(dst []byte) []byte {
	for i := range m.actors {
		a := &m.actors[i]
		n := a.node
		if a.state == crashed {
			n = noNode
		}
		dst = binary.LittleEndian.AppendUint32(dst, uint32(n))
	}
	dst = binary.LittleEndian.AppendUint16(dst, uint16(m.left.Advances))
	return binary.LittleEndian.AppendUint16(dst, uint16(m.left.Faults))
}

func (m *Machine) loadActors(src []byte) []byte {
	for i := range m.actors {
		if n := int32(binary.LittleEndian.Uint32(src)); n == noNode {
			m.actors[i].state = crashed
		} else {
			m.place(&m.actors[i], n)
		}
		src = src[4:]
	}
	m.left.Advances = int(binary.LittleEndian.Uint16(src))
	m.left.Faults = int(binary.LittleEndian.Uint16(src[2:]))
	return src[4:]
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

// PendingDigest is a hash of the step that the actor is held at, by content; 0 if there is none.
func (m *Machine) PendingDigest(id ActorID) uint64 {
	if id == Clock {
		return 0
	}
	if s := m.Pending(id); s != nil {
		return m.world.Digest(m.actors[id].owner, s, Reply{})
	}
	return 0
}
