package explore

import "fermata/sim"

// Class is the hash of a trace class (Mazurkiewicz): runs that differ only in the order of
// independent steps have the same. Each step is hashed with its level in the Foata normal form, and
// the hashes are added, so that the order of equal levels does not matter. A crash, and every other fault
// that is a choice of its own, is taken to depend on every step.
type Class struct {
	Sum    [2]uint64
	floor  uint64 // level of the last crash
	top    uint64 // highest level
	levels map[sim.ActorID]uint64
	writes map[sim.Object]uint64
	reads  map[sim.Object]uint64
	count  map[sim.ActorID]uint64
}

// Reset begins a new run.
func (c *Class) Reset() {
	if c.levels == nil {
		c.levels, c.count = map[sim.ActorID]uint64{}, map[sim.ActorID]uint64{}
		c.writes, c.reads = map[sim.Object]uint64{}, map[sim.Object]uint64{}
	}
	c.Sum, c.floor, c.top = [2]uint64{}, 0, 0
	clear(c.levels)
	clear(c.count)
	clear(c.writes)
	clear(c.reads)
}

// Add adds a step.
func (c *Class) Add(t *sim.Transition) {
	actor := t.Choice.Actor
	level := max(c.levels[actor], c.floor) + 1
	if s := t.Step; s == nil || t.Choice.Fault.Apart() {
		level = c.top + 1
		c.floor = level
	} else {
		level = c.conflict(level, s.Access[:s.Accesses])
	}
	c.top = max(c.top, level)
	c.levels[actor] = level
	c.count[actor]++
	c.Sum = withStep(c.Sum, t.Choice, t.Step, c.count[actor], level)
}

// withStep adds an actor's step of that number and level to the sum of a class. What the clock does
// is not told by how often it did something before, so its step counts in full: which of two leases
// has ended may otherwise be the same class.
func withStep(sum [2]uint64, c sim.Choice, s *sim.Step, number, level uint64) [2]uint64 {
	what := uint64(c.Fault)<<40 | uint64(c.Alt)<<32
	if s != nil {
		what |= uint64(s.Verb)<<16 | uint64(s.Object)
	}
	if (c.Actor == sim.Clock || c.Fault.Apart()) && s != nil {
		what += scramble(uint64(s.A))
		for _, a := range s.Access[:s.Accesses] {
			what += scramble(uint64(a.Object)<<8 | uint64(a.Kind))
		}
	}
	word := scramble(uint64(c.Actor)<<48|number<<24|level) + what
	sum[0] += scramble(word ^ 0x9e3779b97f4a7c15)
	sum[1] += scramble(word ^ 0xc2b2ae3d27d4eb4f)
	return sum
}

// conflict raises a level above those of the earlier steps that the accesses conflict with.
func (c *Class) conflict(level uint64, accesses []sim.Access) uint64 {
	for _, a := range accesses {
		level = max(level, c.writes[a.Object]+1)
		if a.Kind == sim.Write {
			level = max(level, c.reads[a.Object]+1)
		}
	}
	for _, a := range accesses {
		if a.Kind == sim.Write {
			c.writes[a.Object] = max(level, c.writes[a.Object])
		} else {
			c.reads[a.Object] = max(level, c.reads[a.Object])
		}
	}
	return level
}

// scramble is the finaliser of splitmix64.
func scramble(x uint64) uint64 {
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
