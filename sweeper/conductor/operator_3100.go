package conductor

import (
	"context"
	"fmt"

	"fermata/model"
	"fermata/sweeper"
)

// What else an operator asks for, the same in 3.10.0 and every later release. None of it takes a lock of its own.

// removeWorkflow3100 is ExecutionDAOFacade.removeWorkflow(workflowId, false), which the API's delete calls: it looks at
// no status. It deletes the workflow and then every message of it, whose errors are swallowed.
func removeWorkflow3100(ctx context.Context, s *Server, id model.WorkflowID) error {
	wf, err := s.GetWorkflowModel(ctx, id, true)
	if err != nil {
		return err
	}
	if err := s.Ports.Execution.RemoveWorkflow(ctx, id); err != nil {
		return err
	}
	for _, task := range wf.Tasks {
		_ = s.Ports.Queue.Remove(ctx, task.QueueName(), string(task.ID))
	}
	_ = s.RemoveFromDecider(ctx, id)
	return nil
}

// requeueSweep3100 is AdminServiceImpl.requeueSweep. It looks at no workflow: one that has ended, or is not there, is
// queued all the same.
func requeueSweep3100(ctx context.Context, s *Server, id model.WorkflowID) (bool, error) {
	offset := s.Settings.WorkflowOffsetTimeout
	pushed, err := s.Ports.Queue.PushIfNotExists(ctx, model.DeciderQueue, string(id), DefaultPriority, offset)
	return pushed && err == nil, err
}

// skipTask3100 is WorkflowExecutor.skipTaskFromWorkflow: it creates a SKIPPED row of the task, without a sequence
// number, and decides. That the store has the task already by then is not seen.
func skipTask3100(ctx context.Context, s *Server, id model.WorkflowID, ref string) error {
	wf, err := s.GetWorkflowModel(ctx, id, true)
	if err != nil {
		return err
	}
	if wf.Status != model.Running {
		return fmt.Errorf("%w: cannot skip a task of a %s workflow", ErrIllegalState, wf.Status)
	}
	def, err := s.definition(ctx, wf)
	if err != nil {
		return err
	}
	wt := model.TaskByRef(def.Tasks, ref)
	if wt == nil {
		return fmt.Errorf("%w: the definition has no task %s", ErrIllegalState, ref)
	}
	if lastByRef(wf.Tasks, ref) != nil {
		return fmt.Errorf("%w: task %s has been processed", ErrIllegalState, ref)
	}
	name := wt.Def.Name
	if name == "" {
		name = ref
	}
	skipped := model.Task{
		ID: s.Ports.Env.NewTaskID(ctx, ref, 0, 0), WorkflowID: id, Ref: ref,
		Type: model.Simple, DefName: name, // whatever its type in the definition
		Status: model.TaskSkipped,
	}
	if _, err := s.Ports.Execution.CreateTasks(ctx, []model.Task{skipped}); err != nil {
		return err
	}
	_, err = s.Decide(ctx, id)
	return err
}

// resetCallbacks3100 is WorkflowExecutor.resetCallbacksForWorkflow: the workers' tasks that wait for their callback
// become due at once, and their rows, as they were read, are written.
func resetCallbacks3100(ctx context.Context, s *Server, id model.WorkflowID) error {
	wf, err := s.GetWorkflowModel(ctx, id, true)
	if err != nil {
		return err
	}
	if wf.Status.Terminal() {
		return fmt.Errorf("%w: cannot reset callbacks of a %s workflow", sweeper.ErrConflict, wf.Status)
	}
	for i := range wf.Tasks {
		task := &wf.Tasks[i]
		if task.Type.System() || task.Status != model.TaskScheduled || task.CallbackAfter <= 0 {
			continue
		}
		reset, err := s.Ports.Queue.ResetOffsetTime(ctx, task.QueueName(), string(task.ID))
		if err != nil {
			return err
		}
		if !reset {
			continue
		}
		task.CallbackAfter = 0
		if err := s.UpdateTaskModel(ctx, task); err != nil {
			return err
		}
	}
	return nil
}
