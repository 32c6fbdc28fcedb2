package conductor

import (
	"context"

	"fermata/model"
)

// taskToBeRescheduled3320 is WorkflowExecutorOps.taskToBeRescheduled of 3.32.0 on: as taskToBeRescheduled3130, but a
// JOIN is retried in its own row.
func taskToBeRescheduled3320(ctx context.Context, s *Server, task *model.Task) model.Task {
	if task.Type != model.Join {
		return taskToBeRescheduled3130(ctx, s, task)
	}
	task.Retried = false
	task.RetryCount++
	task.Status = model.TaskInProgress
	return *task
}
