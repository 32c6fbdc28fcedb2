package proposed

import (
	"context"

	"fermata/model"
)

// verifyAndRepairTask is the repair of 3.17.0 with AtomicRepair.
func verifyAndRepairTask(ctx context.Context, s *Server, task *model.Task) (bool, error) {
	if !s.IsTaskRepairable(*task) {
		return s.RepairSubWorkflowTask(ctx, task)
	}
	queue := task.QueueName()
	// AtomicRepair: one step looks again at the task and its queue, and pushes. It leaves alone what is
	// not SCHEDULED, so a JOIN in progress is repaired as before.
	if task.Status == model.TaskScheduled {
		return s.Ports.AtomicRepair.RepairTask(ctx, task.ID, queue)
	}
	queued, err := s.Ports.Queue.ContainsMessage(ctx, queue, string(task.ID)) // R1 is it queued
	if err != nil || queued {
		return false, err
	}
	err = s.RepushTask(ctx, *task) // R2 push
	return err == nil, err
}
