package world

import (
	"fermata/model"
	"fermata/sim"
	"fermata/sweeper"
)

// Names are those of many worlds of one driver, which has one of them act at a time. Each of these worlds forgets its
// values when it is reset, and does not keep equal ones once: so it is made, reset and forgotten at little cost, but no
// two of its states can be compared. Names only grow; who has enough of them makes new worlds with new Names.
type Names struct{ nouns *nouns }

// NewNames makes empty Names.
func NewNames() *Names { return &Names{newNouns(nil)} }

// Size is how many there are. There can be 65,535.
func (n *Names) Size() int { return len(n.nouns.names) }

func (c *Config) pool() *pool {
	if c.Names != nil {
		return fleetingPool(c.Names.nouns)
	}
	return newPool(c.Numbers)
}

// Beginning is the virtual time of every World at its start.
const Beginning = model.Millis(startTime)

// Pass lets time pass to a moment that is not before now, for a driver that knows what time it is, and tells whether a
// lease of a living owner ended meanwhile. Of messages and timeouts nothing is told: who asks for them finds them due.
func (w *World) Pass(to model.Millis) (leaseEnded bool) {
	if int64(to) <= w.now {
		return false
	}
	w.now = int64(to)
	for i := 0; i < len(w.locks); i++ {
		if l := &w.locks[i]; l.until <= w.now && w.mayExpire(l) {
			leaseEnded = leaseEnded || l.kind == lockRow && !w.dead(l.owner)
			w.lockPart.expire(i)
			i = -1 // rows may have gone before it
		}
	}
	return leaseEnded
}

// DueOf is when a message that can be delivered is due, which may be past; false if there is none.
func (w *World) DueOf(queue, message sim.Object) (model.Millis, bool) {
	at, ok := w.queuePart.at(queue, message)
	return model.Millis(at), ok
}

// LeaseOf is when the lease of the workflow's lock ends; false if nobody holds it.
func (w *World) LeaseOf(workflow sim.Object) (model.Millis, bool) {
	if l := w.lock(workflow); l != nil && l.holds > 0 {
		return model.Millis(l.until), true
	}
	return 0, false
}

// PopStep is the step of a pop of one queue by a driver that pops for many worlds at once.
func (w *World) PopStep(queue string, count int) sim.Step {
	return queuePort{w}.step(sweeper.QueuePop, queue, "", int64(count), 0)
}
