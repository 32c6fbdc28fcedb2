package conductor

import (
	"context"

	"fermata/model"
	"fermata/sweeper"
)

// dedupAndAddTasks appends to wf the tasks whose reference and retry count wf does not have yet, and
// returns them as they stand in wf. It looks at the model in hand alone, never at the store: with a
// stale model it lets a duplicate through.
func dedupAndAddTasks(wf *model.Workflow, tasks []model.Task) []model.Task {
	known := len(wf.Tasks)
	for _, task := range tasks {
		if !hasTask(wf.Tasks[:known], task.Ref, task.RetryCount) {
			wf.Tasks = append(wf.Tasks, task)
		}
	}
	return wf.Tasks[known:]
}

func hasTask(tasks []model.Task, ref string, retryCount int) bool {
	for i := range tasks {
		if tasks[i].Ref == ref && tasks[i].RetryCount == retryCount {
			return true
		}
	}
	return false
}

// scheduleTask is WorkflowExecutor.scheduleTask (3.10.0 to head). tasks are the last of wf's. It tells
// whether a synchronous system task was started. An error while creating ends the workflow as FAILED;
// an error while pushing is swallowed and left to the repair service.
func (s *Server) scheduleTask(ctx context.Context, wf *model.Workflow, tasks []model.Task) (bool, error) {
	if len(tasks) == 0 {
		return false, nil
	}
	startedSystemTasks, err := s.createAndStartTasks(ctx, wf, tasks)
	if err != nil {
		return false, &sweeper.TerminateWorkflowError{
			Reason: "error scheduling tasks: " + err.Error(), Status: model.Failed}
	}
	s.addTasksToQueue(ctx, wf, tasks)
	return startedSystemTasks, nil
}

// createAndStartTasks numbers and creates the tasks and starts the synchronous system tasks. What the
// store says it created is ignored: a task that it left out is pushed all the same.
func (s *Server) createAndStartTasks(
	ctx context.Context, wf *model.Workflow, tasks []model.Task,
) (bool, error) {
	count := 0
	for i := range wf.Tasks {
		count = max(count, wf.Tasks[i].Seq)
	}
	for i := range tasks {
		if tasks[i].Seq == 0 {
			count++
			tasks[i].Seq = count
		}
	}
	if _, err := s.Ports.Execution.CreateTasks(ctx, tasks); err != nil {
		return false, err
	}
	startedSystemTasks := false
	for i := range tasks {
		if !s.isSync(tasks[i].Type) {
			continue
		}
		s.startSystemTask(ctx, &tasks[i])
		startedSystemTasks = true
		if err := s.UpdateTaskModel(ctx, &tasks[i]); err != nil {
			return false, err
		}
	}
	return startedSystemTasks, nil
}

// addTasksToQueue pushes the workers' tasks, then the asynchronous system tasks, up to the first error.
func (s *Server) addTasksToQueue(ctx context.Context, wf *model.Workflow, tasks []model.Task) {
	for _, system := range []bool{false, true} {
		for i := range tasks {
			task := &tasks[i]
			if task.Type.System() != system || s.isSync(task.Type) {
				continue
			}
			err := s.Ports.Queue.Push(ctx, task.QueueName(), string(task.ID), wf.Priority, task.CallbackAfter)
			if err != nil {
				return
			}
		}
	}
}
