package scenarios

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"fermata/scenarios/catalogue"
	"fermata/sweeper"
)

// cases makes every cell, or says what is wrong with the suite, without the scenarios that are beyond the engine.
func (s Suite) cases() ([]*catalogue.Case, error) {
	if err := checkEngine(s.Engine); err != nil {
		return nil, err
	}
	var cases []*catalogue.Case
	for _, scenario := range catalogue.Scenarios() {
		if s.beyond(scenario) {
			continue
		}
		c := &catalogue.Case{Scenario: scenario, Engine: s.Engine, Scope: scenario.Scope}
		for _, p := range s.parts() {
			on, err := c.On(p)
			if err != nil {
				return nil, err
			}
			cases = append(cases, on)
		}
	}
	return cases, s.checkKnown()
}

// beyond tells whether no ordering of the sweeper's locks passes the scenario: it takes a fence, which the engine has
// not, or locks where the scenario has none, or workers that lock too.
func (s Suite) beyond(scenario *catalogue.Scenario) bool {
	if scenario.ProvedOn == "proposed-fenced" {
		return !s.Engine.NeedsFence
	}
	return scenario.ProvedOn != "" || scenario.ProvedWith != catalogue.Parts{}
}

// parts lists every combination.
func (s Suite) parts() []catalogue.Parts {
	orOwn := func(names []string) []string {
		if names == nil {
			return []string{""}
		}
		return names
	}
	var all []catalogue.Parts
	for _, lock := range orOwn(s.Locks) {
		for _, queue := range orOwn(s.Queues) {
			for _, store := range orOwn(s.Stores) {
				all = append(all, catalogue.Parts{Lock: lock, Queue: queue, Store: store})
			}
		}
	}
	return all
}

func checkEngine(e sweeper.Engine) error {
	switch {
	case e.New == nil:
		return errors.New("the engine has no New: set sweeper.Engine.New")
	case e.Name == "" || strings.ContainsAny(e.Name, " \t\r\n/\\#"):
		return fmt.Errorf("the engine is called %q: expected a word without blanks, slashes and #", e.Name)
	case e.Goroutines && e.Memoisable:
		return errors.New("an engine that starts goroutines cannot be remembered: expected Goroutines or Memoisable")
	case catalogue.Known(e.Name):
		return fmt.Errorf("the engine is called %q, which is one of Fermata's own: expected another name", e.Name)
	}
	return nil
}

func (s Suite) checkKnown() error {
	for _, k := range s.Known {
		named := func(sc *catalogue.Scenario) bool { return sc.Name == k.Scenario }
		switch {
		case !slices.ContainsFunc(catalogue.Scenarios(), named):
			return fmt.Errorf("KnownRed %q: no scenario has that name", k.Scenario)
		case strings.TrimSpace(k.Issue) == "":
			return fmt.Errorf("KnownRed %q: it has no Issue: expected where it is tracked", k.Scenario)
		}
	}
	return nil
}
