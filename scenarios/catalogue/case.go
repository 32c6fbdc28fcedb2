package catalogue

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"fermata/model"
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
	// Parts names the lock, the queue and the store; what is empty is the scenario's own.
	Parts world.Parts
	// Backing, if not nil, is what the worlds run on beside memory.
	Backing Backing
	// Host runs an engine that starts goroutines; it must be set for one, and for no other.
	Host sim.Host
}

// Engines lists the releases, the proposed fix, and that with every repair there is, as `find` runs them.
func Engines() []sweeper.Engine {
	return append(conductor.Releases(), proposed.Proposed(), proposed.Whole(), proposed.Fenced())
}

// Repairs lists what the proposed fix needs beside its three measures for races that no order of the sweeper's is
// about: each repair alone.
func Repairs() []sweeper.Engine {
	return []sweeper.Engine{
		proposed.LockedOperators(), proposed.LockedUpdates(), proposed.LockedParents(), proposed.FinalizedOnce(),
		proposed.Delivery(),
	}
}

// WrongFixes lists the four commits of the fix's pull request: how the fix came to be, each with what is wrong with it.
func WrongFixes() []sweeper.Engine { return conductor.PR214() }

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
	if err == nil {
		sc, err = s.fits(sc)
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUsage, err)
	}
	c := &Case{Scenario: s, Engine: e, Scope: sc}
	return c, c.unfit()
}

func scenarioNamed(name string) (*Scenario, error) {
	var names []string
	for _, s := range slices.Concat(Scenarios(), Lives()) {
		if s.Name == name {
			return s, nil
		}
		names = append(names, s.Name)
	}
	return nil, fmt.Errorf("%w: unknown scenario %q: expected one of %s", ErrUsage, name, strings.Join(names, ", "))
}

// EngineNamed gives an engine by its name, of ours or of the extra ones. The error is ErrUsage and says what was
// expected.
func EngineNamed(name string, extra ...sweeper.Engine) (sweeper.Engine, error) {
	return engineNamed(name, extra)
}

// Known tells whether one of our own engines has the name.
func Known(engine string) bool {
	_, err := engineNamed(engine, nil)
	return err == nil
}

func engineNamed(name string, extra []sweeper.Engine) (sweeper.Engine, error) {
	var names []string
	for _, e := range append(Engines(), extra...) {
		if e.Name == name {
			return e, nil
		}
		names = append(names, e.Name)
	}
	others := slices.Concat(Repairs(), MeasureEngines(), WrongFixes(), []sweeper.Engine{proposed.FencedWrites()})
	for _, e := range others {
		if e.Name == name {
			return e, nil
		}
	}
	if e, ok := proposed.EngineNamed(name); ok {
		return e, nil
	}
	return sweeper.Engine{}, fmt.Errorf(
		"%w: unknown engine %q: expected one of %s, measures such as lock-first+remove-first, a release with changes "+
			"such as conductor-3.31.2+remove-first, or pr214-COMMIT",
		ErrUsage,
		name,
		strings.Join(names, ", "),
	)
}

// Name is "<scenario>.<engine>", as schedule files are named, with those parts behind that are not the scenario's own.
func (c *Case) Name() string {
	name := c.Scenario.Name + "." + c.Engine.Name
	own, p := c.Scenario.parts(), c.parts()
	for _, part := range [][3]string{
		{"lock", p.Lock, own.Lock}, {"queue", p.Queue, own.Queue}, {"store", p.Store, own.Store},
	} {
		if part[1] != part[2] {
			name += "." + part[0] + "-" + part[1]
		}
	}
	return name
}

// On gives the case on other parts; a name that is empty stays as it is. Errors are ErrUsage.
func (c *Case) On(p world.Parts) (*Case, error) {
	p, err := over(p, c.parts()).Named()
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUsage, err)
	}
	on := *c
	on.Parts = p
	if on.elsewhere() != "" {
		return &on, nil // it will be not applicable, whatever its scope
	}
	if err := on.unfit(); err != nil {
		return nil, err
	}
	return &on, nil
}

// over is p, with those of q where p has no name.
func over(p, q world.Parts) world.Parts {
	return world.Parts{
		Lock: cmp.Or(p.Lock, q.Lock), Queue: cmp.Or(p.Queue, q.Queue), Store: cmp.Or(p.Store, q.Store),
	}
}

// parts are the names of all parts.
func (c *Case) parts() world.Parts {
	p, err := over(c.Parts, c.Scenario.parts()).Named()
	if err != nil {
		panic("catalogue: " + err.Error())
	}
	return p
}

// Lock names the lock of the case.
func (c *Case) Lock() string { return c.parts().Lock }

// Queue names the queue of the case.
func (c *Case) Queue() string { return c.parts().Queue }

// Store names the store of the case.
func (c *Case) Store() string { return c.parts().Store }

