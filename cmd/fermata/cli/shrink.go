package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"fermata/internal/report"
	"fermata/scenarios"
)

func (a *app) shrink() *cobra.Command {
	var out string
	var force bool
	c := &cobra.Command{
		Use:   "shrink FILE",
		Short: "make the violation of a schedule smaller",
		Long: "shrink looks for a smaller schedule with the same violation: the same oracle and object, with\n" +
			"the fewest actors, faults, forced switches and steps.",
		Args: arguments("the file of a schedule"),
	}
	c.Flags().StringVar(&out, "out", "", "the file to write (default FILE with .shrunk.sched)")
	c.Flags().BoolVar(&force, "force", false, "replace a file that is there with other content")
	format := formats(c.Flags())
	c.RunE = func(_ *cobra.Command, args []string) error {
		base := stem(args[0]) + ".shrunk"
		if out != "" {
			base = stem(out)
		}
		return a.shrinkFile(args[0], base, force, format.value)
	}
	return c
}

func (a *app) shrinkFile(path, base string, force bool, format string) error {
	s, err := readSchedule(path)
	if err != nil {
		return err
	}
	own, err := scenarios.CaseOf(s, "", a.extra...)
	if err != nil {
		return inFile(path, err)
	}
	text := format == "text"
	if text {
		setup := report.Setup{Command: "shrink", Case: own, Strategy: "schedule " + path}
		if err := report.Header(a.out, setup, a.options()); err != nil {
			return err
		}
	}
	r, err := scenarios.ShrinkSchedule(s, a.extra...)
	if err != nil {
		return inFile(path, err)
	}
	f := r.Findings[0]
	written, note, err := writeNew(base, schedEnding, []byte(f.Schedule.Text()), force)
	if err != nil {
		return err
	}
	a.note(note)
	o := a.options()
	o.Path = func(*scenarios.Finding) string { return written }
	if text {
		fmt.Fprintf(a.out, "  %d choices before, %d now: %s\n", len(s.Lines), len(f.Schedule.Lines), written)
		err = report.Outcome(a.out, r, o)
	} else {
		err = report.JSON(a.out, r, o)
	}
	if err != nil {
		return err
	}
	return exitWith(worst(map[scenarios.Verdict]int{r.Verdict: 1}))
}
