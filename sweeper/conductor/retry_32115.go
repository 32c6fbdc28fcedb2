package conductor

import (
	"context"

	"fermata/model"
)

// retryWorkflow32115 is WorkflowExecutorOps.retry of 3.21.15: retryWorkflow3130 under the lock.
func retryWorkflow32115(ctx context.Context, s *Server, id model.WorkflowID, resume bool) (err error) {
	ctx, lock, err := s.acquireInstance(ctx, id, updateTimeToTry)
	if err != nil {
		return err
	}
	if lock == nil {
		return errNotLocked(id)
	}
	defer lock.close(ctx, &err)
	return retryWorkflow3130(ctx, s, id, resume)
}
