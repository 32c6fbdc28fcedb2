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
// 3.15.0 (engine facts 1.3): the tasks, then the parent, whatever its status.
func (s *Server) VerifyAndRepairWorkflowTasks(ctx context.Context, wf *model.Workflow) error {
	if err := s.verifyAndRepairTasks(ctx, wf); err != nil {
		return err
	}
	return s.EnsureInDecider(ctx, wf.ParentWorkflowID)
}

// verifyAndRepairTasks is verifyAndRepairTask of every task.
func (s *Server) verifyAndRepairTasks(ctx context.Context, wf *model.Workflow) error {
	for i := range wf.Tasks {
		if _, err := s.VerifyAndRepairTask(ctx, &wf.Tasks[i]); err != nil {
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
	return s.verifyAndRepairTasks(ctx, wf)
}

// verifyAndRepairDeciderQueue pushes the workflow unless it is terminal or queued: three separate
// looks, the status the oldest.
func (s *Server) verifyAndRepairDeciderQueue(ctx context.Context, wf *model.Workflow) error {
	if wf.Status.Terminal() {
		return nil
	}
	return s.EnsureInDecider(ctx, wf.ID)
}

// EnsureInDecider is WorkflowRepairService.verifyAndRepairWorkflow(workflowId), and ensureWorkflowExistsInDecider of
// the newer sweepers. "" is a workflow without a parent.
func (s *Server) EnsureInDecider(ctx context.Context, id model.WorkflowID) error {
	if id == "" {
		return nil
	}
	return s.methods.EnsureInDecider(ctx, s, id)
}

// ensureInDecider3130 is that of 3.13.0 to head: a push unless the workflow is queued, whatever its status.
func ensureInDecider3130(ctx context.Context, s *Server, id model.WorkflowID) error {
	queued, err := s.Ports.Queue.ContainsMessage(ctx, model.DeciderQueue, string(id))
	if err != nil || queued {
		return err
	}
	return s.Ports.Queue.Push(ctx, model.DeciderQueue, string(id), DefaultPriority, s.Settings.WorkflowOffsetTimeout)
}

// RepushTask is push(queue, taskId, callbackAfterSeconds), the push without a priority.
func (s *Server) RepushTask(ctx context.Context, task model.Task) error {
	return s.Ports.Queue.Push(ctx, task.QueueName(), string(task.ID), DefaultPriority, task.CallbackAfter)
}

// IsTaskRepairable is WorkflowRepairService.isTaskRepairable: a worker's task while SCHEDULED, an
// asynchronous system task until it is done, or, if others end it, until it has been started.
func (s *Server) IsTaskRepairable(task model.Task) bool {
	if !task.Type.System() || isAsyncComplete(task.Type) {
		return task.Status == model.TaskScheduled && !s.isSync(task.Type)
	}
	return !s.isSync(task.Type) && !task.Status.Terminal()
}

// RepairSubWorkflowTask is the other half of verifyAndRepairTask: a SUB_WORKFLOW in progress whose sub-workflow has
// ended is written as that ended, from the caller's copy, however old. It tells whether it was.
func (s *Server) RepairSubWorkflowTask(ctx context.Context, task *model.Task) (bool, error) {
	if task.Type != model.SubWorkflow || task.Status != model.TaskInProgress {
		return false, nil
	}
	child, err := s.Ports.Execution.GetWorkflow(ctx, task.SubWorkflowID, false)
	if errors.Is(err, sweeper.ErrNotFound) {
		return false, errNullPointer
	}
	if err != nil || !child.Status.Terminal() {
		return false, err
	}
	task.Status = subWorkflowTaskStatus(child.Status)
	return true, s.Ports.Execution.UpdateTask(ctx, *task)
}
