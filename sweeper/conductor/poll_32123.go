package conductor

import (
	"context"

	"fermata/model"
)

// poll32123 is ExecutionService.poll of 3.21.23. Java's is 3.18.0's; what differs is that someone reads the start
// of a task with a response timeout, and so it is kept here (see computePostpone32123).
func poll32123(ctx context.Context, s *Server, queue string, count int) ([]model.Task, error) {
	return s.pollAndRead(ctx, queue, count, func(
		ctx context.Context, queue string, id model.TaskID,
	) (model.Task, bool, error) {
		return s.pollTaskStamped(ctx, queue, id, func(t *model.Task) bool {
			return t.TimeoutSeconds > 0 || t.ResponseTimeoutSeconds > 0
		})
	})
}
