package catalogue

import (
	"slices"

	"fermata/model"
	"fermata/sim/world"
	"fermata/sweeper"
)

// Scenario is one situation: a start state, who acts in it, and what judges it. It is data but for
// two functions.
type Scenario struct {
	Name  string
	About string
	// Story tells the bad interleaving, a sentence a line.
	Story []string
	// Issues are the engine's own reports of it; Cause says what goes wrong when there is none.
	Issues []string
	Cause  string
	// Judged names the oracles that decide the verdict. The others run too and are also seen.
	Judged []string
	// Needs are the operations, beside PollAndSweep, that its actors ask of the engine: the methods of package
	// sweeper's interfaces of one operation.
	Needs []string
	// Scope is what a search covers if nothing else is asked for.
	Scope Scope
	// Repair switches the repair service on (conductor.workflow-repair-service.enabled).
	Repair bool
	// Settings, if not nil, changes the engine's settings from those that every scenario has.
	Settings func(st *sweeper.Settings)
	// Locks, Queues and Stores are the parts on which there is something to see, its own the first; nil is all of
	// them. On others it is not applicable.
	Locks, Queues, Stores []string
	// Deadlines says which deadlines may fire when the clock advances.
	Deadlines world.Deadlines
	// Tasks is how many tasks its workflow has if a scope may size it, each workflow then with as many tasks in
	// sequence, the first of which a worker has; 0 if it may not.
	Tasks int
	// Whole tells that its workflow, a chain of as many tasks, is started in the race: see Lives.
	Whole bool
	// Gone are the references of tasks whose worker never answers again, not even while settling.
	Gone []string
	// DeadUnacks tells that the queue's own thread, where a queue has one, has died: what was popped and neither
	// acknowledged nor removed is never given back.
	DeadUnacks bool
	// ProvedOn is the engine on which it is proved, if that is not the proposed fix.
	ProvedOn string
	// ProvedWith are the parts with which it is proved, if that is not possible with its own.
	ProvedWith world.Parts
	// Bound is the most virtual time that may pass from the end of the last task to the end of its
	// workflow, at least the largest postponement that the engine can choose.
	Bound model.Seconds

	Definitions []model.WorkflowDef
	// Start sets up the state before the race.
	Start func(w *world.World)
	// Cast adds the actors, in the order in which they are offered.
	Cast func(c *cast)
	// Sometimes is what a search must reach, or its verdict is unknown.
	Sometimes []Sometimes
}

// Sometimes is something that must be reachable, so that a search that reaches nothing fails.
type Sometimes struct {
	Name string
	Saw  func(v *view) bool
	// OfLock tells that it is about the lock: where locks are disabled there is nothing to reach.
	OfLock bool
	// When, if not nil, tells in which scopes it must be reached.
	When func(s Scope) bool
}

// parts are the scenario's own.
func (s *Scenario) parts() world.Parts {
	first := func(own, every []string) string { return slices.Concat(own, every)[0] }
	return world.Parts{
		Lock: first(s.Locks, world.Locks()), Queue: first(s.Queues, world.Queues()),
		Store: first(s.Stores, world.Stores()),
	}
}

// sometimes are those that must be reached in the case's scope.
func (c *Case) sometimes() []Sometimes {
	var all []Sometimes
	for _, some := range c.Scenario.Sometimes {
		if some.When == nil || some.When(c.Scope) {
			all = append(all, some)
		}
	}
	return all
}

// judgesHistories tells whether an oracle that judges the scenario looks at histories.
func (s *Scenario) judgesHistories() bool {
	for _, name := range s.Judged {
		if oracleNamed(name).histories {
			return true
		}
	}
	return false
}
