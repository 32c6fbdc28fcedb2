package catalogue

import (
	"cmp"
	"encoding/binary"
	"slices"

	"fermata/sim"
)

// hits follows which operations a fault has hit: an error of one of its calls, a pause of its actor, or that its server
// died. What such an operation would still have done may stay undone, and what it did may stand alone: oracles that
// want several things of one operation ask here. Where the scope has no faults it keeps nothing.
type hits struct {
	in *instance
	on bool
	// now are the actors whose operation in progress was hit, a bit each.
	now uint64
	// wrong are the actors a call of whose lock service failed: what they were told of a lock need not be so.
	wrong uint64
	// ends are the workflows that operations in progress have ended, by actor; spared those that were ended by an
	// operation that was hit, before or after.
	ends   []ending
	spared []sim.Object
	// before are the operations that were hit and returned, and changed those that changed a status, a bit for each of
	// an actor's: for histories alone, and part of a state where these are judged.
	before, changed []uint64
	histories       bool
}

type ending struct {
	actor    sim.ActorID
	workflow sim.Object
}

func newHits(in *instance) *hits {
	h := &hits{in: in, on: in.c.Scope.Faults > 0, histories: in.c.Scenario.judgesHistories()}
	h.before, h.changed = make([]uint64, len(in.cast.actors)), make([]uint64, len(in.cast.actors))
	return h
}

func (h *hits) reset() {
	h.wrong = 0
	h.now, h.ends, h.spared = 0, h.ends[:0], h.spared[:0]
	clear(h.before)
	clear(h.changed)
}

// observe sees a transition before the oracles do.
func (h *hits) observe(v *view) {
	if !h.on {
		return
	}
	t := v.t
	switch fault := t.Choice.Fault; {
	case fault.Kills():
		for a := range h.in.cast.actors {
			if v.killed(sim.ActorID(a)) {
				h.strike(sim.ActorID(a))
				h.forget(sim.ActorID(a))
				h.wrong &^= 1 << a
			}
		}
		return
	case fault == sim.Pause:
		h.strike(t.Actor)
	case t.Op == nil:
		return
	}
	if t.Op == nil {
		return
	}
	if t.First {
		h.forget(t.Actor)
	}
	if t.Choice.Fault != sim.NoFault {
		h.strike(t.Actor)
		if changesLock(t.Step) {
			h.wrong |= 1 << t.Actor
		}
	}
	if e := v.e; e.StatusAfter != e.StatusBefore && t.OpNumber < 64 {
		h.changed[t.Actor] |= 1 << t.OpNumber
	}
	if e := v.e; e.StatusAfter != 0 && e.StatusAfter.Terminal() != e.StatusBefore.Terminal() {
		h.moved(t.Actor, v.world.Object(string(e.Workflow)), e.StatusAfter.Terminal())
	}
	if t.Last {
		if h.now>>t.Actor&1 != 0 && t.OpNumber < 64 {
			h.before[t.Actor] |= 1 << t.OpNumber
		}
		h.forget(t.Actor)
	}
}

// moved notes that an operation has ended a workflow, or has it run again.
func (h *hits) moved(a sim.ActorID, workflow sim.Object, ended bool) {
	switch {
	case !ended:
		h.spared = slices.DeleteFunc(h.spared, func(o sim.Object) bool { return o == workflow })
	case h.now>>a&1 != 0:
		h.spare(workflow)
	default:
		h.ends = append(h.ends, ending{a, workflow})
		slices.SortFunc(h.ends, compareEndings)
	}
}

func compareEndings(a, b ending) int {
	return cmp.Or(cmp.Compare(a.actor, b.actor), cmp.Compare(a.workflow, b.workflow))
}

// strike notes that an actor's operation in progress is hit.
func (h *hits) strike(a sim.ActorID) {
	h.now |= 1 << a
	for _, e := range h.ends {
		if e.actor == a {
			h.spare(e.workflow)
		}
	}
}

func (h *hits) spare(workflow sim.Object) {
	if at, found := slices.BinarySearch(h.spared, workflow); !found {
		h.spared = slices.Insert(h.spared, at, workflow)
	}
}

// forget notes that an actor's operation is over.
func (h *hits) forget(a sim.ActorID) {
	h.now &^= 1 << a
	h.ends = slices.DeleteFunc(h.ends, func(e ending) bool { return e.actor == a })
}

// spares tells whether the operation that ended the workflow was hit.
func (h *hits) spares(workflow sim.Object) bool { return slices.Contains(h.spared, workflow) }

