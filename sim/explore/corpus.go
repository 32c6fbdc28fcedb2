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
	schedule []constraint
	shows    uint64 // what its own run did
	taken    int    // how often it was taken up
}

// corpusMax bounds a corpus, and energyMax how many runs an entry has in a row.
const (
	corpusMax = 4096
	energyMax = 16
)

func newCorpus() corpus { return corpus{entries: make([]entry, 1), shown: map[uint64]int64{}} }

// ran notes what a run of an abstract schedule showed, and keeps the schedule if it showed something new.
func (c *corpus) ran(s []constraint, shows uint64, news bool) {
	c.runs++
	c.shown[shows]++
	if news && len(s) > 0 && len(c.entries) < corpusMax {
		c.entries = append(c.entries, entry{schedule: s, shows: shows})
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
	return c.entries[c.at].schedule
}

// energy is how many runs an entry has when it is taken up: none if what it shows is shown more often than most, else
// twice as many each time, and fewer the more often it is shown. The first entry always has one.
func (c *corpus) energy(e *entry) int {
	often := c.shown[e.shows]
	switch {
	case len(e.schedule) == 0:
		return 1
	case often*int64(len(c.shown)) > c.runs:
		return 0
	}
	return max(1, min(energyMax, 1<<min(e.taken, 10)/int(often)))
}

// known is every site that was met, by object, to make constraints of. Objects and sites are in the order in which
// they were first met.
type known struct {
	objects []touched
	index   map[sim.Object]int
	// racy are the objects that somebody writes and another touches.
	racy []int
}

// touched is which steps touched an object, and who took the first.
type touched struct {
	object             sim.Object
	all, reads, writes []site
	from               map[site][]site // what a step has been seen to read from
	by                 int             // agent
	shared, racy       bool
	brings             bool // by it one actor lets another begin: what is read of it is no race
}

func (k *known) of(o sim.Object) (*touched, bool) {
	i, ok := k.index[o]
	if !ok {
		i = len(k.objects)
		k.index[o] = i
		k.objects = append(k.objects, touched{object: o, from: map[site][]site{}})
	}
	return &k.objects[i], ok
}

// bring notes objects by which one actor lets another begin.
func (k *known) bring(objects []sim.Object) {
	for _, object := range objects {
		o, _ := k.of(object)
		o.brings = true
	}
}

// note notes a pair, whose step an actor took and which may write the object too; news if it was not seen before.
func (k *known) note(p readsAt, by int, writes, news bool) {
	o, ok := k.of(p.on)
	if !ok {
		o.by = by
	}
	o.shared = o.shared || by != o.by
	if news {
		if _, ok := o.from[p.to]; !ok {
			o.all = append(o.all, p.to)
			if writes {
				o.writes = append(o.writes, p.to)
			} else {
				o.reads = append(o.reads, p.to)
			}
		}
		o.from[p.to] = append(o.from[p.to], p.from)
	}
	if !o.racy && o.shared && len(o.writes) > 0 && !o.brings {
		o.racy = true
		k.racy = append(k.racy, k.index[p.on])
	}
}

// draw makes a constraint: a step that touched an object in conflict, to read from one that wrote it or from the
// start; or, one time in eight, not to read from one that it has been seen to read from. It fails if there is no such
// object. What only reads is drawn for most constraints on an object that has such: a step that writes need not read.
func (k *known) draw(rng *rand.Rand) (constraint, bool) {
	if len(k.racy) == 0 {
		return constraint{}, false
	}
	o := &k.objects[k.racy[rng.IntN(len(k.racy))]]
	to := o.all
	if len(o.reads) > 0 && rng.IntN(4) > 0 {
		to = o.reads
	}
	c := constraint{pair: readsAt{on: o.object, to: to[rng.IntN(len(to))]}}
	if rng.IntN(8) == 0 {
		from := o.from[c.pair.to]
		c.pair.from, c.not = from[rng.IntN(len(from))], true
		return c, true
	}
	if i := rng.IntN(len(o.writes) + 1); i > 0 {
		c.pair.from = o.writes[i-1]
	}
	return c, true
}
