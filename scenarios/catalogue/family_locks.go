package catalogue

import (
	"fermata/model"
	"fermata/sim/world"
)

// lockMisuse are those of locks misused.
func lockMisuse() []*Scenario {
	return []*Scenario{noLock, earlyRelease, lockTakenAway, leaseExpiry, selfDeadlock, lockKept}
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
		c.mayBeHit()
		c.audit("audit", w1, 1)
		c.sweepers(w1)
	},
	Sometimes: []Sometimes{
		{Name: "the workflow is completed", Saw: completes},
		{Name: "the audit sees it finished", Saw: auditSeesTerminal},
		{Name: "a sweep gets the lock", Saw: sweepLocks, OfLock: true},
	},
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
		c.mayBeHit()
		c.sweepers(w1)
	},
	Sometimes: []Sometimes{
		{Name: "the workflow is completed", Saw: completes},
		{Name: "a sweep gets the lock", Saw: sweepLocks, OfLock: true},
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
