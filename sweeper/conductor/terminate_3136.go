package conductor

import (
	"context"
	"fmt"

	"fermata/model"
	"fermata/sweeper"
)

// LongTimeToTry is how long terminate and pause try for the lock.
const LongTimeToTry model.Millis = 60_000

// terminateWorkflow3100 is WorkflowExecutor.terminateWorkflow(workflowId, reason) of 3.10.0 to 3.21.14
// and 3.21.16 to 3.21.23 (engine facts 1.4). It reads without the lock, and only COMPLETED is refused.
func terminateWorkflow3100(ctx context.Context, s *Server, id model.WorkflowID, reason string) error {
	wf, err := s.GetWorkflowModel(ctx, id, true)
	if err != nil {
		return err
	}
	if wf.Status == model.Completed {
		return fmt.Errorf("%w: cannot terminate a COMPLETED workflow", sweeper.ErrConflict)
	}
	wf.Status = model.Terminated
	return s.TerminateModel(ctx, wf, reason)
}

// terminateModel3136 is WorkflowExecutor.terminateWorkflow(workflow, reason, failureWorkflow) of 3.13.6
// to 3.21.14 and later, without failure workflows. Whether the lock was acquired is ignored, and nothing
// is read again under it.
func terminateModel3136(ctx context.Context, s *Server, wf *model.Workflow, _ string) (err error) {
	defer s.ReleaseAndDeleteFinally(ctx, wf.ID, &err)
	if _, err := s.AcquireLockFor(ctx, wf.ID, LongTimeToTry); err != nil {
		return err
	}
	return s.TerminateAndCancel(ctx, wf)
}

// TerminateAndCancel is what terminateWorkflow does inside its try once it has asked for the lock.
func (s *Server) TerminateAndCancel(ctx context.Context, wf *model.Workflow) error {
	if !wf.Status.Terminal() {
		wf.Status = model.Terminated
	}
	if err := s.writeTermination(ctx, wf); err != nil {
		return err
	}
	if err := s.Ports.Execution.RemoveFromPendingWorkflow(ctx, wf.ID); err != nil {
		return err
	}
	return s.CancelNonTerminalTasks(ctx, wf)
}

// writeTermination writes the workflow's end, tells of it, takes the tasks' messages away, and lets the parent know.
func (s *Server) writeTermination(ctx context.Context, wf *model.Workflow) error {
	if err := s.UpdateWorkflow(ctx, wf); err != nil {
		return err
	}
	if err := s.Notify(ctx, wf, EventTerminated); err != nil {
		return err
	}
	s.removeTaskMessages(ctx, wf)
	return s.UpdateParent(ctx, wf)
}

// removeTaskMessages takes every task's message out, up to the first error, which is swallowed with the
// messages that are left.
func (s *Server) removeTaskMessages(ctx context.Context, wf *model.Workflow) {
	for _, task := range wf.Tasks {
		if err := s.Ports.Queue.Remove(ctx, task.QueueName(), string(task.ID)); err != nil {
			return
		}
	}
}
