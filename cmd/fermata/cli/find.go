package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"fermata/internal/report"
	"fermata/scenarios/catalogue"
)

func (a *app) find() *cobra.Command {
	var sel selection
	s := &search{a: a, command: "find"}
	o := catalogue.FindOptions{Stop: a.stopped}
	p := &purse{}
	strategy := newChoice(catalogue.Strategies()...)
	c := &cobra.Command{
		Use:   "find",
		Short: "look for violations by sampling schedules",
		Long: "find runs schedules that a strategy chooses until one violates what the scenario is judged by,\n" +
			"makes it as small as it gets, tells it, and writes its schedule to a file.",
		Args: arguments(),
	}
	sel.flags(c.Flags())
	s.flags(c.Flags())
	c.Flags().Var(strategy, "strategy", "what chooses the schedules")
	c.Flags().Uint64Var(&o.Seed, "seed", 1, "what the strategy draws from")
	c.Flags().Int64Var(&o.Schedules, "schedules", catalogue.SchedulesDefault, "the budget for each case")
	workersOf(c.Flags(), &o.Workers)
	c.Flags().BoolVar(&o.Twice, "twice", false, "run every schedule twice and compare")
	c.Flags().BoolVar(&o.Coverage, "coverage", false,
		"count trace classes and reads-from pairs, and estimate what is left")
	p.flag(c.Flags())
	c.RunE = func(c *cobra.Command, _ []string) error {
		if o.Schedules < 1 {
			return fmt.Errorf("invalid --schedules %d: expected at least 1", o.Schedules)
		}
		if err := checkWorkers(o.Workers); err != nil {
			return err
		}
		if err := p.check(c.Flags().Changed, "schedules", "twice"); err != nil {
			return err
		}
		cases, err := a.cases(&sel)
		if err != nil {
			return err
		}
		if c.Flags().Changed(budgetFlag) {
			s.spend(p, catalogue.Spending{Strategy: strategy.value, Seed: o.Seed, Coverage: o.Coverage,
				Workers: o.Workers}, len(cases))
			return s.cases(cases)
		}
		o.Strategy, s.total = strategy.value, o.Schedules
		s.setup = func(r *report.Setup) {
			r.Strategy, r.Seed, r.Seeded = o.Strategy, o.Seed, true
			r.Budget = fmt.Sprintf("at most %d schedules", o.Schedules)
			if o.Twice {
				r.Budget += ", each twice"
			}
			if o.Coverage {
				r.Budget += ", coverage counted"
			}
		}
		s.run = func(c *catalogue.Case, progress func(catalogue.Progress)) (*catalogue.Report, error) {
			o := o
			o.Progress = progress
			return catalogue.Find(c, o)
		}
		return s.cases(cases)
	}
	return c
}
