package conductor

import (
	"context"
	"errors"

	"fermata/model"
	"fermata/sweeper"
)

// sweep3220 is org.conductoross' WorkflowSweeper.sweep of 3.22.0 to 3.22.2: as sweep3223, but a decide that misses
// the lock ends the sweep without a push, repair looks once for a task's message, and no SUB_WORKFLOW is repaired.
func sweep3220(ctx context.Context, s *Server, id model.WorkflowID) (err error) {
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
		if err != nil || wf == nil {
			return err
		}
		if wf.Status.Terminal() {
			return s.RemoveFromDecider(ctx, id) // D5 remove
		}
		if sameTasks(found.Tasks, wf.Tasks) {
			if err := s.repushTasks(ctx, wf); err != nil { // D6 repair
				return err
			}
		}
		return s.finishSweep(ctx, wf)
	}
	if errors.Is(locked(), sweeper.ErrNotFound) {
		return s.RemoveFromDecider(ctx, id)
	}
	return nil // any other error is logged
}

// repushTasks pushes every repairable task that its queue has no message for.
func (s *Server) repushTasks(ctx context.Context, wf *model.Workflow) error {
	for _, task := range wf.Tasks {
		if !s.IsTaskRepairable(task) {
			continue
		}
		queued, err := s.Ports.Queue.ContainsMessage(ctx, task.QueueName(), string(task.ID))
		if err == nil && !queued {
			err = s.RepushTask(ctx, task)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
