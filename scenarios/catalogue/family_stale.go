package catalogue

import (
	"fermata/model"
	"fermata/sim/world"
)

// staleReads are those of stale reads, lost updates and double decides.
func staleReads() []*Scenario { return []*Scenario{staleLookup} }

var staleLookup = &Scenario{
	Name:  "stale-lookup",
	About: "a sweeper looks the workflow up before it holds the lock, and decides on the stale copy",
	Story: []string{
		"A worker's result for t1 is stored; a sweeper of another server reads the workflow, without the lock.",
		"Meanwhile t2 is scheduled, polled and completed, and the workflow is written COMPLETED.",
		"The sweeper gets the lock, decides on the copy from before, and writes RUNNING over COMPLETED.",
		"The completing thread then takes the workflow out of the decider queue: nothing will sweep it again.",
	},
	Issues:    []string{"conductor#213", "conductor#208", "conductor#146", "netflix/conductor#3700"},
	Cause:     "the sweeper looks the workflow up before it holds the lock",
	Judged:    []string{"terminal-stays", "running-is-queued"},
	Needs:     []string{"UpdateTask", "Poll"},
	Scope:     Scope{Sweepers: 2, Sweeps: 1, Advances: 1},
	Deadlines: world.Deadlines{MessageVisibility: true},
	Tasks:     2,
	MayFault:  true,
	Bound:     60,

	Definitions: []model.WorkflowDef{simple("two", "t1", "t2")},
	Start:       func(w *world.World) { begun(w, "two", model.TaskInProgress) },
	Cast: func(c *cast) {
		c.workers()
		c.sweepers(w1)
	},
	Sometimes: []Sometimes{
		{Name: "the workflow is completed", Saw: completes},
		{Name: "a sweep gets the lock", Saw: sweepLocks, OfLock: true},
		{Name: "t2 is handed out", Saw: handsOut, When: severalTasks},
		{Name: "two sweep one workflow at once", Saw: sweepsMeet, OfLock: true, When: racesAtOnce},
		{Name: "a sweeper dies with the lock", Saw: diesLocked, OfLock: true, When: crashes},
		{Name: "a dead owner's lease ends", Saw: deadLeaseEnds, OfLock: true, When: deadLeaseMayEnd},
	},
}
