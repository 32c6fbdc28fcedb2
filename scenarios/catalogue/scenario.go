package catalogue

import (
	"fermata/model"
	"fermata/sim"
	"fermata/sim/world"
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
	// Deadlines says which deadlines may fire when the clock advances.
	Deadlines world.Deadlines
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
	Saw  func(t *sim.Transition, e *world.Effect) bool
	// OfLock tells that it is about the lock: where locks are disabled there is nothing to reach.
	OfLock bool
}

// Scenarios lists the catalogue in the order of the matrix.
func Scenarios() []*Scenario {
	return []*Scenario{staleLookup, tornRepair, earlyRelease, repairInScheduleGap, missedCompletion, lockTakenAway}
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
