package explore

import "fermata/sim"

// Class is the hash of a trace class (Mazurkiewicz): runs that differ only in the order of
// independent steps have the same. Each step is hashed with its level in the Foata normal form, and
// the hashes are added, so that the order of equal levels does not matter. A crash is taken to depend
// on every step.
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
	what := uint64(t.Choice.Fault)<<40 | uint64(t.Choice.Alt)<<32
	if s := t.Step; s == nil {
		level = c.top + 1
		c.floor = level
	} else {
		level = c.conflict(level, s.Access[:s.Accesses])
		what |= uint64(s.Verb)<<16 | uint64(s.Object)
	}
	c.top = max(c.top, level)
	c.levels[actor] = level
	c.count[actor]++
	word := scramble(uint64(actor)<<48|c.count[actor]<<24|level) + what
	c.Sum[0] += scramble(word ^ 0x9e3779b97f4a7c15)
	c.Sum[1] += scramble(word ^ 0xc2b2ae3d27d4eb4f)
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
