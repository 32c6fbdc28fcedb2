package explore

import (
	"math/bits"
	"math/rand/v2"

	"fermata/sim"
)

// Strategy chooses, one open choice after the other. It may look at the machine and must not change
// it.
type Strategy interface {
	// Name is the strategy's name on the command line.
	Name() string
	// Begin starts a run.
	Begin(m *sim.Machine)
	// Choose gives the index of one of the open choices, of which there is at least one.
	Choose(m *sim.Machine, open []sim.Choice) int
}

// Taker is a Strategy that sees each choice that was taken, after its effect.
type Taker interface {
	Taken(m *sim.Machine)
}

// Sampler is a Strategy that knows whether its runs are a sample: drawn independently of each other, each from the same
// distribution.
type Sampler interface {
	// Sampled tells whether the run that began last is part of the sample; if not, why is the reason.
	Sampled() (ok bool, why string)
}

// Random is the random walk: each open choice is as likely as any other.
type Random struct{ source *rand.PCG }

// NewRandom makes a random walk from a seed.
func NewRandom(seed uint64) *Random { return &Random{rand.NewPCG(seed, 0)} }

// Name is "random".
func (*Random) Name() string { return "random" }

// Begin does nothing: runs of a random walk know nothing of each other.
func (*Random) Begin(*sim.Machine) {}

// Sampled is always so.
func (*Random) Sampled() (bool, string) { return true, "" }

// Choose draws one of the open choices. Their chances differ by less than one in 2^56.
func (r *Random) Choose(_ *sim.Machine, open []sim.Choice) int {
	i, _ := bits.Mul64(r.source.Uint64(), uint64(len(open)))
	return int(i)
}

// Walk runs complete schedules that the strategy chooses, until the options end it. It needs a limit
// on schedules, a Stop, or FirstOnly on a system that violates.
func Walk(m *sim.Machine, s Strategy, o Options) *Result {
	r := newWalked(&o)
	r.walk(m, s, &o)
	r.estimate(o.FirstOnly)
	return r
}

func newWalked(o *Options) *Result {
	r := &Result{}
	if o.Coverage {
		r.coverage = newCoverage()
	}
	return r
}

func (r *Result) walk(m *sim.Machine, s Strategy, o *Options) {
	open := make([]sim.Choice, 0, 64)
	for !r.cut(o) {
		before := r.mark()
		m.Reset()
		s.Begin(m)
		r.coverage.begin()
		open = walkOnce(m, s, r, o, open)
		r.book(m, s, before)
	}
}

func walkOnce(m *sim.Machine, s Strategy, r *Result, o *Options, open []sim.Choice) []sim.Choice {
	taker, _ := s.(Taker)
	for {
		open = m.Choices(open[:0])
		if len(open) == 0 {
			r.endRun(m, o)
			return open
		}
		if m.Steps() >= m.System().Limits.StepsMax {
			r.Limit = "steps"
			return open
		}
		r.take(m, open[s.Choose(m, open)], len(open), o)
		if taker != nil {
			taker.Taken(m)
		}
		r.coverage.add(m.Transition())
		if r.decided(o) {
			return open
		}
	}
}

// take takes one choice, and keeps what it violates.
func (r *Result) take(m *sim.Machine, c sim.Choice, open int, o *Options) {
	r.Transitions++
	if vs := m.Take(c); vs != nil {
		r.keep(vs, m.Taken(), false)
	}
	if o.Entered != nil {
		o.Entered(m, open)
	}
}

// endRun judges a run in which no choice is left.
func (r *Result) endRun(m *sim.Machine, o *Options) {
	if f := m.Failure(); f != nil {
		r.Failure = f
		return
	}
	r.Schedules++
	if vs := m.AtRest(); vs != nil {
		r.keep(vs, m.Taken(), true)
	}
	if o.Ended != nil {
		o.Ended(m)
	}
}
