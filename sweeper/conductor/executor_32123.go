package conductor

import (
	"context"
	"slices"

	"fermata/model"
)

// decideModel32123 is WorkflowExecutorOps.decide(workflow) of 3.21.23. What was the sweeper's unack is the end of
// the decide: it postpones the sweep, but only where the tasks suggest less than the workflow offset.
func decideModel32123(ctx context.Context, s *Server, wf *model.Workflow) error {
	return s.decideModel(ctx, wf, func(def *model.WorkflowDef) error {
		settled, err := s.evaluate(ctx, wf, def)
		if err != nil || !settled || wf.Status.Terminal() {
			return err
		}
		postpone := s.computePostpone32123(ctx, wf, def)
		if postpone == s.Settings.WorkflowOffsetTimeout {
			return nil
		}
		return s.UnackByID(ctx, wf.ID, postpone)
	})
}

// computePostpone32123 is ExecutorUtils.computePostpone of 3.21.23. The first task that is IN_PROGRESS or
// SCHEDULED decides alone, and what it suggests is at most the workflow offset. The clock is read where that
// task has a response timeout: what is left of it counts. Java takes the timeout from the definition if the
// task has one, as every SIMPLE task has. WAIT tasks are not modelled.
func (s *Server) computePostpone32123(
	ctx context.Context, wf *model.Workflow, def *model.WorkflowDef,
) model.Seconds {
	offset, postpone := s.Settings.WorkflowOffsetTimeout, model.Seconds(0)
	i := slices.IndexFunc(wf.Tasks, func(t model.Task) bool {
		return t.Status == model.TaskInProgress || t.Status == model.TaskScheduled
	})
	switch {
	case i < 0:
		return offset
	case wf.Tasks[i].Status == model.TaskInProgress:
		postpone = s.responseLeft(ctx, def, &wf.Tasks[i])
	default:
		if wt := model.TaskByRef(def.Tasks, wf.Tasks[i].Ref); wt != nil {
			d := &wt.Def
			postpone = min(d.TimeoutSeconds, d.ResponseTimeoutSeconds, d.PollTimeoutSeconds) // 0 without any one
		}
		if postpone <= 0 && def.TimeoutSeconds > 0 {
			postpone = def.TimeoutSeconds + 1
		}
	}
	if postpone > 0 {
		return min(postpone, offset)
	}
	return offset
}

// responseLeft is one second more than what is left of the response timeout, counted from the task's start
// and not from when its worker was last heard of; 0 where it has none, in its first second, and when it is
// over.
func (s *Server) responseLeft(ctx context.Context, def *model.WorkflowDef, task *model.Task) model.Seconds {
	timeout := task.ResponseTimeoutSeconds
	if wt := model.TaskByRef(def.Tasks, task.Ref); wt != nil {
		timeout = wt.Def.ResponseTimeoutSeconds
	}
	if timeout == 0 {
		return 0
	}
	since := model.Seconds((s.Ports.Env.Now(ctx) - task.StartTime) / 1000)
	if since <= 0 || timeout < since {
		return 0
	}
	return timeout - since + 1
}
