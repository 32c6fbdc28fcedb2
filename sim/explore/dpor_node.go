package explore

import (
	"math/bits"

	"fermata/sim"
)

// actorSet is a set of actors, by number.
type actorSet uint64

func (s actorSet) has(p int) bool              { return s>>p&1 == 1 }
func (s *actorSet) add(p int)                  { *s |= 1 << p }
func (s actorSet) without(t actorSet) actorSet { return s &^ t }

// first is the lowest of the set; false if it is empty.
func (s actorSet) first() (int, bool) { return bits.TrailingZeros64(uint64(s)), s != 0 }

// node is a state on the path of DPOR: what is open, what of it is to be tried, and what is tried now.
type node struct {
	open  []sim.Choice
	taken int // the choice in progress; -1 before the first
	actor int // whose it is
	// prepared tells that the races of its step are reversed.
	prepared bool
	crash    int // from here on crashes are still to be tried

	enabled   actorSet // can step
	backtrack actorSet // are to be tried
	sleep     actorSet // need not be tried: what begins with them was searched elsewhere
	done      actorSet // were tried

	// current, canGoOn and spent are those of a level.
	current sim.ActorID
	canGoOn bool
	spent   int

	waits  uint64   // which known waits would not be blocked
	known  int      // how many were known
	offers bool     // the clock could advance
	offer  sim.Step // by this step
	save   []byte   // of a machine that can
	print  uint64   // of the run before the choice

	sum, sumAfter [2]uint64 // of the class, before and after the choice
	event         event
}

// event is the step that a node's choice takes.
type event struct {
	actor   int
	number  uint32 // among the actor's steps, from 1
	touches footprint
	clock   []uint32 // how many steps of each actor happen before it, or are it
	level   uint64   // in the Foata normal form of the class
}

// follows tells whether the event happens after another one, or is that.
func (e *event) follows(f *event) bool { return e.clock[f.actor] >= f.number }

// enter puts the machine's state on the path with the actors that sleep there, or ends the run.
func (d *reduction) enter(sleep actorSet) {
	n := d.fresh()
	d.here = false
	n.open = d.m.Choices(n.open)
	crashes := d.lookAtOpen(n)
	d.lookAtWaits(n)
	d.lookAtClock(n)
	if d.parts.bounded {
		d.lookAtCost(n)
		d.raceAll()
	}
	if len(n.open) == 0 {
		d.end(n.sum)
		d.raceBlocked(n)
		return
	}
	if d.m.Steps() >= d.m.System().Limits.StepsMax {
		d.r.Limit = "steps"
		return
	}
	if d.parts.sleep {
		n.sleep = sleep
	}
	if !d.begins(n, crashes) {
		d.r.SleepBlocked++
		return
	}
	if d.m.CanSave() {
		n.save = d.m.Save(n.save[:0])
	}
	n.print = d.m.Fingerprint()
	d.depth++
	d.here = true
}

// begins notes whom to try at the node to begin with, and tells whether there is anything to try. It is one
// actor, or everyone: where the clock is open, since it may do another thing after what others do; where a
// crash is, since who is crashed steps no more and nothing races with the crash later; where a fault may come yet
// that others' steps make possible; and with a bound where any of them could come yet.
func (d *reduction) begins(n *node, crashes bool) bool {
	p, awake := d.preferred(n.enabled.without(n.sleep))
	if awake {
		n.backtrack.add(p)
	}
	if crashes || d.come && d.m.Left().Faults > 0 || n.enabled.has(d.clock) ||
		d.parts.bounded && d.m.Left() != (sim.Budget{}) {
		n.backtrack = n.enabled
	}
	if !awake || crashes {
		d.raceBlocked(n)
	}
	return awake || crashes
}

// lookAtOpen notes who can step, and tells whether anybody can crash.
func (d *reduction) lookAtOpen(n *node) (crashes bool) {
	for _, c := range n.open {
		if c.Fault.Apart() {
			crashes = true
		} else {
			n.enabled.add(d.number(c))
		}
	}
	return crashes
}

// fresh is a node behind the path, with nothing in it.
func (d *reduction) fresh() *node {
	if d.depth == len(d.path) {
		d.path = append(d.path, &node{})
	}
	n := d.path[d.depth]
	*n = node{open: n.open[:0], taken: -1, actor: d.crashes, save: n.save, event: n.event}
	if d.depth > 0 {
		n.sum = d.path[d.depth-1].sumAfter
	}
	return n
}

// preferred is the actor to try first: who stepped last, else the lowest.
func (d *reduction) preferred(awake actorSet) (int, bool) {
	if c := d.m.Current(); c != sim.Nobody && awake.has(int(c)) {
		return int(c), true
	}
	return awake.first()
}

// lookAtClock notes what the clock would do.
func (d *reduction) lookAtClock(n *node) {
	if d.m.Left().Advances > 0 {
		n.offer = sim.Step{}
		n.offers = d.m.System().World.NextAdvance(&n.offer)
	}
}

// wait is a step that was blocked somewhere.
type wait struct {
	actor int
	step  sim.Step
}

// waitsMax bounds the waits that are known; of others it is not known where they would be blocked.
const waitsMax = 64

// lookAtWaits learns which steps are blocked at the node, and notes which of all known ones would be.
func (d *reduction) lookAtWaits(n *node) {
	for p := range d.clock {
		if s := d.m.Pending(sim.ActorID(p)); s != nil && !n.enabled.has(p) && d.waitNumber(p, s) < 0 {
			if len(d.waits) < waitsMax {
				d.waits = append(d.waits, wait{p, *s})
			}
		}
	}
	n.known = len(d.waits)
	for i := range d.waits {
		if w := &d.waits[i]; d.m.System().World.Enabled(sim.ActorID(w.actor), &w.step) {
			n.waits |= 1 << i
		}
	}
}

// waitNumber finds a wait; -1 if it is not known.
func (d *reduction) waitNumber(p int, s *sim.Step) int {
	for i := range d.waits {
		if d.waits[i].actor == p && d.waits[i].step == *s {
			return i
		}
	}
	return -1
}

// sleepAfter are the actors that sleep after the node's choice: who slept or was tried before, and whose
// step does not conflict with the one taken.
func (d *reduction) sleepAfter(n *node) (sleep actorSet) {
	asleep := n.sleep | n.done
	for p, ok := asleep.first(); ok; p, ok = asleep.first() {
		asleep = asleep.without(1 << p)
		if p != n.actor && !d.wakes(n, p) {
			sleep.add(p)
		}
	}
	return sleep
}

// wakes tells whether the step taken at the node conflicts with what p would have done there.
func (d *reduction) wakes(n *node, p int) bool {
	s := &n.offer
	if p != d.clock {
		if s = d.m.Pending(sim.ActorID(p)); s == nil {
			return true // it was crashed
		}
	}
	d.touch(&d.races.pending, p, s)
	return n.event.touches.conflicts(&d.races.pending)
}
