package cli

import (
	"slices"

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
	}
	for _, s := range c.Scenarios {
		k := &scenarios.Case{Scenario: s, Engine: c.Engines[0], Scope: s.Scope}
		c.Locks = appendNew(c.Locks, k.Lock())
		c.Queues = appendNew(c.Queues, k.Queue())
		c.Stores = appendNew(c.Stores, k.Store())
	}
	return c
}

func appendNew(names []string, name string) []string {
	if slices.Contains(names, name) {
		return names
	}
	return append(names, name)
}
