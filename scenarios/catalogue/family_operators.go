package catalogue

import (
	"fermata/model"
	"fermata/sim/world"
)

// operators are those of an operator's verbs, which take no lock, beside a sweep or a decide.
func operators() []*Scenario {
	return []*Scenario{
		terminateAgainstDecide, pauseAgainstDecide, repeatedTerminate, terminatedAtOnce,
		retryRemoved, restartRemoved, rerunRemoved,
	}
}

var retryRemoved = &Scenario{
	Name:  "retry-removed",
	About: "a late removal takes out the message that an operator's retry has just pushed",
	Story: []string{
		"A worker's failed t1 ends the workflow: FAILED is written, and its decider entry is yet to be removed.",
		"An operator sees FAILED and retries: a fresh message is pushed, the workflow RUNNING, t1 scheduled again.",
		"The thread that ended the workflow goes on, and removes the decider entry: it is the fresh one.",
		"The workflow is RUNNING and nothing will sweep it.",
	},
	Issues:    []string{"conductor#1274"},
	Cause:     "retry takes no lock, and the removal takes whatever message is there",
	Judged:    []string{"running-is-queued"},
	Needs:     []string{"UpdateTask", "Retry"},
	Scope:     Scope{Sweepers: 1, Sweeps: 1},
	Deadlines: world.Deadlines{MessageVisibility: true},
	ProvedOn:  "proposed-locked-operators",
	Bound:     60,

	Definitions: []model.WorkflowDef{simple("one", "t1")},
	Start:       func(w *world.World) { begun(w, "one", model.TaskInProgress) },
	Cast: func(c *cast) {
		c.workerWith("worker-1", w1, "t1", model.TaskFailed)
		c.asks("operator", string(w1), opRetry)
		c.sweepers(w1)
	},
	Sometimes: []Sometimes{
		{Name: "the workflow fails", Saw: fails},
		{Name: "it runs again", Saw: runsAgain},
	},
}

var restartRemoved = &Scenario{
	Name:  "restart-removed",
	About: "a late removal takes out the message that an operator's restart has just pushed",
	Story: []string{
		"A worker's t1 completes the workflow: COMPLETED is written, and its decider entry is yet to be removed.",
		"An operator restarts it: its rows are removed and created again, with a fresh message.",
		"The thread that ended the workflow goes on, and removes the decider entry: it is the fresh one.",
		"The workflow is RUNNING and nothing will sweep it.",
	},
	Cause:     "restart takes no lock, and the removal takes whatever message is there",
	Judged:    []string{"running-is-queued"},
	Needs:     []string{"UpdateTask", "Restart"},
	Scope:     Scope{Sweepers: 1, Sweeps: 1},
	Deadlines: world.Deadlines{MessageVisibility: true},
	ProvedOn:  "proposed-locked-operators",
	Bound:     60,

	Definitions: []model.WorkflowDef{simple("one", "t1")},
	Start:       func(w *world.World) { begun(w, "one", model.TaskInProgress) },
	Cast: func(c *cast) {
		c.worker("worker-1", w1, "t1")
		c.asks("operator", string(w1), opRestart)
		c.sweepers(w1)
	},
	Sometimes: []Sometimes{
		{Name: "the workflow is completed", Saw: completes},
		{Name: "it runs again", Saw: runsAgain},
	},
}

var rerunRemoved = &Scenario{
	Name:  "rerun-removed",
	About: "a late removal takes out the message that an operator's rerun has just pushed",
	Story: []string{
		"A worker's t1 completes the workflow: COMPLETED is written, and its decider entry is yet to be removed.",
		"An operator reruns it: a fresh message is pushed, its tasks are removed, and it is decided.",
		"The thread that ended the workflow goes on, and removes the decider entry: it is the fresh one.",
		"The workflow is RUNNING and nothing will sweep it.",
	},
	Cause:     "rerun takes no lock, and the removal takes whatever message is there",
	Judged:    []string{"running-is-queued"},
	Needs:     []string{"UpdateTask", "Rerun"},
	Scope:     Scope{Sweepers: 1, Sweeps: 1},
	Deadlines: world.Deadlines{MessageVisibility: true},
	ProvedOn:  "proposed-locked-operators",
	Bound:     60,

	Definitions: []model.WorkflowDef{simple("one", "t1")},
	Start:       func(w *world.World) { begun(w, "one", model.TaskInProgress) },
	Cast: func(c *cast) {
		c.worker("worker-1", w1, "t1")
		c.asks("operator", string(w1), opRerun)
		c.sweepers(w1)
	},
	Sometimes: []Sometimes{
		{Name: "the workflow is completed", Saw: completes},
		{Name: "it runs again", Saw: runsAgain},
	},
}

// runsAgain is an operator's write of RUNNING.
func runsAgain(v *view) bool {
	return v.t.Op != nil && reopens(v.t.Op.Verb) && v.e.StatusAfter == model.Running
}
