package conductor

import "fermata/sweeper"

// Releases lists the engines of this package, oldest first.
func Releases() []sweeper.Engine {
	return []sweeper.Engine{
		Release3140(), Release3170(), Release3213(), Release32112(), Release32115(), Release32123(), Release3223(),
		Release3312(), ReleaseOrkes(),
	}
}

// releases are the methods of Releases, in its order.
func releases() []struct {
	name    string
	methods Methods
} {
	methods := []Methods{
		Methods3140(), Methods3170(), Methods3213(), Methods32112(), Methods32115(), Methods32123(), Methods3223(),
		Methods3312(), MethodsOrkes(),
	}
	named := make([]struct {
		name    string
		methods Methods
	}, len(methods))
	for i, e := range Releases() {
		named[i].name, named[i].methods = e.Name, methods[i]
	}
	return named
}

// Release3170 is conductor-3.17.0: the sweeper reads before it locks, and completeWorkflow releases
// before the decider message is removed (engine facts 1.2 a2/b, the same in 3.15.0 to 3.21.2).
func Release3170() sweeper.Engine {
	return released("conductor-3.17.0", "looks up, then locks; releases before it leaves the queue", Methods3170())
}

// Methods3170 are the methods of 3.17.0.
func Methods3170() Methods {
	return Methods{
		PollAndSweep:               pollAndSweep3137,
		Sweep:                      sweep3150,
		Unack:                      unack3138,
		VerifyAndRepairTask:        verifyAndRepairTask3113,
		Decide:                     decide3105,
		DecideWithLock:             decideWithLock3150,
		DecideModel:                decideModel3130,
		CompleteWorkflow:           completeWorkflow3107,
		CancelNonTerminalTasks:     cancelNonTerminalTasks352,
		TerminateWorkflow:          terminateWorkflow3100,
		TerminateModel:             terminateModel3136,
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
		Notify:                     notify350,
		CreateAndEvaluate:          createAndEvaluate3130,
		Poll:                       poll3100,
		PollSystemTasks:            pollSystemTasks3120,
		ExecuteSystemTask:          executeSystemTask3150,
		Join:                       join3160,
		EvaluationOffset:           evaluationOffset3137,
		CheckForWorkflowCompletion: checkForWorkflowCompletion3160,
		UpdateParentWorkflowTask:   updateParentWorkflowTask3107,
		UpdateAndPushParents:       updateAndPushParents3107,
		IsAsync:                    isAsync3140,
		StartSubWorkflow:           startSubWorkflow3130,
		ExecuteSubWorkflow:         executeSubWorkflow3130,
		CancelSubWorkflow:          cancelSubWorkflow3130,
		EnsureInDecider:            ensureInDecider3130,
	}
}

// Release3140 is conductor-3.14.0, the last release before the lookup moved out of the lock: repair and decide
// each read for themselves.
func Release3140() sweeper.Engine {
	return released("conductor-3.14.0", "decides by id: locks, then looks up", Methods3140())
}

// Methods3140 are the methods of 3.14.0.
func Methods3140() Methods {
	methods := Methods3170()
	methods.Sweep = sweep3138
	methods.DecideWithLock = nil
	methods.ExecuteSystemTask = executeSystemTask3138
	methods.Join = join3137
	methods.RetryModel = retryModel3130
	methods.CheckForWorkflowCompletion = checkForWorkflowCompletion3105
	return methods
}

// Release3150 is conductor-3.15.0, the first release with the lookup before the lock: 3.17.0 but for JOIN, a
// retry, and when a workflow is complete.
func Release3150() sweeper.Engine {
	methods := Methods3170()
	methods.Join = join3137
	methods.RetryModel = retryModel3130
	methods.CheckForWorkflowCompletion = checkForWorkflowCompletion3105
	return released("conductor-3.15.0", "looks up, then locks; releases before it leaves the queue", methods)
}

// Release3213 is conductor-3.21.3: the fix as merged, with its second read, its release by a non-owner
// on a miss, and one removal still outside the lock (engine facts 0.4 and 1.2 c).
func Release3213() sweeper.Engine {
	return released("conductor-3.21.3", "the merged fix: locks, looks up, reads again to decide", Methods3213())
}

// Methods3213 are the methods of 3.21.3. It has no decideWithLock.
func Methods3213() Methods {
	return Methods{
		PollAndSweep:               pollAndSweep3137,
		Sweep:                      sweep3213,
		Unack:                      unack3138,
		VerifyAndRepairTask:        verifyAndRepairTask3113,
		Decide:                     decide3105,
		DecideModel:                decideModel3130,
		CompleteWorkflow:           completeWorkflow3107,
		CancelNonTerminalTasks:     cancelNonTerminalTasks352,
		TerminateWorkflow:          terminateWorkflow3100,
		TerminateModel:             terminateModel3136,
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
		Notify:                     notify350,
		CreateAndEvaluate:          createAndEvaluate3130,
		Poll:                       poll3180,
		PollSystemTasks:            pollSystemTasks3120,
		ExecuteSystemTask:          executeSystemTask3150,
		Join:                       join3190,
		EvaluationOffset:           evaluationOffset3137,
		CheckForWorkflowCompletion: checkForWorkflowCompletion3160,
		UpdateParentWorkflowTask:   updateParentWorkflowTask3107,
		UpdateAndPushParents:       updateAndPushParents3107,
		IsAsync:                    isAsync3210,
		StartSubWorkflow:           startSubWorkflow3130,
		ExecuteSubWorkflow:         executeSubWorkflow3130,
		CancelSubWorkflow:          cancelSubWorkflow3130,
		EnsureInDecider:            ensureInDecider3130,
	}
}
