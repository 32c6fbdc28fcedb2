package catalogue

import (
	"fermata/model"
	"fermata/sim/world"
)

// No lock at all, one that its holder waits for, and one that nobody gives up: of lockMisuse.

var noLock = &Scenario{
	Name:  "no-lock",
	About: "locks are not enabled, as was the default: whoever decides, decides at once",
	Story: []string{
		"A worker's result for t1 is stored, and its decide reads the workflow; so does a sweep.",
		"t2 is scheduled, polled and completed, and the workflow is written COMPLETED.",
		"The sweep decides on what it read before, and writes RUNNING over COMPLETED.",
		"What it reads and writes under a lock does not matter where every lock is said to be had.",
	},
	Issues:     []string{"netflix/conductor#759", "netflix/conductor#1137"},
	Cause:      "conductor.app.workflow-execution-lock-enabled is false, the default up to 3.21",
	Judged:     []string{"terminal-stays", "running-is-queued"},
	Needs:      []string{"UpdateTask", "Poll"},
	Scope:      Scope{Sweepers: 1, Sweeps: 1},
	Locks:      []string{"disabled", "noop", "redisson"},
	ProvedWith: world.Parts{Lock: "redisson"},
	Bound:      60,

	Definitions: []model.WorkflowDef{simple("two", "t1", "t2")},
	Start:       func(w *world.World) { begun(w, "two", model.TaskInProgress) },
	Cast: func(c *cast) {
		c.worker("worker-1", w1, "t1", "t2")
		c.sweepers(w1)
	},
	Sometimes: []Sometimes{{Name: "the workflow is completed", Saw: completes}},
}

var selfDeadlock = &Scenario{
	Name:  "self-deadlock",
	About: "the lock is not re-entrant, and who holds it waits for itself to end a workflow",
	Story: []string{
		"A worker reports t1 failed; its decide, or a sweep's, takes the lock and finds that the workflow has failed.",
		"terminateWorkflow asks for the lock once more: the row of PostgresLockDAO is there, its own or not.",
		"It waits for a minute, gives up, and ends the workflow without having got the lock.",
		"Its release then deletes the row, while the decide around it goes on.",
	},
	Issues: []string{"conductor#295", "conductor#447", "conductor#402", "conductor#1058"},
	Cause:  "PostgresLockDAO up to 3.29 is not re-entrant, and the engine locks what it has locked",
	Judged: []string{"no-self-wait"},
	Needs:  []string{"UpdateTask"},
	Scope:  Scope{Sweepers: 1, Sweeps: 1},
	Locks:  []string{"postgres", "postgres-reentrant"},
	Bound:  60,

	ProvedWith: world.Parts{Lock: "postgres-reentrant"},

	Definitions: []model.WorkflowDef{simple("one", "t1")},
	Start:       func(w *world.World) { begun(w, "one", model.TaskInProgress) },
	Cast: func(c *cast) {
		c.workerWith("worker-1", w1, "t1", model.TaskFailed)
		c.sweepers(w1)
	},
	Sometimes: []Sometimes{{Name: "the workflow fails", Saw: fails}},
}

var lockKept = &Scenario{
	Name:  "lock-kept",
	About: "a JOIN is looked at under a lock that is never given up",
	Story: []string{
		"A JOIN is due: the engine's own worker pops it, takes the workflow's lock, and executes it.",
		"AsyncSystemTaskExecutor has acquired without a scope: nothing closes the acquisition.",
		"The operation is over, and the workflow stays locked until the lease ends, a minute later.",
		"Meanwhile a worker's result is refused, a sweep does nothing, and an operator is told to come again: 409.",
	},
	Issues: []string{"conductor#530", "conductor#555"},
	Cause:  "AsyncSystemTaskExecutor of 3.21.15 acquires the lock and never releases it",
	Judged: []string{"lock-freed"},
	Needs:  []string{"UpdateTask", "SystemTasks"},
	Scope:  Scope{Sweepers: 1, Sweeps: 1},
	Bound:  180,

	Definitions: []model.WorkflowDef{{Name: "fork", Tasks: []model.WorkflowTask{
		{Ref: "fork", Type: model.ForkJoin, ForkTasks: [][]model.WorkflowTask{{worked("t1")}}},
		{Ref: "join", Type: model.Join, JoinOn: []string{"t1"}},
	}}},
	Start: func(w *world.World) {
		begun(w, "fork", model.TaskInProgress)
		wf, _ := w.Workflow(w1)
		fork := model.Task{ID: "fork", WorkflowID: w1, Ref: "fork", Type: model.Fork, DefName: model.Fork.String(),
			Status: model.TaskCompleted, Seq: 1, Executed: true}
		join := model.Task{ID: "join", WorkflowID: w1, Ref: "join", Type: model.Join, DefName: model.Join.String(),
			Status: model.TaskInProgress, Seq: 3}
		wf.Tasks[0].Seq = 2
		wf.Tasks = []model.Task{fork, wf.Tasks[0], join}
		w.PutWorkflow(wf)
		w.PutMessage(model.Join.String(), "join", 0, 0)
	},
	Cast: func(c *cast) {
		c.worker("worker-1", w1, "t1")
		c.systemWorker("system", w1, model.Join.String(), 1)
		c.sweepers(w1)
	},
	Sometimes: []Sometimes{{Name: "the JOIN is looked at", Saw: systemTaskDelivered}},
}
