package conductor

import (
	"context"
	"slices"

	"fermata/model"
)

// sweep32123 is WorkflowSweeper.sweep of org.conductoross in 3.21.23, a new class (engine facts 0.3). It reads
// before it locks again: both decides work on the copy of N1, however old. Whatever fails is logged, without a
// postponement; a workflow that is not there keeps its message. Repair asks no setting, and comes after the
// decide, without the lock.
func sweep32123(ctx context.Context, s *Server, id model.WorkflowID) error {
	_ = s.sweepOnce32123(ctx, id)
	return nil
}

// sweepOnce32123 is the try of sweep32123.
func (s *Server) sweepOnce32123(ctx context.Context, id model.WorkflowID) error {
	wf, err := s.GetWorkflowModel(ctx, id, true) // N1 lookup, no lock held
	if err != nil {
		return err
	}
	if wf.Status.Terminal() {
		return s.RemoveFromDecider(ctx, id) // no lock held
	}
	before := refsAndStatuses(wf)
	wf, err = s.DecideWithLock(ctx, wf) // N2 acquire, decide on the copy of N1, release
	if err != nil {
		return err
	}
	if wf == nil { // a missed lock
		backoff := model.Seconds(s.Settings.LockLeaseTime / 2 / 1000)
		return s.Ports.Queue.Push(ctx, model.DeciderQueue, string(id), 0, backoff)
	}
	if wf.Status.Terminal() {
		return s.RemoveFromDecider(ctx, id) // N3 remove, after the release
	}
	if slices.Equal(before, refsAndStatuses(wf)) {
		if err := s.verifyAndRepairTasks(ctx, wf); err != nil { // N4 repair, no lock held
			return err
		}
	}
	if !slices.ContainsFunc(wf.Tasks, isOpen) {
		if err := s.forceSetLastTaskAsNotExecuted(ctx, wf); err != nil { // N5 write, no lock held
			return err
		}
		if wf, err = s.DecideWithLock(ctx, wf); err != nil || wf == nil { // N6 as N2; a miss is forgotten
			return err
		}
	}
	return s.EnsureInDecider(ctx, wf.ParentWorkflowID) // N7 the parent's message
}

// refAndStatus is what 3.21.23's sweep compares of a task to see whether a decide changed it.
type refAndStatus struct {
	ref    string
	status model.TaskStatus
}

func refsAndStatuses(wf *model.Workflow) []refAndStatus {
	list := make([]refAndStatus, len(wf.Tasks))
	for i, t := range wf.Tasks {
		list[i] = refAndStatus{t.Ref, t.Status}
	}
	return list
}

// forceSetLastTaskAsNotExecuted is that of 3.21.23: in the model alone, since the write that follows is of the
// workflow's record, blindly, and of no task.
func (s *Server) forceSetLastTaskAsNotExecuted(ctx context.Context, wf *model.Workflow) error {
	if len(wf.Tasks) == 0 {
		return nil
	}
	wf.Tasks[len(wf.Tasks)-1].Executed = false
	return s.UpdateWorkflow(ctx, wf)
}
