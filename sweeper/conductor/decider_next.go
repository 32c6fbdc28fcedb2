package conductor

import (
	"context"

	"fermata/model"
	"fermata/sweeper"
)

// startTasks is DeciderService.startWorkflow: the first task of the definition. It also runs for a
// model whose tasks have all been executed, and then finds nothing that is not there already.
func (s *Server) startTasks(
	ctx context.Context, wf *model.Workflow, def *model.WorkflowDef,
) ([]model.Task, error) {
	if len(def.Tasks) == 0 {
		return nil, &sweeper.TerminateWorkflowError{Reason: "nothing to execute", Status: model.Completed}
	}
	first := &def.Tasks[0]
	for first != nil && isTaskSkipped(wf, first) {
		first = nextTask(def.Tasks, first.Ref)
	}
	if first == nil {
		return nil, errNullPointer // every task is skipped
	}
	return s.getTasksToBeScheduled(ctx, wf, def, first)
}

// getNextTask is DeciderService.getNextTask.
func (s *Server) getNextTask(
	ctx context.Context, wf *model.Workflow, def *model.WorkflowDef, ref string,
) ([]model.Task, error) {
	next := nextUnskipped(wf, def, ref)
	if next == nil {
		return nil, nil
	}
	return s.getTasksToBeScheduled(ctx, wf, def, next)
}

// nextUnskipped is what the definition has after ref, past skipped tasks; nil at the end.
func nextUnskipped(wf *model.Workflow, def *model.WorkflowDef, ref string) *model.WorkflowTask {
	next := nextTask(def.Tasks, ref)
	for next != nil && isTaskSkipped(wf, next) {
		next = nextTask(def.Tasks, next.Ref)
	}
	return next
}

func isTaskSkipped(wf *model.Workflow, wt *model.WorkflowTask) bool {
	task := lastByRef(wf.Tasks, wt.Ref)
	return task != nil && task.Status == model.TaskSkipped
}

// getTasksToBeScheduled is DeciderService.getTasksToBeScheduled: the rows that the definition's task
// makes, without those whose reference is in progress or has ended in the model.
func (s *Server) getTasksToBeScheduled(
	ctx context.Context, wf *model.Workflow, def *model.WorkflowDef, wt *model.WorkflowTask,
) ([]model.Task, error) {
	mapped, err := s.mappedTasks(ctx, wf, def, wt)
	if err != nil {
		return nil, err
	}
	tasks := mapped[:0]
	for _, task := range mapped {
		if !hasStarted(wf.Tasks, task.Ref) {
			tasks = append(tasks, task)
		}
	}
	return tasks, nil
}

func hasStarted(tasks []model.Task, ref string) bool {
	for i := range tasks {
		if tasks[i].Ref == ref && (tasks[i].Status == model.TaskInProgress || tasks[i].Status.Terminal()) {
			return true
		}
	}
	return false
}

// waitForever is the callback time of a WAIT without a duration (Integer.MAX_VALUE).
const waitForever model.Seconds = 1<<31 - 1

// mappedTasks are the task mappers: SIMPLE and SUB_WORKFLOW make one row, JOIN, WAIT and HUMAN one that is
// IN_PROGRESS from the start, FORK_JOIN a completed FORK row, the first task of each branch, and the JOIN.
// WAIT's is that of 3.14.0 on: before, it was no asynchronous task.
func (s *Server) mappedTasks(
	ctx context.Context, wf *model.Workflow, def *model.WorkflowDef, wt *model.WorkflowTask,
) ([]model.Task, error) {
	task := model.Task{
		ID:         s.Ports.Env.NewTaskID(ctx, wt.Ref, 0, 0),
		WorkflowID: wf.ID, Ref: wt.Ref, Type: wt.Type, DefName: wt.Type.String(),
	}
	switch wt.Type {
	case model.ForkJoin:
		task.Type, task.DefName, task.Status = model.Fork, model.Fork.String(), model.TaskCompleted
		return s.forkedTasks(ctx, wf, def, wt, task)
	case model.Join, model.Human:
		task.Status = model.TaskInProgress
	case model.Wait:
		task.Status = model.TaskInProgress
		task.CallbackAfter = waitForever
		if wt.Duration > 0 {
			task.CallbackAfter, task.WaitTimeout = wt.Duration, s.Ports.Env.Now(ctx)+wt.Duration.Millis()
		}
	case model.SubWorkflow:
		if s.Ports.Metadata.GetWorkflowDef(ctx, wt.SubWorkflow) == nil {
			return nil, &sweeper.TerminateWorkflowError{Reason: "no sub-workflow definition", Status: model.Failed}
		}
		task.Status, task.DefName = model.TaskScheduled, wt.SubWorkflow
	default:
		task.Status = model.TaskScheduled
		task.DefName = wt.Def.Name
		task.ResponseTimeoutSeconds = wt.Def.ResponseTimeoutSeconds
		task.TimeoutSeconds = wt.Def.TimeoutSeconds
		s.stampScheduled(ctx, wt, &task)
	}
	return []model.Task{task}, nil
}

// forkedTasks are the rows of a FORK_JOIN after its own.
func (s *Server) forkedTasks(
	ctx context.Context, wf *model.Workflow, def *model.WorkflowDef, wt *model.WorkflowTask, fork model.Task,
) ([]model.Task, error) {
	tasks := []model.Task{fork}
	for _, branch := range wt.ForkTasks {
		first, err := s.getTasksToBeScheduled(ctx, wf, def, &branch[0])
		if err != nil {
			return nil, err
		}
		tasks = append(tasks, first...)
	}
	join := nextTask(def.Tasks, wt.Ref)
	if join == nil || join.Type != model.Join {
		return nil, &sweeper.TerminateWorkflowError{Reason: "fork without a join", Status: model.Failed}
	}
	joined, err := s.getTasksToBeScheduled(ctx, wf, def, join)
	return append(tasks, joined...), err
}

// stampScheduled sets ScheduledTime where the poll timeout reads it.
func (s *Server) stampScheduled(ctx context.Context, wt *model.WorkflowTask, task *model.Task) {
	if wt.Def.PollTimeoutSeconds > 0 {
		task.ScheduledTime = s.Ports.Env.Now(ctx)
	}
}
