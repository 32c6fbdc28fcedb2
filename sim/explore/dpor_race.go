package explore

import "fermata/sim"

// footprint is what a step touches, for the question whether two steps conflict.
type footprint struct {
	all           []sim.Access // those that the step declares, then others
	declared      int
	reads, writes uint64 // the objects, by number modulo 64
	whole         bool   // a crash: it conflicts with everything
}

// advancesLeft is the object that a step reads if its alternatives depend on what the clock can do yet.
// No world's step declares it: it is the number that is no object.
const advancesLeft sim.Object = 0

// touch makes f the footprint of p's step.
func (d *reduction) touch(f *footprint, p int, s *sim.Step) {
	*f = footprint{all: f.all[:0]}
	f.all = append(f.all, s.Access[:s.Accesses]...)
	f.declared = len(f.all)
	if ghosts := d.o.GhostAccesses; ghosts != nil {
		f.all = append(f.all, ghosts(s)...)
	}
	if d.ghosts != nil {
		f.all = append(f.all, d.ghosts.GhostAccesses(s)...)
	}
	if sys := d.m.System(); sys.Budget.Advances > 0 {
		if p == d.clock {
			f.all = append(f.all, sim.Access{Object: advancesLeft, Kind: sim.Write})
		} else if w, a := sys.World, sim.ActorID(p); w.Alternatives(a, s, 0) != w.Alternatives(a, s, 1) {
			f.all = append(f.all, sim.Access{Object: advancesLeft, Kind: sim.Read})
		}
	}
	for _, a := range f.all {
		if a.Kind == sim.Write {
			f.writes |= 1 << (a.Object % 64)
		} else {
			f.reads |= 1 << (a.Object % 64)
		}
	}
}

func (f *footprint) conflicts(g *footprint) bool {
	if f.whole || g.whole {
		return true
	}
	if f.writes&(g.writes|g.reads) == 0 && f.reads&g.writes == 0 {
		return false
	}
	return share(f.all, g.all)
}

// conflictAsDeclared leaves out what the steps do not declare: so does Class.
func (f *footprint) conflictAsDeclared(g *footprint) bool {
	return f.whole || g.whole || share(f.all[:f.declared], g.all[:g.declared])
}

// share tells whether there is an object in both lists that one of them writes.
func share(f, g []sim.Access) bool {
	for _, a := range f {
		for _, b := range g {
			if a.Object == b.Object && (a.Kind == sim.Write || b.Kind == sim.Write) {
				return true
			}
		}
	}
	return false
}

// raceBuffers are kept from one event to the next, so as not to be made anew.
type raceBuffers struct {
	pending footprint
	blocked event
	covered []uint32 // what happens before the event, or before what it is raced with
	met     []int    // the nodes whose events it conflicts with, from the last one back
	rest    []int    // the nodes whose events can come before it and without what it is raced with
	first   []uint32 // of each actor, its first in rest
}

// prepare makes the step that the node's actor would take an event, and reverses its races. The machine
// is at the node, which is the last of the path.
func (d *reduction) prepare(n *node) {
	e := &n.event
	e.actor, n.prepared = n.actor, true
	var s *sim.Step
	switch n.actor {
	case d.crashes:
		e.touches = footprint{all: e.touches.all[:0], whole: true}
	case d.clock:
		s = &n.offer
		d.touch(&e.touches, n.actor, s)
	default:
		s = d.m.Pending(sim.ActorID(n.actor))
		d.touch(&e.touches, n.actor, s)
	}
	d.reverse(d.depth-1, e, s)
}

// raceBlocked reverses the races of the steps that cannot be taken where the machine is, behind the path.
func (d *reduction) raceBlocked(n *node) {
	if !d.parts.blocked {
		return
	}
	e := &d.races.blocked
	for p := range d.clock {
		if s := d.m.Pending(sim.ActorID(p)); s != nil && !n.enabled.has(p) {
			e.actor = p
			d.touch(&e.touches, p, s)
			d.reverse(d.depth, e, s)
		}
	}
}

