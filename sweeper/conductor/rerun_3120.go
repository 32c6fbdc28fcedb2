package conductor

import (
	"context"
	"errors"
	"fmt"

	"fermata/model"
	"fermata/sweeper"
)

// errIllegalArgument is IllegalArgumentException: a rerun from a task that the workflow does not have.
var errIllegalArgument = errors.New("conductor: illegal argument")

// rerunWorkflow3120 is WorkflowExecutor.rerun of 3.12.0 to 3.23.0, without new input and listeners (engine facts
// 1.4), of a task of the workflow itself: one of a sub-workflow, which Java looks for too, and a SUB_WORKFLOW are not
// modelled. It takes no lock until it decides, and wakes up everyone above before anything else. The workflow is pushed
// and written RUNNING before its tasks are as they shall be, and the task's message is pushed before its row is
// written.
func rerunWorkflow3120(ctx context.Context, s *Server, id model.WorkflowID, fromTask model.TaskID) error {
	wf, err := s.rerunnable(ctx, id)
	if err != nil {
		return err
	}
	if err := s.UpdateAndPushParents(ctx, wf); err != nil {
		return err
	}
	if fromTask == "" {
		return s.rerunAll(ctx, wf)
	}
	at := indexOfTask(wf, fromTask)
	if at < 0 {
		return fmt.Errorf("%w: task %s not found", errIllegalArgument, fromTask)
	}
	wf.Status, wf.FailedTaskID = model.Running, ""
	if err := s.pushToDecider(ctx, wf); err != nil {
		return err
	}
	if err := s.UpdateWorkflow(ctx, wf); err != nil {
		return err
	}
	if err := s.updateTasks(ctx, wf); err != nil {
		return err
	}
	from, err := s.removeTasksAfter(ctx, wf, fromTask)
	if err != nil {
		return err
	}
	if err := s.resetRerunTask(ctx, wf, from); err != nil {
		return err
	}
	if !from.Type.System() || s.methods.IsAsync(from.Type) { // FORK's start does nothing
		from.Status = model.TaskScheduled
		if err := s.addTaskToQueue(ctx, wf, from); err != nil {
			return err
		}
	}
	if err := s.UpdateTaskModel(ctx, from); err != nil {
		return err
	}
	_, err = s.Decide(ctx, id)
	return err
}

// rerunnable reads the workflow, and refuses one that has not ended.
func (s *Server) rerunnable(ctx context.Context, id model.WorkflowID) (*model.Workflow, error) {
	wf, err := s.GetWorkflowModel(ctx, id, true)
	if err != nil {
		return nil, err
	}
	if !wf.Status.Terminal() {
		return nil, fmt.Errorf("%w: cannot rerun a %s workflow", sweeper.ErrConflict, wf.Status)
	}
	return wf, nil
}

// rerunAll is rerun without a task: all tasks go.
func (s *Server) rerunAll(ctx context.Context, wf *model.Workflow) error {
	if err := s.removeAllTasks(ctx, wf); err != nil {
		return err
	}
	if err := s.pushToDecider(ctx, wf); err != nil {
		return err
	}
	if err := s.UpdateWorkflow(ctx, wf); err != nil {
		return err
	}
	_, err := s.Decide(ctx, wf.ID)
	return err
}

// removeAllTasks removes the tasks, and makes the model RUNNING.
func (s *Server) removeAllTasks(ctx context.Context, wf *model.Workflow) error {
	for i := range wf.Tasks {
		if err := s.Ports.Execution.RemoveTask(ctx, wf.ID, wf.Tasks[i].ID); err != nil {
			return err
		}
	}
	wf.Tasks = nil
	wf.Status, wf.FailedTaskID = model.Running, ""
	return nil
}

// removeTasksAfter removes the tasks that come after the given one, in the store and in the model; their messages stay.
// It gives that task in the model.
func (s *Server) removeTasksAfter(ctx context.Context, wf *model.Workflow, id model.TaskID) (*model.Task, error) {
	last := wf.Tasks[indexOfTask(wf, id)].Seq
	kept := make([]model.Task, 0, len(wf.Tasks))
	for _, task := range wf.Tasks {
		if task.Seq <= last {
			kept = append(kept, task)
			continue
		}
		if err := s.Ports.Execution.RemoveTask(ctx, wf.ID, task.ID); err != nil {
			return nil, err
		}
	}
	wf.Tasks = kept
	return &wf.Tasks[indexOfTask(wf, id)], nil
}

// resetRerunTask is what rerun forgets of the task that it runs again.
func (s *Server) resetRerunTask(ctx context.Context, wf *model.Workflow, task *model.Task) error {
	def, err := s.definition(ctx, wf)
	if err != nil {
		return err
	}
	s.stampRescheduled(ctx, def, task)
	task.StartTime, task.UpdateTime = 0, 0
	task.Retried, task.Executed = false, false
	return nil
}
