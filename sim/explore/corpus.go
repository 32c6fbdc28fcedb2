package explore

import (
	"math/rand/v2"

	"fermata/sim"
)

// corpus is the abstract schedules that showed something new, and how often each combination of reads-from pairs was
// shown. Its first entry has no constraints.
type corpus struct {
	entries []entry
	at      int // the entry being taken up
	left    int // runs that it still has
	shown   map[uint64]int64
	runs    int64
}

// entry is an abstract schedule of the corpus.
type entry struct {
	constraints []constraint
	shows       uint64 // what its own run did
	taken       int    // how often it was taken up
}

// corpusMax bounds a corpus, and energyMax how many runs an entry has in a row.
const (
	corpusMax = 4096
	energyMax = 16
)

func newCorpus() corpus { return corpus{entries: make([]entry, 1), shown: map[uint64]int64{}} }

// ran notes what a run of an abstract schedule showed, and keeps the schedule if it showed something new.
func (c *corpus) ran(cs []constraint, shows uint64, news bool) {
	c.runs++
	c.shown[shows]++
	if news && len(cs) > 0 && len(c.entries) < corpusMax {
		c.entries = append(c.entries, entry{constraints: cs, shows: shows})
	}
}

// take gives the abstract schedule to mutate next.
func (c *corpus) take() []constraint {
	for c.left == 0 {
		c.at = (c.at + 1) % len(c.entries)
		c.left = c.energy(&c.entries[c.at])
		c.entries[c.at].taken++
	}
	c.left--
	return c.entries[c.at].constraints
}

// energy is how many runs an entry has when it is taken up: none if what it shows is shown more often than most, else
// twice as many each time, and fewer the more often it is shown. The first entry always has one.
func (c *corpus) energy(e *entry) int {
	often := c.shown[e.shows]
	switch {
	case len(e.constraints) == 0:
		return 1
	case often*int64(len(c.shown)) > c.runs:
		return 0
	}
	return max(1, min(energyMax, 1<<min(e.taken, 10)/int(often)))
}

// known is every event that was met, by object, to make constraints of. Objects and events are in the order in which
// they were first met.
type known struct {
	objects []touched
	index   map[sim.Object]int
	// racy are the objects that somebody writes and another touches.
	racy []int
}

// touched is who touched an object.
type touched struct {
	object      sim.Object
	all, writes []Event
	met         map[Event]bool
	shared      bool
}

func (k *known) add(e Event, s *sim.Step) {
	for _, a := range s.Access[:s.Accesses] {
		i, ok := k.index[a.Object]
		if !ok {
			i = len(k.objects)
			k.index[a.Object] = i
			k.objects = append(k.objects, touched{object: a.Object, met: map[Event]bool{}})
		}
		o := &k.objects[i]
		if o.met[e] {
			continue
		}
		o.met[e] = true
		racy := o.racy()
		o.all = append(o.all, e)
		if writes(s, a.Object) {
			o.writes = append(o.writes, e)
		}
		o.shared = o.shared || e.Actor != o.all[0].Actor
		if o.racy() && !racy {
			k.racy = append(k.racy, i)
		}
	}
}

func (o *touched) racy() bool { return o.shared && len(o.writes) > 0 }

// draw makes a constraint: an event that touched an object in conflict, to read from another actor's write or from the
// start. It fails if there is no such object.
func (k *known) draw(rng *rand.Rand) (constraint, bool) {
	if len(k.racy) == 0 {
		return constraint{}, false
	}
	o := &k.objects[k.racy[rng.IntN(len(k.racy))]]
	c := constraint{pair: ReadsFrom{On: o.object, To: o.all[rng.IntN(len(o.all))]}}
	if i := rng.IntN(len(o.writes) + 1); i > 0 && o.writes[i-1].Actor != c.pair.To.Actor {
		c.pair.From = o.writes[i-1]
	}
	return c, true
}
