package conductor

import (
	"context"

	"fermata/model"
)

// poll3220 is ExecutionService.poll of 3.21.23 to 3.23.0: the same as poll3180. Only what is read of it is
// more: the postponement of a workflow counts a task's response timeout from its start.
func poll3220(ctx context.Context, s *Server, queue string, count int) ([]model.Task, error) {
	return s.pollAndRead(ctx, queue, count, s.pollTask3220)
}

// pollTask3220 is PollTask with a start that the response timeout reads too.
func (s *Server) pollTask3220(ctx context.Context, queue string, id model.TaskID) (model.Task, bool, error) {
	task, given, err := s.polledTask(ctx, queue, id)
	if err != nil || !given {
		return task, false, err
	}
	s.stampStart(ctx, &task)
	if task.ResponseTimeoutSeconds != 0 && task.StartTime == 0 {
		task.StartTime = s.Ports.Env.Now(ctx)
	}
	err = s.giveTask(ctx, &task)
	return task, err == nil, err
}
