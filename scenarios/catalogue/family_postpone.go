package catalogue

import (
	"fermata/model"
	"fermata/sim/world"
)

// Results that nobody decides on, since the workflow's next sweep is postponed.

// responding gives the task of a definition a response timeout.
func responding(def model.WorkflowDef, ref string, timeout model.Seconds) model.WorkflowDef {
	model.TaskByRef(def.Tasks, ref).Def.ResponseTimeoutSeconds = timeout
	return def
}

// inHands is a worker's task of w1 that it has had from the start, with that response timeout.
func inHands(w *world.World, ref string, seq int, timeout model.Seconds) model.Task {
	return model.Task{
		ID: model.TaskID(ref), WorkflowID: w1, Ref: ref, Type: model.Simple, DefName: ref, Status: model.TaskInProgress,
		Seq: seq, ResponseTimeoutSeconds: timeout, StartTime: w.Now(), UpdateTime: w.Now(),
	}
}

// running puts w1 RUNNING with those tasks, and its decider entry due after that time.
func running(w *world.World, def string, due model.Millis, tasks ...model.Task) {
	record := model.WorkflowRecord{ID: w1, Def: def, Status: model.Running}
	w.PutWorkflow(model.Workflow{WorkflowRecord: record, Tasks: tasks})
	w.PutMessage(model.DeciderQueue, string(w1), 0, due)
}

var lostCompletionSignal = &Scenario{
	Name:  "lost-completion-signal",
	About: "a result is stored, its decide misses the lock of another decide, and the next sweep is ten minutes away",
	Story: []string{
		"A worker has t1, whose response timeout is 600 s, so that the workflow's next sweep is 601 s away.",
		"Its result is stored, and its decide takes the lock, schedules t2 and pushes it.",
		"A second worker polls t2 and reports it at once; the result is stored.",
		"The decide that should follow misses the lock that the first still holds; null is what it answers, to nobody.",
		"Every task is done, and the workflow is parked until the sweep of the old response timeout.",
	},
	Issues: []string{"conductor#1273", "conductor#1132", "conductor#1259"},
	Cause:  "a decide that misses the lock is forgotten",
	Judged: []string{"bounded-completion"},
	Needs:  []string{"UpdateTask", "Poll"},
	Scope:  Scope{Sweepers: 1, Sweeps: 1},
	Bound:  60,

	ProvedOn:    "proposed-delivery",
	Definitions: []model.WorkflowDef{responding(simple("two", "t1", "t2"), "t1", 600)},
	Start:       func(w *world.World) { running(w, "two", 601_000, inHands(w, "t1", 1, 600)) },
	Cast: func(c *cast) {
		c.worker("worker-1", w1, "t1")
		c.pollingWorker("worker-2", w1, "t2")
		c.sweepers(w1)
	},
	Sometimes: []Sometimes{
		{Name: "the workflow is completed", Saw: completes},
		{Name: "t2 is handed out", Saw: handsOut},
	},
}

var unackOverwritesExpedite = &Scenario{
	Name:  "unack-overwrites-expedite",
	About: "a sweep postpones by what it read, over the message that a result has just made due",
	Story: []string{
		"A sweep reads that t1, whose response timeout is 600 s, is IN_PROGRESS, and has nothing to do.",
		"The worker's result for t1 is stored; its decide misses the lock that the sweep holds.",
		"3.31.2 pushes the workflow back then, due in a quarter of a second; before, nothing is left of it.",
		"The sweep postpones the workflow by 601 s: it overwrites the push, since it knows only what it read.",
	},
	Issues: []string{"conductor#1273", "conductor#1259", "conductor#1132"},
	Cause:  "the postponement is computed from what was read before, and is written over whatever came since",
	Judged: []string{"bounded-completion"},
	Needs:  []string{"UpdateTask"},
	Scope:  Scope{Sweepers: 2, Sweeps: 1},
	Bound:  60,

	ProvedOn:    "proposed-delivery",
	Definitions: []model.WorkflowDef{responding(simple("one", "t1"), "t1", 600)},
	Start:       func(w *world.World) { running(w, "one", 0, inHands(w, "t1", 1, 600)) },
	Cast: func(c *cast) {
		c.worker("worker-1", w1, "t1")
		c.sweepers(w1)
	},
	Sometimes: []Sometimes{
		{Name: "the workflow is completed", Saw: completes},
		{Name: "a sweep gets the lock", Saw: sweepLocks, OfLock: true},
	},
}

