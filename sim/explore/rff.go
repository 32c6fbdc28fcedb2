package explore

import (
	"math/rand/v2"

	"fermata/sim"
)

// RFF is reads-from fuzzing (Wolff and others, ASPLOS 2024): an abstract schedule is a few
// constraints on which step reads from which, whoever takes them. A run mutates one of a corpus, and delays, as long as
// anybody else can go, the steps that would break it; the rest is as in POS. An abstract schedule whose run shows a new
// reads-from pair joins the corpus, and those whose runs show rare combinations of pairs are taken up more often. Its
// runs depend on those before.
type RFF struct {
	rng     *rand.Rand
	pending priorities
	sites   sites
	last    map[sim.Object]site // who wrote it last in this run
	// schedule is the abstract schedule of the run; met is the sum of the hashes of the run's pairs, and news tells
	// of a new one.
	schedule []constraint
	met      uint64
	news     bool
	run      int64

	seen      map[readsAt]int64 // the last run that showed it
	known     known
	corpus    corpus
	newcomers newcomers
}

// constraint says that a pair must be, or must not. It is over once the step that is to read has been taken by anybody.
type constraint struct {
	pair readsAt
	not  bool
	over bool
}

// constraintsMax bounds an abstract schedule.
const constraintsMax = 8

// NewRFF makes a reads-from fuzzer from a seed.
func NewRFF(seed uint64) *RFF {
	return &RFF{
		rng: rand.New(rand.NewPCG(seed, 5)), last: map[sim.Object]site{}, seen: map[readsAt]int64{},
		known: known{index: map[sim.Object]int{}}, corpus: newCorpus(),
	}
}

// Name is "rff".
func (*RFF) Name() string { return "rff" }

// Sampled is never so.
func (*RFF) Sampled() (bool, string) { return false, "what it does next depends on what it has seen" }

// Begin keeps what the last run showed, and makes an abstract schedule for the next.
func (f *RFF) Begin(m *sim.Machine) {
	if f.run++; f.run > 1 {
		f.corpus.ran(f.schedule, f.met, f.news)
		f.schedule = f.mutate(f.corpus.take())
	}
	f.pending.begin(f.rng, m)
	f.sites.begin(m)
	clear(f.last)
	f.newcomers.begin(m)
	f.met, f.news = 0, false
}

// Choose takes the step of the highest priority of those that break no constraint.
func (f *RFF) Choose(m *sim.Machine, open []sim.Choice) int {
	for _, agent := range f.newcomers.look(m, open) {
		if m.Steps() > 0 && agent < m.Actors() {
			f.known.bring(brings(m, agent))
		}
	}
	var keeps func(agent int) bool
	if len(f.schedule) > 0 {
		keeps = func(agent int) bool { return !f.breaks(m, agent) }
	}
	return drawOf(f.rng, m, open, f.pending.highest(m, open, keeps))
}

// Taken draws priorities as POS does, and notes which step read from which. A step that declares a write counts as one
// that reads too: most of them do, as a lock's. An error in place of the effect touches nothing.
func (f *RFF) Taken(m *sim.Machine) {
	f.pending.taken(f.rng, m, true)
	t := m.Transition()
	_, agent := acted(m, t)
	to := f.sites.taken(agent, t.Step)
	if t.Step == nil || t.Choice.Fault == sim.ErrorBefore {
		return
	}
	for i, a := range t.Step.Access[:t.Step.Accesses] {
		if !touchedBefore(t.Step, i) {
			f.read(readsAt{a.Object, f.last[a.Object], to}, agent, writes(t.Step, a.Object))
		}
	}
	for _, a := range t.Step.Access[:t.Step.Accesses] {
		if a.Kind == sim.Write {
			f.last[a.Object] = to
		}
	}
	for i := range f.schedule {
		c := &f.schedule[i]
		c.over = c.over || c.pair.to == to
	}
}

// read notes a pair of the run.
func (f *RFF) read(p readsAt, agent int, writes bool) {
	last, had := f.seen[p]
	if last != f.run {
		f.met += scramble(uint64(p.from) ^ scramble(uint64(p.to)^uint64(p.on)))
	}
	f.seen[p] = f.run
	f.news = f.news || !had
	f.known.note(p, agent, writes, !had)
}

// breaks tells whether an agent's step would break a constraint that can still be kept.
func (f *RFF) breaks(m *sim.Machine, agent int) bool {
	step := pendingOf(m, agent)
	if step == nil {
		return false
	}
	for i := range f.schedule {
		c := &f.schedule[i]
		if !c.over && touches(step, c.pair.on) && c.broken(f.last[c.pair.on], f.sites.of(m, agent, step), step) {
			return true
		}
	}
	return false
}

// broken tells whether taking the step, which is at the site, breaks the constraint where it can still be kept. The
// start cannot come again; anything else can, by another actor.
func (c *constraint) broken(last, at site, step *sim.Step) bool {
	there := last == c.pair.from
	switch {
	case c.not:
		return there && at == c.pair.to
	case there: // until it is read, nobody else may write
		return at != c.pair.to && writes(step, c.pair.on)
	case c.pair.from == 0:
		return false
	}
	return at == c.pair.to
}

// writes tells whether a step writes the object.
func writes(s *sim.Step, o sim.Object) bool {
	for _, a := range s.Access[:s.Accesses] {
		if a.Object == o && a.Kind == sim.Write {
			return true
		}
	}
	return false
}

// mutate makes an abstract schedule of another: one constraint more, one fewer, one in place of another, or one turned
// around.
func (f *RFF) mutate(old []constraint) []constraint {
	cs := make([]constraint, 0, len(old)+1)
	for _, c := range old {
		cs = append(cs, constraint{pair: c.pair, not: c.not})
	}
	how := f.rng.IntN(4)
	if len(cs) == 0 {
		how = 0
	}
	switch how {
	case 0:
		if c, ok := f.known.draw(f.rng); ok && len(cs) < constraintsMax {
			cs = append(cs, c)
		}
	case 1:
		i := f.rng.IntN(len(cs))
		cs = append(cs[:i], cs[i+1:]...)
	case 2:
		if c, ok := f.known.draw(f.rng); ok {
			cs[f.rng.IntN(len(cs))] = c
		}
	case 3:
		i := f.rng.IntN(len(cs))
		cs[i].not = !cs[i].not
	}
	return cs
}
