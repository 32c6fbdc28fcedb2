package catalogue

import (
	"fermata/model"
	"fermata/sim/world"
)

// Blind writes of a task's row by those who take no lock, and an end that is decided again: of staleReads.

var lateWorkerWrite = &Scenario{
	Name:  "late-worker-write",
	About: "a result comes as its task times out, and is written over TIMED_OUT",
	Story: []string{
		"A worker has had t1 for as long as its response timeout, and reports it completed.",
		"updateTask reads that t1 is IN_PROGRESS, without a lock.",
		"A sweep's decide finds t1 timed out: it writes TIMED_OUT, and schedules t1 once more.",
		"updateTask writes COMPLETED over TIMED_OUT: t1 has succeeded, and is being done again.",
	},
	Issues:    []string{"conductor#1322"},
	Cause:     "updateTask reads, checks and writes without a lock, and nothing guards a task's end in the store",
	Judged:    []string{"first-terminal-task-wins"},
	Needs:     []string{"UpdateTask"},
	Locks:     reentrantLocks,
	Scope:     Scope{Sweepers: 1, Sweeps: 1, Advances: 1},
	Deadlines: world.Deadlines{TaskTimeouts: true},
	ProvedOn:  "proposed-locked-updates",
	Bound:     180,

	Definitions: []model.WorkflowDef{timed("one", 1)},
	Start:       func(w *world.World) { begunTimed(w, "one") },
	Cast: func(c *cast) {
		c.worker("worker-1", w1, "t1")
		c.sweepers(w1)
	},
	Sometimes: []Sometimes{
		{Name: "t1 times out", Saw: taskTimesOut},
		{Name: "a sweep gets the lock", Saw: sweepLocks, OfLock: true},
	},
}

var pollOverwritesResult = &Scenario{
	Name:  "poll-overwrites-result",
	About: "a poll hands out a task that ends meanwhile, and writes IN_PROGRESS over its end",
	Story: []string{
		"A worker has t1, whose message has come back: its acknowledgement was lost, or a repair pushed it.",
		"A poll pops the message and reads that t1 is IN_PROGRESS.",
		"The worker reports t1 completed, which is written, and its workflow decided.",
		"The poll writes IN_PROGRESS over COMPLETED, and hands t1 to a second worker.",
	},
	Issues:   []string{"conductor#176"},
	Cause:    "a poll reads, checks and writes without a lock, and nothing guards a task's end in the store",
	Judged:   []string{"first-terminal-task-wins"},
	Needs:    []string{"UpdateTask", "Poll"},
	Scope:    Scope{Sweepers: 1, Sweeps: 1},
	ProvedOn: "proposed-locked-updates",
	Bound:    60,

	Definitions: []model.WorkflowDef{simple("two", "t1", "t2")},
	Start: func(w *world.World) {
		begun(w, "two", model.TaskInProgress)
		w.PutMessage("t1", "t1", 0, 0)
	},
	Cast: func(c *cast) {
		c.worker("worker-1", w1, "t1")
		c.poller("poller-1", "t1", 1)
		c.sweepers(w1)
	},
	Sometimes: []Sometimes{
		{Name: "t1 is handed out", Saw: handsOut},
		{Name: "t1 ends", Saw: taskEnds},
	},
}

var finalizedAgain = &Scenario{
	Name:  "finalized-again",
	About: "a decide of a workflow that has failed tells the finalized listener again",
	Story: []string{
		"A worker reports t1 failed; a sweep has the workflow's message in hand.",
		"One of the two decides: the workflow has failed, and the listener is told so, and that it is final.",
		"The other gets the lock and reads FAILED. It cancels what is open, which is nothing.",
		"Then it tells the listener once more that the workflow is final.",
	},
	Cause:    "decide(workflow) of an unsuccessful end cancels and finalizes, whether or not anything is open",
	Judged:   []string{"listener-once"},
	Needs:    []string{"UpdateTask"},
	Scope:    Scope{Sweepers: 1, Sweeps: 1},
	ProvedOn: "proposed-finalized-once",
	Bound:    60,

	Definitions: []model.WorkflowDef{simple("one", "t1")},
	Start:       func(w *world.World) { begun(w, "one", model.TaskInProgress) },
	Cast: func(c *cast) {
		c.workerWith("worker-1", w1, "t1", model.TaskFailed)
		c.sweepers(w1)
	},
	Sometimes: []Sometimes{
		{Name: "the workflow fails", Saw: fails},
		{Name: "a sweep gets the lock", Saw: sweepLocks, OfLock: true},
	},
}
