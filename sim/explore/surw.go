package explore

import (
	"math/rand/v2"

	"fermata/sim"
)

// SURW is the selectively uniform random walk (Zhao, Wolff, Mathur and Roychoudhury, ASPLOS 2025): of the steps that
// touch one object, drawn for each run, every order is as likely as any other, where nobody blocks and the numbers are
// right; all other steps are taken by random priorities in between. Who may touch the object next is decided ahead, in
// proportion to how many such steps it has left; anybody else who is about to touch it waits.
//
// The numbers, and the objects, are those of the strategy's first run, a random walk that counts. An object is drawn in
// proportion to its steps, among those that two agents touch and one writes.
type SURW struct {
	rng     *rand.Rand
	counted census
	run     int
	pending priorities
	object  sim.Object // 0 if no object is in conflict: then the run is one of random priorities
	left    []int      // steps that touch it, by agent
	// intended may touch the object next; -1 if that is decided as soon as everybody who can go is about to.
	intended int
	weights  []int
}

// NewSURW makes a selectively uniform random walk from a seed.
func NewSURW(seed uint64) *SURW { return &SURW{rng: rand.New(rand.NewPCG(seed, 4))} }

// Name is "surw".
func (*SURW) Name() string { return "surw" }

// Sampled is so once the first run has counted.
func (s *SURW) Sampled() (bool, string) { return s.run > 1, "its first run counts steps" }

// Begin draws the object and who touches it first.
func (s *SURW) Begin(m *sim.Machine) {
	if s.run++; s.run == 1 {
		s.counted.begin(m)
		return
	}
	s.pending.begin(s.rng, m)
	s.object, s.left, s.intended = 0, s.left[:0], -1
	s.weights = s.weights[:0]
	for i := range s.counted.objects {
		s.weights = append(s.weights, s.counted.objects[i].conflict())
	}
	if i := weighted(s.rng, s.weights); i >= 0 {
		s.object = s.counted.objects[i].object
		s.left = append(s.left, s.counted.objects[i].steps...)
		s.intended = weighted(s.rng, s.left)
	}
}

// Choose takes the step of the highest priority that does not touch the object, or is of the one intended to.
func (s *SURW) Choose(m *sim.Machine, open []sim.Choice) int {
	if s.run == 1 {
		s.counted.look(m, open)
		return s.rng.IntN(len(open))
	}
	may := func(agent int) bool {
		if agent == s.intended || s.object == 0 {
			return true
		}
		step := pendingOf(m, agent)
		return step == nil || !touches(step, s.object)
	}
	for i := 0; i < len(open); i = span(m, open, i) {
		if may(agentOf(m, open[i])) {
			return drawOf(s.rng, m, open, s.pending.highest(m, open, may))
		}
	}
	i := s.intend(m, open)
	s.intended = agentOf(m, open[i])
	return drawOf(s.rng, m, open, i)
}

// intend draws the first choice of whoever is to touch the object, since the one intended cannot: in proportion to what
// is left, at least one each.
func (s *SURW) intend(m *sim.Machine, open []sim.Choice) int {
	s.weights = s.weights[:0]
	for i := 0; i < len(open); {
		s.weights = append(s.weights, max(1, s.left[agentOf(m, open[i])]))
		to := span(m, open, i)
		for i++; i < to; i++ {
			s.weights = append(s.weights, 0)
		}
	}
	return weighted(s.rng, s.weights)
}

// Taken draws anew for whoever acted and, if it touched the object, who touches it next.
func (s *SURW) Taken(m *sim.Machine) {
	if s.run == 1 {
		s.counted.taken(m)
		return
	}
	s.pending.taken(s.rng, m, false)
	t := m.Transition()
	if s.object == 0 || t.Step == nil || !touches(t.Step, s.object) {
		return
	}
	_, agent := acted(m, t)
	s.left[agent] = max(0, s.left[agent]-1)
	s.intended = weighted(s.rng, s.left)
}
