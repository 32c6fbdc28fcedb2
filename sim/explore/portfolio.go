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

// NewPortfolio makes a portfolio of every strategy from a seed, in rounds of eight. Three turns are of reads-from
// fuzzing, which needs few schedules where others need very many, and three of PCT, which alone gives a guarantee,
// and finds what nobody else does in some scenarios. Two are of SURW, the best of those whose runs are a sample; but
// every fourth round gives one of them to another, in turn. The weights were chosen on the gallery and the scenarios
// (docs/gallery.md).
func NewPortfolio(seed uint64) *Portfolio {
	pct, surw, rff := NewPCT(seed, 0), NewSURW(seed), NewRFF(seed)
	var members []Strategy
	for _, other := range []Strategy{NewPOS(seed), NewURW(seed), NewRandom(seed)} {
		for _, second := range []Strategy{surw, surw, surw, other} {
			members = append(members, surw, rff, rff, pct, rff, second, pct, pct)
		}
	}
	return PortfolioOf(members...)
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
