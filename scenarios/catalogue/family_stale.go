package catalogue

import (
	"fermata/model"
	"fermata/sim/world"
)

// staleReads are those of stale reads, lost updates and double decides.
func staleReads() []*Scenario {
	return []*Scenario{
		staleLookup, doubleListener, staleTimeout, phantomMessage, duplicateTask, lateWorkerWrite, pollOverwritesResult,
		finalizedAgain,
	}
}

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

var doubleListener = &Scenario{
	Name:  "double-listener",
	About: "a sweeper completes, by its stale copy, a workflow that has completed",
	Story: []string{
		"A worker's result for t1, the last task, is stored; a sweeper reads the workflow, without the lock.",
		"The worker's own decide completes the workflow: COMPLETED is written, and the listener told.",
		"completeWorkflow releases the lock, which the sweeper gets, with its copy in which the workflow is RUNNING.",
		"It completes the workflow once more, and tells the listener of its end a second time.",
	},
	Issues:    []string{"conductor#213"},
	Cause:     "the sweeper looks the workflow up before it holds the lock",
	Judged:    []string{"listener-once"},
	Needs:     []string{"UpdateTask"},
	Scope:     Scope{Sweepers: 2, Sweeps: 1, Advances: 1},
	Deadlines: world.Deadlines{MessageVisibility: true},
	Bound:     60,

	Definitions: []model.WorkflowDef{simple("one", "t1")},
	Start:       func(w *world.World) { begun(w, "one", model.TaskInProgress) },
	Cast: func(c *cast) {
		c.worker("worker-1", w1, "t1")
		c.sweepers(w1)
	},
	Sometimes: []Sometimes{
		{Name: "the workflow is completed", Saw: completes},
		{Name: "a sweep gets the lock", Saw: sweepLocks, OfLock: true},
	},
}

var staleTimeout = &Scenario{
	Name:  "stale-timeout",
	About: "a sweeper times a task out, by its stale copy, in a workflow that has completed",
	Story: []string{
		"t1 is IN_PROGRESS; a sweeper reads the workflow, without the lock.",
		"The worker's result completes t1 and the workflow.",
		"The sweeper waits for the lock, until the response timeout of t1 in its copy is over.",
		"It writes TIMED_OUT over the completed task, and ends the workflow, which has COMPLETED, as TIMED_OUT.",
	},
	Issues:    []string{"conductor#213"},
	Cause:     "the sweeper looks the workflow up before it holds the lock",
	Judged:    []string{"first-terminal-wins"},
	Needs:     []string{"UpdateTask"},
	Locks:     reentrantLocks,
	Scope:     Scope{Sweepers: 1, Sweeps: 1, Advances: 1},
	Deadlines: world.Deadlines{TaskTimeouts: true},
	Bound:     120,

	Definitions: []model.WorkflowDef{timed("one", 0)},
	Start:       func(w *world.World) { begunTimed(w, "one") },
	Cast: func(c *cast) {
		c.worker("worker-1", w1, "t1")
		c.sweepers(w1)
	},
	Sometimes: []Sometimes{
		{Name: "the workflow is completed", Saw: completes},
		{Name: "the workflow is timed out", Saw: timesOut},
		{Name: "a sweep gets the lock", Saw: sweepLocks, OfLock: true},
	},
}

var phantomMessage = &Scenario{
	Name:  "phantom-message",
	About: "a sweeper schedules, by its stale copy, a task that is scheduled already",
	Story: []string{
		"A worker's result for t1 is stored; a sweeper reads the workflow, without the lock.",
		"The worker's own decide schedules t2, and releases the lock.",
		"The sweeper gets the lock. In its copy there is no t2, so that it makes one, with an id of its own.",
		"The store leaves it out, which scheduleTask does not ask; its message is pushed, for a task that is nowhere.",
	},
	Issues:    []string{"conductor#208"},
	Cause:     "the sweeper decides on a stale copy, and scheduleTask ignores what createTasks created",
	Judged:    []string{"message-has-task"},
	Needs:     []string{"UpdateTask"},
	Scope:     Scope{Sweepers: 2, Sweeps: 1, Advances: 1},
	Deadlines: world.Deadlines{MessageVisibility: true},
	Bound:     60,

	Definitions: []model.WorkflowDef{simple("two", "t1", "t2")},
	Start:       func(w *world.World) { begun(w, "two", model.TaskInProgress) },
	Cast: func(c *cast) {
		c.worker("worker-1", w1, "t1")
		c.sweepers(w1)
	},
	Sometimes: []Sometimes{{Name: "a sweep gets the lock", Saw: sweepLocks, OfLock: true}},
}

var duplicateTask = &Scenario{
	Name:  "duplicate-task",
	About: "a sweeper starts, by its stale copy, a system task that has been started",
	Story: []string{
		"A worker's result for t1 is stored; a sweeper reads the workflow, without the lock.",
		"The worker's own decide makes the next task, which the engine starts itself, and what follows it.",
		"The sweeper gets the lock, and makes the task once more. The store leaves it out.",
		"But the engine starts it and writes its row, which puts the second one into the workflow.",
	},
	Issues: []string{"conductor#208", "conductor#53"},
	Cause:  "the sweeper decides on a stale copy, and a started system task is written, whether created or not",
	Judged: []string{"task-unique"},
	Needs:  []string{"UpdateTask"},
	Scope:  Scope{Sweepers: 1, Sweeps: 1},
	Bound:  60,

	Definitions: []model.WorkflowDef{{Name: "fork", Tasks: []model.WorkflowTask{
		worked("t1"),
		{Ref: "fork", Type: model.ForkJoin, ForkTasks: [][]model.WorkflowTask{{worked("a")}}},
		{Ref: "join", Type: model.Join, JoinOn: []string{"a"}},
	}}},
	Start: func(w *world.World) { begun(w, "fork", model.TaskInProgress) },
	Cast: func(c *cast) {
		c.worker("worker-1", w1, "t1")
		c.sweepers(w1)
	},
	Sometimes: []Sometimes{{Name: "a sweep gets the lock", Saw: sweepLocks, OfLock: true}},
}
