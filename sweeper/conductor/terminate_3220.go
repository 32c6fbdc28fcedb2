package conductor

import (
	"context"
	"fmt"

	"fermata/model"
	"fermata/sweeper"
)

// terminateWorkflow3220 is WorkflowExecutorOps.terminateWorkflow(workflowId, reason) of 3.22.0 on: as
// terminateWorkflow3100, but a TERMINATED workflow is left as it is.
func terminateWorkflow3220(ctx context.Context, s *Server, id model.WorkflowID, reason string) error {
	wf, err := s.GetWorkflowModel(ctx, id, true)
	if err != nil {
		return err
	}
	if wf.Status == model.Completed {
		return fmt.Errorf("%w: cannot terminate a COMPLETED workflow", sweeper.ErrConflict)
	}
	if wf.Status == model.Terminated {
		return nil
	}
	wf.Status = model.Terminated
	return s.TerminateModel(ctx, wf, reason)
}

// terminateModel3220 is WorkflowExecutorOps.terminateWorkflow(workflow, reason, failureWorkflow) of 3.22.0 on,
// without failure workflows. It cancels first: the finalized listener hears of the workflow, and the decider
// message goes, before the workflow's end is written.
func terminateModel3220(ctx context.Context, s *Server, wf *model.Workflow, _ string) (err error) {
	defer s.ReleaseAndDeleteFinally(ctx, wf.ID, &err)
	if _, err := s.AcquireLockFor(ctx, wf.ID, LongTimeToTry); err != nil {
		return err
	}
	if !wf.Status.Terminal() {
		wf.Status = model.Terminated
	}
	if err := s.CancelNonTerminalTasks(ctx, wf); err != nil {
		return err
	}
	if err := s.writeTermination(ctx, wf); err != nil {
		return err
	}
	return s.Ports.Execution.RemoveFromPendingWorkflow(ctx, wf.ID)
}