// Implementable tells whether the engine can be built on the case's queue and store: one that needs the atomic
// repair cannot where they are in two databases.
func (c *Case) Implementable() bool { return !c.Engine.NeedsAtomicRepair || c.parts().OneTransaction() }

// instance is a case made ready to run: everything in it belongs to one worker.
type instance struct {
	c     *Case
	world *world.World
	judge *judge
	cast  *cast
	// backing is the world on the case's backing; nil without one.
	backing Backed
	system  *sim.System

	begun     map[model.WorkflowID]beginning
	commits   *commits
	ledger    ledger
	names     [][]sim.ActorID     // the ways to call the actors; nil until they are asked for
	settlings map[string]*settled // by the world's key
	rests     *settled            // where the end settled that is being judged; nil until that is asked
	key       []byte
}

func (c *Case) instance() *instance { return c.member(nil) }

// member is an instance whose states are told apart by numbers that it may share.
func (c *Case) member(numbers sim.Numbers) *instance {
	i := &instance{c: c}
	i.cast = &cast{c: c}
	i.cast.set = i.cast.settings()
	i.world = world.New(world.Config{
		Definitions:  c.definitions(),
		Start:        c.start,
		Deadlines:    c.deadlines(),
		Advances:     c.Scope.Advances,
		AtomicRepair: c.Engine.NeedsAtomicRepair,
		Fence:        c.Engine.NeedsFence,
		Parts:        c.parts(),
		ActorName:    i.actorName,
		Guarded:      c.suspicious() || c.Host != nil,
		Lost:         c.lost(),
		Numbers:      numbers,
		MayFail:      c.mayFail,
		LockErrors:   c.lockErrors(),
		Redelivers:   c.Scope.may(Redeliveries),
	})
	i.cast.world, i.cast.ports, i.begun = i.world, i.world.Ports(), beginnings(i.world)
	i.commits, i.ledger = newCommits(i.world), ledger{numbers: map[string]int{}}
	c.Scenario.Cast(i.cast)
	i.cast.unacks()
	i.cast.stateAudit()
	i.judge = newJudge(i)
	i.system = &sim.System{
		World: i.world, Actors: i.cast.actors, Judge: i.judge, Alike: i.cast.alike(),
		Histories:     c.Scenario.judgesHistories(),
		Budget:        sim.Budget{Advances: c.Scope.Advances, Faults: c.Scope.Faults},
		OperationName: operationName,
		Start:         i.cast.start,
		Host:          c.Host,
		Stop:          i.cast.stop,
		Redelivers:    c.Scope.may(Redeliveries),
		Restart:       i.cast.restart,
		Cut:           sim.Reply{Code: replyError},
		Suspicious:    c.suspicious(),
		Numbers:       numbers,
	}
	return i
}

// coroutines is a machine that runs the engine's code in every run.
func (i *instance) coroutines() *sim.Machine { return sim.New(i.system) }

// memo is a machine that runs the engine's code along reply trees, once for each reply, for walks.
func (i *instance) memo() *sim.Machine { return sim.NewMemo(i.walked()) }

// walked is the system for walks along reply trees: it keeps histories in every scenario, and renames nobody.
func (i *instance) walked() *sim.System {
	i.cast.remembered, i.system.Histories, i.system.Alike = true, true, nil
	return i.system
}

// actorName names an actor of the cast, or who settles.
func (i *instance) actorName(id sim.ActorID) string {
	if int(id) == len(i.cast.actors) {
		return settlingName
	}
	return i.cast.actors[id].Name
}

// suspicious tells whether the engine's port calls are looked at one by one: a foreign engine's may come from
// goroutines that it has not told of.
func (c *Case) suspicious() bool { return !c.Engine.Memoisable && c.Host == nil }

// lost hears of a port call of a hosted engine that has lost its context.
func (c *Case) lost() func(call string) {
	if c.Host == nil {
		return nil
	}
	return c.Host.Lost
}

// runnable refuses an engine that cannot be run here.
func (c *Case) runnable() error {
	if c.Engine.Goroutines && c.Host == nil {
		return fmt.Errorf("%w: %s starts goroutines: it runs in go test only, by scenarios.Run",
			ErrUsage, c.Engine.Name)
	}
	return nil
}

// smaller lists the cases of the same scenario and engine with a smaller scope, the case itself
// first: what a shrinker may fall back to.
func (c *Case) smaller() []*Case {
	cases := []*Case{c}
	add := func(s Scope) {
		if s != c.Scope {
			smaller := *c
			smaller.Scope = s
			cases = append(cases, &smaller)
		}
	}
	for sweepers := c.Scope.Sweepers; sweepers > 0; sweepers-- {
		s := c.Scope
		s.Sweepers = sweepers
		add(s)
		s.Advances, s.Faults, s.Kinds = 0, 0, 0
		add(s)
		s.Sweeps = 1
		add(s)
		s.Workflows = 0
		add(s)
	}
	return cases
}
