package conductor

import "fermata/model"

// join3190 is Join.execute of 3.19.0 and later, without permissive tasks. It tells whether the status
// changed. Optional tasks with errors wait for the others, and a branch that is not there yet is passed
// over when a failure is looked for.
func join3190(wf *model.Workflow, def *model.WorkflowDef, task *model.Task) (bool, error) {
	allTasksTerminal, optionalFailures := true, false
	for _, ref := range model.TaskByRef(def.Tasks, task.Ref).JoinOn {
		forked := lastByRef(wf.Tasks, ref)
		if forked == nil {
			allTasksTerminal = false
			continue
		}
		optional := model.TaskByRef(def.Tasks, ref).Optional
		if !forked.Status.Successful() && !optional {
			task.Status = model.TaskFailed
			return true, nil
		}
		if !forked.Status.Terminal() {
			allTasksTerminal = false
		}
		if optional && forked.Status == model.TaskCompletedWithErrors {
			optionalFailures = true
		}
	}
	if !allTasksTerminal {
		return false, nil
	}
	task.Status = model.TaskCompleted
	if optionalFailures {
		task.Status = model.TaskCompletedWithErrors
	}
	return true, nil
}
