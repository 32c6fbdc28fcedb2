package cli

import (
	"fmt"
	"time"

	"github.com/spf13/pflag"

	"fermata/internal/report"
	"fermata/scenarios/catalogue"
)

const budgetFlag = "budget"

// purse is a budget of time for all cases of a call. Each gets its share of what is left when it begins, so that what
// one does not need is the others'.
type purse struct {
	now   func() time.Time
	whole time.Duration
	begun time.Time // the first case
	// left are the cases that have not begun, and share is what the one in progress has got.
	left  int
	share time.Duration
}

func (p *purse) flag(flags *pflag.FlagSet) {
	flags.DurationVar(&p.whole, budgetFlag, 0,
		"the time for all cases together, as in 30s or 5m: what to do with it is planned, and said before and after")
}

// check refuses a budget of nothing, and flags that decide what the plan decides.
func (p *purse) check(given func(flag string) bool, others ...string) error {
	if !given(budgetFlag) {
		return nil
	}
	if p.whole <= 0 {
		return fmt.Errorf("invalid --%s %s: expected more than nothing, as in 30s", budgetFlag, p.whole)
	}
	for _, flag := range others {
		if given(flag) {
			return fmt.Errorf("--%s and --%s: expected one of them, since a budget is planned", budgetFlag, flag)
		}
	}
	return nil
}

// shareMin is what a case gets even if the others took everything.
const shareMin = time.Millisecond

// next gives the case that begins its share.
func (p *purse) next() (spent func() float64) {
	begun := p.now()
	if p.begun.IsZero() {
		p.begun = begun
	}
	p.share = max((p.whole-begun.Sub(p.begun))/time.Duration(max(p.left, 1)), shareMin)
	share := p.share.Seconds()
	p.left--
	return func() float64 { return p.now().Sub(begun).Seconds() / share }
}

// spend has each case be looked at with its share of the budget.
func (s *search) spend(p *purse, o catalogue.Spending, cases int) {
	s.purse, p.now, p.left = p, s.a.now, cases
	o.Command, o.Stop = s.command, s.a.stopped
	s.total = -1
	s.setup = func(r *report.Setup) {
		r.Strategy, r.Seed, r.Seeded = "planned", o.Seed, true
		r.Budget = fmt.Sprintf("budget %s", p.whole)
		if cases > 1 {
			r.Budget += fmt.Sprintf(" for %d cases", cases)
		}
		if o.MemoryMiB > 0 {
			r.Budget += fmt.Sprintf(", %d MiB of states", o.MemoryMiB)
		}
	}
	s.run = func(c *catalogue.Case, progress func(catalogue.Progress)) (*catalogue.Report, error) {
		o := o
		o.Spent, o.Progress = p.next(), progress
		var failed error
		o.Planned = func(plan *catalogue.Plan) {
			if s.output.text() {
				failed = report.Plan(s.a.out, plan, p.share.Seconds(), s.a.options())
			}
		}
		r, err := catalogue.Spend(c, o)
		if err == nil {
			err = failed
		}
		return r, err
	}
}