// reverse sees what happens before the event that is to stand at place i of the path, and for each event
// that it races with has the other order tried. Two events race if they conflict, nothing that happens
// after the one happens before the other, and the other could have come first. A step that an earlier
// one only let go on does not race with it, but with what blocked it before.
func (d *reduction) reverse(i int, e *event, s *sim.Step) {
	b := &d.races
	last := d.begin(i, e)
	b.covered, b.met = append(b.covered[:0], e.clock...), b.met[:0]
	for j := i - 1; j >= 0; j-- {
		f := &d.path[j].event
		if f.actor == e.actor || !f.touches.conflicts(&e.touches) {
			continue
		}
		if f.level > e.level && f.touches.conflictAsDeclared(&e.touches) {
			e.level = f.level
		}
		if !e.follows(f) {
			join(e.clock, f.clock)
		}
		if b.covered[f.actor] < f.number {
			d.race(i, j, last, e, s)
		}
		b.met = append(b.met, j)
	}
	e.level++
	e.clock[e.actor] = e.number
}

// begin makes the event the next one of its actor, and gives the place of the one before; -1 if there
// is none.
func (d *reduction) begin(i int, e *event) (last int) {
	for last = i - 1; last >= 0 && d.path[last].event.actor != e.actor; last-- {
	}
	if last < 0 {
		e.number, e.level = 1, 0
		e.clock = append(e.clock[:0], make([]uint32, d.crashes+1)...)
		return last
	}
	f := &d.path[last].event
	e.number, e.level = f.number+1, f.level
	e.clock = append(e.clock[:0], f.clock...)
	return last
}

func join(clock, with []uint32) {
	for i, n := range with {
		clock[i] = max(clock[i], n)
	}
}

// race reverses the order of the event at j and of e, if e could have come first.
func (d *reduction) race(i, j, last int, e *event, s *sim.Step) {
	f := &d.path[j].event
	switch could := d.couldComeFirst(j, last, e, s); {
	case could && d.parts.reversals:
		d.tryOtherOrder(i, j, e)
	case !could && d.parts.blocked:
		return // what blocked it is further back
	}
	join(d.races.covered, f.clock)
}

// couldComeFirst tells whether e could be taken before the event at j; true where that is not known.
func (d *reduction) couldComeFirst(j, last int, e *event, s *sim.Step) bool {
	n := d.path[j]
	switch {
	case e.actor == d.crashes:
		return true
	case last < j:
		if n.enabled.has(e.actor) {
			return true
		}
	case e.actor == d.clock:
		return true
	default:
		if w := d.waitNumber(e.actor, s); w < 0 || w >= n.known || n.waits>>w&1 == 1 {
			return true
		}
	}
	for _, k := range d.races.met {
		if !d.path[k].event.follows(&n.event) {
			return true // this one may have let it go on
		}
	}
	return false
}

// tryOtherOrder has the node at j try a beginning of a run in which e comes before the event there: one
// actor that can begin what comes up to e without that event, unless one of those is tried there anyway.
func (d *reduction) tryOtherOrder(i, j int, e *event) {
	n := d.path[j]
	initials := d.initials(i, j, e)
	if initials&n.backtrack != 0 {
		return
	}
	if initials.has(e.actor) && e.actor != d.crashes {
		n.backtrack.add(e.actor)
	} else if p, ok := initials.first(); ok {
		n.backtrack.add(p)
	}
}

// initials are the actors that can begin the run that leaves out the event at j, and all that happens
// after it, and ends with e.
func (d *reduction) initials(i, j int, e *event) (initials actorSet) {
	b, f := &d.races, &d.path[j].event
	b.rest = b.rest[:0]
	b.first = append(b.first[:0], make([]uint32, d.crashes+1)...)
	for k := j + 1; k < i; k++ {
		g := &d.path[k].event
		if g.follows(f) {
			continue
		}
		b.rest = append(b.rest, k)
		if b.first[g.actor] == 0 {
			if !reaches(g.clock, b.first) {
				initials.add(g.actor)
			}
			b.first[g.actor] = g.number
		}
	}
	if e.actor == d.crashes || b.first[e.actor] != 0 {
		return initials
	}
	for _, k := range b.met {
		if !d.path[k].event.follows(f) {
			return initials
		}
	}
	initials.add(e.actor)
	return initials
}

// reaches tells whether what the clock knows has one of the events in it.
func reaches(clock, first []uint32) bool {
	for p, n := range first {
		if n != 0 && clock[p] >= n {
			return true
		}
	}
	return false
}
