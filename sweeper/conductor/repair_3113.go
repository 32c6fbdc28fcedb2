package conductor

import (
	"context"

	"fermata/model"
)

// verifyAndRepairTask3113 is WorkflowRepairService.verifyAndRepairTask of 3.11.3 to head. The status is
// that of the caller's copy, which a repaired SUB_WORKFLOW changes; nothing is read again before the push.
func verifyAndRepairTask3113(ctx context.Context, s *Server, task *model.Task) (bool, error) {
	if !s.IsTaskRepairable(*task) {
		return s.RepairSubWorkflowTask(ctx, task)
	}
	queue := task.QueueName()
	queued, err := s.Ports.Queue.ContainsMessage(ctx, queue, string(task.ID)) // R1 is it queued
	if err != nil || queued {
		return false, err
	}
	err = s.RepushTask(ctx, *task) // R2 push
	return err == nil, err
}
