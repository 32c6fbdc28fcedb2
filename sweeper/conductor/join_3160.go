package conductor

import (
	"errors"

	"fermata/model"
)

// errNullPointer is a NullPointerException of the engine's own.
var errNullPointer = errors.New("conductor: null pointer")

// join3160 is Join.execute of 3.16.0 to 3.18, without permissive tasks. It tells whether the status
// changed. Two of its ways: one optional task with errors ends the JOIN before the others are done, and
// a failure while another branch has not come to its last task fails in building the reason.
func join3160(wf *model.Workflow, def *model.WorkflowDef, task *model.Task) (bool, error) {
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
			for _, other := range wt.JoinOn {
				if lastByRef(wf.Tasks, other) == nil {
					return false, errNullPointer
				}
			}
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
