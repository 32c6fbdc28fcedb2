package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"fermata/internal/files"
	"fermata/internal/report"
	"fermata/scenarios/catalogue"
)

func (a *app) shrink() *cobra.Command {
	var out, engine string
	var force bool
	c := &cobra.Command{
		Use:   "shrink FILE",
		Short: "make the violation of a schedule smaller",
		Long: "shrink looks for a smaller schedule with the same violation: the same oracle and object, with\n" +
			"the fewest actors, faults, forced switches and steps.",
		Args: arguments("the file of a schedule"),
	}
	c.Flags().StringVar(&engine, "engine", "",
		"another engine to shrink on; exec:'COMMAND' runs one in a process of its own")
	c.Flags().StringVar(&out, "out", "", "the file to write (default FILE with .shrunk.sched)")
	c.Flags().BoolVar(&force, "force", false, "replace a file that is there with other content")
	format := formats(c.Flags())
	c.RunE = func(_ *cobra.Command, args []string) error {
		base := stem(args[0]) + ".shrunk"
		if out != "" {
			base = stem(out)
		}
		return a.shrinkFile(shrinking{args[0], base, engine, force, format.value == "text"})
	}
	return c
}

// shrinking is one call of shrink: the file, where to write, and how.
type shrinking struct {
	path, base, engine string
	force, text        bool
}

func (a *app) shrinkFile(x shrinking) error {
	path := x.path
	s, err := readSchedule(path)
	if err != nil {
		return err
	}
	engine, err := a.engine(x.engine)
	if err != nil {
		return err
	}
	own, err := catalogue.CaseOf(s, engine, a.extra...)
	if err != nil {
		return inFile(path, err)
	}
	if x.text {
		setup := report.Setup{Command: "shrink", Case: own, Strategy: "schedule " + path}
		if err := report.Header(a.out, setup, a.options()); err != nil {
			return err
		}
	}
	r, err := catalogue.ShrinkSchedule(s, engine, a.extra...)
	if err != nil {
		return inFile(path, err)
	}
	f := r.Findings[0]
	written, note, err := files.WriteNew(x.base, schedEnding, []byte(f.Schedule.Text()), x.force)
	if err != nil {
		return err
	}
	a.note(note)
	o := a.options()
	o.Path = func(*catalogue.Finding) string { return written }
	if asked, ok := a.started.asked(own.Engine.Name); ok {
		o.ReplayFlags = []string{"--engine", asked}
	}
	if x.text {
		fmt.Fprintf(a.out, "  %d choices before, %d now: %s\n", len(s.Lines), len(f.Schedule.Lines), written)
		err = report.Outcome(a.out, r, o)
	} else {
		err = report.JSON(a.out, r, o)
	}
	if err != nil {
		return err
	}
	return exitWith(worst(map[catalogue.Verdict]int{r.Verdict: 1}))
}
