package catalogue

import (
	"fermata/model"
	"fermata/sim/world"
)

// What an operator asks for while the workflow is being decided: of operators.

var terminateAgainstDecide = &Scenario{
	Name:  "terminate-against-decide",
	About: "terminate reads without the lock, and goes on without it",
	Story: []string{
		"An operator terminates the workflow: terminateWorkflow reads it, RUNNING, without the lock.",
		"Meanwhile a decide that has the lock completes it, or is about to schedule its next task.",
		"terminateWorkflow gets the lock then, or not, a minute later, and goes on either way with what it has read.",
		"TERMINATED is written over COMPLETED; or the decide, still at it, writes RUNNING over TERMINATED.",
	},
	Cause:    "terminateWorkflow reads before it locks, does not read again, and ignores that it missed the lock",
	Judged:   []string{"first-terminal-wins", "terminal-stays"},
	Needs:    []string{"UpdateTask", "Poll", "Terminate"},
	Scope:    Scope{},
	ProvedOn: "proposed-locked-operators",
	Bound:    60,

	Definitions: []model.WorkflowDef{simple("two", "t1", "t2")},
	Start:       func(w *world.World) { begun(w, "two", model.TaskInProgress) },
	Cast: func(c *cast) {
		c.worker("worker-1", w1, "t1", "t2")
		c.asks("operator", string(w1), opTerminate)
		c.sweepers(w1)
	},
	Sometimes: []Sometimes{
		{Name: "the workflow is completed", Saw: completes},
		{Name: "the workflow is terminated", Saw: terminates},
		{Name: "terminate misses the lock", Saw: terminateMisses, OfLock: true},
	},
}

var pauseAgainstDecide = &Scenario{
	Name:  "pause-against-decide",
	About: "pause goes on without the lock, and leaves the queue after it",
	Story: []string{
		"A worker's result is being decided, when an operator pauses the workflow, and another resumes it.",
		"pauseWorkflow waits for the lock, a minute at most, and goes on without it: it reads RUNNING.",
		"The decide writes COMPLETED, and pauseWorkflow writes PAUSED over it.",
		"Or all goes well, and pauseWorkflow, when its lock is free, takes the workflow out of the decider queue:",
		"the entry is one that resumeWorkflow has pushed. The workflow is RUNNING, and nothing will sweep it.",
	},
	Cause:    "pauseWorkflow ignores that it missed the lock, and removes the decider entry after the release",
	Judged:   []string{"terminal-stays", "running-is-queued"},
	Needs:    []string{"UpdateTask", "Pause", "Resume"},
	Scope:    Scope{},
	ProvedOn: "proposed-locked-operators",
	Bound:    60,

	Definitions: []model.WorkflowDef{simple("one", "t1")},
	Start:       func(w *world.World) { begun(w, "one", model.TaskInProgress) },
	Cast: func(c *cast) {
		c.worker("worker-1", w1, "t1")
		c.asks("operator-1", string(w1), opPause)
		c.asks("operator-2", string(w1), opResume)
		c.sweepers(w1)
	},
	Sometimes: []Sometimes{
		{Name: "the workflow is paused", Saw: pauses},
		{Name: "the workflow is resumed", Saw: resumes},
		{Name: "pause misses the lock", Saw: pauseMisses, OfLock: true},
	},
}

var repeatedTerminate = &Scenario{
	Name:  "repeated-terminate",
	About: "a workflow that is TERMINATED is terminated again, and tells of it again",
	Story: []string{
		"An operator terminates a workflow, and asks for it once more: the answer was slow, or a script repeats it.",
		"terminateWorkflow refuses what has COMPLETED alone: it terminates the TERMINATED workflow.",
		"The listener is told of the end a second time, though nothing has ended.",
	},
	Issues: []string{"conductor#766", "netflix/conductor#1425"},
	Cause:  "terminateWorkflow does not ask whether the workflow is TERMINATED already",
	Judged: []string{"listener-once"},
	Needs:  []string{"Terminate"},
	Scope:  Scope{},
	Bound:  60,

	Definitions: []model.WorkflowDef{simple("one", "t1")},
	Start:       func(w *world.World) { begun(w, "one", model.TaskInProgress) },
	Cast: func(c *cast) {
		c.asks("operator", string(w1), opTerminate, opTerminate)
		c.sweepers(w1)
	},
	Sometimes: []Sometimes{{Name: "the workflow is terminated", Saw: terminates}},
}

var terminatedAtOnce = &Scenario{
	Name:  "terminated-at-once",
	About: "two terminate a workflow at the same time, and its end is told twice",
	Story: []string{
		"Two operators terminate one workflow at the same time: each reads it, without the lock.",
		"One gets the lock, writes TERMINATED, and tells the listener.",
		"The other gets the lock then, does not read again, and terminates what it has read.",
		"The guard against a repeated call, since 3.22.0, looks at what was read without the lock, and lets it pass.",
	},
	Issues:   []string{"conductor#766"},
	Cause:    "terminateWorkflow asks whether the workflow has ended before it has the lock, and never again",
	Judged:   []string{"listener-once"},
	Needs:    []string{"Terminate"},
	Scope:    Scope{},
	ProvedOn: "proposed-locked-operators",
	Bound:    60,

	Definitions: []model.WorkflowDef{simple("one", "t1")},
	Start:       func(w *world.World) { begun(w, "one", model.TaskInProgress) },
	Cast: func(c *cast) {
		c.asks("operator-1", string(w1), opTerminate)
		c.asks("operator-2", string(w1), opTerminate)
		c.sweepers(w1)
	},
	Sometimes: []Sometimes{{Name: "the workflow is terminated", Saw: terminates}},
}
