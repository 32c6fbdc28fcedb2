package explore

import (
	"math/rand/v2"

	"fermata/sim"
)

// POS is partial order sampling (Yuan, Yang and Gu, CAV 2018): every pending step has a random priority of its own, and
// the highest that is open is taken. Whoever took it draws anew for its next step, and so does everybody whose pending
// step conflicts with the one taken: who lost one race does not, for that, lose the next.
type POS struct {
	rng     *rand.Rand
	pending priorities
}

// NewPOS makes a partial order sampling from a seed.
func NewPOS(seed uint64) *POS { return &POS{rng: rand.New(rand.NewPCG(seed, 2))} }

// Name is "pos".
func (*POS) Name() string { return "pos" }

// Sampled is always so.
func (*POS) Sampled() (bool, string) { return true, "" }

// Begin draws a priority for everybody's first step.
func (p *POS) Begin(m *sim.Machine) { p.pending.begin(p.rng, m) }

// Choose takes the step of the highest priority; what it leaves open is drawn.
func (p *POS) Choose(m *sim.Machine, open []sim.Choice) int {
	return drawOf(p.rng, m, open, p.pending.highest(m, open, nil))
}

// Taken draws anew for whoever acted, and for whoever raced with it.
func (p *POS) Taken(m *sim.Machine) { p.pending.taken(p.rng, m, true) }

// priorities are the priorities of the pending steps, by agent.
type priorities []uint64

func (p *priorities) begin(rng *rand.Rand, m *sim.Machine) {
	*p = (*p)[:0]
	for range agents(m) {
		*p = append(*p, rng.Uint64())
	}
}

// highest gives the first choice of the agent with the highest priority among those that are left in; of all if none
// is. A nil in leaves all in.
func (p priorities) highest(m *sim.Machine, open []sim.Choice, in func(agent int) bool) int {
	best, top := -1, -1
	for i := 0; i < len(open); i = span(m, open, i) {
		agent := agentOf(m, open[i])
		if (best < 0 || p[agent] > p[top]) && (in == nil || in(agent)) {
			best, top = i, agent
		}
	}
	if best < 0 {
		return p.highest(m, open, nil)
	}
	return best
}

// taken draws anew for those who acted and, if races, for those whose pending step conflicts with the one taken. An
// error in place of the effect conflicts with nothing.
func (p priorities) taken(rng *rand.Rand, m *sim.Machine, races bool) {
	t := m.Transition()
	one, other := acted(m, t)
	p[one], p[other] = rng.Uint64(), rng.Uint64()
	if !races || t.Step == nil || t.Choice.Fault == sim.ErrorBefore {
		return
	}
	for agent := range p {
		if agent == one || agent == other {
			continue
		}
		if s := pendingOf(m, agent); s != nil && sim.Dependent(t.Step, s) {
			p[agent] = rng.Uint64()
		}
	}
}
