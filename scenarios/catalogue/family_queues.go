package catalogue

import (
	"fermata/model"
	"fermata/sim/world"
)

// lostWakeUps are those of lost wake-ups and the decider queue.
func lostWakeUps() []*Scenario {
	return []*Scenario{
		missedCompletion, lostCompletionSignal, unackOverwritesExpedite, wrongPostpone, postponeBeforePoll,
		zombieMessage, crashBetweenPopAndSweep, redeliveryWhileSweeping, ghostPayload, unackResurrects, poppedPush,
	}
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
