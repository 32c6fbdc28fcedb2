package conductor

import (
	"context"

	"fermata/model"
)

// retryWorkflow3312 is WorkflowExecutorOps.retry(workflowId, resumeSubworkflowTasks) of 3.31.2 on: as
// retryWorkflow3130, and it decides.
func retryWorkflow3312(ctx context.Context, s *Server, id model.WorkflowID, resume bool) error {
	wf, err := s.retryable(ctx, id)
	if err != nil {
		return err
	}
	if wf, err = s.retryLast(ctx, wf, resume); err != nil || wf == nil {
		return err
	}
	_, err = s.Decide(ctx, wf.ID)
	return err
}

// retryModel3312 is WorkflowExecutorOps.retry(workflow) of 3.31.2 on: as retryModel3160, but the workflow is pushed
// last, when its tasks are written.
func retryModel3312(ctx context.Context, s *Server, wf *model.Workflow) error {
	retriable, err := s.retriableTasks(ctx, wf, joinOnFailedPermissive)
	if err != nil {
		return err
	}
	if err := s.reopen(ctx, wf); err != nil {
		return err
	}
	if err := s.UpdateWorkflow(ctx, wf); err != nil {
		return err
	}
	if err := s.writeAndSchedule(ctx, wf, s.rescheduled(ctx, wf, retriable)); err != nil {
		return err
	}
	return s.pushToDecider(ctx, wf)
}
