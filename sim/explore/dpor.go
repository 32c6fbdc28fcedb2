package explore

import (
	"encoding/binary"
	"fmt"
	"math/bits"
	"slices"

	"fermata/sim"
)

// DPOR searches one run of each trace class: runs that differ only in the order of independent steps
// are one class (Class), and behave alike. It is source-DPOR with sleep sets (Abdulla, Aronis, Jonsson
// and Sagonas, POPL 2014 and JACM 2017). On a machine made with sim.NewMemo it saves and loads states;
// on one made with sim.New it runs every schedule from its start.
//
// Two steps of different actors conflict if they share an object that one of them writes. A try-lock,
// which is always open, conflicts with acquires and with releases. A step that was blocked is raced with
// the step that blocked it, and never with the one that let it go on.
//
// The clock is an actor. What it does may change with what others do, so that where it is open everyone is
// tried, and only sleep sets leave something out. So it is with a crash, which conflicts with every
// step: it is no longer open when the last other choice is gone, and who is crashed steps no more. So it is
// with every fault that is a choice of its own; where others' steps bring such a fault about, a pause or a
// redelivery, everyone is tried as long as the budget has one left.
// Errors are alternatives of the actor's step. All alternatives of a step are tried wherever the step
// is, so that the budget of faults makes no two of them conflict.
//
// It is sound for an oracle whose verdict depends on the trace class alone: on the replies that each
// actor had, on the results, on the end of a run, on the order of steps that conflict. An oracle that
// looks at more, such as the order in which operations of different actors return, or the World between
// two steps, must say so by GhostAccesses, its own or those of the Options: then the steps that it
// looks at conflict too. Histories are judged soundly only so. Finds are those of the runs that were
// made: another run of a class may violate at an earlier step.
//
// What a World declares must cover what a step depends on: its reply, whether it is blocked, how many
// alternatives it has. What makes or takes away the clock's next step must conflict with it. That the
// alternatives may depend on whether the clock can advance yet is looked at (World.Alternatives).
func DPOR(m *sim.Machine, o Options) *Result { return dpor(m, o, everyPart) }

// Ghosts is what a Judge may be too: one whose verdict depends on the order of steps that touch nothing
// in common. The accesses are of objects of its own or of the World's; steps conflict by them as by
// those that they declare.
type Ghosts interface {
	GhostAccesses(s *sim.Step) []sim.Access
}

// dporParts are the parts without which DPOR would not be right; the tests leave one out.
type dporParts struct {
	reversals bool // races are reversed
	sleep     bool // what was searched before is left out
	blocked   bool // a blocked step is raced with what blocked it
	coming    bool // everyone is tried where a fault may come that others bring about

	bounded      bool // by preemptions: the search is another then
	bound        int
	conservative bool // races are reversed at the start of a turn too
}

var everyPart = dporParts{reversals: true, sleep: true, blocked: true, coming: true}

// actorsMax bounds the actors of a system for DPOR, the clock among them: sets of them are words.
const actorsMax = 64

// reduction is a search by DPOR. Actors are numbered as in the System, then comes the clock, and last
// stands whoever crashes, or is paused or redelivered: these conflict with all, so they are one after the other.
type reduction struct {
	m       *sim.Machine
	o       *Options
	r       *Result
	parts   dporParts
	ghosts  Ghosts
	clock   int
	crashes int
	come    bool    // faults may come that are not open from the start: a pause, a redelivery
	path    []*node // and behind its length nodes that can be used again
	depth   int
	here    bool // the machine was left at the last node of the path
	classes *visited
	waits   []wait
	races   raceBuffers
}

func dpor(m *sim.Machine, o Options, parts dporParts) *Result {
	sys := m.System()
	if sys.Host != nil {
		panic("explore: DPOR does not know what goroutines that a Host runs depend on")
	}
	if len(sys.Actors)+1 > actorsMax {
		panic(fmt.Sprintf("explore: DPOR searches at most %d actors", actorsMax-1))
	}
	d := &reduction{m: m, o: &o, r: &Result{}, parts: parts, clock: len(sys.Actors), crashes: len(sys.Actors) + 1}
	d.ghosts, _ = sys.Judge.(Ghosts)
	d.come = parts.coming && (sys.Redelivers ||
		slices.ContainsFunc(sys.Actors, func(a sim.ActorSpec) bool { return a.MayPause }))
	room := &room{max: o.MemoryMiB << 20}
	d.classes = newVisited(0, room)
	d.r.frontier = d.frontier
	d.run()
	d.r.Classes, d.r.Memory = int64(d.classes.keys), room.size()
	return d.r
}

