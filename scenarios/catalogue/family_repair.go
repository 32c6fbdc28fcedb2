package catalogue

import (
	"fermata/model"
	"fermata/sim/world"
	"fermata/sweeper"
)

// repairs are those of repair and the tasks' queues.
func repairs() []*Scenario {
	return []*Scenario{tornRepair, repairInScheduleGap, systemTaskRepaired, postponeGap, halfCreatedTask}
}

var tornRepair = &Scenario{
	Name:  "torn-repair",
	About: "repair looks at the task, then at its queue, then pushes: a poll slips between",
	Story: []string{
		"The repair service reads that t1 is SCHEDULED.",
		"A worker polls t1: the message is delivered and acknowledged, the task is IN_PROGRESS.",
		"The repair service finds no message for t1 in its queue and pushes one.",
		"A second worker is handed the task that the first is working on.",
	},
	Issues: []string{"netflix/conductor#3618", "conductor#202", "conductor#630", "conductor#1321"},
	Cause:  "verify-and-repair is a chain of separate steps",
	Judged: []string{"task-once"},
	Needs:  []string{"Poll"},
	Scope:  Scope{Sweepers: 2, Sweeps: 1},
	Repair: true,
	Bound:  60,

	Definitions: []model.WorkflowDef{simple("one", "t1")},
	Start: func(w *world.World) {
		begun(w, "one", model.TaskScheduled)
		w.PutMessage("t1", "t1", 0, 0)
	},
	Cast: func(c *cast) {
		c.poller("poller-1", "t1", 1)
		c.poller("poller-2", "t1", 1)
		c.sweepers(w1)
	},
	Sometimes: []Sometimes{
		{Name: "t1 is handed out", Saw: handsOut},
		{Name: "a sweep gets the lock", Saw: sweepLocks, OfLock: true},
	},
}

var repairInScheduleGap = &Scenario{
	Name:  "repair-in-schedule-gap",
	About: "repair runs between the creation of a task and the push of its message",
	Story: []string{
		"t1 is completed; deciding creates t2, SCHEDULED, and has not pushed its message yet.",
		"A sweeper's repair finds t2 SCHEDULED and without a message, and pushes one.",
		"A worker polls t2; then deciding pushes the message that it was about to push.",
		"A second worker is handed t2.",
	},
	Issues: []string{"conductor#202", "netflix/conductor#3836"},
	Cause:  "repair takes no lock against scheduling, and polls take none against repair",
	Judged: []string{"task-once"},
	Needs:  []string{"UpdateTask", "Poll"},
	Scope:  Scope{Sweepers: 2, Sweeps: 1},
	Repair: true,
	Bound:  60,

	Deadlines:   world.Deadlines{MessageVisibility: true},
	Definitions: []model.WorkflowDef{simple("two", "t1", "t2")},
	Start:       func(w *world.World) { begun(w, "two", model.TaskInProgress) },
	Cast: func(c *cast) {
		c.worker("worker-1", w1, "t1")
		c.mayBeHit()
		c.poller("poller-1", "t2", 1)
		c.poller("poller-2", "t2", 1)
		c.poller("poller-3", "t2", 1)
		c.sweepers(w1)
	},
	Sometimes: []Sometimes{
		{Name: "t2 is handed out", Saw: handsOut},
		{Name: "a sweep gets the lock", Saw: sweepLocks, OfLock: true},
	},
}

var systemTaskRepaired = &Scenario{
	Name:  "system-task-repaired",
	About: "a task that the engine is executing has no message, so that repair pushes it and it is executed twice",
	Story: []string{
		"A worker of the engine's own pops the JOIN and acknowledges its message before it executes it.",
		"Until the result is written, the JOIN's row is open, and its queue has no message of it.",
		"A sweep's repair finds just that, and pushes the JOIN again.",
		"A second worker pops it and executes it while the first is at it: an HTTP task would call twice.",
	},
	Issues: []string{"conductor#1321", "conductor#630", "conductor#202", "netflix/conductor#3836"},
	Cause:  "the message is acknowledged before the task is executed, and a repair takes that for a lost message",
	Judged: []string{"task-once"},
	Needs:  []string{"SystemTasks"},
	Scope:  Scope{Sweepers: 1, Sweeps: 1},
	Repair: true,
	Bound:  60,

	ProvedOn:    "proposed-delivery",
	Definitions: []model.WorkflowDef{joined("a", "b")},
	Start: func(w *world.World) {
		a, b := inHands(w, "a", 2, 0), inHands(w, "b", 3, 0)
		a.Status, a.Executed, b.Status, b.Executed = model.TaskCompleted, true, model.TaskCompleted, true
		running(w, "joined", 0, forkRow(), a, b, joinRow(4))
		w.PutMessage("JOIN", "join", 0, 0)
	},
	Cast: func(c *cast) {
		c.systemWorker("executor-1", w1, "JOIN", 1)
		c.systemWorker("executor-2", w1, "JOIN", 1)
		c.sweepers(w1)
	},
	Sometimes: []Sometimes{
		{Name: "the workflow is completed", Saw: completes},
		{Name: "a sweep looks", Saw: sweepReads},
	},
}

