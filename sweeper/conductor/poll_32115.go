package conductor

import (
	"context"
	"errors"

	"fermata/model"
	"fermata/sweeper"
)

// poll32115 is ExecutionService.poll of 3.21.15: poll3180, but each task is marked under the lock of its
// workflow.
func poll32115(ctx context.Context, s *Server, queue string, count int) ([]model.Task, error) {
	return s.pollAndRead(ctx, queue, count, s.pollTaskLocked)
}

// pollTaskLocked reads the task to learn its workflow, and again under the lock. A message whose workflow is
// locked is left as it was popped. One without a task is a null pointer, and so postponed, not removed.
func (s *Server) pollTaskLocked(
	ctx context.Context, queue string, id model.TaskID,
) (task model.Task, given bool, err error) {
	task, err = s.Ports.Execution.GetTask(ctx, id)
	if errors.Is(err, sweeper.ErrNotFound) {
		return task, false, errNullPointer
	}
	if err != nil {
		return task, false, err
	}
	ctx, lock, err := s.acquireInstance(ctx, task.WorkflowID, s.Settings.LockTimeToTry)
	if err != nil || lock == nil {
		return task, false, err
	}
	defer lock.close(ctx, &err) // an error of this postpones a task that is handed out all the same
	return s.PollTask(ctx, queue, id)
}
