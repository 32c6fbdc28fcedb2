package world

import (
	"cmp"
	"encoding/binary"
	"math/bits"
	"slices"

	"fermata/sim"
)

// actors is a set of actors, a bit each, under other names.
func (t *naming) actors(set uint64) uint64 {
	if t == nil || set == 0 {
		return set
	}
	var out uint64
	for ; set != 0; set &= set - 1 {
		out |= 1 << (t.actor(sim.ActorID(bits.TrailingZeros64(set))) & 63)
	}
	return out
}

// actor is an actor's other name; who is no actor of the system has none.
func (t *naming) actor(a sim.ActorID) sim.ActorID {
	if isFormer(a) {
		return t.actor(a&^former) | former
	}
	if int(a) < len(t.as) {
		return t.as[a]
	}
	return a
}

// locksAs are the rows of the locks under other names, in the order that they then have.
func (w *World) locksAs(t *naming) []lock {
	if t == nil || len(w.locks) == 0 {
		return w.locks
	}
	w.who.locks = append(w.who.locks[:0], w.locks...)
	for i := range w.who.locks {
		l := &w.who.locks[i]
		l.owner, l.workflow = t.actor(l.owner), w.objectAs(t, l.workflow)
	}
	slices.SortStableFunc(w.who.locks, func(a, b lock) int {
		switch {
		case w.lockBefore(a, b):
			return -1
		case w.lockBefore(b, a):
			return 1
		}
		return 0
	})
	return w.who.locks
}

// flowsAs are the workflows' rows under other names, in the order that their ids then have; what the rows hold is not
// renamed yet.
func (w *World) flowsAs(t *naming) []flow {
	if t == nil || !slices.ContainsFunc(w.flows, func(f flow) bool { return w.maker(f.id) != sim.Nobody }) {
		return w.flows
	}
	w.who.flows = append(w.who.flows[:0], w.flows...)
	for i := range w.who.flows {
		w.who.flows[i].id = w.objectAs(t, w.who.flows[i].id)
	}
	slices.SortFunc(w.who.flows, func(a, b flow) int {
		return cmp.Compare(w.pool.names[a.id], w.pool.names[b.id])
	})
	return w.who.flows
}

// fencesAs are the tokens under other names, in the order that the workflows' ids then have.
func (w *World) fencesAs(t *naming) []fence {
	if t == nil {
		return w.fences
	}
	w.who.fences = append(w.who.fences[:0], w.fences...)
	for i := range w.who.fences {
		w.who.fences[i].workflow = w.objectAs(t, w.who.fences[i].workflow)
	}
	slices.SortFunc(w.who.fences, func(a, b fence) int {
		return cmp.Compare(w.pool.names[a.workflow], w.pool.names[b.workflow])
	})
	return w.who.fences
}

// rowsAs are the keys of Redis under other names, in the order that they then have. Fields keep theirs, since their
// order is never one of names that other names would turn round.
func (w *World) rowsAs(t *naming) []row {
	if t == nil {
		return w.keyspace.rows
	}
	w.who.order = append(w.who.order[:0], w.keyspace.rows...)
	for i := range w.who.order {
		w.who.order[i].key = w.objectAs(t, w.who.order[i].key)
	}
	slices.SortFunc(w.who.order, func(a, b row) int {
		return cmp.Compare(w.pool.names[a.key], w.pool.names[b.key])
	})
	return w.who.order
}

// About tells the actor's locks, whether it is dead, and where the ids stand that it minted.
func (w *World) About(dst []byte, a sim.ActorID) []byte {
	u16 := binary.LittleEndian.AppendUint16
	dst = append(dst, byte(w.crashed>>(a&63)&1))
	for _, l := range w.locks {
		if l.owner == a || l.owner == a|former {
			dst = append(u16(u16(dst, uint16(w.plainly(l.workflow))), uint16(l.holds)), l.kind, byte(l.owner&former))
		}
	}
	at := func(what byte, i, j int) { dst = append(dst, what, byte(i), byte(j)) }
	for i := range w.flows {
		if w.maker(w.flows[i].id) == a {
			at(0, i, len(w.flows[i].tasks))
		}
		for j, ref := range w.flows[i].tasks {
			if w.taskMaker(ref) == a {
				at(1, i, j)
			}
		}
	}
	for i := range w.queues {
		for j, m := range w.queues[i].messages {
			if w.maker(m.id) == a {
				at(2, i, j)
			}
		}
	}
	for _, r := range w.keyspace.rows {
		for j, f := range r.fields {
			if w.maker(r.key) == a || w.maker(f.name) == a || f.ref != 0 && w.taskMaker(f.ref) == a {
				at(byte(w.keyspace.keys[r.key].kind)+2, len(r.fields), j)
			}
		}
	}
	return dst
}

// plainly is a workflow that nobody alike to others has minted; 0 if one has.
func (w *World) plainly(workflow sim.Object) sim.Object {
	if w.maker(workflow) != sim.Nobody {
		return 0
	}
	return workflow
}

// taskMaker is the actor, alike to others, that made the task of a value.
func (w *World) taskMaker(ref sim.Ref) sim.ActorID {
	for len(w.who.made) <= int(ref) {
		w.who.made = append(w.who.made, sim.Clock) // not yet known
	}
	if w.who.made[ref] == sim.Clock {
		w.who.made[ref], _, _ = w.mention(string(w.pool.entries[ref].task.ID), 0)
	}
	return w.who.made[ref]
}
