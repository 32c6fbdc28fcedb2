package cli

import (
	"cmp"
	"fmt"

	"github.com/spf13/cobra"

	"fermata/internal/report"
	"fermata/scenarios/catalogue"
)

const (
	preemptionsFlag = "preemptions"
	memoryFlag      = "memory"
	searchAuto      = "auto"
)

// memoryMiBMax bounds --memory: more than any machine has.
const memoryMiBMax = 1 << 20

func (a *app) verify() *cobra.Command {
	var sel selection
	s := &search{a: a, command: "verify", total: -1}
	o := catalogue.VerifyOptions{Stop: a.stopped}
	kind := newChoice(append([]string{searchAuto}, catalogue.Searches()...)...)
	c := &cobra.Command{
		Use:   "verify",
		Short: "rule violations out by searching every interleaving of the scope",
		Long: "verify searches every interleaving within the scope that it prints. \"proved\" means that all of\n" +
			"them were covered and none violates what the scenario is judged by.",
		Args: arguments(),
	}
	sel.flags(c.Flags())
	s.flags(c.Flags())
	c.Flags().Var(kind, "search", "how to search; auto: states, or preemptions if an engine may not be remembered")
	c.Flags().IntVar(&o.Preemptions, preemptionsFlag, 2, "the bound of --search preemptions")
	workersOf(c.Flags(), &o.Workers)
	c.Flags().Int64Var(&o.StatesMax, "states-max", catalogue.StatesDefault,
		"the limit of states for each case; where it is hit, the verdict is unknown")
	c.Flags().IntVar(&o.MemoryMiB, memoryFlag, 0,
		"the limit in MiB for the known states of each case with --search states; 0 is none")
	c.RunE = func(c *cobra.Command, _ []string) error {
		if kind.value != searchAuto {
			o.Search = kind.value
		}
		if err := checkVerify(o, c.Flags().Changed(preemptionsFlag)); err != nil {
			return err
		}
		cases, err := a.cases(&sel)
		if err != nil {
			return err
		}
		s.setup = func(r *report.Setup) {
			o := o.Completed(r.Case)
			r.Strategy = "search " + o.Search
			if o.Search == preemptionsFlag {
				r.Strategy += fmt.Sprintf(", at most %d a run", o.Preemptions)
			}
			r.Budget = fmt.Sprintf("limit %d states", o.StatesMax)
			if o.MemoryMiB > 0 {
				r.Budget += fmt.Sprintf(", %d MiB", o.MemoryMiB)
			}
		}
		s.run = func(c *catalogue.Case, progress func(catalogue.Progress)) (*catalogue.Report, error) {
			o := o
			o.Progress = progress
			return catalogue.Verify(c, o)
		}
		return s.cases(cases)
	}
	return c
}

func checkVerify(o catalogue.VerifyOptions, bounded bool) error {
	if err := checkWorkers(o.Workers); err != nil {
		return err
	}
	switch {
	case o.StatesMax < 1:
		return fmt.Errorf("invalid --states-max %d: expected at least 1", o.StatesMax)
	case o.MemoryMiB < 0 || o.MemoryMiB > memoryMiBMax:
		return fmt.Errorf("invalid --memory %d: expected 0 to %d", o.MemoryMiB, memoryMiBMax)
	case o.MemoryMiB > 0 && o.Search != "" && o.Search != catalogue.Searches()[0]:
		return fmt.Errorf("--memory does not bound --search %s: expected --search states", o.Search)
	case o.Preemptions < 0:
		return fmt.Errorf("invalid --preemptions %d: expected 0 or more", o.Preemptions)
	case bounded && o.Search != preemptionsFlag:
		return fmt.Errorf("--preemptions does not bound --search %s: expected --search preemptions",
			cmp.Or(o.Search, searchAuto))
	}
	return nil
}
