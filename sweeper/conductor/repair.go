package conductor

import (
	"context"
	"errors"
	"fmt"

	"fermata/model"
	"fermata/sweeper"
)

// DefaultPriority is what a push without a priority gets: the default of the messages of both the
// orkes and the dyno queues.
const DefaultPriority = 100

// VerifyAndRepairWorkflowTasks is WorkflowRepairService.verifyAndRepairWorkflowTasks(workflow) of
// 3.15.0 (engine facts 1.3). Parents are not modelled.
func (s *Server) VerifyAndRepairWorkflowTasks(ctx context.Context, wf *model.Workflow) error {
	for i := range wf.Tasks {
		if _, err := s.VerifyAndRepairTask(ctx, wf.Tasks[i]); err != nil {
			return err
		}
	}
	return nil
}

// VerifyAndRepairWorkflow is WorkflowRepairService.verifyAndRepairWorkflow(workflowId, true), the
// administrator's repair: the decider message first, then every task's. It is ErrIllegalState where
// the repair service is off, and a null pointer for a workflow that is not there.
func (s *Server) VerifyAndRepairWorkflow(ctx context.Context, id model.WorkflowID) error {
	if !s.Settings.RepairServiceEnabled {
		return fmt.Errorf("%w: the repair service is not enabled", ErrIllegalState)
	}
	wf, err := s.GetWorkflowModel(ctx, id, true)
	if errors.Is(err, sweeper.ErrNotFound) {
		return errNullPointer // the store answers null, and the repair looks at its status
	}
	if err != nil {
		return err
	}
	if err := s.verifyAndRepairDeciderQueue(ctx, wf); err != nil {
		return err
	}
	return s.VerifyAndRepairWorkflowTasks(ctx, wf)
}

// verifyAndRepairDeciderQueue pushes the workflow unless it is terminal or queued: three separate
// looks, the status the oldest.
func (s *Server) verifyAndRepairDeciderQueue(ctx context.Context, wf *model.Workflow) error {
	if wf.Status.Terminal() {
		return nil
	}
	queued, err := s.Ports.Queue.ContainsMessage(ctx, model.DeciderQueue, string(wf.ID))
	if err != nil || queued {
		return err
	}
	offset := s.Settings.WorkflowOffsetTimeout
	return s.Ports.Queue.Push(ctx, model.DeciderQueue, string(wf.ID), DefaultPriority, offset)
}

// RepushTask is push(queue, taskId, callbackAfterSeconds), the push without a priority.
func (s *Server) RepushTask(ctx context.Context, task model.Task) error {
	return s.Ports.Queue.Push(ctx, task.QueueName(), string(task.ID), DefaultPriority, task.CallbackAfter)
}

// IsTaskRepairable is WorkflowRepairService.isTaskRepairable: a worker's task while SCHEDULED, an
// asynchronous system task until it is done.
func IsTaskRepairable(task model.Task) bool {
	if task.Type.System() {
		return task.Type.Async() && !task.Status.Terminal()
	}
	return task.Status == model.TaskScheduled
}
