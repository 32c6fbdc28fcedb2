package conductor

import (
	"context"
	"fmt"

	"fermata/model"
)

// rerunWorkflow3312 is WorkflowExecutorOps.rerun of 3.31.2 on, without new input, listeners, sub-workflows and dynamic
// forks. From a task, the workflow is pushed when its tasks are as they shall be, and the task's message when its row
// is written. A FORK, too, is SCHEDULED and pushed. From the beginning it is as before.
func rerunWorkflow3312(ctx context.Context, s *Server, id model.WorkflowID, fromTask model.TaskID) error {
	wf, err := s.rerunnable(ctx, id)
	if err != nil {
		return err
	}
	if fromTask == "" {
		return s.rerunAll3312(ctx, wf)
	}
	at := indexOfTask(wf, fromTask)
	if at < 0 {
		return fmt.Errorf("%w: task %s not found", errIllegalArgument, fromTask)
	}
	wf.Status, wf.FailedTaskID = model.Running, ""
	if err := s.UpdateWorkflow(ctx, wf); err != nil {
		return err
	}
	wf.Tasks[at].Status = model.TaskScheduled
	if err := s.UpdateTaskModel(ctx, &wf.Tasks[at]); err != nil {
		return err
	}
	if err := s.UpdateAndPushParents(ctx, wf); err != nil {
		return err
	}
	for i := range wf.Tasks {
		if i == at {
			continue
		}
		if err := s.UpdateTaskModel(ctx, &wf.Tasks[i]); err != nil {
			return err
		}
	}
	from, err := s.removeTasksAfter(ctx, wf, fromTask)
	if err != nil {
		return err
	}
	if err := s.resetRerunTask(ctx, wf, from); err != nil {
		return err
	}
	from.PollCount = 0
	if err := s.UpdateTaskModel(ctx, from); err != nil {
		return err
	}
	if err := s.addTaskToQueue(ctx, wf, from); err != nil {
		return err
	}
	return s.finalizeRerun(ctx, wf, from.Ref)
}

// rerunAll3312 is rerun without a task: everyone above is woken up when the workflow is written, and again at the end.
func (s *Server) rerunAll3312(ctx context.Context, wf *model.Workflow) error {
	if err := s.removeAllTasks(ctx, wf); err != nil {
		return err
	}
	if err := s.pushToDecider(ctx, wf); err != nil {
		return err
	}
	if err := s.UpdateWorkflow(ctx, wf); err != nil {
		return err
	}
	if err := s.UpdateAndPushParents(ctx, wf); err != nil {
		return err
	}
	if _, err := s.Decide(ctx, wf.ID); err != nil {
		return err
	}
	return s.UpdateAndPushParents(ctx, wf)
}

// finalizeRerun is WorkflowExecutorOps.finalizeRerun: what else has ended without success runs again in its row, and
// then the workflow is pushed and decided.
func (s *Server) finalizeRerun(ctx context.Context, wf *model.Workflow, fromRef string) error {
	var scheduled []int
	for i := range wf.Tasks {
		task := &wf.Tasks[i]
		if !isUnsuccessfulTerminal(*task) || task.Ref == fromRef {
			continue
		}
		if task.Type == model.SubWorkflow {
			task.SubWorkflowID = ""
		}
		task.Status = model.TaskInProgress
		if task.Type != model.Join && !s.isSync(task.Type) {
			task.Status = model.TaskScheduled
			scheduled = append(scheduled, i)
		}
		task.Executed = false
		if task.TimeoutSeconds > 0 || task.ResponseTimeoutSeconds != 0 {
			task.StartTime = s.Ports.Env.Now(ctx)
		}
	}
	if err := s.updateTasks(ctx, wf); err != nil {
		return err
	}
	for _, i := range scheduled {
		if err := s.addTaskToQueue(ctx, wf, &wf.Tasks[i]); err != nil {
			return err
		}
	}
	if err := s.pushToDecider(ctx, wf); err != nil {
		return err
	}
	if _, err := s.Decide(ctx, wf.ID); err != nil {
		return err
	}
	return s.UpdateAndPushParents(ctx, wf)
}
