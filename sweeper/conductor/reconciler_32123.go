package conductor

import (
	"context"
	"fmt"

	"fermata/model"
	"fermata/sweeper"
)

// pollAndSweep32123 is one turn of WorkflowSweeper.pollAndSweep (org.conductoross, 3.21.23). Every sweeper thread
// pops for itself and sweeps what it got in parallel; the next pop waits for all of it. One thread whose pop
// gives one workflow is exact. Several threads a server, and a batch of several workflows, are not modelled:
// ErrUnmodelled. Every other error is logged and gone.
func pollAndSweep32123(ctx context.Context, s *Server) error {
	if threads := s.Settings.SweeperThreadCount; threads != 1 {
		return fmt.Errorf("%w: %d sweeper threads", sweeper.ErrUnmodelled, threads)
	}
	size, timeout := s.Settings.SweepBatchSize, s.Settings.QueuePopTimeout
	ids, err := s.Ports.Queue.Pop(ctx, model.DeciderQueue, size, timeout)
	if err != nil || len(ids) == 0 {
		return nil
	}
	if len(ids) > 1 {
		return fmt.Errorf("%w: a batch of %d workflows in parallel", sweeper.ErrUnmodelled, len(ids))
	}
	_ = s.Sweep(ctx, model.WorkflowID(ids[0]))
	return nil
}
