package catalogue

import (
	"fermata/model"
	"fermata/sim"
	"fermata/sim/world"
)

// Messages that are where they should not be, or are not where they should be.

var zombieMessage = &Scenario{
	Name:  "zombie-message",
	About: "a workflow that has ended is put back into the decider queue by who missed its lock",
	Story: []string{
		"The result of the last task is stored; a sweep and the result's own decide want the lock.",
		"One misses the lock that the other holds, and is about to push the workflow back.",
		"The other completes the workflow and takes it out of the decider queue.",
		"The push comes after that and asks for no status: a finished workflow is in the queue, to be swept once more.",
	},
	Issues: []string{"conductor#1259"},
	Cause:  "the push after a missed lock looks at no status, and comes after the removal",
	Judged: []string{"ended-is-dequeued"},
	Needs:  []string{"UpdateTask"},
	Locks:  []string{"redisson", "local", "postgres", "postgres-reentrant", "disabled"},
	Scope:  Scope{Sweepers: 2, Sweeps: 1},
	Queues: []string{"orkes", "sql"}, // on dyno a postponement does the same: unack-resurrects
	Bound:  60,

	Definitions: []model.WorkflowDef{simple("one", "t1")},
	Start:       func(w *world.World) { begun(w, "one", model.TaskInProgress) },
	Cast: func(c *cast) {
		c.worker("worker-1", w1, "t1")
		c.sweepers(w1)
	},
	Sometimes: []Sometimes{
		{Name: "the workflow is completed", Saw: completes},
		{Name: "a result's decide misses the lock", Saw: resultMisses, OfLock: true},
	},
}

// resultMisses is an acquire in vain by the decide of a task's result.
func resultMisses(v *view) bool { return v.t.Op != nil && v.t.Op.Verb == opUpdateTask && v.e.Denied }

var crashBetweenPopAndSweep = &Scenario{
	Name:  "crash-between-pop-and-sweep",
	About: "a server dies with a workflow's message in hand: only the queue itself can give that back",
	Story: []string{
		"A sweeper pops the workflow, and its server dies before the sweep has done anything.",
		"Nobody holds the message; the workflow is RUNNING, and only a sweep can go on with it.",
		"A queue of Orkes keeps the message, hidden for 30 s, and then shows it again.",
		"A queue in SQL or of dyno keeps it as delivered until a thread of its own gives it back.",
		"That thread dies of its first exception, and says nothing: then the workflow is swept no more.",
		"It takes no crash even: a sweep that postpones leaves the message delivered there, too.",
	},
	Issues:     []string{"netflix/conductor#3789", "conductor#326"},
	Cause:      "what was popped comes back only by a thread of the queue, and nobody watches that thread",
	Judged:     []string{"running-is-queued", "progress"},
	Scope:      Scope{Sweepers: 1, Sweeps: 1, Faults: 1},
	Locks:      sharedLocks,
	DeadUnacks: true,
	Queues:     []string{"sql", "dyno", "orkes"},
	ProvedWith: world.Parts{Queue: "orkes"}, // which has no thread to die
	Bound:      120,

	Definitions: []model.WorkflowDef{simple("one", "t1")},
	Start:       func(w *world.World) { begun(w, "one", model.TaskCompleted) },
	Cast:        func(c *cast) { c.sweepers(w1) },
	Sometimes: []Sometimes{
		{Name: "a sweep looks", Saw: sweepReads},
		{Name: "a server dies with the message in hand", Saw: diesWithMessage, When: crashes},
	},
}

// diesWithMessage is the crash of a sweeper while the workflow's message is delivered.
func diesWithMessage(v *view) bool {
	due, queued := v.world.Message(model.DeciderQueue, string(w1))
	return v.t.Choice.Fault == sim.Crash && v.in.cast.sweeps(v.t.Choice.Actor) && queued && due > 0
}

var redeliveryWhileSweeping = &Scenario{
	Name:  "redelivery-while-sweeping",
	About: "a sweep takes longer than the queue waits, and a second server is given the same workflow",
	Story: []string{
		"A sweeper pops the workflow and is slow: the queue gives the message to another server after its own time.",
		"Both sweep the workflow at once; its only task is done, so that each would complete it.",
		"Where the lock is held for longer than the queue waits, the second misses it, or reads what is true by then.",
		"Where locks are disabled, or the second read before it locked, the workflow is completed twice.",
	},
	Issues:    []string{"netflix/conductor#756", "netflix/conductor#1859", "netflix/conductor#1362"},
	Cause:     "nothing ties the lock's lease and the time of a sweep to the time after which the queue redelivers",
	Judged:    []string{"listener-once", "terminal-stays"},
	Locks:     reentrantLocks,
	Scope:     Scope{Sweepers: 2, Sweeps: 1, Advances: 1},
	Deadlines: world.Deadlines{MessageVisibility: true},
	Bound:     120,

	Definitions: []model.WorkflowDef{simple("one", "t1")},
	Start:       func(w *world.World) { begun(w, "one", model.TaskCompleted) },
	Cast:        func(c *cast) { c.unacks(); c.sweepers(w1) },
	Sometimes: []Sometimes{
		{Name: "the workflow is completed", Saw: completes},
		{Name: "two sweep one workflow at once", Saw: sweepsMeet, OfLock: true, When: severalSweepers},
	},
}

