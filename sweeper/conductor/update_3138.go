package conductor

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"fermata/model"
	"fermata/sweeper"
)

// updateTask3138 is WorkflowExecutor.updateTask of 3.13.8 to 3.23.0 but for 3.21.15 (engine facts 1.4). It
// takes no lock. A task or workflow that has ended is refused by a read alone, and a decide that misses the
// lock is forgotten.
func updateTask3138(ctx context.Context, s *Server, result sweeper.TaskResult) error {
	return s.updateTask(ctx, result, isLazyEvaluateWorkflow3138)
}

// updateTask is the whole of updateTask, with the tasks whose end asks for no decide. The result of a SUB_WORKFLOW
// does not name its sub-workflow, so that the task forgets it. Since 3.31.0 the end of a HUMAN puts its workflow back
// into the decider queue, whatever has become of it meanwhile.
func (s *Server) updateTask(
	ctx context.Context, result sweeper.TaskResult, lazy func(def *model.WorkflowDef, task model.Task) bool,
) error {
	wf, err := s.GetWorkflowModel(ctx, result.WorkflowID, false)
	if err != nil {
		return err
	}
	task, err := s.Ports.Execution.GetTask(ctx, result.TaskID)
	if err != nil {
		return err
	}
	queue := task.QueueName()
	if task.Status.Terminal() || wf.Status.Terminal() {
		return s.Ports.Queue.Remove(ctx, queue, string(task.ID))
	}
	task.Status = result.Status
	if !task.Type.System() && result.Status == model.TaskInProgress {
		task.Status = model.TaskScheduled
	}
	task.CallbackAfter, task.SubWorkflowID = result.CallbackAfter, ""
	if err := s.updateTaskMessage(ctx, wf, task); err != nil {
		return err
	}
	if err := s.UpdateTaskModel(ctx, &task); err != nil {
		return fmt.Errorf("%w: update task: %v", sweeper.ErrTransient, err)
	}
	if err := s.readAttempts(ctx, task); err != nil {
		return err
	}
	if task.Type == model.Human && task.Status.Terminal() && s.methods.LeavesDecider != nil {
		err := s.Ports.Queue.Push(ctx, model.DeciderQueue, string(wf.ID), wf.Priority, 0)
		if err != nil {
			return err
		}
	}
	def, err := s.definition(ctx, wf)
	if err != nil {
		return err
	}
	if lazy(def, task) {
		return nil
	}
	_, err = s.Decide(ctx, wf.ID)
	return err
}

// readAttempts is WorkflowExecutor.getTaskDuration: for a metric of a task that has ended, every earlier
// attempt is read, and an error of that leaves the workflow undecided.
func (s *Server) readAttempts(ctx context.Context, task model.Task) error {
	if !task.Status.Terminal() {
		return nil
	}
	for id := task.RetriedTaskID; id != ""; {
		earlier, err := s.Ports.Execution.GetTask(ctx, id)
		if errors.Is(err, sweeper.ErrNotFound) {
			return errNullPointer
		}
		if err != nil {
			return err
		}
		id = earlier.RetriedTaskID
	}
	return nil
}

// updateTaskMessage removes the message of a task that has ended, whatever comes of it, and postpones
// that of one that goes on.
func (s *Server) updateTaskMessage(ctx context.Context, wf *model.Workflow, task model.Task) error {
	queue, id := task.QueueName(), string(task.ID)
	if task.Status.Terminal() {
		_ = s.Ports.Queue.Remove(ctx, queue, id)
		return nil
	}
	if _, err := s.Ports.Queue.Postpone(ctx, queue, id, wf.Priority, task.CallbackAfter); err != nil {
		return fmt.Errorf("%w: postpone task: %v", sweeper.ErrTransient, err)
	}
	return nil
}

// isLazyEvaluateWorkflow3138 is WorkflowExecutor.isLazyEvaluateWorkflow of 3.13.8 to 3.23.0: no decide for a
// successful task that ends a branch of a FORK_JOIN, since its JOIN will ask for one, nor for one that
// the definition does not have.
func isLazyEvaluateWorkflow3138(def *model.WorkflowDef, task model.Task) bool {
	inFork := anyTask(def.Tasks, func(t *model.WorkflowTask) bool {
		return t.Type == model.ForkJoin && model.TaskByRef([]model.WorkflowTask{*t}, task.Ref) != nil
	})
	if !inFork {
		return model.TaskByRef(def.Tasks, task.Ref) == nil && task.Status.Successful()
	}
	joined := anyTask(def.Tasks, func(t *model.WorkflowTask) bool {
		return t.Type == model.Join && slices.Contains(t.JoinOn, task.Ref)
	})
	return joined && task.Status.Successful()
}