func (d *reduction) run() {
	d.m.Reset()
	d.enter(0)
	for !d.r.cut(d.o) {
		if d.depth == 0 {
			d.r.Exhausted = !d.r.PreemptionsCut
			return
		}
		n := d.path[d.depth-1]
		if !d.next(n) {
			d.depth--
			d.here = false
			continue
		}
		if !d.back() {
			continue // the run was not what it was
		}
		if !n.prepared {
			d.prepare(n)
		}
		d.take(n)
		if !d.r.cut(d.o) {
			d.enter(d.sleepAfter(n))
		}
	}
}

// next picks the node's next choice: another alternative of the actor's step, the step of another actor
// that is to be tried here, or a crash. It tells whether there is one.
func (d *reduction) next(n *node) bool {
	if n.actor < d.crashes {
		for i := n.taken + 1; i < len(n.open); i++ {
			c := n.open[i]
			if !c.Fault.Apart() && d.number(c) == n.actor && !d.dear(n, c) {
				n.taken = i
				return true
			}
		}
		n.done.add(n.actor)
	}
	if p, ok := n.backtrack.without(n.done | n.sleep).first(); ok {
		n.actor, n.taken, n.prepared = p, -1, false
		return d.next(n)
	}
	for i := n.crash; i < len(n.open); i++ {
		if n.open[i].Fault.Apart() {
			n.actor, n.taken, n.crash, n.prepared = d.crashes, i, i+1, false
			return true
		}
	}
	return false
}

// number is the number of who takes a choice, but for a crash.
func (d *reduction) number(c sim.Choice) int {
	if c.Actor == sim.Clock {
		return d.clock
	}
	return int(c.Actor)
}

// back brings the machine to the last node of the path, if it is not there. It tells whether it could.
func (d *reduction) back() bool {
	if d.here {
		return true
	}
	last := d.path[d.depth-1]
	if d.m.CanSave() {
		d.m.Load(last.save)
		return true
	}
	d.m.Reset()
	for i, n := range d.path[:d.depth] {
		if !d.r.unchanged(d.m, i, n.print, d.before(i)) {
			return false
		}
		if n != last {
			d.r.take(d.m, n.open[n.taken], len(n.open), d.o)
		}
	}
	return true
}

// before is the choice that leads to a node of the path.
func (d *reduction) before(i int) (c sim.Choice) {
	if i > 0 {
		n := d.path[i-1]
		c = n.open[n.taken]
	}
	return c
}

// take takes the node's choice, and adds it to the class of the run.
func (d *reduction) take(n *node) {
	c := n.open[n.taken]
	d.r.take(d.m, c, len(n.open), d.o)
	n.sumAfter = withStep(n.sum, c, d.m.Transition().Step, uint64(n.event.number), n.event.level)
}

// end judges a complete run and counts its class.
func (d *reduction) end(sum [2]uint64) {
	before := d.r.Schedules
	if d.r.endRun(d.m, d.o); d.r.Schedules == before {
		return
	}
	var key [16]byte
	binary.LittleEndian.PutUint64(key[:], sum[0])
	binary.LittleEndian.PutUint64(key[8:], sum[1])
	if _, _, full := d.classes.find(hashOf(key[:]), key[:]); full {
		d.r.Limit = "memory"
	}
	d.r.Classes = int64(d.classes.keys)
}

// frontier counts the actors that are to be tried on the path, as far as is known, and who is tried now not.
func (d *reduction) frontier() (depth, open int) {
	for _, n := range d.path[:d.depth] {
		open += bits.OnesCount64(uint64(n.backtrack.without(n.done | n.sleep | 1<<n.actor)))
	}
	return d.depth, open
}
