package conductor

import (
	"context"

	"fermata/model"
)

// computePostpone3300 is ExecutorUtils.computePostpone of 3.30.0 on: as computePostpone3223, but a poll timeout
// counts from when the task was scheduled, and a SUB_WORKFLOW suggests the workflow offset timeout.
func computePostpone3300(
	ctx context.Context, s *Server, wf *model.Workflow, def *model.WorkflowDef,
) model.Seconds {
	return s.leastPostpone(wf, func(task *model.Task) model.Seconds {
		if task.Type == model.SubWorkflow {
			return s.Settings.WorkflowOffsetTimeout
		}
		if task.Status == model.TaskInProgress {
			return s.untilInProgress(ctx, task)
		}
		wt := model.TaskByRef(def.Tasks, task.Ref)
		if wt == nil || wt.Def.PollTimeoutSeconds == 0 {
			return s.untilWorkflowTimeout(def)
		}
		waited := max(s.secondsSince(ctx, task.ScheduledTime), 0)
		return max(wt.Def.PollTimeoutSeconds-waited+1, 0)
	})
}
