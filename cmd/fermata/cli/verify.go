package cli

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"fermata/internal/report"
	"fermata/scenarios/catalogue"
)

const (
	preemptionsFlag = "preemptions"
	delaysFlag      = "delays"
	memoryFlag      = "memory"
	searchAuto      = "auto"
)

// memoryMiBMax bounds --memory: more than any machine has.
const memoryMiBMax = 1 << 20

func (a *app) verify() *cobra.Command {
	var sel selection
	s := &search{a: a, command: "verify", total: -1}
	o := catalogue.VerifyOptions{Stop: a.stopped}
	p := &purse{}
	kind := newChoice(append([]string{searchAuto}, catalogue.Searches()...)...)
	c := &cobra.Command{
		Use:   "verify",
		Short: "rule violations out by searching every interleaving of the scope",
		Long: "verify searches every interleaving within the scope that it prints. \"proved\" means that all of\n" +
			"them were covered and none violates what the scenario is judged by. The searches dpor and\n" +
			"dpor-preemptions make a run of each trace class: what they cover is said, and is no proof.",
		Args: arguments(),
	}
	sel.flags(c.Flags())
	s.flags(c.Flags())
	c.Flags().Var(kind, "search", "how to search; auto: states, or preemptions if an engine may not be remembered")
	c.Flags().IntVar(&o.Preemptions, preemptionsFlag, 2, "the bound of --search preemptions and dpor-preemptions")
	c.Flags().IntVar(&o.Delays, delaysFlag, 2, "the bound of --search delays")
	workersOf(c.Flags(), &o.Workers)
	c.Flags().Int64Var(&o.StatesMax, "states-max", catalogue.StatesDefault,
		"the limit of states for each case, and ten times as many steps of a search that does not tell states\n"+
			"apart; where it is hit, the verdict is unknown")
	c.Flags().IntVar(&o.MemoryMiB, memoryFlag, 0,
		"the limit in MiB for the known states, or trace classes, of each case (default none)")
	p.flag(c.Flags())
	c.RunE = func(c *cobra.Command, _ []string) error {
		if err := p.check(c.Flags().Changed, "search", preemptionsFlag, delaysFlag, "states-max"); err != nil {
			return err
		}
		if kind.value != searchAuto {
			o.Search = kind.value
		}
		if err := checkVerify(o, c.Flags().Changed); err != nil {
			return err
		}
		cases, err := a.cases(&sel)
		if err != nil {
			return err
		}
		if c.Flags().Changed(budgetFlag) {
			s.spend(p, catalogue.Spending{Seed: 1, MemoryMiB: o.MemoryMiB, Workers: o.Workers}, len(cases))
			return s.cases(cases)
		}
		s.setup = func(r *report.Setup) { setUp(r, o.Completed(r.Case)) }
		s.run = func(c *catalogue.Case, progress func(catalogue.Progress)) (*catalogue.Report, error) {
			o := o
			o.Progress = progress
			return catalogue.Verify(c, o)
		}
		return s.cases(cases)
	}
	return c
}

// setUp says how verify searches, and when it ends at the latest.
func setUp(r *report.Setup, o catalogue.VerifyOptions) {
	r.Strategy = "search " + o.Search
	if what, most := o.Bounded(); what != "" {
		r.Strategy += ", at most " + report.Count(int64(most), what) + " a run"
	}
	states, steps := o.Limits()
	r.Budget = fmt.Sprintf("limit %d states", states)
	if states == 0 {
		r.Budget = fmt.Sprintf("limit %d steps", steps)
	}
	if o.MemoryMiB > 0 {
		r.Budget += fmt.Sprintf(", %d MiB", o.MemoryMiB)
	}
}

// checkVerify refuses what no search can keep to, before anything runs.
func checkVerify(o catalogue.VerifyOptions, given func(flag string) bool) error {
	if err := checkWorkers(o.Workers); err != nil {
		return err
	}
	bounds, _ := o.Bounded()
	named := cmp.Or(o.Search, searchAuto)
	switch {
	case o.StatesMax < 1 || o.StatesMax > statesMost:
		return fmt.Errorf("invalid --states-max %d: expected 1 to %d", o.StatesMax, int64(statesMost))
	case given(memoryFlag) && (o.MemoryMiB < 1 || o.MemoryMiB > memoryMiBMax):
		return fmt.Errorf("invalid --memory %d: expected 1 to %d MiB; without the flag there is no limit",
			o.MemoryMiB, memoryMiBMax)
	case given(memoryFlag) && o.Search != "" && !o.Remembers():
		return fmt.Errorf("--memory does not bound --search %s, which remembers nothing: expected --search %s",
			o.Search, oneOf(searchesThat(func(o catalogue.VerifyOptions) bool { return o.Remembers() })))
	case o.Preemptions < 0:
		return fmt.Errorf("invalid --preemptions %d: expected 0 or more", o.Preemptions)
	case o.Delays < 0:
		return fmt.Errorf("invalid --delays %d: expected 0 or more", o.Delays)
	}
	for _, flag := range []string{preemptionsFlag, delaysFlag} {
		what := strings.TrimSuffix(flag, "s")
		if given(flag) && bounds != what {
			return fmt.Errorf("--%s does not bound --search %s: expected --search %s", flag, named,
				oneOf(searchesThat(func(o catalogue.VerifyOptions) bool { b, _ := o.Bounded(); return b == what })))
		}
	}
	return nil
}

// statesMost bounds --states-max: ten times as many is a count of steps that still fits.
const statesMost = 1 << 59

// searchesThat lists the searches of which something is so.
func searchesThat(is func(o catalogue.VerifyOptions) bool) (names []string) {
	for _, name := range catalogue.Searches() {
		if is(catalogue.VerifyOptions{Search: name}) {
			names = append(names, name)
		}
	}
	return names
}
