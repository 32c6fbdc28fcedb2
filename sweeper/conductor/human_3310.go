package conductor

import (
	"slices"

	"fermata/model"
)

// hasInProgressHumanTask3310 is ExecutorUtils.hasInProgressHumanTask (3.31.0 on, where humanTaskPreventsDeciderQueue
// is on unless said otherwise): decide takes such a workflow out of the decider queue, and the end of the HUMAN task
// puts it back. Tasks beside it, in another branch, have nobody then who would sweep for them.
func hasInProgressHumanTask3310(wf *model.Workflow) bool {
	return slices.ContainsFunc(wf.Tasks, func(t model.Task) bool {
		return t.Type == model.Human && t.Status == model.TaskInProgress
	})
}
