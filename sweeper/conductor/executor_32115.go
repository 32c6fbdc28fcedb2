package conductor

import (
	"context"
	"fmt"

	"fermata/model"
	"fermata/sweeper"
)

// What WorkflowExecutorOps of 3.21.15 does under the scope of a lock (engine facts 1.2).

// updateTimeToTry is how long updateTask tries for the lock.
const updateTimeToTry model.Millis = 5000

// decide32115 is WorkflowExecutorOps.decide(workflowId) of 3.21.15.
func decide32115(ctx context.Context, s *Server, id model.WorkflowID) (wf *model.Workflow, err error) {
	ctx, lock, err := s.acquireInstance(ctx, id, s.Settings.LockTimeToTry)
	if err != nil || lock == nil {
		return nil, err
	}
	defer lock.close(ctx, &err)
	wf, err = s.GetWorkflowModel(ctx, id, true)
	if err != nil {
		return nil, err
	}
	return wf, s.DecideModel(ctx, wf)
}

// completeWorkflow32115 is WorkflowExecutorOps.completeWorkflow of 3.21.15: no release, no delete. Whoever
// acquired releases, after the decider message is gone.
func completeWorkflow32115(ctx context.Context, s *Server, wf *model.Workflow) error {
	if wf.Status == model.Completed {
		if err := s.RemoveFromDecider(ctx, wf.ID); err != nil {
			return err
		}
		return s.Ports.Execution.RemoveFromPendingWorkflow(ctx, wf.ID)
	}
	if wf.Status.Terminal() {
		return fmt.Errorf("%w: cannot complete a %s workflow", sweeper.ErrConflict, wf.Status)
	}
	wf.Status = model.Completed
	if err := s.UpdateWorkflow(ctx, wf); err != nil {
		return err
	}
	if err := s.Notify(ctx, wf, EventCompleted); err != nil {
		return err
	}
	return s.UpdateParent(ctx, wf)
}

// terminateWorkflow32115 is WorkflowExecutorOps.terminateWorkflow(workflowId, reason) of 3.21.15: it reads
// under the lock, and gives up without it.
func terminateWorkflow32115(ctx context.Context, s *Server, id model.WorkflowID, reason string) (err error) {
	ctx, lock, err := s.acquireInstance(ctx, id, LongTimeToTry)
	if err != nil {
		return err
	}
	if lock == nil {
		return errNotLocked(id)
	}
	defer lock.close(ctx, &err)
	return terminateWorkflow3100(ctx, s, id, reason)
}

// terminateModel32115 is WorkflowExecutorOps.terminateWorkflow(workflow, reason, failureWorkflow) of 3.21.15,
// without failure workflows.
func terminateModel32115(ctx context.Context, s *Server, wf *model.Workflow, _ string) (err error) {
	ctx, lock, err := s.acquireInstance(ctx, wf.ID, LongTimeToTry)
	if err != nil {
		return err
	}
	if lock == nil {
		return errNotLocked(wf.ID)
	}
	defer lock.close(ctx, &err)
	return s.TerminateAndCancel(ctx, wf)
}

// updateTask32115 is WorkflowExecutorOps.updateTask of 3.21.15: updateTask3138 from its first read to its
// decide under one lock. A result that comes while another holds the lock is refused, and its worker has to
// report it again.
func updateTask32115(ctx context.Context, s *Server, result sweeper.TaskResult) (err error) {
	ctx, lock, err := s.acquireInstance(ctx, result.WorkflowID, updateTimeToTry)
	if err != nil {
		return err
	}
	if lock == nil {
		return errNotLocked(result.WorkflowID)
	}
	defer lock.close(ctx, &err)
	return updateTask3138(ctx, s, result)
}

// pauseWorkflow32115 is WorkflowExecutorOps.pauseWorkflow of 3.21.15. The decider message still goes after the
// release, errors swallowed.
func pauseWorkflow32115(ctx context.Context, s *Server, id model.WorkflowID) error {
	held, lock, err := s.acquireInstance(ctx, id, LongTimeToTry)
	if err != nil {
		return err
	}
	if lock == nil {
		return errNotLocked(id)
	}
	paused, err := func(ctx context.Context) (paused bool, err error) {
		defer lock.close(ctx, &err)
		return s.writePaused(ctx, id)
	}(held)
	if err != nil || !paused {
		return err
	}
	_ = s.RemoveFromDecider(ctx, id)
	return nil
}

// createAndEvaluate32115 is WorkflowExecutorOps.createAndEvaluate of 3.21.15.
func createAndEvaluate32115(ctx context.Context, s *Server, wf *model.Workflow) (err error) {
	ctx, lock, err := s.acquireInstance(ctx, wf.ID, s.Settings.LockTimeToTry)
	if err != nil {
		return err
	}
	if lock == nil {
		return fmt.Errorf("%w: no lock to create the workflow", sweeper.ErrTransient)
	}
	defer lock.close(ctx, &err)
	if err := s.createWorkflow(ctx, wf); err != nil {
		return err
	}
	return s.DecideModel(ctx, wf)
}
