package cli

import (
	"github.com/spf13/cobra"

	"fermata/internal/report"
	"fermata/scenarios"
)

func (a *app) list() *cobra.Command {
	c := &cobra.Command{
		Use:   "list",
		Short: "the engines, scenarios, oracles and strategies there are",
		Args:  arguments(),
	}
	format := formats(c.Flags())
	c.RunE = func(*cobra.Command, []string) error {
		if format.value == "json" {
			return a.catalogue().WriteJSON(a.out)
		}
		return a.catalogue().WriteText(a.out, a.options())
	}
	return c
}

func (a *app) catalogue() *report.Catalogue {
	c := &report.Catalogue{
		Engines: append(scenarios.Engines(), a.extra...), Measures: scenarios.MeasureEngines(),
		Scenarios: scenarios.Scenarios(), Oracles: scenarios.Oracles(),
		Strategies: scenarios.Strategies(), Searches: scenarios.Searches(),
		Locks: scenarios.Locks(), Queues: scenarios.Queues(), Stores: scenarios.Stores(),
	}
	return c
}