var postponeGap = &Scenario{
	Name:  "postpone-gap",
	About: "a message is postponed by a removal and a push, and between the two a repair finds it lost",
	Story: []string{
		"A worker of the engine's own has executed a JOIN that still waits for a branch, and postpones its message.",
		"In SQL that is a removal and a push; between the two the message is nowhere. (On dyno its payload stays.)",
		"A sweep's repair finds the JOIN open and without a message, and pushes it.",
		"A second worker pops it before the first has written what it found: the JOIN is executed by both at once.",
		"Before 3.32.0 the message is nowhere from the acknowledgement on, on every queue: system-task-repaired.",
	},
	Issues: []string{"conductor#1321", "conductor#630"},
	Cause:  "postpone, where a queue has none of its own, is a removal and a push",
	Judged: []string{"task-once"},
	Needs:  []string{"SystemTasks"},
	Scope:  Scope{Sweepers: 1, Sweeps: 1},
	Repair: true,
	Bound:  60,

	ProvedOn:    "proposed-delivery",
	Definitions: []model.WorkflowDef{joined("a", "b")},
	Start: func(w *world.World) {
		running(w, "joined", 0, forkRow(), inHands(w, "a", 2, 0), inHands(w, "b", 3, 0), joinRow(4))
		w.PutMessage("JOIN", "join", 0, 0)
	},
	Cast: func(c *cast) {
		c.systemWorker("executor-1", w1, "JOIN", 1)
		c.systemWorker("executor-2", w1, "JOIN", 1)
		c.sweepers(w1)
	},
	Sometimes: []Sometimes{
		{Name: "the JOIN is postponed", Saw: postponesTask},
		{Name: "a sweep looks", Saw: sweepReads},
	},
}

// postponesTask is a postponement by one of the engine's own workers.
func postponesTask(v *view) bool {
	t := v.t
	return t.Step != nil && t.Op != nil && t.Op.Verb == opSystemTasks && callOf(t.Step) == sweeper.QueuePostpone
}

// joined is a FORK of SIMPLE tasks, one a branch, and their JOIN.
func joined(refs ...string) model.WorkflowDef {
	fork := model.WorkflowTask{Ref: "fork", Type: model.ForkJoin}
	for _, ref := range refs {
		fork.ForkTasks = append(fork.ForkTasks, simple("", ref).Tasks)
	}
	return model.WorkflowDef{Name: "joined", Tasks: []model.WorkflowTask{
		fork, {Ref: "join", Type: model.Join, JoinOn: refs},
	}}
}

// forkRow and joinRow are the rows of a fork that has been decided, and of a JOIN that waits.
func forkRow() model.Task {
	return model.Task{
		ID: "fork", WorkflowID: w1, Ref: "fork", Type: model.Fork, DefName: "FORK", Status: model.TaskCompleted,
		Seq: 1, Executed: true,
	}
}

func joinRow(seq int) model.Task {
	return model.Task{
		ID: "join", WorkflowID: w1, Ref: "join", Type: model.Join, DefName: "JOIN", Status: model.TaskInProgress,
		Seq: seq,
	}
}

var halfCreatedTask = &Scenario{
	Name:  "half-created-task",
	About: "a server dies inside createTasks: the task is taken for scheduled for ever, and there is none",
	Story: []string{
		"t1 is done. A sweep creates t2: the reference is entered into the hash of scheduled tasks.",
		"Its server dies before the row of t2 is written.",
		"The next sweep creates t2 anew, and is told that it is scheduled already: it writes no row.",
		"It pushes a message of a task that is nowhere, and marks t1 as executed: nothing will schedule t2 again.",
	},
	Issues:     []string{"conductor#1021"},
	Cause:      "createTasks of the Redis store is several commands, and the first of them says that all is done",
	Judged:     []string{"progress"},
	Scope:      Scope{Sweepers: 1, Sweeps: 1, Faults: 1},
	Locks:      sharedLocks,
	Stores:     []string{"redis", "record", "sql"},
	ProvedWith: world.Parts{Store: "record"},
	Repair:     true,
	Bound:      120,

	Definitions: []model.WorkflowDef{simple("two", "t1", "t2")},
	Start:       func(w *world.World) { begun(w, "two", model.TaskCompleted) },
	Cast:        func(c *cast) { c.sweepers(w1) },
	Sometimes: []Sometimes{
		{Name: "a sweep looks", Saw: sweepReads},
		{Name: "a sweeper dies with the lock", Saw: diesLocked, OfLock: true, When: crashes},
	},
}