// misled tells whether a call of the actor's to the lock service failed.
func (h *hits) misled(a sim.ActorID) bool { return h.wrong>>a&1 != 0 }

// wasHit tells whether an operation that returned was hit.
func (h *hits) wasHit(a sim.ActorID, number int) bool {
	return number < 64 && h.before[a]>>number&1 != 0
}

// half tells whether an operation that was hit, or never returned, may have done a part of what it does in one step: it
// has changed a status. One that was cut off before explains nothing that others saw.
func (h *hits) half(a sim.ActorID, number int) bool {
	return h.on && (number >= 64 || h.changed[a]>>number&1 != 0)
}

func (h *hits) save(dst []byte) []byte {
	if !h.on {
		return dst
	}
	u16, u64 := binary.LittleEndian.AppendUint16, binary.LittleEndian.AppendUint64
	dst = append(u64(u64(dst, h.now), h.wrong), byte(len(h.ends)), byte(len(h.spared)))
	for _, e := range h.ends {
		dst = u16(append(dst, byte(e.actor)), uint16(e.workflow))
	}
	for _, o := range h.spared {
		dst = u16(dst, uint16(o))
	}
	if h.histories {
		for a, b := range h.before {
			dst = u64(u64(dst, b), h.changed[a])
		}
	}
	return dst
}

func (h *hits) load(src []byte) []byte {
	if !h.on {
		return src
	}
	le := binary.LittleEndian
	h.now, h.wrong = le.Uint64(src), le.Uint64(src[8:])
	ends, spared := int(src[16]), int(src[17])
	src = src[18:]
	h.ends, h.spared = h.ends[:0], h.spared[:0]
	for range ends {
		h.ends = append(h.ends, ending{sim.ActorID(src[0]), sim.Object(le.Uint16(src[1:]))})
		src = src[3:]
	}
	for range spared {
		h.spared = append(h.spared, sim.Object(le.Uint16(src)))
		src = src[2:]
	}
	if h.histories {
		for i := range h.before {
			h.before[i], h.changed[i] = le.Uint64(src), le.Uint64(src[8:])
			src = src[16:]
		}
	}
	return src
}

// saveAs is save under other names: a workflow's id may name who made it.
func (h *hits) saveAs(dst []byte, as []sim.ActorID) []byte {
	if !h.on {
		return dst
	}
	to := hits{on: true, histories: h.histories}
	to.before, to.changed = make([]uint64, len(h.before)), make([]uint64, len(h.before))
	for a, name := range as {
		to.now |= h.now >> a & 1 << name
		to.wrong |= h.wrong >> a & 1 << name
		to.before[name], to.changed[name] = h.before[a], h.changed[a]
	}
	for _, e := range h.ends {
		to.ends = append(to.ends, ending{as[e.actor], h.in.world.ObjectAs(e.workflow, as)})
	}
	slices.SortFunc(to.ends, compareEndings)
	for _, o := range h.spared {
		to.spare(h.in.world.ObjectAs(o, as))
	}
	return to.save(dst)
}

// says tells whether the actor's operation was hit, and how many workflows it has ended.
func (h *hits) says(dst []byte, a sim.ActorID) []byte {
	if !h.on {
		return dst
	}
	n := 0
	for _, e := range h.ends {
		if e.actor == a {
			n++
		}
	}
	dst = append(dst, byte(h.now>>a&1|h.wrong>>a&1<<1), byte(n))
	if h.histories {
		dst = binary.LittleEndian.AppendUint64(dst, h.before[a])
		dst = binary.LittleEndian.AppendUint64(dst, h.changed[a])
	}
	return dst
}

// key appends what was hit and what changed a status, under other names unless as is nil: nothing without faults.
func (h *hits) key(dst []byte, as []sim.ActorID) []byte {
	if !h.on {
		return dst
	}
	for a := range h.before {
		from := a
		if as != nil {
			from = slices.Index(as, sim.ActorID(a))
		}
		if b, c := h.before[from], h.changed[from]; b|c != 0 {
			dst = binary.LittleEndian.AppendUint64(append(dst, 0xff, byte(a)), b)
			dst = binary.LittleEndian.AppendUint64(dst, c)
		}
	}
	return dst
}

// killed tells whether the fault that is seen ends what the actor does: it lives on the server that dies.
func (v *view) killed(a sim.ActorID) bool {
	if !v.t.Choice.Fault.Kills() {
		return false
	}
	actors, hit := v.in.cast.actors, v.t.Choice.Actor
	return a == hit || actors[hit].Server != "" && actors[a].Server == actors[hit].Server
}
