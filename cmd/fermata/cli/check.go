package cli

import (
	"github.com/spf13/cobra"

	"fermata/internal/files"
	"fermata/internal/report"
	"fermata/scenarios"
)

func (a *app) check() *cobra.Command {
	c := &cobra.Command{
		Use:   "check FILE",
		Short: "judge a recorded history",
		Long: "check reads a history, the calls and returns of operations, one a line, and tells whether each\n" +
			"operation can have taken effect at one moment between its call and its return.",
		Args: arguments("the file of a history"),
	}
	format := formats(c.Flags())
	c.RunE = func(_ *cobra.Command, args []string) error {
		f, err := files.Open(args[0], "a history")
		if err != nil {
			return err
		}
		defer f.Close()
		begun := a.now()
		h, err := scenarios.CheckHistory(f, args[0])
		if err != nil {
			return err
		}
		o := a.options()
		if format.value == "json" {
			o.Seconds = a.now().Sub(begun).Seconds()
			err = report.HistoryJSON(a.out, h, o)
		} else {
			err = report.History(a.out, h, o)
		}
		if err != nil {
			return err
		}
		return exitWith(worst(map[scenarios.Verdict]int{h.Verdict: 1}))
	}
	return c
}
