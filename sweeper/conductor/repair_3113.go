package conductor

import (
	"context"

	"fermata/model"
)

// verifyAndRepairTask3113 is WorkflowRepairService.verifyAndRepairTask of 3.11.3 to head. The status is
// that of the caller's copy; nothing is read again before the push. Sub-workflows are not modelled.
func verifyAndRepairTask3113(ctx context.Context, s *Server, task model.Task) (bool, error) {
	if !IsTaskRepairable(task) {
		return false, nil
	}
	queue := task.QueueName()
	queued, err := s.Ports.Queue.ContainsMessage(ctx, queue, string(task.ID)) // R1 is it queued
	if err != nil || queued {
		return false, err
	}
	err = s.RepushTask(ctx, task) // R2 push
	return err == nil, err
}
