package proposed

import (
	"context"
	"errors"

	"fermata/model"
	"fermata/sweeper"
)

// sweep is the sweeper of 3.17.0 with LockFirst. The hold lasts to the end, so that its own removal and
// the postponement come before the release.
func sweep(ctx context.Context, s *Server, id model.WorkflowID) (err error) {
	var wf *model.Workflow
	// LockFirst: nothing is read before the lock is held. A miss is postponed and releases nothing.
	if acquired, err := s.AcquireLock(ctx, id); err != nil || !acquired {
		return s.UnackByID(ctx, id, s.WorkflowOffsetWithJitter(ctx))
	}
	defer s.ReleaseFinally(ctx, id, &err)
	swept, err := func() (bool, error) {
		found, err := s.GetWorkflowModel(ctx, id, true) // O1 lookup
		if err != nil {
			return false, err
		}
		wf = found
		if s.Settings.RepairServiceEnabled {
			if err := s.VerifyAndRepairWorkflowTasks(ctx, wf); err != nil { // O2 repair
				return false, err
			}
		}
		if err := s.DecideModel(ctx, wf); err != nil { // O3 decide on the copy of O1, in the same hold
			return false, err
		}
		if wf.Status.Terminal() {
			return true, s.RemoveFromDecider(ctx, id) // O4 remove
		}
		return false, nil
	}()
	switch {
	case errors.Is(err, sweeper.ErrNotFound):
		return s.RemoveFromDecider(ctx, id)
	case err == nil && swept:
		return nil
	}
	// Any other error is logged, and the workflow postponed by whatever copy there is.
	offset := s.WorkflowOffsetWithJitter(ctx)
	if wf != nil {
		return s.Unack(ctx, wf, offset) // O5 postpone
	}
	return s.UnackByID(ctx, id, offset)
}
