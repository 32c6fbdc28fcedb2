package conductor

import (
	"context"

	"fermata/model"
)

// terminateModel3219 is WorkflowExecutorOps.terminateWorkflow(workflow, reason, failureWorkflow) of 3.21.9 to
// 3.21.12: as terminateModel3136, but the terminated listener is told last, after the finalized one and after
// the removal of the decider message.
func terminateModel3219(ctx context.Context, s *Server, wf *model.Workflow, _ string) (err error) {
	defer s.ReleaseAndDeleteFinally(ctx, wf.ID, &err)
	if _, err := s.AcquireLockFor(ctx, wf.ID, LongTimeToTry); err != nil {
		return err
	}
	if !wf.Status.Terminal() {
		wf.Status = model.Terminated
	}
	if err := s.UpdateWorkflow(ctx, wf); err != nil {
		return err
	}
	s.removeTaskMessages(ctx, wf)
	if err := s.UpdateParent(ctx, wf); err != nil {
		return err
	}
	if err := s.Ports.Execution.RemoveFromPendingWorkflow(ctx, wf.ID); err != nil {
		return err
	}
	canceled := s.CancelNonTerminalTasks(ctx, wf)
	if err := unlessErrored(canceled); err != nil {
		return err
	}
	if err := s.Notify(ctx, wf, EventTerminated); err != nil {
		return err
	}
	return canceled
}
