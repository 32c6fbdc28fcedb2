package conductor

import (
	"context"
	"errors"

	"fermata/model"
	"fermata/sweeper"
)

// sweep3138 is WorkflowSweeper.sweep of 3.13.8 and 3.14.0 (engine facts 1.2 a1). Repair and decide each read
// for themselves, and the decide reads under its own lock: what is decided on is never older than that.
func sweep3138(ctx context.Context, s *Server, id model.WorkflowID) error {
	var wf *model.Workflow
	swept, err := func() (bool, error) {
		if s.Settings.RepairServiceEnabled {
			found, err := s.GetWorkflowModel(ctx, id, true) // O1 lookup by the repair, no lock held
			if err != nil {
				return false, err
			}
			if err := s.VerifyAndRepairWorkflowTasks(ctx, found); err != nil { // O2 repair, no lock held
				return false, err
			}
		}
		decided, err := s.Decide(ctx, id) // O3 acquire, read, decide, release
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
	offset := s.WorkflowOffsetWithJitter(ctx)
	if wf != nil {
		return s.Unack(ctx, wf, offset) // O5 postpone
	}
	return s.UnackByID(ctx, id, offset)
}
