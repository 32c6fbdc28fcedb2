package explore

import (
	"math/rand/v2"

	"fermata/sim"
)

// RFF is reads-from fuzzing (Wolff and others, ASPLOS 2024): an abstract schedule is a few
// constraints on who reads from whom. A run mutates one of a corpus, and delays, as long as anybody else can go, the
// steps that would break it; the rest is as in POS. An abstract schedule whose run shows a new reads-from pair joins
// the corpus, and those whose runs show rare combinations of pairs are taken up more often. Its runs depend on those
// before.
type RFF struct {
	rng     *rand.Rand
	pending priorities
	now     sources
	// constraints are those of the run; met is the sum of its pairs' hashes, and news tells of a new one.
	constraints []constraint
	met         uint64
	news        bool
	run         int

	seen   map[ReadsFrom]bool
	known  known
	corpus corpus
}

// constraint says that a pair must be, or must not.
type constraint struct {
	pair ReadsFrom
	not  bool
}

// constraintsMax bounds an abstract schedule.
const constraintsMax = 8

// NewRFF makes a reads-from fuzzer from a seed.
func NewRFF(seed uint64) *RFF {
	return &RFF{
		rng: rand.New(rand.NewPCG(seed, 5)), seen: map[ReadsFrom]bool{},
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
		f.corpus.ran(f.constraints, f.met, f.news)
		f.constraints = f.mutate(f.corpus.take())
	}
	f.pending.begin(f.rng, m)
	f.now.begin()
	f.met, f.news = 0, false
}

// Choose takes the step of the highest priority of those that break no constraint.
func (f *RFF) Choose(m *sim.Machine, open []sim.Choice) int {
	keeps := func(agent int) bool { return !f.breaks(m, agent) }
	if len(f.constraints) == 0 {
		keeps = nil
	}
	return drawOf(f.rng, m, open, f.pending.highest(m, open, keeps))
}

// Taken draws priorities as POS does, and notes who read from whom.
func (f *RFF) Taken(m *sim.Machine) {
	f.pending.taken(f.rng, m, true)
	e := f.now.add(m.Transition())
	for _, p := range f.now.pairs {
		f.met += p.hash()
		if !f.seen[p] {
			f.seen[p], f.news = true, true
		}
	}
	if len(f.now.pairs) > 0 {
		f.known.add(e, m.Transition().Step)
	}
}

// breaks tells whether an agent's step would break a constraint that can still be kept.
func (f *RFF) breaks(m *sim.Machine, agent int) bool {
	step := pendingOf(m, agent)
	if step == nil {
		return false
	}
	actor := sim.ActorID(agent)
	if agent == m.Actors() {
		actor = sim.Clock
	}
	e := f.now.next(actor, step)
	for i := range f.constraints {
		if f.now.breaks(&f.constraints[i], e, step) {
			return true
		}
	}
	return false
}

// breaks tells whether taking the step, which would be the event, breaks a constraint that can still be kept.
func (s *sources) breaks(c *constraint, e Event, step *sim.Step) bool {
	p := &c.pair
	there := s.last[p.On] == p.From
	switch {
	case s.had(p.To):
		return false
	case c.not:
		return there && e == p.To
	case there: // until it is read, nobody else may write
		return e != p.To && writes(step, p.On)
	case s.had(p.From):
		return false // overwritten: it is too late
	}
	return e == p.To
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
	cs := append([]constraint(nil), old...)
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
