package conductor

import (
	"context"

	"fermata/model"
)

// poll3300 is ExecutionService.poll of 3.30.0 on: as poll3220, and each task that is handed out brings its
// workflow's next sweep forward to its response timeout.
func poll3300(ctx context.Context, s *Server, queue string, count int) ([]model.Task, error) {
	return s.pollAndRead(ctx, queue, count, s.PollTask3300)
}

// PollTask3300 is PollTask of 3.30.0 on.
func (s *Server) PollTask3300(ctx context.Context, queue string, id model.TaskID) (model.Task, bool, error) {
	task, given, err := s.pollTask3220(ctx, queue, id)
	if given {
		s.adjustDeciderQueuePostpone(ctx, task)
	}
	return task, given, err
}

// adjustDeciderQueuePostpone has no lock, and an error of it is logged.
func (s *Server) adjustDeciderQueuePostpone(ctx context.Context, task model.Task) {
	if task.ResponseTimeoutSeconds == 0 {
		return
	}
	_, _ = s.Ports.Queue.SetUnackTimeoutIfShorter(
		ctx, model.DeciderQueue, string(task.WorkflowID), task.ResponseTimeoutSeconds.Millis())
}
