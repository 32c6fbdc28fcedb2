package conductor

import (
	"context"

	"fermata/model"
)

// retryModel3160 is WorkflowExecutor.retry(workflow) of 3.16.0 to 3.31.0, without permissive tasks and listeners: as
// retryModel3130, but with a look at what a JOIN that has failed waits for.
func retryModel3160(ctx context.Context, s *Server, wf *model.Workflow) error {
	retriable, err := s.retriableTasks(ctx, wf, joinOnFailedPermissive)
	if err != nil {
		return err
	}
	return s.pushAndRetry(ctx, wf, retriable)
}

// joinOnFailedPermissive is WorkflowExecutor.isJoinOnFailedPermissive, which is false without permissive tasks; but it
// looks at every task that the JOIN waits for, and one that is not there is a null pointer.
func joinOnFailedPermissive(wf *model.Workflow, def *model.WorkflowDef, task *model.Task) error {
	if task.Type != model.Join {
		return nil
	}
	for _, ref := range model.TaskByRef(def.Tasks, task.Ref).JoinOn {
		if lastByRef(wf.Tasks, ref) == nil {
			return errNullPointer
		}
	}
	return nil
}
