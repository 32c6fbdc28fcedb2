package fork

import (
	"context"
	"errors"

	"fermata/model"
	"fermata/sweeper"
	"fermata/sweeper/conductor"
)

// sweepRight takes the lock, and only then looks.
func sweepRight(ctx context.Context, s *conductor.Server, id model.WorkflowID) (err error) {
	held, err := s.AcquireLock(ctx, id)
	if err != nil || !held {
		return s.UnackByID(ctx, id, s.WorkflowOffsetWithJitter(ctx)) // somebody else decides it: later again
	}
	defer s.ReleaseFinally(ctx, id, &err)
	wf, err := s.GetWorkflowModel(ctx, id, true)
	if err != nil {
		return giveUp(ctx, s, id, err)
	}
	return decideAndPostpone(ctx, s, wf)
}

// sweepWrong saves itself the lock where the workflow has ended already. What it decides on is then as old as the wait
// for the lock was long.
func sweepWrong(ctx context.Context, s *conductor.Server, id model.WorkflowID) (err error) {
	wf, err := s.GetWorkflowModel(ctx, id, true)
	if err != nil {
		return giveUp(ctx, s, id, err)
	}
	if wf.Status.Terminal() {
		return s.RemoveFromDecider(ctx, id)
	}
	held, err := s.AcquireLock(ctx, id)
	if err != nil || !held {
		return s.UnackByID(ctx, id, s.WorkflowOffsetWithJitter(ctx))
	}
	defer s.ReleaseFinally(ctx, id, &err)
	return decideAndPostpone(ctx, s, wf)
}

// decideAndPostpone does the work of a sweep under the lock: repair, decide, and leave the decider queue or be put off.
func decideAndPostpone(ctx context.Context, s *conductor.Server, wf *model.Workflow) error {
	if s.Settings.RepairServiceEnabled {
		if err := s.VerifyAndRepairWorkflowTasks(ctx, wf); err != nil {
			return giveUp(ctx, s, wf.ID, err)
		}
	}
	if err := s.DecideModel(ctx, wf); err != nil {
		return giveUp(ctx, s, wf.ID, err)
	}
	if wf.Status.Terminal() {
		return s.RemoveFromDecider(ctx, wf.ID)
	}
	return s.Unack(ctx, wf, s.WorkflowOffsetWithJitter(ctx))
}

// giveUp forgets a workflow that is gone, and puts off one that could not be swept.
func giveUp(ctx context.Context, s *conductor.Server, id model.WorkflowID, err error) error {
	if errors.Is(err, sweeper.ErrNotFound) {
		return s.RemoveFromDecider(ctx, id)
	}
	return s.UnackByID(ctx, id, s.WorkflowOffsetWithJitter(ctx))
}
