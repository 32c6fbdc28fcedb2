package proposed

import (
	"context"
	"fmt"

	"fermata/model"
	"fermata/sweeper"
	"fermata/sweeper/conductor"
)

// What an operator asks for. A call that misses the lock is refused, and changes nothing.

// terminateWorkflow is that of 3.17.0 with LockFirst.
func terminateWorkflow(ctx context.Context, s *Server, id model.WorkflowID, reason string) (err error) {
	// LockFirst: nothing is read before the lock is held, and nothing done without it.
	if err := lock(ctx, s, id); err != nil {
		return err
	}
	defer s.ReleaseFinally(ctx, id, &err)
	return terminateRead(ctx, s, id, reason)
}

// terminateRead is what terminateWorkflow does under the lock. A workflow that has ended stays as it ended, also one
// that did not succeed.
func terminateRead(ctx context.Context, s *Server, id model.WorkflowID, reason string) error {
	wf, err := s.GetWorkflowModel(ctx, id, true)
	if err != nil {
		return err
	}
	if wf.Status == model.Completed {
		return fmt.Errorf("%w: cannot terminate a COMPLETED workflow", sweeper.ErrConflict)
	}
	if wf.Status.Terminal() {
		return nil
	}
	wf.Status = model.Terminated
	return s.TerminateModel(ctx, wf, reason)
}

// pauseWorkflow is that of 3.17.0 with LockFirst and RemoveFirst.
func pauseWorkflow(ctx context.Context, s *Server, id model.WorkflowID) (err error) {
	// LockFirst: nothing is done without the lock.
	if err := lock(ctx, s, id); err != nil {
		return err
	}
	defer s.ReleaseFinally(ctx, id, &err)
	paused, err := s.WritePaused(ctx, id)
	if err != nil || !paused {
		return err
	}
	// RemoveFirst: the decider message goes before the release.
	_ = s.RemoveFromDecider(ctx, id)
	return nil
}

// resumeWorkflow is that of 3.17.0 with LockFirst.
func resumeWorkflow(ctx context.Context, s *Server, id model.WorkflowID) (err error) {
	// LockFirst: it locks, once, and decides on what it has read under the lock.
	if err := lock(ctx, s, id); err != nil {
		return err
	}
	defer s.ReleaseFinally(ctx, id, &err)
	wf, err := s.GetWorkflowModel(ctx, id, true)
	if err != nil {
		return err
	}
	if err := s.WriteResumed(ctx, wf); err != nil {
		return err
	}
	return s.DecideModel(ctx, wf)
}

// lock is the lock of an operator's call, for which it waits for a minute at most.
func lock(ctx context.Context, s *Server, id model.WorkflowID) error {
	acquired, err := s.AcquireLockFor(ctx, id, conductor.LongTimeToTry)
	if err == nil && !acquired {
		err = fmt.Errorf("%w: no lock of %s", sweeper.ErrConflict, id)
	}
	return err
}
