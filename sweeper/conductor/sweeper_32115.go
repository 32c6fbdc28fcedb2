package conductor

import (
	"context"
	"errors"

	"fermata/model"
	"fermata/sweeper"
)

// sweep32115 is WorkflowSweeper.sweep of 3.21.15 (engine facts 1.2). A miss returns, without a postponement and
// without a release. The scope ends before a catch runs: what is removed for a workflow that is not there is
// removed after the release, and an error of the release is one more that is logged and followed by a
// postponement, even where the sweep had come to its end.
func sweep32115(ctx context.Context, s *Server, id model.WorkflowID) error {
	held, lock, err := s.acquireInstance(ctx, id, s.Settings.LockTimeToTry) // L0 acquire
	if err != nil || lock == nil {
		return err
	}
	var wf *model.Workflow
	swept, err := func(ctx context.Context) (swept bool, err error) {
		defer lock.close(ctx, &err)                     // L4 release, delete
		found, err := s.GetWorkflowModel(ctx, id, true) // L1 lookup
		if err != nil {
			return false, err
		}
		wf = found
		if s.Settings.RepairServiceEnabled {
			if err := s.VerifyAndRepairWorkflowTasks(ctx, wf); err != nil { // L2 repair
				return false, err
			}
		}
		decided, err := s.Decide(ctx, wf.ID) // L3 second read, decide; the lock is held
		if err != nil {
			return false, err
		}
		wf = decided
		if wf != nil && wf.Status.Terminal() {
			return true, s.RemoveFromDecider(ctx, id) // under the lock
		}
		return false, nil
	}(held)
	switch {
	case errors.Is(err, sweeper.ErrNotFound):
		return s.RemoveFromDecider(ctx, id)
	case err == nil && swept:
		return nil
	}
	offset := s.WorkflowOffsetWithJitter(ctx)
	if wf != nil {
		return s.Unack(ctx, wf, offset) // L5 postpone, after the release
	}
	return s.UnackByID(ctx, id, offset)
}
