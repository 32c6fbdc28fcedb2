package conductor

import "fermata/sweeper"

// Release3312 is conductor-3.31.2: 3.22.3's sweeper, with a decide that pushes a workflow back whose lock it
// missed (3.31.2), a retry and a rerun that push it when its tasks are written (3.31.2), and polls that bring the
// next sweep forward (3.30.0).
// missed (3.31.2), polls that bring the next sweep forward and sub-workflows whose ids follow from their tasks
// (3.30.0), and a HUMAN task that takes its workflow out of the decider queue (3.31.0).
func Release3312() sweeper.Engine {
	return inTurn(released("conductor-3.31.2", "the new sweeper; a missed lock pushes the workflow back",
		Methods3312()))
}

// Methods3312 are the methods of 3.31.2.
func Methods3312() Methods {
	m := Methods3223()
	m.Decide = decide3312
	m.ComputePostpone = computePostpone3300
	m.UpdateTask = updateTask3300
	m.Poll = poll3300
	m.ResetRetriedTask = resetRetriedTask3300
	m.RetryWorkflow = retryWorkflow3312
	m.RetryModel = retryModel3312
	m.RerunWorkflow = rerunWorkflow3312
	m.UpdateParentWorkflowTask = updateParentWorkflowTask3312
	m.UpdateAndPushParents = updateAndPushParents3312
	m.LeavesDecider = hasInProgressHumanTask3310
	m.IsAsync = isAsync3140
	m.StartSubWorkflow = startSubWorkflow3300
	m.ExecuteSubWorkflow = executeSubWorkflow3300
	m.CancelSubWorkflow = cancelSubWorkflow3300
	return m
}

// Release3323 is conductor-3.32.3, which the registry has: 3.31.2 but for asynchronous system tasks, whose
// message stays in the queue until they are done, a JOIN that is retried in its row, and the end of a
// sub-workflow, which looks whether its task is still one of the parent's; who is above a workflow that runs again is
// decided at once (all of 3.32.0).
func Release3323() sweeper.Engine {
	return inTurn(released("conductor-3.32.3", "3.31.2, with system tasks that keep their message", Methods3323()))
}

// Methods3323 are the methods of 3.32.3.
func Methods3323() Methods {
	m := Methods3312()
	m.PollSystemTasks = pollSystemTasks3320
	m.ExecuteSystemTask = executeSystemTask3320
	m.UpdateParentWorkflowTask = updateParentWorkflowTask3320
	m.UpdateAndPushParents = updateAndPushParents3320
	m.TaskToBeRescheduled = taskToBeRescheduled3320
	return m
}
