package explore

import (
	"math/rand/v2"

	"fermata/sim"
)

// PCT is probabilistic concurrency testing (Burckhardt, Kothari, Musuvathi and Nagarakatti, ASPLOS
// 2010): actors have random priorities, the highest that is open goes on, and at depth-1 random steps
// the one that is about to go falls below all others. A violation that needs depth ordering
// constraints is met in a run with a chance of at least 1/(n·k^(depth-1)), for n actors, the clock
// among them, and k steps.
type PCT struct {
	rng *rand.Rand
	// fixed is the depth, or 0 to go through 1 to depthMax, run by run.
	fixed int
	run   int
	// k is the most steps that a run had so far.
	k int
	// priority is by actor, the clock last; no two are equal. low is what the next change point sets.
	priority []int
	low      int
	// change has the steps, from 1, at which a priority falls.
	change map[int]bool
	step   int
}

// depthMax is the largest depth that iterative PCT tries, and stepsGuess the length of the first run.
const (
	depthMax   = 5
	stepsGuess = 32
)

// NewPCT makes a PCT of one depth, or for depth 0 of depths 1 to 5 in turn.
func NewPCT(seed uint64, depth int) *PCT {
	return &PCT{rng: rand.New(rand.NewPCG(seed, 1)), fixed: depth, k: stepsGuess, change: map[int]bool{}}
}

// Name is "pct".
func (*PCT) Name() string { return "pct" }

// Begin draws the priorities and the change points of a run.
func (p *PCT) Begin(m *sim.Machine) {
	if p.run == 1 {
		p.k = 0 // the guess has served
	}
	p.k = max(p.k, p.step)
	depth := p.fixed
	if depth == 0 {
		depth = 1 + p.run%depthMax
	}
	p.run++
	p.priority = p.priority[:0]
	for _, rank := range p.rng.Perm(m.Actors() + 1) {
		p.priority = append(p.priority, depth+rank)
	}
	clear(p.change)
	for len(p.change) < min(depth-1, p.k) {
		p.change[1+p.rng.IntN(p.k)] = true
	}
	p.low, p.step = depth-1, 0
}

// Choose lets the actor of the highest priority go on; what its step leaves open is drawn.
func (p *PCT) Choose(_ *sim.Machine, open []sim.Choice) int {
	p.step++
	best := p.highest(open)
	if p.change[p.step] {
		p.priority[p.slot(open[best])] = p.low
		p.low--
		best = p.highest(open)
	}
	same := best
	for same < len(open) && open[same].Actor == open[best].Actor {
		same++
	}
	return best + p.rng.IntN(same-best)
}

// highest gives the first open choice of the actor that is to go.
func (p *PCT) highest(open []sim.Choice) int {
	best := 0
	for i := range open {
		if p.priority[p.slot(open[i])] > p.priority[p.slot(open[best])] {
			best = i
		}
	}
	return best
}

// slot is where the priority of the choice's actor stands.
func (p *PCT) slot(c sim.Choice) int { return min(int(c.Actor), len(p.priority)-1) }
