package conductor

import (
	"context"
	"errors"

	"fermata/model"
	"fermata/sweeper"
)

// updateParentWorkflowTask3312 is WorkflowExecutorOps.updateParentWorkflowTask of 3.31.2 to 3.32.1: as
// updateParentWorkflowTask3107, but a task that is gone is nobody's parent (since 3.30.0), and the end of the
// sub-workflow has every JOIN of the parent looked at that is waiting.
func updateParentWorkflowTask3312(ctx context.Context, s *Server, wf *model.Workflow) error {
	task, err := s.Ports.Execution.GetTask(ctx, wf.ParentWorkflowTaskID)
	if errors.Is(err, sweeper.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	return s.writeParentTask(ctx, &task)
}

// updateParentWorkflowTask3323 is that of 3.32.3: as updateParentWorkflowTask3312, but first it reads the parent, and
// leaves alone a task that is not among the parent's any more.
func updateParentWorkflowTask3323(ctx context.Context, s *Server, wf *model.Workflow) error {
	task, err := s.Ports.Execution.GetTask(ctx, wf.ParentWorkflowTaskID)
	if errors.Is(err, sweeper.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	parent, err := s.GetWorkflowModel(ctx, task.WorkflowID, true)
	if err != nil || indexOfTask(parent, task.ID) < 0 {
		return err
	}
	return s.writeParentTask(ctx, &task)
}

// writeParentTask writes the parent's task as its sub-workflow has ended, and has the parent's JOINs looked at.
func (s *Server) writeParentTask(ctx context.Context, task *model.Task) error {
	if _, err := s.executeSystemTask(ctx, task); err != nil {
		return err
	}
	if err := s.UpdateTaskModel(ctx, task); err != nil || !task.Status.Terminal() {
		return err
	}
	return s.expediteInProgressJoinTasks(ctx, task.WorkflowID)
}

// expediteInProgressJoinTasks makes the message of every JOIN in progress due at once, without the workflow's lock.
func (s *Server) expediteInProgressJoinTasks(ctx context.Context, id model.WorkflowID) error {
	wf, err := s.GetWorkflowModel(ctx, id, true)
	if err != nil {
		return err
	}
	for _, task := range wf.Tasks {
		if task.Type != model.Join || task.Status != model.TaskInProgress {
			continue
		}
		queued, err := s.Ports.Queue.ContainsMessage(ctx, task.QueueName(), string(task.ID))
		if err == nil && queued {
			_, err = s.Ports.Queue.Postpone(ctx, task.QueueName(), string(task.ID), wf.Priority, 0)
		} else if err == nil {
			err = s.Ports.Queue.Push(ctx, task.QueueName(), string(task.ID), wf.Priority, 0)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
