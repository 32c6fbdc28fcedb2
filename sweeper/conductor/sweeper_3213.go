package conductor

import (
	"context"
	"errors"

	"fermata/model"
	"fermata/sweeper"
)

// sweep3213 is WorkflowSweeper.sweep of 3.21.3 to 3.21.14 and 3.21.16 to 3.21.22 (engine facts 1.2 c),
// the fix as merged. A miss returns without a postponement and still releases, as a non-owner. On the
// path that completes the workflow, completeWorkflow gives up one hold and decide the other, so C4
// removes after the lock is free (headline fact 4).
func sweep3213(ctx context.Context, s *Server, id model.WorkflowID) error {
	var wf *model.Workflow
	locked := func() (bool, error) {
		if acquired, err := s.AcquireLock(ctx, id); err != nil || !acquired { // C0 acquire
			return err == nil, err
		}
		found, err := s.GetWorkflowModel(ctx, id, true) // C1 lookup
		if err != nil {
			return false, err
		}
		wf = found
		if s.Settings.RepairServiceEnabled {
			if err := s.VerifyAndRepairWorkflowTasks(ctx, wf); err != nil { // C2 repair
				return false, err
			}
		}
		decided, err := s.Decide(ctx, wf.ID) // C3 second acquire, second read, decide, release
		if err != nil {
			return false, err
		}
		wf = decided
		if wf != nil && wf.Status.Terminal() {
			return true, s.RemoveFromDecider(ctx, id) // C4 remove
		}
		return false, nil
	}
	swept, err := func() (swept bool, err error) {
		defer s.ReleaseFinally(ctx, id, &err) // C5 release, held or not
		swept, err = locked()
		if errors.Is(err, sweeper.ErrNotFound) {
			return true, s.RemoveFromDecider(ctx, id)
		}
		// Any other error is logged, and the workflow postponed by whatever copy there is.
		return err == nil && swept, nil
	}()
	if err != nil || swept {
		return err
	}
	offset := s.WorkflowOffsetWithJitter(ctx)
	if wf != nil {
		return s.Unack(ctx, wf, offset) // C6 postpone, after the release
	}
	return s.UnackByID(ctx, id, offset)
}
