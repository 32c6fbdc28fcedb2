package proposed

import (
	"context"
	"fmt"

	"fermata/model"
	"fermata/sweeper"
	"fermata/sweeper/conductor"
)

// completeWorkflow is that of 3.17.0 with RemoveFirst.
func completeWorkflow(ctx context.Context, s *Server, wf *model.Workflow) error {
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
	if err := s.Notify(ctx, wf, conductor.EventCompleted); err != nil {
		return err
	}
	// RemoveFirst: no release here. Whoever acquired releases, after the decider message is gone.
	return s.UpdateParent(ctx, wf)
}

// terminateModel is that of 3.17.0 with RemoveFirst.
func terminateModel(ctx context.Context, s *Server, wf *model.Workflow, _ string) (err error) {
	// RemoveFirst: no deleteLock, which would free the lock while the sweeper still has to remove.
	defer s.ReleaseFinally(ctx, wf.ID, &err)
	if _, err := s.AcquireLockFor(ctx, wf.ID, conductor.LongTimeToTry); err != nil {
		return err
	}
	return s.TerminateAndCancel(ctx, wf)
}
