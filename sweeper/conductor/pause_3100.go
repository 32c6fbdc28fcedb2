package conductor

import (
	"context"
	"fmt"

	"fermata/model"
	"fermata/sweeper"
)

// pauseWorkflow3100 is WorkflowExecutor.pauseWorkflow of 3.10.0 to 3.21.23 but for 3.21.15 (engine facts 1.4), in
// what is modelled of it: a listener of pauses, since 3.21.13, is not. Whether the lock was acquired is ignored.
// The decider message goes after the release, errors swallowed.
func pauseWorkflow3100(ctx context.Context, s *Server, id model.WorkflowID) error {
	paused, err := s.pauseLocked(ctx, id)
	if err != nil || !paused {
		return err
	}
	_ = s.RemoveFromDecider(ctx, id)
	return nil
}

// pauseLocked is the try of pauseWorkflow, with its finally.
func (s *Server) pauseLocked(ctx context.Context, id model.WorkflowID) (paused bool, err error) {
	defer s.ReleaseFinally(ctx, id, &err)
	if _, err := s.AcquireLockFor(ctx, id, LongTimeToTry); err != nil {
		return false, err
	}
	return s.writePaused(ctx, id)
}

// writePaused is what pauseWorkflow does once it has asked for the lock; false if the workflow was paused
// already.
func (s *Server) writePaused(ctx context.Context, id model.WorkflowID) (bool, error) {
	wf, err := s.GetWorkflowModel(ctx, id, false)
	if err != nil {
		return false, err
	}
	if wf.Status.Terminal() {
		return false, fmt.Errorf("%w: cannot pause a %s workflow", sweeper.ErrConflict, wf.Status)
	}
	if wf.Status == model.Paused {
		return false, nil
	}
	wf.Status = model.Paused
	return true, s.UpdateWorkflow(ctx, wf)
}

// resumeWorkflow3105 is WorkflowExecutor.resumeWorkflow of 3.10.5 to 3.21.23 (engine facts 1.4), but for a
// listener of resumptions since 3.21.13. It takes no lock of its own; it pushes, then writes, then decides. The
// workflow timeout counts from here: Java keeps that as lastRetriedTime, which only the timeout reads, and in
// place of createTime.
func resumeWorkflow3105(ctx context.Context, s *Server, id model.WorkflowID) error {
	wf, err := s.GetWorkflowModel(ctx, id, false)
	if err != nil {
		return err
	}
	if wf.Status != model.Paused {
		return fmt.Errorf("%w: cannot resume a %s workflow", ErrIllegalState, wf.Status)
	}
	def, err := s.definition(ctx, wf)
	if err != nil {
		return err
	}
	wf.Status = model.Running
	if def.TimeoutSeconds > 0 {
		wf.CreateTime = s.Ports.Env.Now(ctx)
	}
	if err := s.pushToDecider(ctx, wf); err != nil {
		return err
	}
	if err := s.UpdateWorkflow(ctx, wf); err != nil {
		return err
	}
	_, err = s.Decide(ctx, id)
	return err
}
