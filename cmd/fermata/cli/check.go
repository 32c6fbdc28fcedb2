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
	out := a.outputs("check", c.Flags(), report.Formats()...)
	c.RunE = func(_ *cobra.Command, args []string) error {
		f, err := files.Open(args[0], "a history")
		if err != nil {
			return err
		}
		defer f.Close()
		d, err := out.document()
		if err != nil {
			return err
		}
		begun := a.now()
		h, err := scenarios.CheckHistory(f, args[0])
		if err != nil {
			return err
		}
		o := a.options()
		if !out.text() {
			o.Seconds = a.now().Sub(begun).Seconds()
		}
		switch out.format.value {
		case report.FormatText:
			err = report.History(a.out, h, o)
		case report.FormatJSON:
			err = report.HistoryJSON(a.out, h, o)
		default:
			err = report.HistoryDocument(a.out, out.format.value, d, args[0], h, o)
		}
		if err != nil {
			return err
		}
		return exitWith(worst(map[scenarios.Verdict]int{h.Verdict: 1}))
	}
	return c
}
