package catalogue

import (
	"fermata/model"
	"fermata/sim"
	"fermata/sim/world"
	"fermata/sweeper"
)

// w1 is the workflow of the scenarios with one.
const w1 = model.WorkflowID("w1")

// simple is a definition of SIMPLE tasks in sequence; each queues under its own reference.
func simple(name string, refs ...string) model.WorkflowDef {
	def := model.WorkflowDef{Name: name}
	for _, ref := range refs {
		def.Tasks = append(def.Tasks, model.WorkflowTask{Ref: ref, Type: model.Simple, Def: model.TaskDef{Name: ref}})
	}
	return def
}

// begun puts a running workflow with its first task into the world, and its decider entry, due now.
func begun(w *world.World, def string, status model.TaskStatus) { begunAs(w, w1, def, "t1", status) }

// begunAs is begun for a workflow of any name, whose first task has its reference for an id.
func begunAs(w *world.World, id model.WorkflowID, def, first string, status model.TaskStatus) {
	w.PutWorkflow(model.Workflow{
		WorkflowRecord: model.WorkflowRecord{ID: id, Def: def, Status: model.Running},
		Tasks: []model.Task{{
			ID: model.TaskID(first), WorkflowID: id, Ref: first, Type: model.Simple, DefName: first, Status: status,
			Seq: 1,
		}},
	})
	w.PutMessage(model.DeciderQueue, string(id), 0, 0)
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

var leaseExpiry = &Scenario{
	Name:  "lease-expiry",
	About: "a lease ends while its owner is still deciding, and the owner does not notice",
	Story: []string{
		"A worker's result for t1 is stored; a sweeper takes the lock and reads the workflow.",
		"It stalls for longer than the lease, a minute: a slow store, a long pause of the process.",
		"The worker's own decides get the lock meanwhile: t2 is scheduled, polled and completed, the workflow too.",
		"The sweeper goes on where it was, and writes RUNNING over COMPLETED: nobody told it that its lock is gone.",
	},
	Issues:    []string{"conductor#799", "conductor#613", "netflix/conductor#1137"},
	Cause:     "nothing tells the store that a write comes from an owner whose lease is over",
	Judged:    []string{"terminal-stays", "running-is-queued"},
	Needs:     []string{"UpdateTask", "Poll"},
	Scope:     Scope{Sweepers: 1, Sweeps: 1, Advances: 2},
	Deadlines: world.Deadlines{MessageVisibility: true, DeadOwnerLease: true, LivingOwnerLease: true},
	Tasks:     2,
	MayFault:  true,
	ProvedOn:  "proposed-fenced",
	Bound:     120,

	Definitions: []model.WorkflowDef{simple("two", "t1", "t2")},
	Start:       func(w *world.World) { begun(w, "two", model.TaskInProgress) },
	Cast: func(c *cast) {
		c.workers()
		c.sweepers(w1)
	},
	Sometimes: []Sometimes{
		{Name: "the workflow is completed", Saw: completes},
		{Name: "a living owner's lease ends", Saw: leaseEnds, OfLock: true},
	},
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

var earlyRelease = &Scenario{
	Name:  "early-release",
	About: "the lock is released before the workflow leaves the decider queue",
	Story: []string{
		"A worker's result completes the workflow; completeWorkflow writes COMPLETED and releases the lock.",
		"An audit takes the lock and finds a finished workflow that is still queued.",
		"Only then is the workflow taken out of the decider queue.",
	},
	Issues: []string{"conductor#213"},
	Cause:  "completeWorkflow releases the lock before the decider entry is removed",
	Judged: []string{"terminal-is-not-queued", "status-and-entry"},
	Needs:  []string{"UpdateTask"},
	Scope:  Scope{Sweepers: 2, Sweeps: 1, Advances: 1},
	Bound:  60,

	Deadlines: world.Deadlines{MessageVisibility: true},

	Definitions: []model.WorkflowDef{simple("one", "t1")},
	Start:       func(w *world.World) { begun(w, "one", model.TaskInProgress) },
	Cast: func(c *cast) {
		c.worker("worker-1", w1, "t1")
		c.audit("audit", w1, 1)
		c.sweepers(w1)
	},
	Sometimes: []Sometimes{
		{Name: "the workflow is completed", Saw: completes},
		{Name: "the audit sees it finished", Saw: auditSeesTerminal},
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

var missedCompletion = &Scenario{
	Name:  "missed-completion",
	About: "a result was stored, and its decide missed the lock: only a sweep can go on",
	Story: []string{
		"A worker's result for t1 was stored, and the decide that should follow missed the lock.",
		"Nobody but a sweeper looks at the workflow again.",
		"The sweep must decide it: every task is done, so that it completes the workflow.",
		"A sweeper that cannot leaves it RUNNING for ever.",
	},
	Issues: []string{"conductor#1132", "conductor#402", "conductor#1058"},
	Cause:  "the sweep does not decide: its decide misses the lock that the sweep itself holds, or never comes",
	Judged: []string{"progress", "bounded-completion"},
	Scope:  Scope{Sweepers: 2, Sweeps: 1},
	Bound:  120,

	Definitions: []model.WorkflowDef{simple("one", "t1")},
	Start:       func(w *world.World) { begun(w, "one", model.TaskCompleted) },
	Cast:        func(c *cast) { c.sweepers(w1) },
	Sometimes:   []Sometimes{{Name: "a sweep looks", Saw: sweepReads}},
}

var lockTakenAway = &Scenario{
	Name:  "lock-taken-away",
	About: "the lock is freed while its holder is still deciding, and another gets it",
	Story: []string{
		"A worker's result for t1 is stored; a sweep and the worker's own decide want the lock.",
		"One of them gets it, and is in the middle of deciding.",
		"The lock is deleted or released under it, though it has not given it up.",
		"The other gets the lock too, and two decide the workflow at once.",
	},
	Issues: []string{"netflix/conductor#2368", "conductor#1058"},
	Cause:  "completeWorkflow deletes the lock that its caller still holds, or a loser releases the winner's",
	Judged: []string{"mutual-exclusion"},
	Needs:  []string{"UpdateTask"},
	Scope:  Scope{Sweepers: 2, Sweeps: 1, Advances: 1},
	Bound:  60,

	Deadlines:   world.Deadlines{MessageVisibility: true},
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

func sweepReads(v *view) bool { return sweeps(v.t) && callOf(v.t.Step) == sweeper.QueuePop }

func sweeps(t *sim.Transition) bool { return t.Op != nil && t.Op.Verb == opSweep }

func completes(v *view) bool {
	return v.e.StatusAfter == model.Completed && v.e.StatusBefore != model.Completed
}

func sweepLocks(v *view) bool {
	return sweeps(v.t) && v.t.Step.Verb == sim.Verb(sweeper.LockAcquire) && v.e.Acquired
}

func handsOut(v *view) bool {
	return v.t.Last && v.t.Op != nil && v.t.Op.Verb == opPoll && v.t.Result.Object != 0
}

func auditSeesTerminal(v *view) bool {
	t := v.t
	return t.Last && t.Op != nil && t.Op.Verb == opInspect && model.WorkflowStatus(t.Result.N).Terminal()
}

// sweepsMeet is a sweep that misses the lock which another sweep holds.
func sweepsMeet(v *view) bool {
	return sweeps(v.t) && v.e.Denied && v.in.cast.sweeps(v.e.Holder)
}

// diesLocked is the crash of a sweeper that holds a lock.
func diesLocked(v *view) bool {
	return v.t.Choice.Fault == sim.Crash && v.holdsAny(v.t.Choice.Actor)
}

// leaseEnds is an advance of the clock that ends a living owner's lease, deadLeaseEnds one that ends a dead one's.
func leaseEnds(v *view) bool { return v.t.Actor == sim.Clock && v.e.LivingExpired }

func deadLeaseEnds(v *view) bool { return v.t.Actor == sim.Clock && v.e.DeadExpired }

func severalTasks(s Scope) bool { return s.Tasks != 1 }

func racesAtOnce(s Scope) bool { return s.Sweepers > 1 && s.Redelivered }

func crashes(s Scope) bool { return s.may(Crashes) }

// deadLeaseMayEnd: two advances lead from the pop to the end of a lease of a minute, past the message's 30 seconds.
func deadLeaseMayEnd(s Scope) bool {
	return crashes(s) && s.Deadlines&DeadLease != 0 && s.Advances > 1
}
