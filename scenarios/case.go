package scenarios

import (
	"errors"
	"fmt"
	"strings"

	"fermata/sim"
	"fermata/sim/world"
	"fermata/sweeper"
	"fermata/sweeper/conductor"
	"fermata/sweeper/proposed"
)

// ErrUsage is a request that cannot be meant: an unknown name, a figure out of range.
var ErrUsage = errors.New("wrong usage")

// Case is a scenario with an engine and a scope.
type Case struct {
	Scenario *Scenario
	Engine   sweeper.Engine
	Scope    Scope
}

// Engines lists the releases and the proposed fix, as `find` runs them.
func Engines() []sweeper.Engine {
	return append(conductor.Releases(), proposed.Proposed())
}

// MeasureEngines lists the eight combinations of the three measures, none first.
func MeasureEngines() []sweeper.Engine {
	var engines []sweeper.Engine
	for _, m := range proposed.AllMeasures() {
		engines = append(engines, m.Engine())
	}
	return engines
}

// NewCase makes a case by names; scope changes figures of the scenario's own, as ParseScope reads
// them. Extra engines are known beside ours. Errors are ErrUsage and say what was expected.
func NewCase(scenario, engine, scope string, extra ...sweeper.Engine) (*Case, error) {
	s, err := scenarioNamed(scenario)
	if err != nil {
		return nil, err
	}
	e, err := engineNamed(engine, extra)
	if err != nil {
		return nil, err
	}
	sc, err := ParseScope(scope, s.Scope)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUsage, err)
	}
	return &Case{s, e, sc}, nil
}

func scenarioNamed(name string) (*Scenario, error) {
	var names []string
	for _, s := range Scenarios() {
		if s.Name == name {
			return s, nil
		}
		names = append(names, s.Name)
	}
	return nil, fmt.Errorf("%w: unknown scenario %q: expected one of %s", ErrUsage, name, strings.Join(names, ", "))
}

func engineNamed(name string, extra []sweeper.Engine) (sweeper.Engine, error) {
	var names []string
	for _, e := range append(Engines(), extra...) {
		if e.Name == name {
			return e, nil
		}
		names = append(names, e.Name)
	}
	for _, e := range MeasureEngines() {
		if e.Name == name {
			return e, nil
		}
	}
	return sweeper.Engine{}, fmt.Errorf(
		"%w: unknown engine %q: expected one of %s, or measures such as lock-first+remove-first",
		ErrUsage,
		name,
		strings.Join(names, ", "),
	)
}

// Name is "<scenario>.<engine>", as schedule files are named.
func (c *Case) Name() string { return c.Scenario.Name + "." + c.Engine.Name }

// Lock names the lock of the case.
func (c *Case) Lock() string { return "redisson" }

// Queue names the queue of the case.
func (c *Case) Queue() string { return "orkes" }

// Store names the store of the case.
func (c *Case) Store() string { return "record" }

// instance is a case made ready to run: everything in it belongs to one worker.
type instance struct {
	c      *Case
	world  *world.World
	judge  *judge
	cast   *cast
	system *sim.System

	settlings map[string]*settled // by the world's key
	key       []byte
}

func (c *Case) instance() *instance {
	i := &instance{c: c}
	i.cast = &cast{c: c}
	i.world = world.New(world.Config{
		Definitions:  c.Scenario.Definitions,
		Start:        c.Scenario.Start,
		Deadlines:    c.Scenario.Deadlines,
		Advances:     c.Scope.Advances,
		AtomicRepair: c.Engine.NeedsAtomicRepair,
		ActorName:    func(id sim.ActorID) string { return i.cast.actors[id].Name },
	})
	i.cast.world, i.cast.ports = i.world, i.world.Ports()
	c.Scenario.Cast(i.cast)
	i.judge = newJudge(i)
	i.system = &sim.System{
		World: i.world, Actors: i.cast.actors, Judge: i.judge,
		Histories:     c.Scenario.judgesHistories(),
		Budget:        sim.Budget{Advances: c.Scope.Advances, Faults: c.Scope.Faults},
		OperationName: operationName,
		Start:         i.cast.start,
	}
	return i
}

// smaller lists the cases of the same scenario and engine with a smaller scope, the case itself
// first: what a shrinker may fall back to.
func (c *Case) smaller() []*Case {
	cases := []*Case{c}
	add := func(s Scope) {
		if s != c.Scope {
			cases = append(cases, &Case{c.Scenario, c.Engine, s})
		}
	}
	for sweepers := c.Scope.Sweepers; sweepers > 0; sweepers-- {
		s := c.Scope
		s.Sweepers = sweepers
		add(s)
		s.Advances, s.Faults = 0, 0
		add(s)
		s.Sweeps = 1
		add(s)
	}
	return cases
}
