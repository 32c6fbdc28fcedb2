package world

import (
	"encoding/binary"
	"slices"

	"fermata/sim"
)

// Save appends the whole state.
func (w *World) Save(dst []byte) []byte {
	dst = binary.LittleEndian.AppendUint64(dst, uint64(w.now))
	return w.encode(dst, 0)
}

// Key appends the state with times as what remains of them; what is past is now.
func (w *World) Key(dst []byte) []byte { return w.encode(dst, w.now) }

// encode appends the state, with times counted from base; from 0 they are kept as they are.
func (w *World) encode(dst []byte, base int64) []byte {
	dst = binary.LittleEndian.AppendUint64(dst, w.crashed)
	dst = append(dst, byte(len(w.flows)), byte(w.inUse()), byte(len(w.locks)))
	for i := range w.flows {
		f := &w.flows[i]
		dst = binary.LittleEndian.AppendUint16(dst, uint16(f.id))
		dst = binary.LittleEndian.AppendUint32(dst, uint32(f.record))
		dst = append(dst, byte(len(f.tasks)))
		for _, ref := range f.tasks {
			dst = binary.LittleEndian.AppendUint32(dst, uint32(ref))
		}
	}
	for i := range w.queues {
		q := &w.queues[i]
		if len(q.messages) == 0 {
			continue
		}
		dst = binary.LittleEndian.AppendUint16(dst, uint16(q.name))
		dst = append(dst, byte(len(q.messages)))
		for _, m := range q.messages {
			at, prio := m.at, m.prio
			if base > 0 {
				at = max(at-base, 0)
				if at == 0 {
					prio = 0 // the order of the list says all
				}
			}
			dst = binary.LittleEndian.AppendUint16(dst, uint16(m.id))
			dst = binary.LittleEndian.AppendUint64(dst, uint64(at))
			dst = append(dst, byte(prio))
		}
	}
	for _, l := range w.locks {
		dst = binary.LittleEndian.AppendUint16(dst, uint16(l.workflow))
		until := l.until - base
		if base > 0 && !w.mayExpire(&l) {
			until = 0
		}
		dst = append(dst, byte(l.owner), byte(l.holds))
		dst = binary.LittleEndian.AppendUint64(dst, uint64(until))
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
	flows, queues, locks := int(r.byte()), int(r.byte()), int(r.byte())
	w.flows = slices.Grow(w.flows[:0], flows)[:flows]
	for i := range w.flows {
		w.loadFlow(&w.flows[i], &r)
	}
	w.queues = slices.Grow(w.queues[:0], queues)[:queues]
	for i := range w.queues {
		q := &w.queues[i]
		q.name = sim.Object(r.u16())
		n := int(r.byte())
		q.messages = slices.Grow(q.messages[:0], n)[:n]
		for j := range q.messages {
			q.messages[j] = message{sim.Object(r.u16()), int64(r.u64()), int64(r.byte())}
		}
	}
	w.locks = slices.Grow(w.locks[:0], locks)[:locks]
	for i := range w.locks {
		w.locks[i] = lock{sim.Object(r.u16()), sim.ActorID(r.byte()), int(r.byte()), int64(r.u64())}
	}
	return r
}

func (w *World) loadFlow(f *flow, r *reader) {
	if id := sim.Object(r.u16()); id != f.id || f.tasksO == 0 {
		f.id, f.tasksO = id, w.tasksObject(id)
	}
	f.record = sim.Ref(r.u32())
	n := int(r.byte())
	f.tasks = slices.Grow(f.tasks[:0], n)[:n]
	for i := range f.tasks {
		f.tasks[i] = sim.Ref(r.u32())
	}
}
