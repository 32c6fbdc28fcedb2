package conductor

import (
	"context"
	"errors"

	"fermata/model"
	"fermata/sweeper"
)

// sweep3150 is WorkflowSweeper.sweep of 3.15.0 to 3.21.2 (engine facts 1.2 a2/b). It reads before it
// locks: the decide works on the copy of O1, however old.
func sweep3150(ctx context.Context, s *Server, id model.WorkflowID) error {
	var wf *model.Workflow
	swept, err := func() (bool, error) {
		found, err := s.GetWorkflowModel(ctx, id, true) // O1 lookup, no lock held
		if err != nil {
			return false, err
		}
		wf = found
		if s.Settings.RepairServiceEnabled {
			if err := s.VerifyAndRepairWorkflowTasks(ctx, wf); err != nil { // O2 repair, no lock held
				return false, err
			}
		}
		decided, err := s.DecideWithLock(ctx, wf) // O3 acquire, decide on the copy of O1, release
		if err != nil {
			return false, err
		}
		wf = decided
		if wf != nil && wf.Status.Terminal() {
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
