package conductor

import (
	"errors"

	"fermata/model"
)

// errNullPointer is a NullPointerException of the engine's own.
var errNullPointer = errors.New("conductor: null pointer")

// join3160 is Join.execute of 3.16.0 to 3.18, without permissive tasks: join3137, but for a failure while
// another branch has not come to its last task, which fails in building the reason.
func join3160(wf *model.Workflow, def *model.WorkflowDef, task *model.Task) (bool, error) {
	before := task.Status
	changed, err := join3137(wf, def, task)
	if task.Status != model.TaskFailed {
		return changed, err
	}
	for _, other := range model.TaskByRef(def.Tasks, task.Ref).JoinOn {
		if lastByRef(wf.Tasks, other) == nil {
			task.Status = before
			return false, errNullPointer
		}
	}
	return changed, err
}
