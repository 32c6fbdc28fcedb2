package conductor

import (
	"context"
	"fmt"

	"fermata/model"
	"fermata/sweeper"
)

// pollAndSweep3137 is WorkflowReconciler.pollAndSweep (engine facts 1.1; 3.13.7 to 3.22). The next pop
// waits for every sweep of the batch. With one sweeper thread the batch is one id and this is exact; a
// batch on several threads is not modelled, ErrUnmodelled. Every other error is logged and gone.
func pollAndSweep3137(ctx context.Context, s *Server) error {
	threads := s.Settings.SweeperThreadCount
	if threads != 1 {
		return fmt.Errorf("%w: a batch on %d sweeper threads", sweeper.ErrUnmodelled, threads)
	}
	ids, err := s.Ports.Queue.Pop(ctx, model.DeciderQueue, threads, s.Settings.SweeperWorkflowPollTimeout)
	if err != nil {
		return nil
	}
	for _, id := range ids {
		_ = s.Sweep(ctx, model.WorkflowID(id))
	}
	return nil
}
