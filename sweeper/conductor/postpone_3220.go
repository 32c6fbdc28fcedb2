package conductor

import (
	"context"

	"fermata/model"
)

// computePostpone3220 is ExecutorUtils.computePostpone of 3.21.23 to 3.22.2. The first task that is IN_PROGRESS
// or SCHEDULED decides alone, and what it suggests counts only below the workflow offset timeout. Of a
// SCHEDULED task it is the least of three timeouts, 0 where one is not set.
func computePostpone3220(
	ctx context.Context, s *Server, wf *model.Workflow, def *model.WorkflowDef,
) model.Seconds {
	var postpone model.Seconds
	for i := range wf.Tasks {
		task := &wf.Tasks[i]
		if task.Status == model.TaskInProgress {
			if task.Type == model.Wait && task.WaitTimeout != 0 {
				postpone = s.untilWaited(ctx, task)
			}
			timeout := task.ResponseTimeoutSeconds
			if timeout == 0 {
				break
			}
			elapsed := s.secondsSince(ctx, task.StartTime)
			if elapsed > 0 && timeout >= elapsed {
				postpone = timeout - elapsed + 1
			}
			break
		}
		if task.Status == model.TaskScheduled {
			if wt := model.TaskByRef(def.Tasks, task.Ref); wt != nil && wt.Type == model.Simple {
				postpone = min(wt.Def.TimeoutSeconds, wt.Def.ResponseTimeoutSeconds, wt.Def.PollTimeoutSeconds)
			}
			if postpone <= 0 && def.TimeoutSeconds > 0 {
				postpone = def.TimeoutSeconds + 1
			}
			break
		}
	}
	if postpone <= 0 {
		return s.Settings.WorkflowOffsetTimeout
	}
	return min(postpone, s.Settings.WorkflowOffsetTimeout)
}

// secondsSince is how many whole seconds ago that time was.
func (s *Server) secondsSince(ctx context.Context, time model.Millis) model.Seconds {
	return model.Seconds((s.Ports.Env.Now(ctx) - time) / model.Seconds(1).Millis())
}

// computePostpone3223 is ExecutorUtils.computePostpone of 3.22.3 and 3.23.0: the least that any task which is
// IN_PROGRESS or SCHEDULED suggests, each at most the longest postponement; with none, the workflow offset
// timeout.
func computePostpone3223(
	ctx context.Context, s *Server, wf *model.Workflow, def *model.WorkflowDef,
) model.Seconds {
	return s.leastPostpone(wf, func(task *model.Task) model.Seconds {
		if task.Status == model.TaskInProgress {
			return s.untilInProgress(ctx, task)
		}
		if wt := model.TaskByRef(def.Tasks, task.Ref); wt != nil && wt.Def.PollTimeoutSeconds != 0 {
			return wt.Def.PollTimeoutSeconds + 1
		}
		return s.untilWorkflowTimeout(def)
	})
}

// leastPostpone is the least of what suggest says for the active tasks.
func (s *Server) leastPostpone(wf *model.Workflow, suggest func(task *model.Task) model.Seconds) model.Seconds {
	least, found := s.Settings.WorkflowOffsetTimeout, false
	for i := range wf.Tasks {
		task := &wf.Tasks[i]
		if task.Status != model.TaskInProgress && task.Status != model.TaskScheduled {
			continue
		}
		postpone := suggest(task)
		if longest := s.Settings.MaxPostponeDuration; longest > 0 {
			postpone = min(postpone, longest)
		}
		if !found || postpone < least {
			least, found = postpone, true
		}
	}
	return least
}

// untilInProgress is what an IN_PROGRESS task suggests.
func (s *Server) untilInProgress(ctx context.Context, task *model.Task) model.Seconds {
	if task.Type == model.Wait && task.WaitTimeout != 0 {
		return s.untilWaited(ctx, task)
	}
	return s.untilResponse(ctx, task)
}

// untilResponse is when a task that a worker has may have timed out: a second after its response timeout,
// counted from its start.
func (s *Server) untilResponse(ctx context.Context, task *model.Task) model.Seconds {
	if task.ResponseTimeoutSeconds == 0 {
		return s.Settings.WorkflowOffsetTimeout
	}
	elapsed := max(s.secondsSince(ctx, task.StartTime), 0)
	return max(task.ResponseTimeoutSeconds-elapsed+1, 0)
}

// untilWorkflowTimeout is what a task that waits for a worker suggests if it has no poll timeout.
func (s *Server) untilWorkflowTimeout(def *model.WorkflowDef) model.Seconds {
	if def.TimeoutSeconds != 0 {
		return def.TimeoutSeconds + 1
	}
	return s.Settings.WorkflowOffsetTimeout
}
