package conductor

import (
	"context"
	"fmt"

	"fermata/model"
	"fermata/sweeper"
)

// completeWorkflow3107 is WorkflowExecutor.completeWorkflow of 3.10.7 to 3.21.12 (engine facts 1.4), in
// what is modelled of it the same to head but for 3.21.15. Its release is the early one: the decider
// message is removed only afterwards, by cancelNonTerminalTasks and by the sweeper.
func completeWorkflow3107(ctx context.Context, s *Server, wf *model.Workflow) error {
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
	if err := s.UpdateParent(ctx, wf); err != nil {
		return err
	}
	return s.ReleaseAndDeleteLock(ctx, wf.ID) // the early release
}
