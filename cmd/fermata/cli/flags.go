package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"fermata/scenarios/catalogue"
)

// choice is a flag with a fixed set of values; the first is the default.
type choice struct {
	value   string
	allowed []string
}

func newChoice(allowed ...string) *choice { return &choice{allowed[0], allowed} }

// String gives the value.
func (c *choice) String() string { return c.value }

// Set takes one of the allowed values.
func (c *choice) Set(s string) error {
	if !slices.Contains(c.allowed, s) {
		return fmt.Errorf("expected %s", oneOf(c.allowed))
	}
	c.value = s
	return nil
}

// Type shows the values in the help.
func (c *choice) Type() string { return strings.Join(c.allowed, "|") }

func oneOf(names []string) string {
	if len(names) == 1 {
		return names[0]
	}
	return strings.Join(names[:len(names)-1], ", ") + " or " + names[len(names)-1]
}

// formats adds --format.
func formats(flags *pflag.FlagSet) *choice {
	c := newChoice("text", "json")
	flags.Var(c, "format", "what standard output is")
	return c
}

// all is the name that stands for every engine or scenario.
const all = "all"

// selection is which cases a command runs.
type selection struct {
	engines, scenarios []string
	scope              string
	parts              partNames
}

// partNames are the locks, queues and stores that are asked for; none is each scenario's own.
type partNames struct {
	locks, queues, stores []string
	redis                 redisFlags
}

func (p *partNames) flags(flags *pflag.FlagSet) {
	flags.StringSliceVar(&p.locks, "lock", nil, "locks, by comma or repeated: "+strings.Join(catalogue.Locks(), ", "))
	flags.StringSliceVar(&p.queues, "queue", nil, "queues: "+strings.Join(catalogue.Queues(), ", "))
	flags.StringSliceVar(&p.stores, "store", nil, "stores: "+strings.Join(catalogue.Stores(), ", ")+
		"; miniredis or redis://HOST:PORT/DB run the Redis store, and lock and queue, on a Redis")
	p.redis.flags(flags)
}

// onRedis takes the stores that are a Redis out of the names: the cases then run on it.
func (p *partNames) onRedis() error {
	for i, name := range p.stores {
		if isRedis(name) {
			if p.redis.target != "" {
				return fmt.Errorf("--store %s: expected one Redis", name)
			}
			p.redis.target, p.stores[i] = name, redisStore
		}
	}
	return nil
}

// all lists every combination.
func (p *partNames) all() []catalogue.Parts {
	orOwn := func(names, every []string) []string {
		if len(names) == 0 {
			return []string{""}
		}
		return expand(names, every)
	}
	var all []catalogue.Parts
	for _, lock := range orOwn(p.locks, catalogue.Locks()) {
		for _, queue := range orOwn(p.queues, catalogue.Queues()) {
			for _, store := range orOwn(p.stores, catalogue.Stores()) {
				all = append(all, catalogue.Parts{Lock: lock, Queue: queue, Store: store})
			}
		}
	}
	return all
}

// names adds --engine and --scenario, flags also --scope.
func (s *selection) names(flags *pflag.FlagSet) {
	flags.StringSliceVar(&s.engines, "engine", []string{all},
		"engines, by comma or repeated; exec:'COMMAND' runs one in a process of its own")
	flags.StringSliceVar(&s.scenarios, "scenario", []string{all}, "scenarios, by comma or repeated")
	s.parts.flags(flags)
}

func (s *selection) flags(flags *pflag.FlagSet) {
	s.names(flags)
	flags.StringVar(&s.scope, "scope", "",
		`figures of the scope to change, as in "sweepers=1 advance=0"; "remedy=audit" adds an operator's remedies`)
}

// engineNames lists the engines that "all" stands for.
func (a *app) engineNames() []string {
	var names []string
	for _, e := range append(catalogue.Engines(), a.extra...) {
		names = append(names, e.Name)
	}
	return names
}

func scenarioNames() []string {
	var names []string
	for _, s := range catalogue.Scenarios() {
		names = append(names, s.Name)
	}
	return names
}

// expand puts every name for "all", and each name once.
func expand(names, every []string) []string {
	var out []string
	for _, n := range names {
		one := []string{strings.TrimSpace(n)}
		if one[0] == all {
			one = every
		}
		for _, n := range one {
			if !slices.Contains(out, n) {
				out = append(out, n)
			}
		}
	}
	return out
}

// cases makes all that is selected, engine by engine and part by part, before anything runs.
func (a *app) cases(s *selection) ([]*catalogue.Case, error) {
	if err := s.parts.onRedis(); err != nil {
		return nil, err
	}
	backing := a.backing(&s.parts.redis)
	var cases []*catalogue.Case
	for _, name := range expand(s.engines, a.engineNames()) {
		e, err := a.engine(name)
		if err != nil {
			return nil, err
		}
		for _, sc := range expand(s.scenarios, scenarioNames()) {
			c, err := catalogue.NewCase(sc, e, s.scope, a.extra...)
			if err != nil {
				return nil, err
			}
			for _, parts := range s.parts.all() {
				on, err := c.On(parts)
				if err != nil {
					return nil, err
				}
				on.Backing = backing
				cases = append(cases, on)
			}
		}
	}
	if len(cases) == 0 {
		return nil, fmt.Errorf("nothing selected: expected at least one --engine and one --scenario")
	}
	return cases, nil
}
