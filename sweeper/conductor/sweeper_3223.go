package conductor

import (
	"context"
	"errors"
	"slices"

	"fermata/model"
	"fermata/sweeper"
)

// pollAndSweep3223 is one turn of the loop of org.conductoross' WorkflowSweeper (3.22.3 to head): it pops a
// batch and sweeps one after the other. A server has sweeper-thread-count such loops, each an actor of its
// own. The first error that a sweep lets out ends the turn, and is logged.
func pollAndSweep3223(ctx context.Context, s *Server) error {
	ids, err := s.Ports.Queue.Pop(ctx, model.DeciderQueue, s.Settings.SweepBatchSize, s.Settings.QueuePopTimeout)
	if err != nil {
		return nil
	}
	for _, id := range ids {
		if s.Sweep(ctx, model.WorkflowID(id)) != nil {
			return nil
		}
	}
	return nil
}

// sweep3223 is org.conductoross' WorkflowSweeper.sweep (3.22.3 to head; engine facts 1.2 d), without
// sub-workflows and parents (D7, D9). A missed lock returns at once: no postponement, and no release by a
// non-owner. Repair comes after the decide, under the lock, whether the repair service is configured or not.
func sweep3223(ctx context.Context, s *Server, id model.WorkflowID) (err error) {
	acquired, err := s.AcquireLock(ctx, id) // D1 acquire
	if err != nil || !acquired {
		return err
	}
	defer s.ReleaseFinally(ctx, id, &err)
	locked := func() error {
		found, err := s.GetWorkflowModel(ctx, id, true) // D2 lookup
		if err != nil {
			return err
		}
		if found.Status.Terminal() {
			return s.RemoveFromDecider(ctx, id)
		}
		wf, err := s.Decide(ctx, id) // D3 second acquire, second read, decide, release
		if err != nil {
			return err
		}
		if wf == nil {
			return s.pushBack(ctx, id) // D4 the lock has become another's
		}
		if wf.Status.Terminal() {
			return s.RemoveFromDecider(ctx, id) // D5 remove
		}
		if sameTasks(found.Tasks, wf.Tasks) {
			if err := s.repairTasks(ctx, wf); err != nil { // D6 repair
				return err
			}
		}
		if slices.ContainsFunc(wf.Tasks, isOpen) {
			return nil
		}
		if err := s.forceLastTaskNotExecuted(ctx, wf); err != nil { // D8 once more
			return err
		}
		_, err = s.Decide(ctx, id)
		return err
	}
	if errors.Is(locked(), sweeper.ErrNotFound) {
		return s.RemoveFromDecider(ctx, id)
	}
	return nil // any other error is logged
}

// sameTasks tells whether a decide left the references and statuses of the tasks as they were read.
func sameTasks(before, after []model.Task) bool {
	return slices.EqualFunc(before, after, func(a, b model.Task) bool {
		return a.Ref == b.Ref && a.Status == b.Status
	})
}

func isOpen(task model.Task) bool { return !task.Status.Terminal() }

// pushBack pushes the message back by half a lease, at most the longest postponement.
func (s *Server) pushBack(ctx context.Context, id model.WorkflowID) error {
	backoff := max(model.Seconds(s.Settings.LockLeaseTime/2/model.Seconds(1).Millis()), 1)
	if longest := s.Settings.MaxPostponeDuration; longest > 0 {
		backoff = min(backoff, longest)
	}
	return s.Ports.Queue.Push(ctx, model.DeciderQueue, string(id), 0, backoff)
}

// repairTasks pushes every repairable task that its queue has no message for. It looks twice, since another
// repair may have come between.
func (s *Server) repairTasks(ctx context.Context, wf *model.Workflow) error {
	for _, task := range wf.Tasks {
		if !IsTaskRepairable(task) {
			continue
		}
		queued, err := s.Ports.Queue.ContainsMessage(ctx, task.QueueName(), string(task.ID))
		if err == nil && !queued {
			queued, err = s.Ports.Queue.ContainsMessage(ctx, task.QueueName(), string(task.ID))
		}
		if err == nil && !queued {
			err = s.RepushTask(ctx, task)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// forceLastTaskNotExecuted takes the mark from the last task of the model in hand and writes the workflow,
// which does not write its tasks: the decide that follows reads the mark again.
func (s *Server) forceLastTaskNotExecuted(ctx context.Context, wf *model.Workflow) error {
	if len(wf.Tasks) == 0 {
		return nil
	}
	wf.Tasks[len(wf.Tasks)-1].Executed = false
	return s.UpdateWorkflow(ctx, wf)
}
