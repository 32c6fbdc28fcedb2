package explore

import (
	"math"
	"math/rand/v2"

	"fermata/sim"
)

// PCT is probabilistic concurrency testing (Burckhardt, Kothari, Musuvathi and Nagarakatti, ASPLOS
// 2010): actors have random priorities, the highest that is open goes on, and at depth-1 random steps
// the one that is about to go falls below all others but for those that fall lower, at earlier or later steps. A
// violation that needs depth ordering constraints is met in a run with a chance of at least 1/(n·k^(depth-1)), for n
// actors, the clock among them and, if the scope has faults, who injects them, and k steps.
//
// No more than every other step is a change point, however deep: where every step is one, all runs are the same round
// but for who begins it.
//
// It is fair: who takes very many steps in a row, while others could go, falls below all others too. An actor that
// waits for another in a loop then cannot keep a run from its end.
type PCT struct {
	rng *rand.Rand
	// fixed is the depth, or 0 to go through 1 to depthMax, run by run; depth is that of the run.
	fixed, depth int
	run          int
	// k is the most steps that a run had so far; at a fixed depth, that one of the first runs had.
	k int
	// priority is by agent; no two are equal. Those of the start are at least depth, change points set 1 to depth-1,
	// and floor is what the next fall for fairness sets, below all.
	priority []int
	floor    int
	// change has, by step from 1, to what the priority falls.
	change map[int]int
	step   int
	// last took the last row steps.
	last, row int
}

// PCTDepths is how many depths, from 1, a PCT of changing depth goes through in turn.
const PCTDepths = depthMax

// depthMax is the largest depth that iterative PCT tries, and stepsGuess the length of the first run.
const (
	depthMax   = 5
	stepsGuess = 32
)

// countingRuns is how many runs of a fixed depth measure k, which then stays: only with parameters that stay are runs a
// sample.
const countingRuns = 16

// NewPCT makes a PCT of one depth, or for depth 0 of depths 1 to 5 in turn.
func NewPCT(seed uint64, depth int) *PCT {
	return &PCT{rng: rand.New(rand.NewPCG(seed, 1)), fixed: depth, k: stepsGuess, change: map[int]int{}}
}

// Name is "pct".
func (*PCT) Name() string { return "pct" }

// Sampled is so for a fixed depth, once the first runs have measured k.
func (p *PCT) Sampled() (bool, string) {
	switch {
	case p.fixed == 0:
		return false, "its depth and its number of steps differ from run to run"
	case p.run <= countingRuns:
		return false, "its first runs count steps"
	}
	return true, ""
}

// Guarantee is the least chance that a run of the given depth meets a violation which needs so many ordering
// constraints, as far as k is known: for runs no longer than those before, in which nobody falls for fairness and no
// step leaves its reply open. It is 0 before the first run, and where a run has too few steps for so many change
// points.
func (p *PCT) Guarantee(depth int) float64 {
	if len(p.priority) == 0 || depth-1 > pointsMax(p.k) {
		return 0
	}
	return 1 / (float64(len(p.priority)) * math.Pow(float64(p.k), float64(depth-1)))
}

// pointsMax is how many change points a run of k steps has at most.
func pointsMax(k int) int { return (k + 1) / 2 }

// Begin draws the priorities and the change points of a run.
func (p *PCT) Begin(m *sim.Machine) {
	if p.run == 1 {
		p.k = 0 // the guess has served
	}
	if p.fixed == 0 || p.run <= countingRuns {
		p.k = max(p.k, p.step)
	}
	p.depth = p.fixed
	if p.depth == 0 {
		p.depth = 1 + p.run%depthMax
	}
	p.run++
	n := agents(m)
	if m.System().Budget.Faults == 0 {
		n-- // there is no adversary
	}
	p.priority = p.priority[:0]
	for _, rank := range p.rng.Perm(n) {
		p.priority = append(p.priority, p.depth+rank)
	}
	clear(p.change)
	for _, low := range p.rng.Perm(p.depth - 1)[:min(p.depth-1, pointsMax(p.k))] {
		at := 1 + p.rng.IntN(p.k)
		for p.change[at] > 0 {
			at = 1 + p.rng.IntN(p.k)
		}
		p.change[at] = 1 + low
	}
	p.floor, p.step = 0, 0
	p.last, p.row = -1, 0
}

// Choose lets the agent of the highest priority go on; what its step leaves open is drawn.
func (p *PCT) Choose(m *sim.Machine, open []sim.Choice) int {
	p.step++
	best := p.highest(m, open)
	switch agent, low := agentOf(m, open[best]), p.change[p.step]; {
	case low > 0:
		p.priority[agent] = low
		best = p.highest(m, open)
	case agent == p.last && p.row >= p.rowMax(m):
		p.priority[agent] = p.floor
		p.floor--
		best = p.highest(m, open)
		p.row = 0
	}
	if agent := agentOf(m, open[best]); agent != p.last {
		p.last, p.row = agent, 0
	}
	p.row++
	return drawOf(p.rng, m, open, best)
}

// rowMax is how many steps in a row are very many: so few that everybody can have as many in one run, twice.
func (p *PCT) rowMax(m *sim.Machine) int {
	return max(1, m.System().Limits.StepsMax/(2*len(p.priority)))
}

// highest gives the first open choice of the agent that is to go.
func (p *PCT) highest(m *sim.Machine, open []sim.Choice) int {
	best := 0
	for i := 1; i < len(open); i++ {
		if p.priority[agentOf(m, open[i])] > p.priority[agentOf(m, open[best])] {
			best = i
		}
	}
	return best
}
