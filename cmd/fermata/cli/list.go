package cli

import (
	"github.com/spf13/cobra"

	"fermata/internal/report"
	"fermata/scenarios/catalogue"
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
		Engines: append(catalogue.Engines(), a.extra...), Measures: catalogue.MeasureEngines(),
		Repairs:   catalogue.Repairs(),
		Scenarios: catalogue.Scenarios(), Lives: catalogue.Lives(), Oracles: catalogue.Oracles(),
		Strategies: catalogue.Strategies(), Searches: catalogue.Searches(),
		Locks: catalogue.Locks(), Queues: catalogue.Queues(), Stores: catalogue.Stores(),
	}
	return c
}
