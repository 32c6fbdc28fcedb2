package conductor

import (
	"context"
	"errors"
	"slices"

	"fermata/model"
	"fermata/sweeper"
)

// What the community's sweeper takes at once, and how long it waits for it.
const (
	communityBatchSize               = 5
	communityPopTimeout model.Millis = 100
)

// communityRepairAge is how long a workflow must not have been updated before a sweep repairs it.
const communityRepairAge model.Millis = 60_000

// pollAndSweepCommunity is one turn of OrkesWorkflowSweeper (orkes-conductor-community, 2023-12-22 on; engine
// facts 3 and 5). The facts do not say whether the sweeps of a batch run side by side; here each follows
// the one before.
func pollAndSweepCommunity(ctx context.Context, s *Server) error {
	ids, err := s.Ports.Queue.Pop(ctx, model.DeciderQueue, communityBatchSize, communityPopTimeout)
	if err != nil {
		return nil
	}
	for _, id := range ids {
		_ = s.Sweep(ctx, model.WorkflowID(id))
	}
	return nil
}

// sweepCommunity is OrkesWorkflowSweepWorker.sweep (orkes-conductor-community, 2023-12-22 on, in no tagged
// release; engine facts 1.2 and 5), from the facts alone. It decides on the one copy that
// it read under the lock, and postpones under the lock. What is left is completeWorkflow's early release, so
// that there S4 comes after the lock is free. The facts say nothing of a missed lock, of an error, or of a
// workflow that is not there: here a miss ends the sweep, and the others are what they are in the releases.
func sweepCommunity(ctx context.Context, s *Server, id model.WorkflowID) (err error) {
	workflowLocked, err := s.AcquireLock(ctx, id) // S1 acquire, and remember
	if err != nil || !workflowLocked {
		return err
	}
	defer s.ReleaseFinally(ctx, id, &err) // S8 release, since S1 got the lock
	locked := func() error {
		wf, err := s.GetWorkflowModel(ctx, id, true) // S2 lookup
		if err != nil {
			return err
		}
		before := slices.Clone(wf.Tasks)
		if err := s.DecideModel(ctx, wf); err != nil { // S3 decide on the copy of S2
			return err
		}
		if wf.Status.Terminal() {
			return s.RemoveFromDecider(ctx, id) // S4 remove
		}
		if slices.Equal(before, wf.Tasks) && s.notUpdatedLately(ctx, wf) {
			if err := s.repushTasks(ctx, wf); err != nil { // S5 repair
				return err
			}
		}
		if len(wf.Tasks) > 0 && !slices.ContainsFunc(wf.Tasks, isOpen) {
			wf.Tasks[len(wf.Tasks)-1].Executed = false
			if err := s.DecideModel(ctx, wf); err != nil { // S6 once more, on the same copy
				return err
			}
		}
		if err := s.EnsureInDecider(ctx, wf.ParentWorkflowID); err != nil { // the parent's message
			return err
		}
		return s.UnackByID(ctx, id, s.Settings.WorkflowOffsetTimeout) // S7 postpone
	}
	if errors.Is(locked(), sweeper.ErrNotFound) {
		return s.RemoveFromDecider(ctx, id)
	}
	return nil // any other error is logged
}

// notUpdatedLately tells whether the workflow has not been updated for a minute, if the sweep's own decide
// has not just updated it. A record here has no time of its update. What has a time is when it was created or
// resumed, with a workflow timeout, and when its tasks were scheduled, with a poll timeout; the workflow
// was written then. If none of those is within the minute, the last update counts as longer ago: nothing
// bounds how long the others' next steps take.
func (s *Server) notUpdatedLately(ctx context.Context, wf *model.Workflow) bool {
	last := wf.CreateTime
	for i := range wf.Tasks {
		last = max(last, wf.Tasks[i].ScheduledTime)
	}
	return last == 0 || s.Ports.Env.Now(ctx)-last >= communityRepairAge
}
