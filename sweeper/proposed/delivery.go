package proposed

import (
	"context"
	"errors"
	"slices"

	"fermata/model"
	"fermata/sweeper"
	"fermata/sweeper/conductor"
)

// Delivery is Proposed where a result must not wait for a sweep that is postponed by a worker's response timeout, and
// no system task may be executed twice: what no order of locking, repairing and removing gives. A decide that misses
// the lock moves the workflow's message to the present; a sweep looks again after it has postponed; it postpones by
// the least that any open task suggests; a message stays with its system task until that is done.
func Delivery() sweeper.Engine {
	e := conductor.New("proposed-delivery", "proposed, and no result or system task is lost between lock and queue",
		DeliveryMethods())
	e.Memoisable = true
	e.NeedsAtomicRepair = true
	return e
}

// DeliveryMethods are the methods of Delivery: an engine of them must be marked NeedsAtomicRepair. What polls and
// system tasks do is that of 3.31.2 and 3.32.3.
func DeliveryMethods() conductor.Methods {
	m := Methods()
	m.Sweep = sweepDelivery
	m.Decide = decideDelivery
	m.ComputePostpone = conductor.Methods3312().ComputePostpone
	m.Poll = conductor.Methods3312().Poll
	m.PollSystemTasks = conductor.Methods3323().PollSystemTasks
	m.ExecuteSystemTask = conductor.Methods3323().ExecuteSystemTask
	return m
}

// sweepDelivery is sweep, but for its end and for a missed lock, which leaves the message to the queue's own time.
func sweepDelivery(ctx context.Context, s *Server, id model.WorkflowID) (err error) {
	acquired, err := s.AcquireLock(ctx, id)
	if err != nil || !acquired {
		return err
	}
	defer s.ReleaseFinally(ctx, id, &err)
	wf, err := s.GetWorkflowModel(ctx, id, true) // O1 lookup
	if err == nil && s.Settings.RepairServiceEnabled {
		err = s.VerifyAndRepairWorkflowTasks(ctx, wf) // O2 repair
	}
	if err == nil {
		err = s.DecideModel(ctx, wf) // O3 decide on the copy of O1, in the same hold
	}
	switch {
	case errors.Is(err, sweeper.ErrNotFound), err == nil && wf.Status.Terminal():
		return s.RemoveFromDecider(ctx, id) // O4 remove
	case err != nil:
		return s.UnackByID(ctx, id, s.WorkflowOffsetWithJitter(ctx))
	}
	return postponeAndLookAgain(ctx, s, wf)
}

// postponeAndLookAgain postpones by what the copy suggests, and takes that back if a task is no longer what the copy
// has: its poll or its decide, which missed the lock of this sweep, may have moved the message before the
// postponement. What becomes of a task after the second look moves the message after the postponement.
func postponeAndLookAgain(ctx context.Context, s *Server, wf *model.Workflow) error {
	if err := s.UnackByID(ctx, wf.ID, postpone(ctx, s, wf)); err != nil { // O5 postpone
		return err
	}
	now, err := s.GetWorkflowModel(ctx, wf.ID, true) // O6 look again
	if err != nil || slices.EqualFunc(now.Tasks, wf.Tasks, sameStatus) {
		return err
	}
	return s.UnackByID(ctx, wf.ID, 0)
}

// postpone is computePostpone of 3.30.0.
func postpone(ctx context.Context, s *Server, wf *model.Workflow) model.Seconds {
	def := s.Ports.Metadata.GetWorkflowDef(ctx, wf.Def)
	return conductor.Methods3312().ComputePostpone(ctx, s, wf, def)
}

func sameStatus(a, b model.Task) bool { return a.ID == b.ID && a.Status == b.Status }

// decideDelivery is decide(workflowId) of 3.17.0, but a missed lock makes the workflow due, as 3.31.2 does; and it
// moves a message only if there is one, so that a workflow which has ended meanwhile stays out of the queue.
func decideDelivery(ctx context.Context, s *Server, id model.WorkflowID) (wf *model.Workflow, err error) {
	acquired, err := s.AcquireLock(ctx, id)
	if err != nil {
		return nil, err
	}
	if !acquired {
		backoff := max(s.Settings.LockTimeToTry/2, 100)
		_, err := s.Ports.Queue.SetUnackTimeout(ctx, model.DeciderQueue, string(id), backoff)
		return nil, err
	}
	defer s.ReleaseFinally(ctx, id, &err)
	wf, err = s.GetWorkflowModel(ctx, id, true)
	if err != nil {
		return nil, err
	}
	return wf, s.DecideModel(ctx, wf)
}