func severalSweepers(s Scope) bool { return s.Sweepers > 1 }

var ghostPayload = &Scenario{
	Name:  "ghost-payload",
	About: "a message is removed while it is delivered, and its payload stays: containsMessage is true of nothing",
	Story: []string{
		"An operator pauses the workflow: PAUSED is written, and its message is about to be removed.",
		"Another resumes it: the message is pushed, RUNNING is written, and a sweep of that server pops the message.",
		"The first one's removal comes; dyno takes the message out of its set of deliveries and leaves its payload.",
		"The administrator's repair asks whether there is a message: the payload says yes, and nothing is pushed.",
		"The workflow is RUNNING, in none of the queue's sets, and no repair will ever bring it back.",
	},
	Issues: []string{"netflix/conductor#1845"},
	Cause:  "a removal after the release, and a payload that it leaves, which is what containsMessage looks at",
	Judged: []string{"running-is-queued"},
	Needs:  []string{"Pause", "Resume", "Repair"},
	Scope:  Scope{Advances: 1},
	Queues: []string{"dyno", "orkes", "sql"},
	Repair: true,
	Gone:   []string{"t1"},
	Bound:  120,

	ProvedOn:    "proposed-locked-operators", // whose pause removes before it releases
	Deadlines:   world.Deadlines{MessageVisibility: true},
	Definitions: []model.WorkflowDef{responding(simple("one", "t1"), "t1", 60)},
	Start:       func(w *world.World) { running(w, "one", 0, inHands(w, "t1", 1, 60)) },
	Cast: func(c *cast) {
		c.asks("operator-1", string(w1), opPause, opRepair)
		s := c.server("api-operator-2")
		c.does("operator-2", s, ask(opResume, s, c.world, string(w1)), sweepOnce(s, c.world.Object(string(w1))))
	},
	Sometimes: []Sometimes{
		{Name: "the workflow is resumed", Saw: resumes},
		{Name: "a sweep looks", Saw: sweepReads},
	},
}

var unackResurrects = &Scenario{
	Name:  "unack-resurrects",
	About: "a sweep's postponement brings back the message that the end of the workflow has removed meanwhile",
	Story: []string{
		"A sweep has found nothing to do; dyno's setUnackTimeout finds the message among what is delivered.",
		"A worker's result completes the workflow, which leaves the decider queue.",
		"The sweep's second command adds the message again, with its new time.",
		"When that is over the queue's own thread gives back the message of a workflow that has ended.",
	},
	Issues: []string{"netflix/conductor#1977", "dyno-queues#94"},
	Cause:  "setUnackTimeout looks whether the message is there, and adds it in a second command",
	Judged: []string{"ended-is-dequeued"},
	Needs:  []string{"UpdateTask"},
	Scope:  Scope{Sweepers: 1, Sweeps: 1},
	Queues: []string{"dyno", "orkes", "sql"},
	Bound:  120,

	ProvedOn:    "conductor-3.22.3", // which postpones under the lock alone
	Definitions: []model.WorkflowDef{simple("one", "t1")},
	Start:       func(w *world.World) { begun(w, "one", model.TaskInProgress) },
	Cast: func(c *cast) {
		c.worker("worker-1", w1, "t1")
		c.sweepers(w1)
	},
	Sometimes: []Sometimes{
		{Name: "the workflow is completed", Saw: completes},
		{Name: "a sweep looks", Saw: sweepReads},
	},
}

var poppedPush = &Scenario{
	Name:  "popped-push",
	About: "a result pushes the workflow to the present, and the queue does not give out what it has given out",
	Story: []string{
		"A sweep has postponed the workflow by 601 s, by t1's response timeout: its message counts as delivered.",
		"t1's result is decided, t2 is scheduled, and the result of t2 misses the lock of that decide.",
		"3.31.2 pushes the workflow back; what it pushes is a message that counts as delivered.",
		"In SQL the push moves the message's time and leaves its flag: it is given back a minute later.",
		"dyno's pop leaves what is among the deliveries: there it waits for the 601 s.",
	},
	Issues: []string{"conductor#1259"},
	Cause:  "the push of a delivered message does not end its delivery",
	Judged: []string{"bounded-completion"},
	Needs:  []string{"UpdateTask", "Poll"},
	Bound:  30,

	ProvedOn:    "proposed-delivery",
	Definitions: []model.WorkflowDef{responding(simple("two", "t1", "t2"), "t1", 600)},
	Start:       func(w *world.World) { running(w, "two", 0, inHands(w, "t1", 1, 600)) },
	Cast: func(c *cast) {
		s := c.server("api-worker-1")
		c.does("worker-1", s, sweepOnce(s, c.world.Object(string(w1))),
			updateTask(s, c.world, w1, c.world.Object("t1"), model.TaskCompleted))
		c.pollingWorker("worker-2", w1, "t2")
	},
	Sometimes: []Sometimes{
		{Name: "the workflow is completed", Saw: completes},
		{Name: "t2 is handed out", Saw: handsOut},
	},
}
