package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"fermata/internal/report"
	"fermata/scenarios/catalogue"
)

func (a *app) explain() *cobra.Command {
	return &cobra.Command{
		Use:   "explain ORACLE",
		Short: "what an oracle judges, and how it is broken",
		Args:  arguments("an oracle; fermata list names them"),
		RunE: func(_ *cobra.Command, args []string) error {
			var names []string
			for _, info := range catalogue.Oracles() {
				if info.Name == args[0] {
					return report.Explain(a.out, info, catalogue.Scenarios(), a.options())
				}
				names = append(names, info.Name)
			}
			return fmt.Errorf("unknown oracle %q: expected %s", args[0], oneOf(names))
		},
	}
}
