package conductor

import (
	"context"
	"errors"

	"fermata/model"
	"fermata/sweeper"
)

// poll3180 is ExecutionService.poll of 3.18.0 to 3.21.22 but for 3.21.15. Between marking and acknowledging
// it reads every popped task again, for a listener that is not modelled; an error of that read leaves
// the tasks IN_PROGRESS with their messages in the queue.
func poll3180(ctx context.Context, s *Server, queue string, count int) ([]model.Task, error) {
	return s.pollAndRead(ctx, queue, count, s.PollTask)
}

// pollAndRead is poll with the body of its loop over the popped messages.
func (s *Server) pollAndRead(
	ctx context.Context, queue string, count int, pollTask PollTaskFunc,
) ([]model.Task, error) {
	ids, tasks, err := s.pollTasks(ctx, queue, count, pollTask)
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		_, err := s.Ports.Execution.GetTask(ctx, model.TaskID(id))
		if err != nil && !errors.Is(err, sweeper.ErrNotFound) {
			return nil, err
		}
	}
	return tasks, s.ackTasks(ctx, tasks)
}
