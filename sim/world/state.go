package world

import (
	"encoding/binary"
	"slices"

	"fermata/sim"
)

// Save appends the whole state.
func (w *World) Save(dst []byte) []byte {
	dst = binary.LittleEndian.AppendUint64(dst, uint64(w.now))
	return w.encode(dst, false, nil)
}

// Key appends the state with times as what remains of them. The time itself is part of it only if the
// definitions set timeouts: records then hold timestamps, which the engine compares with the time. Leases
// are always part of it: where none may end they decide nothing in the run itself, but settling, which lets
// every lease end, tells them apart.
func (w *World) Key(dst []byte) []byte { return w.keyUnder(dst, nil) }

func (w *World) keyUnder(dst []byte, t *naming) []byte {
	if w.timed {
		dst = binary.LittleEndian.AppendUint64(dst, uint64(w.now))
	}
	return w.encode(dst, true, t)
}

// overdue is the score, in a key, of every message that was due before now: the order of the list says
// the rest.
const overdue = -1

// left is the message as far as a later step can tell. One that is due just now may yet be preceded by
// one that is pushed now, and a priority that is a score is compared with others of its kind.
func (w *World) left(m message) message {
	switch {
	case m.at >= w.now:
		m.at -= w.now
	case m.at >= startTime:
		m.at, m.prio = overdue, 0
	default:
		m.at -= startTime - overdue
	}
	return m
}

// encode appends the state, for a key with what is left of leases and messages, and under other names unless t is nil.
func (w *World) encode(dst []byte, key bool, t *naming) []byte {
	u16 := binary.LittleEndian.AppendUint16
	dst = binary.LittleEndian.AppendUint64(dst, t.actors(w.crashed))
	dst = u16(u16(u16(dst, uint16(len(w.flows))), uint16(w.inUse())), uint16(len(w.locks)))
	for _, f := range w.flowsAs(t) {
		dst = u16(dst, uint16(f.id))
		dst = binary.LittleEndian.AppendUint32(dst, uint32(w.refAs(t, f.record)))
		count := uint16(len(f.tasks))
		if len(f.loose) > 0 {
			count |= withLoose
		}
		dst = u16(dst, count)
		for _, ref := range f.tasks {
			dst = binary.LittleEndian.AppendUint32(dst, uint32(w.refAs(t, ref)))
		}
		if len(f.loose) > 0 {
			dst = u16(dst, uint16(len(f.loose)))
			for _, task := range f.loose {
				dst = u16(dst, uint16(w.objectAs(t, task)))
			}
		}
	}
	for i := range w.queues {
		q := &w.queues[i]
		if len(q.messages) == 0 {
			continue
		}
		dst = u16(u16(dst, uint16(q.name)), uint16(len(q.messages)))
		for _, m := range q.messages {
			switch {
			case !key:
			case w.parts.Queue == "sql":
				m.at -= w.now // popped or not, a message of the SQL queue is compared with others by its time
			default:
				m = w.left(m)
			}
			dst = u16(dst, uint16(w.objectAs(t, m.id)))
			dst = binary.LittleEndian.AppendUint64(dst, uint64(m.at))
			dst = binary.LittleEndian.AppendUint32(dst, flagged(m))
		}
	}
	for _, l := range w.locksAs(t) {
		until := l.until
		if key && until > outlasted {
			until = max(until-w.now, 0) + outlasted + 1 // a lease that is over is over
		}
		dst = append(u16(dst, uint16(l.workflow)), byte(l.owner), l.kind)
		dst = u16(dst, uint16(l.holds))
		dst = binary.LittleEndian.AppendUint64(dst, uint64(until))
	}
	if !key || !w.settling { // between two operations a token decides nothing, and it only grows
		dst = encodeFences(dst, w.fencesAs(t), w.cfg.Fence)
	}
	return w.encodeKeyspace(dst, key, t)
}

// withLoose, in the number of a workflow's tasks, says that those follow that are loose.
const withLoose = 1 << 15

// flagged is a message's priority with its flag.
func flagged(m message) uint32 {
	if m.popped {
		return uint32(m.prio)<<1 | 1
	}
	return uint32(m.prio) << 1
}

