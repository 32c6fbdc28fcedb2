package explore

import "fermata/sim"

// Portfolio lets strategies take turns, a run each. Each has its own draws, so that its runs are those that it makes
// alone from the same seed.
type Portfolio struct {
	members []Strategy
	runs    int
	turn    Strategy
	taker   Taker
}

// NewPortfolio makes a portfolio of every strategy from a seed. PCT has every other turn: it alone gives a guarantee,
// which the portfolio so keeps for half of its schedules.
func NewPortfolio(seed uint64) *Portfolio {
	pct := NewPCT(seed, 0)
	return PortfolioOf(
		pct, NewPOS(seed), pct, NewURW(seed), pct, NewSURW(seed), pct, NewRFF(seed), pct, NewRandom(seed),
	)
}

// PortfolioOf makes a portfolio of strategies, at least one. One that is there twice has two turns.
func PortfolioOf(members ...Strategy) *Portfolio { return &Portfolio{members: members} }

// Name is "portfolio".
func (*Portfolio) Name() string { return "portfolio" }

// Turn is the strategy whose run it is.
func (p *Portfolio) Turn() Strategy { return p.turn }

// Begin starts a run of the next strategy.
func (p *Portfolio) Begin(m *sim.Machine) {
	p.turn = p.members[p.runs%len(p.members)]
	p.runs++
	p.taker, _ = p.turn.(Taker)
	p.turn.Begin(m)
}

// Choose has that strategy choose.
func (p *Portfolio) Choose(m *sim.Machine, open []sim.Choice) int { return p.turn.Choose(m, open) }

// Taken shows it what was taken.
func (p *Portfolio) Taken(m *sim.Machine) {
	if p.taker != nil {
		p.taker.Taken(m)
	}
}
