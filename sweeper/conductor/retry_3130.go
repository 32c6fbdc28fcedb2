package conductor

import (
	"context"
	"fmt"
	"slices"

	"fermata/model"
	"fermata/sweeper"
)

// retryWorkflow3130 is WorkflowExecutor.retry(workflowId, resumeSubworkflowTasks) of 3.13.0 to 3.31.0 but for
// 3.21.15 (engine facts 1.4). It takes no lock, and does not decide. A workflow that has not ended is answered with
// NotFoundException. With resumeSubworkflowTasks it is the workflow furthest down that is retried, and nothing happens
// where every task has succeeded. Then everyone above is woken up.
func retryWorkflow3130(ctx context.Context, s *Server, id model.WorkflowID, resume bool) error {
	wf, err := s.retryable(ctx, id)
	if err != nil {
		return err
	}
	_, err = s.retryLast(ctx, wf, resume)
	return err
}

// retryLast retries the workflow, or, to resume, the one furthest down by which it failed, and wakes up those above. It
// gives the one that was retried; nil if there is nothing to resume.
func (s *Server) retryLast(ctx context.Context, wf *model.Workflow, resume bool) (*model.Workflow, error) {
	if resume {
		first := slices.IndexFunc(wf.Tasks, isUnsuccessfulTerminal)
		if first < 0 {
			return nil, nil
		}
		var err error
		if wf, err = s.findLastFailedSubWorkflow(ctx, wf, wf.Tasks[first]); err != nil {
			return nil, err
		}
	}
	if err := s.methods.RetryModel(ctx, s, wf); err != nil {
		return nil, err
	}
	return wf, s.UpdateAndPushParents(ctx, wf)
}

// findLastFailedSubWorkflow is WorkflowExecutor.findLastFailedSubWorkflowIfAny: from the workflow's failed task down to
// the last workflow that has one.
func (s *Server) findLastFailedSubWorkflow(
	ctx context.Context, wf *model.Workflow, failed model.Task,
) (*model.Workflow, error) {
	if failed.Type != model.SubWorkflow {
		return wf, nil
	}
	child, err := s.GetWorkflowModel(ctx, failed.SubWorkflowID, true)
	if err != nil {
		return nil, err
	}
	first := slices.IndexFunc(child.Tasks, isUnsuccessfulTerminal)
	if first < 0 {
		return wf, nil
	}
	return s.findLastFailedSubWorkflow(ctx, child, child.Tasks[first])
}

// retryable reads the workflow, and refuses one that has not ended or has no task.
func (s *Server) retryable(ctx context.Context, id model.WorkflowID) (*model.Workflow, error) {
	wf, err := s.GetWorkflowModel(ctx, id, true)
	if err != nil {
		return nil, err
	}
	if !wf.Status.Terminal() {
		return nil, fmt.Errorf("%w: the workflow is still %s", sweeper.ErrNotFound, wf.Status)
	}
	if len(wf.Tasks) == 0 {
		return nil, fmt.Errorf("%w: the workflow has not started", sweeper.ErrConflict)
	}
	return wf, nil
}

func isUnsuccessfulTerminal(task model.Task) bool {
	return task.Status.Terminal() && !task.Status.Successful()
}

// retryModel3130 is WorkflowExecutor.retry(workflow) of 3.13.0 to 3.15.0. It pushes the workflow, writes it RUNNING,
// and then its tasks, so that between these a sweep sees a workflow that runs and whose tasks have failed.
func retryModel3130(ctx context.Context, s *Server, wf *model.Workflow) error {
	retriable, err := s.retriableTasks(ctx, wf, retryFailed)
	if err != nil {
		return err
	}
	return s.pushAndRetry(ctx, wf, retriable)
}

// retryFailed has every failed task retried.
func retryFailed(*model.Workflow, *model.WorkflowDef, *model.Task) error { return nil }

// pushAndRetry is what follows in retry(workflow) until 3.31.0 once it is known which tasks are to be retried.
func (s *Server) pushAndRetry(ctx context.Context, wf *model.Workflow, retriable []int) error {
	if err := s.reopen(ctx, wf); err != nil {
		return err
	}
	if err := s.pushToDecider(ctx, wf); err != nil {
		return err
	}
	if err := s.UpdateWorkflow(ctx, wf); err != nil {
		return err
	}
	return s.writeAndSchedule(ctx, wf, s.rescheduled(ctx, wf, retriable))
}

