package explore

import (
	"math/rand/v2"

	"fermata/sim"
)

// URW is the uniform random walk (Zhao, Wolff, Mathur and Roychoudhury, ASPLOS 2025): who goes is drawn in proportion
// to how many steps it has left, so where nobody blocks and the numbers are right each interleaving is as likely as
// any other. The numbers are those of the strategy's first run, a random walk that counts; who has none left and can go
// all the same counts as one step. Whoever cannot begin before another has acted, as a thread before it is created,
// counts to the one who let it begin in the first run.
type URW struct {
	rng     *rand.Rand
	counted census
	run     int
	whole   []int // by agent, with all whom it brings
	left    []int // by agent, with those whom it is still to bring
	weights []int // by open choice

	newcomers newcomers
}

// NewURW makes a uniform random walk from a seed.
func NewURW(seed uint64) *URW { return &URW{rng: rand.New(rand.NewPCG(seed, 3))} }

// Name is "urw".
func (*URW) Name() string { return "urw" }

// Sampled is so once the first run has counted.
func (u *URW) Sampled() (bool, string) { return u.run > 1, "its first run counts steps" }

// Begin sets what everybody has left. The adversary has what the budget says.
func (u *URW) Begin(m *sim.Machine) {
	if u.run++; u.run == 1 {
		u.counted.begin(m)
		return
	}
	if u.run == 2 {
		u.whole = u.counted.families()
	}
	u.left = append(u.left[:0], u.whole...)
	u.left[len(u.left)-1] = m.System().Budget.Faults
	u.newcomers.begin(m)
}

// Choose draws who goes, and what its step leaves open.
func (u *URW) Choose(m *sim.Machine, open []sim.Choice) int {
	if u.run == 1 {
		u.counted.look(m, open)
		return u.rng.IntN(len(open))
	}
	for _, agent := range u.newcomers.look(m, open) {
		if by := u.counted.brought[agent]; by >= 0 {
			u.left[by] -= u.whole[agent]
		}
	}
	u.weights = u.weights[:0]
	for i := 0; i < len(open); {
		u.weights = append(u.weights, max(1, u.left[agentOf(m, open[i])]))
		to := span(m, open, i)
		for i++; i < to; i++ {
			u.weights = append(u.weights, 0)
		}
	}
	return drawOf(u.rng, m, open, weighted(u.rng, u.weights))
}

// Taken takes a step off those who acted.
func (u *URW) Taken(m *sim.Machine) {
	if u.run == 1 {
		u.counted.taken(m)
		return
	}
	one, other := acted(m, m.Transition())
	u.left[one]--
	if other != one {
		u.left[other]--
	}
}
