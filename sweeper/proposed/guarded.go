package proposed

import (
	"context"
	"errors"
	"fmt"

	"fermata/model"
	"fermata/sweeper"
	"fermata/sweeper/conductor"
)

// sweep is the sweeper's text with its guards.
func (m Measures) sweep(ctx context.Context, s *Server, id model.WorkflowID) (err error) {
	var wf *model.Workflow
	if m.LockFirst {
		if acquired, err := s.AcquireLock(ctx, id); err != nil || !acquired {
			return s.UnackByID(ctx, id, s.WorkflowOffsetWithJitter(ctx))
		}
		defer s.ReleaseFinally(ctx, id, &err)
	}
	swept, err := func() (bool, error) {
		found, err := s.GetWorkflowModel(ctx, id, true) // O1 lookup
		if err != nil {
			return false, err
		}
		wf = found
		if s.Settings.RepairServiceEnabled {
			if err := s.VerifyAndRepairWorkflowTasks(ctx, wf); err != nil { // O2 repair
				return false, err
			}
		}
		decided, err := m.decide(ctx, s, wf) // O3 decide on the copy of O1
		if err != nil {
			return false, err
		}
		wf = decided
		if wf != nil && wf.Status.Terminal() {
			return true, m.remove(ctx, s, id) // O4 remove
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

// decide is O3: in the sweeper's own hold, or in one that it takes now.
func (m Measures) decide(ctx context.Context, s *Server, wf *model.Workflow) (*model.Workflow, error) {
	if m.LockFirst {
		return wf, s.DecideModel(ctx, wf)
	}
	return s.DecideWithLock(ctx, wf)
}

// remove is O4, unless decideWithLock has done it.
func (m Measures) remove(ctx context.Context, s *Server, id model.WorkflowID) error {
	if m.RemoveFirst && !m.LockFirst {
		return nil
	}
	return s.RemoveFromDecider(ctx, id)
}

// decideWithLock is called without LockFirst only. With RemoveFirst the sweeper's own removal is here,
// inside the hold.
func (m Measures) decideWithLock(
	ctx context.Context, s *Server, wf *model.Workflow,
) (decided *model.Workflow, err error) {
	acquired, err := s.AcquireLock(ctx, wf.ID)
	if err != nil || !acquired {
		return nil, err
	}
	defer s.ReleaseFinally(ctx, wf.ID, &err)
	if err := s.DecideModel(ctx, wf); err != nil {
		return nil, err
	}
	if m.RemoveFirst && wf.Status.Terminal() {
		return wf, s.RemoveFromDecider(ctx, wf.ID)
	}
	return wf, nil
}

func (m Measures) verifyAndRepairTask(ctx context.Context, s *Server, task *model.Task) (bool, error) {
	if !s.IsTaskRepairable(*task) {
		return s.RepairSubWorkflowTask(ctx, task)
	}
	queue := task.QueueName()
	if m.AtomicRepair && task.Status == model.TaskScheduled {
		return s.Ports.AtomicRepair.RepairTask(ctx, task.ID, queue)
	}
	queued, err := s.Ports.Queue.ContainsMessage(ctx, queue, string(task.ID)) // R1 is it queued
	if err != nil || queued {
		return false, err
	}
	err = s.RepushTask(ctx, *task) // R2 push
	return err == nil, err
}

func (m Measures) completeWorkflow(ctx context.Context, s *Server, wf *model.Workflow) error {
	if wf.Status == model.Completed {
		if err := s.RemoveFromDecider(ctx, wf.ID); err != nil {
			return err
		}
		return s.Ports.Execution.RemoveFromPendingWorkflow(ctx, wf.ID)
	}
	if wf.Status.Terminal() {
		return fmt.Errorf("%w: cannot complete a %s workflow", sweeper.ErrConflict, wf.Status)
	}
	wf.Status = model.Completed
	if err := s.UpdateWorkflow(ctx, wf); err != nil {
		return err
	}
	if err := s.Notify(ctx, wf, conductor.EventCompleted); err != nil {
		return err
	}
	if err := s.UpdateParent(ctx, wf); err != nil || m.RemoveFirst {
		return err
	}
	return s.ReleaseAndDeleteLock(ctx, wf.ID)
}

func (m Measures) terminateModel(ctx context.Context, s *Server, wf *model.Workflow, _ string) (err error) {
	if m.RemoveFirst {
		defer s.ReleaseFinally(ctx, wf.ID, &err)
	} else {
		defer s.ReleaseAndDeleteFinally(ctx, wf.ID, &err)
	}
	if _, err := s.AcquireLockFor(ctx, wf.ID, conductor.LongTimeToTry); err != nil {
		return err
	}
	return s.TerminateAndCancel(ctx, wf)
}
