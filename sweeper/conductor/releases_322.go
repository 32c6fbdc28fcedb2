package conductor

import "fermata/sweeper"

// Release3223 is conductor-3.22.3: org.conductoross' sweeper, which locks, looks up, decides by id and repairs
// last, all under the lock; a decide that postpones the next sweep itself; an end by force that leaves the
// decider queue before it is written (engine facts 1.2 d).
func Release3223() sweeper.Engine {
	return inTurn(released("conductor-3.22.3", "the new sweeper: locks, looks up, decides by id, repairs",
		Methods3223()))
}

// Methods3223 are the methods of 3.22.3. Its sweeper has no unack, and does not ask for decideWithLock.
func Methods3223() Methods {
	return Methods{
		PollAndSweep:               pollAndSweep3223,
		Sweep:                      sweep3223,
		VerifyAndRepairTask:        verifyAndRepairTask3113,
		Decide:                     decide3105,
		DecideWithLock:             decideWithLock3150,
		DecideModel:                decideModel3221,
		ComputePostpone:            computePostpone3223,
		CompleteWorkflow:           completeWorkflow3107,
		CancelNonTerminalTasks:     cancelNonTerminalTasks352,
		TerminateWorkflow:          terminateWorkflow3220,
		TerminateModel:             terminateModel3220,
		UpdateTask:                 updateTask3138,
		PauseWorkflow:              pauseWorkflow3100,
		ResumeWorkflow:             resumeWorkflow3105,
		RetryWorkflow:              retryWorkflow3130,
		RetryModel:                 retryModel3160,
		TaskToBeRescheduled:        taskToBeRescheduled3130,
		RerunWorkflow:              rerunWorkflow3120,
		RestartWorkflow:            restartWorkflow3100,
		SkipTask:                   skipTask3100,
		ResetCallbacks:             resetCallbacks3100,
		RemoveWorkflow:             removeWorkflow3100,
		RequeueSweep:               requeueSweep3100,
		Notify:                     notify32113,
		CreateAndEvaluate:          createAndEvaluate3130,
		Poll:                       poll3220,
		PollSystemTasks:            pollSystemTasks32112,
		ExecuteSystemTask:          executeSystemTask3150,
		Join:                       join3190,
		EvaluationOffset:           evaluationOffset32112,
		CheckForWorkflowCompletion: checkForWorkflowCompletion3160,
		UpdateParentWorkflowTask:   updateParentWorkflowTask3107,
		UpdateAndPushParents:       updateAndPushParents3107,
		IsAsync:                    isAsync3210,
		StartSubWorkflow:           startSubWorkflow3130,
		ExecuteSubWorkflow:         executeSubWorkflow3130,
		CancelSubWorkflow:          cancelSubWorkflow3130,
		WaitOffset:                 waitOffset32123,
		EnsureInDecider:            ensureInDecider3130,
	}
}

// Release3220 is conductor-3.22.0, which the registry has: 3.22.3 but for a decide that calls itself and
// postpones by its first active task alone, and a sweep that gives up where its decide misses the lock. The
// batch of its poll is swept in parallel there; that is not modelled, and one of two has the text of 3.22.3.
func Release3220() sweeper.Engine {
	methods := Methods3223()
	methods.Sweep = sweep3220
	methods.DecideModel = decideModel3220
	methods.ComputePostpone = computePostpone3220
	return inTurn(released("conductor-3.22.0", "the new sweeper, as it was first released", methods))
}

// inTurn is an engine whose sweeper threads each pop for themselves and sweep one workflow after the other.
func inTurn(e sweeper.Engine) sweeper.Engine {
	e.Reconciler = sweeper.ThreadsInTurn
	return e
}
