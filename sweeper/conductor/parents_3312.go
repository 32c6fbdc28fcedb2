package conductor

import (
	"context"
	"errors"

	"fermata/model"
	"fermata/sweeper"
)

// updateParentWorkflowTask3312 is WorkflowExecutorOps.updateParentWorkflowTask of 3.31.2 on: as
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
	if _, err := s.executeSystemTask(ctx, &task); err != nil {
		return err
	}
	if err := s.UpdateTaskModel(ctx, &task); err != nil || !task.Status.Terminal() {
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