// encodeKeyspace appends the keys of Redis, for a key of the state with scores as what is left of them.
func (w *World) encodeKeyspace(dst []byte, key bool, t *naming) []byte {
	u16, u32 := binary.LittleEndian.AppendUint16, binary.LittleEndian.AppendUint32
	dst = u16(dst, uint16(len(w.keyspace.rows)))
	for _, r := range w.rowsAs(t) {
		dst = u16(u16(dst, uint16(r.key)), uint16(len(r.fields)))
		for _, f := range r.fields {
			switch {
			case !key || f.at == 0:
			case w.parts.Queue == "dyno":
				f.at -= w.now // what is given back is ordered by its score among what waits
			default:
				m := w.left(message{at: f.at, prio: f.prio})
				f.at, f.prio = m.at, m.prio
			}
			dst = u32(u16(dst, uint16(w.objectAs(t, f.name))), uint32(w.refAs(t, f.ref)))
			dst = u32(binary.LittleEndian.AppendUint64(dst, uint64(f.at)), uint32(f.prio))
		}
	}
	return dst
}

// inUse counts the queues that have a message; the others are as if they were not there.
func (w *World) inUse() int {
	n := 0
	for i := range w.queues {
		if len(w.queues[i].messages) > 0 {
			n++
		}
	}
	return n
}

// reader takes a saved state apart.
type reader []byte

func (r *reader) byte() byte {
	b := (*r)[0]
	*r = (*r)[1:]
	return b
}

func (r *reader) u16() uint16 {
	v := binary.LittleEndian.Uint16(*r)
	*r = (*r)[2:]
	return v
}

func (r *reader) u32() uint32 {
	v := binary.LittleEndian.Uint32(*r)
	*r = (*r)[4:]
	return v
}

func (r *reader) u64() uint64 {
	v := binary.LittleEndian.Uint64(*r)
	*r = (*r)[8:]
	return v
}

// Load puts a saved state back and returns what follows it.
func (w *World) Load(src []byte) []byte {
	r := reader(src)
	w.now = int64(r.u64())
	w.crashed = r.u64()
	flows, queues, locks := int(r.u16()), int(r.u16()), int(r.u16())
	w.flows = slices.Grow(w.flows[:0], flows)[:flows]
	for i := range w.flows {
		w.loadFlow(&w.flows[i], &r)
	}
	w.queues = slices.Grow(w.queues[:0], queues)[:queues]
	for i := range w.queues {
		q := &w.queues[i]
		q.name = sim.Object(r.u16())
		n := int(r.u16())
		q.messages = slices.Grow(q.messages[:0], n)[:n]
		for j := range q.messages {
			q.messages[j] = message{id: sim.Object(r.u16()), at: int64(r.u64())}
			flags := r.u32()
			q.messages[j].prio, q.messages[j].popped = int64(flags>>1), flags&1 != 0
		}
	}
	w.locks = slices.Grow(w.locks[:0], locks)[:locks]
	for i := range w.locks {
		l := &w.locks[i]
		l.workflow, l.owner, l.kind = sim.Object(r.u16()), sim.ActorID(r.byte()), r.byte()
		l.holds, l.until = int(r.u16()), int64(r.u64())
	}
	w.loadFences(&r)
	w.loadKeyspace(&r)
	return r
}

func (w *World) loadKeyspace(r *reader) {
	n := int(r.u16())
	w.keyspace.rows = slices.Grow(w.keyspace.rows[:0], n)[:n]
	for i := range w.keyspace.rows {
		row := &w.keyspace.rows[i]
		row.key = sim.Object(r.u16())
		fields := int(r.u16())
		row.fields = slices.Grow(row.fields[:0], fields)[:fields]
		for j := range row.fields {
			row.fields[j] = field{
				name: sim.Object(r.u16()), ref: sim.Ref(r.u32()), at: int64(r.u64()), prio: int64(r.u32()),
			}
		}
	}
}

func (w *World) loadFlow(f *flow, r *reader) {
	if id := sim.Object(r.u16()); id != f.id || f.tasksO == 0 {
		f.id, f.tasksO = id, w.tasksObject(id)
	}
	f.record = sim.Ref(r.u32())
	count := r.u16()
	n := int(count &^ withLoose)
	f.tasks, f.loose = slices.Grow(f.tasks[:0], n)[:n], f.loose[:0]
	for i := range f.tasks {
		f.tasks[i] = sim.Ref(r.u32())
	}
	if count&withLoose == 0 {
		return
	}
	for range int(r.u16()) {
		f.loose = append(f.loose, sim.Object(r.u16()))
	}
}