// retriableTasks gives the places of the tasks to be retried: the last of each reference, if it has failed, timed out
// or was canceled. A canceled JOIN is none of them: it is pushed at once and goes on, though its row is written only
// later. failed is asked about a FAILED task. A conflict if there is none, unless the workflow timed out.
func (s *Server) retriableTasks(
	ctx context.Context, wf *model.Workflow,
	failed func(wf *model.Workflow, def *model.WorkflowDef, task *model.Task) error,
) ([]int, error) {
	def, err := s.definition(ctx, wf)
	if err != nil {
		return nil, err
	}
	var retriable []int
	for i := range wf.Tasks {
		task := &wf.Tasks[i]
		if task.Status == model.TaskFailed {
			if err := failed(wf, def, task); err != nil {
				return nil, err
			}
		}
		if task.Status == model.TaskCanceled && task.Type == model.Join {
			task.Status = model.TaskInProgress
			if err := s.addTaskToQueue(ctx, wf, task); err != nil {
				return nil, err
			}
			continue
		}
		retriable = slices.DeleteFunc(retriable, func(j int) bool { return wf.Tasks[j].Ref == task.Ref })
		if isUnsuccessfulTerminal(*task) {
			retriable = append(retriable, i)
		}
	}
	if len(retriable) == 0 && wf.Status != model.TimedOut {
		return nil, fmt.Errorf("%w: no task can be retried", sweeper.ErrConflict)
	}
	return retriable, nil
}

// addTaskToQueue is WorkflowExecutor.addTaskToQueue(task).
func (s *Server) addTaskToQueue(ctx context.Context, wf *model.Workflow, task *model.Task) error {
	return s.Ports.Queue.Push(ctx, task.QueueName(), string(task.ID), wf.Priority, task.CallbackAfter)
}

// reopen makes the model RUNNING. The workflow timeout counts from here: Java keeps that as lastRetriedTime, as
// resume does. What failed it stays its failedTaskId.
func (s *Server) reopen(ctx context.Context, wf *model.Workflow) error {
	def, err := s.definition(ctx, wf)
	if err != nil {
		return err
	}
	wf.Status = model.Running
	if def.TimeoutSeconds > 0 {
		wf.CreateTime = s.Ports.Env.Now(ctx)
	}
	return nil
}

// rescheduled are the tasks that repeat those at the given places, which are marked as retried and executed.
func (s *Server) rescheduled(ctx context.Context, wf *model.Workflow, retriable []int) []model.Task {
	tasks := make([]model.Task, 0, len(retriable))
	for _, i := range retriable {
		tasks = append(tasks, s.methods.TaskToBeRescheduled(ctx, s, &wf.Tasks[i]))
	}
	return tasks
}

// taskToBeRescheduled3130 is WorkflowExecutor.taskToBeRescheduled of 3.13.0 to 3.31.2. The copy keeps whatever it
// does not name, executed among it; 3.30.0 resets more.
func taskToBeRescheduled3130(ctx context.Context, s *Server, task *model.Task) model.Task {
	again := *task
	again.ID = s.Ports.Env.NewTaskID(ctx, task.Ref, task.RetryCount+1, task.Iteration)
	again.RetriedTaskID = task.ID
	again.Status = model.TaskScheduled
	again.RetryCount = task.RetryCount + 1
	again.Retried, again.SubWorkflowID = false, ""
	again.PollCount, again.CallbackAfter, again.Seq = 0, 0, 0
	again.ScheduledTime, again.StartTime = 0, 0
	if s.methods.ResetRetriedTask != nil {
		s.methods.ResetRetriedTask(&again)
	}
	task.Retried, task.Executed = true, true
	return again
}

// writeAndSchedule writes every task of the workflow, the new ones among them, and then creates and pushes the new
// ones. New rows are so in the store before they are created, without a sequence number.
func (s *Server) writeAndSchedule(ctx context.Context, wf *model.Workflow, tasks []model.Task) error {
	dedupAndAddTasks(wf, tasks)
	if err := s.updateTasks(ctx, wf); err != nil {
		return err
	}
	def, err := s.definition(ctx, wf)
	if err != nil {
		return err
	}
	for i := range tasks {
		task := &tasks[i]
		if at := indexOfTask(wf, task.ID); at >= 0 {
			task.UpdateTime = wf.Tasks[at].UpdateTime
		}
		s.stampRescheduled(ctx, def, task)
	}
	_, err = s.scheduleTask(ctx, wf, tasks)
	return err
}

// updateTasks is ExecutionDAOFacade.updateTasks of all tasks of the workflow.
func (s *Server) updateTasks(ctx context.Context, wf *model.Workflow) error {
	for i := range wf.Tasks {
		if err := s.UpdateTaskModel(ctx, &wf.Tasks[i]); err != nil {
			return err
		}
	}
	return nil
}

// stampRescheduled sets the ScheduledTime of a worker's task that is scheduled once more.
func (s *Server) stampRescheduled(ctx context.Context, def *model.WorkflowDef, task *model.Task) {
	if wt := model.TaskByRef(def.Tasks, task.Ref); wt != nil && task.Type == model.Simple {
		s.stampScheduled(ctx, wt, task)
	}
}
