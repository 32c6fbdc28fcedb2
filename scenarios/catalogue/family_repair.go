package catalogue

import (
	"fermata/model"
	"fermata/sim/world"
)

// repairs are those of repair and the tasks' queues.
func repairs() []*Scenario { return []*Scenario{tornRepair, repairInScheduleGap} }

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
