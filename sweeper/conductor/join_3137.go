package conductor

import "fermata/model"

// join3137 is Join.execute of 3.13.7 to 3.15.0. It tells whether the status changed. One optional task with
// errors ends the JOIN before the others are done.
func join3137(wf *model.Workflow, def *model.WorkflowDef, task *model.Task) (bool, error) {
	wt := model.TaskByRef(def.Tasks, task.Ref)
	allDone, optionalFailures := true, false
	for _, ref := range wt.JoinOn {
		forked := lastByRef(wf.Tasks, ref)
		if forked == nil {
			allDone = false
			break
		}
		optional := model.TaskByRef(def.Tasks, ref).Optional
		if !forked.Status.Successful() && !optional {
			task.Status = model.TaskFailed
			return true, nil
		}
		if !forked.Status.Terminal() {
			allDone = false
		}
		if optional && forked.Status == model.TaskCompletedWithErrors {
			optionalFailures = true
		}
	}
	switch {
	case optionalFailures:
		task.Status = model.TaskCompletedWithErrors
	case allDone:
		task.Status = model.TaskCompleted
	default:
		return false, nil
	}
	return true, nil
}
