package conductor

import (
	"context"
	"slices"

	"fermata/model"
)

// deciderOutcome is DeciderService.DeciderOutcome. tasksToBeScheduled holds new tasks and, as Java's
// does, the open system tasks of the model; tasksToBeUpdated are places in the model.
type deciderOutcome struct {
	tasksToBeScheduled []model.Task
	tasksToBeUpdated   []int
	isComplete         bool
}

// schedule is the decider's map of what to schedule, by reference in order of insertion, and the
// references whose task has been executed and so need none.
type schedule struct {
	tasks    []model.Task
	executed []string
}

func (d *schedule) put(task model.Task) {
	if i := slices.IndexFunc(d.tasks, func(t model.Task) bool { return t.Ref == task.Ref }); i >= 0 {
		d.tasks[i] = task
		return
	}
	d.tasks = append(d.tasks, task)
}

func (d *schedule) putIfAbsent(task model.Task) {
	if lastByRef(d.tasks, task.Ref) == nil {
		d.tasks = append(d.tasks, task)
	}
}

func (d *schedule) unexecute(ref string) {
	d.executed = slices.DeleteFunc(d.executed, func(r string) bool { return r == ref })
}

// decideOutcome is DeciderService.decide (3.16.0 to head, in what is modelled the same since 3.10.5;
// engine facts 1.4). It makes no port call but for the clock, and that only where a definition has a
// timeout. It marks in the model what it found: executed, retried, timed out.
func (s *Server) decideOutcome(
	ctx context.Context, wf *model.Workflow, def *model.WorkflowDef,
) (deciderOutcome, error) {
	var outcome deciderOutcome
	var plan schedule
	if !slices.ContainsFunc(wf.Tasks, isUnprocessed) {
		first, err := s.startTasks(ctx, wf, def)
		if err != nil {
			return outcome, err
		}
		plan.tasks = first
	}
	if err := s.checkWorkflowTimeout(ctx, wf, def); err != nil {
		return outcome, err
	}
	if wf.Status == model.Paused {
		return outcome, nil
	}
	for i := range wf.Tasks {
		if wf.Tasks[i].Executed {
			plan.executed = append(plan.executed, wf.Tasks[i].Ref)
		}
	}
	for i := range wf.Tasks {
		if !isUnprocessed(wf.Tasks[i]) || wf.Tasks[i].Retried {
			continue
		}
		updated, err := s.decideTask(ctx, wf, def, &wf.Tasks[i], &plan)
		if err != nil {
			return outcome, err
		}
		if updated {
			outcome.tasksToBeUpdated = append(outcome.tasksToBeUpdated, i)
		}
	}
	for _, task := range plan.tasks {
		if !slices.Contains(plan.executed, task.Ref) {
			outcome.tasksToBeScheduled = append(outcome.tasksToBeScheduled, task)
		}
	}
	outcome.isComplete = len(outcome.tasksToBeScheduled) == 0 && s.methods.CheckForWorkflowCompletion(wf, def)
	return outcome, nil
}

func isUnprocessed(task model.Task) bool { return task.Status != model.TaskSkipped && !task.Executed }

// decideTask works out what follows from one pending task, and tells whether the task is to be written.
func (s *Server) decideTask(
	ctx context.Context, wf *model.Workflow, def *model.WorkflowDef, task *model.Task, plan *schedule,
) (bool, error) {
	if task.Type.System() && !task.Status.Terminal() {
		plan.putIfAbsent(*task)
		plan.unexecute(task.Ref)
	}
	wt := model.TaskByRef(def.Tasks, task.Ref)
	if err := s.checkTaskTimeouts(ctx, wt, task); err != nil {
		return false, err
	}
	if !task.Status.Successful() {
		rescheduled, err := s.retry(ctx, wt, task)
		if err != nil {
			return false, err
		}
		if rescheduled != nil {
			plan.put(*rescheduled)
			plan.unexecute(rescheduled.Ref)
			return true, nil
		}
		task.Status = model.TaskCompletedWithErrors
	}
	if !task.Status.Terminal() {
		return false, nil
	}
	task.Executed = true
	next, err := s.getNextTask(ctx, wf, def, task.Ref)
	if err != nil {
		return false, err
	}
	for _, t := range next {
		plan.putIfAbsent(t)
	}
	return true, nil
}

// checkForWorkflowCompletion3160 is DeciderService.checkForWorkflowCompletion of 3.16.0 on: every task has ended, every
// task at the top of the definition has been, and nothing that should follow is missing.
func checkForWorkflowCompletion3160(wf *model.Workflow, def *model.WorkflowDef) bool {
	for i := range wf.Tasks {
		if !wf.Tasks[i].Status.Terminal() {
			return false
		}
	}
	if len(wf.Tasks) == 0 {
		return false
	}
	for i := range def.Tasks {
		if lastByRef(wf.Tasks, def.Tasks[i].Ref) == nil {
			return false
		}
	}
	for i := range wf.Tasks {
		if wf.Tasks[i].Retried && wf.Tasks[i].Executed {
			continue
		}
		next := nextUnskipped(wf, def, wf.Tasks[i].Ref)
		if next != nil && lastByRef(wf.Tasks, next.Ref) == nil {
			return false
		}
	}
	return true
}
