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

// sweep3223 is org.conductoross' WorkflowSweeper.sweep (3.22.3 to head; engine facts 1.2 d). A missed lock
// returns at once: no postponement, and no release by a non-owner. Repair comes after the decide, under the lock,
// whether the repair service is configured or not.
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
			repaired, err := s.repairTasks(ctx, wf) // D6 repair
			if err != nil {
				return err
			}
			if repaired {
				if wf, err = s.Decide(ctx, id); err != nil { // D7 decide by the sub-workflow's end
					return err
				}
				if wf == nil {
					return errNullPointer // a missed lock, whose tasks are asked for
				}
				if wf.Status.Terminal() {
					return s.RemoveFromDecider(ctx, id)
				}
			}
		}
		return s.finishSweep(ctx, wf)
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

// finishSweep is the end of the newer sweeps, of a workflow that goes on.
func (s *Server) finishSweep(ctx context.Context, wf *model.Workflow) error {
	if !slices.ContainsFunc(wf.Tasks, isOpen) {
		if err := s.forceLastTaskNotExecuted(ctx, wf); err != nil { // D8 once more
			return err
		}
		decided, err := s.Decide(ctx, wf.ID)
		if err != nil || decided == nil {
			return err
		}
		wf = decided
	}
	return s.EnsureInDecider(ctx, wf.ParentWorkflowID) // D9 the parent's message
}

// repairTasks pushes every repairable task that its queue has no message for, and writes every SUB_WORKFLOW as its
// sub-workflow has ended; it tells whether there was one. It looks twice for a message, since another repair may
// have come between. A sub-workflow that is not there is passed over.
func (s *Server) repairTasks(ctx context.Context, wf *model.Workflow) (repaired bool, err error) {
	for i := range wf.Tasks {
		task := &wf.Tasks[i]
		if s.IsTaskRepairable(*task) {
			if err := s.repushUnlessQueued(ctx, task); err != nil {
				return false, err
			}
			continue
		}
		done, err := s.RepairSubWorkflowTask(ctx, task)
		if err != nil && !errors.Is(err, errNullPointer) {
			return false, err
		}
		repaired = repaired || done
	}
	return repaired, nil
}

func (s *Server) repushUnlessQueued(ctx context.Context, task *model.Task) error {
	for range 2 {
		queued, err := s.Ports.Queue.ContainsMessage(ctx, task.QueueName(), string(task.ID))
		if err != nil || queued {
			return err
		}
	}
	return s.RepushTask(ctx, *task)
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