var wrongPostpone = &Scenario{
	Name:  "wrong-postpone",
	About: "a sweep is postponed by the first open task alone, past what the second one needs",
	Story: []string{
		"Two branches of a fork are with their workers: a may take half an hour, b a minute, and b's worker is gone.",
		"A sweep postpones the workflow by the response timeout of the first open task, which is a.",
		"After a minute b is overdue, and nobody looks: its result would have asked for a decide, and none comes.",
		"It is found half an hour late.",
	},
	Issues: []string{"conductor#244", "conductor#245", "conductor#707"},
	Cause:  "the first open task decides alone when the workflow is swept next",
	Judged: []string{"bounded-completion"},
	Scope:  Scope{Sweepers: 2, Sweeps: 1},
	Gone:   []string{"b"},
	Bound:  120,

	ProvedOn:    "proposed-delivery",
	Definitions: []model.WorkflowDef{halfHourAndMinute()},
	Start: func(w *world.World) {
		running(w, "joined", 0, forkRow(), inHands(w, "a", 2, halfHour), inHands(w, "b", 3, 60), joinRow(4))
		w.PutMessage("JOIN", "join", 0, 0)
	},
	Cast:      func(c *cast) { c.sweepers(w1) },
	Sometimes: []Sometimes{{Name: "a sweep looks", Saw: sweepReads}},
}

const halfHour model.Seconds = 1800

// halfHourAndMinute forks into a, which may take half an hour, and b, which may take a minute.
func halfHourAndMinute() model.WorkflowDef {
	return responding(responding(joined("a", "b"), "a", halfHour), "b", 60)
}

var postponeBeforePoll = &Scenario{
	Name:  "postpone-before-poll",
	About: "a sweep that finds the task SCHEDULED postpones by the workflow's timeout, and its worker then dies",
	Story: []string{
		"t1 waits for a worker, and the workflow may take an hour and a half.",
		"A sweep finds t1 SCHEDULED, without a poll timeout, and postpones the workflow by its own timeout.",
		"A worker polls t1 and dies; t1's response timeout is a minute.",
		"Nothing brings the sweep forward; since 3.30.0 the poll does, and a sweep that read before writes over it.",
		"That t1 is overdue is found an hour and a half later, or an hour where postponements are capped.",
	},
	Issues: []string{"conductor#209", "conductor#245"},
	Cause:  "a sweep is postponed for a task that waits, and what the poll changes does not count, or is written over",
	Judged: []string{"bounded-completion"},
	Needs:  []string{"Poll"},
	Scope:  Scope{Sweepers: 2, Sweeps: 1},
	Gone:   []string{"t1"},
	Bound:  120,

	ProvedOn:    "proposed-delivery",
	Definitions: []model.WorkflowDef{withTimeout(responding(simple("one", "t1"), "t1", 60), 5400)},
	Start: func(w *world.World) {
		task := inHands(w, "t1", 1, 60)
		task.Status, task.StartTime = model.TaskScheduled, 0
		running(w, "one", 0, task)
		w.PutMessage("t1", "t1", 0, 0)
	},
	Cast: func(c *cast) {
		c.poller("poller-1", "t1", 1)
		c.sweepers(w1)
	},
	Sometimes: []Sometimes{
		{Name: "t1 is handed out", Saw: handsOut},
		{Name: "a sweep looks", Saw: sweepReads},
	},
}

// withTimeout is the definition with a timeout of the workflow that is only told of.
func withTimeout(def model.WorkflowDef, timeout model.Seconds) model.WorkflowDef {
	def.TimeoutSeconds, def.TimeoutPolicy = timeout, model.PolicyAlertOnly
	return def
}
