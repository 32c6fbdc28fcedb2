package conductor

import "fermata/sweeper"

// Release32112 is conductor-3.21.12: the merged fix with a cap on what a sweep postpones, a JOIN that is
// looked at without a pause for its first 200 polls, and a terminated listener that is told after
// everything else (since 3.21.9). The rest is 3.21.3's text.
func Release32112() sweeper.Engine {
	return released("conductor-3.21.12", "the merged fix, with caps", Methods32112())
}

// Methods32112 are the methods of 3.21.12.
func Methods32112() Methods {
	m := Methods3213()
	m.Unack = unack32112
	m.TerminateModel = terminateModel3219
	m.PollSystemTasks = pollSystemTasks32112
	m.EvaluationOffset = evaluationOffset32112
	return m
}

// Release32114 is conductor-3.21.14: 3.21.12 with a listener whose exceptions are swallowed, and which hears
// of a termination before the tasks are canceled again (both since 3.21.13).
func Release32114() sweeper.Engine {
	return released("conductor-3.21.14", "the merged fix, with caps and a listener that may fail", Methods32114())
}

// Methods32114 are the methods of 3.21.14.
func Methods32114() Methods {
	m := Methods32112()
	m.TerminateModel = terminateModel3136
	m.Notify = notify32113
	return m
}

// Release32115 is conductor-3.21.15, reverted in 3.21.16: a lock is the resource of a scope, updateTask and
// poll hold it too, and completeWorkflow no longer releases. A system task's lock is never released (see
// executeSystemTask32115). The rest is 3.21.14's text.
func Release32115() sweeper.Engine {
	return released("conductor-3.21.15", "locks as scopes, around updates and polls too; reverted", Methods32115())
}

// Methods32115 are the methods of 3.21.15.
func Methods32115() Methods {
	m := Methods32114()
	m.Sweep = sweep32115
	m.Decide = decide32115
	m.CompleteWorkflow = completeWorkflow32115
	m.TerminateWorkflow = terminateWorkflow32115
	m.TerminateModel = terminateModel32115
	m.UpdateTask = updateTask32115
	m.PauseWorkflow = pauseWorkflow32115
	m.RetryWorkflow = retryWorkflow32115
	m.CreateAndEvaluate = createAndEvaluate32115
	m.Poll = poll32115
	m.ExecuteSystemTask = executeSystemTask32115
	return m
}

// Release32123 is conductor-3.21.23: a new sweeper (org.conductoross), which reads before it locks again, decides
// on that copy, and repairs without a lock after it. The stock server of this release did not scan its package
// and so ran no sweeper at all; this is the engine of a deployment that did. Beside the sweeper and the end of
// decide(workflow) it is 3.21.14's text; the old sweeper's unack is gone with it.
func Release32123() sweeper.Engine {
	e := released("conductor-3.21.23", "the regression: looks up, then locks, and decides on the copy",
		Methods32123())
	e.Reconciler = sweeper.ThreadsAtOnce
	return e
}

// Methods32123 are the methods of 3.21.23.
func Methods32123() Methods {
	m := Methods32114()
	m.PollAndSweep = pollAndSweep32123
	m.Sweep = sweep32123
	m.Unack = nil
	m.DecideWithLock = decideWithLock3150
	m.DecideModel = decideModel3220
	m.ComputePostpone = computePostpone3220
	m.Poll = poll3220
	m.WaitOffset = waitOffset32123
	return m
}
