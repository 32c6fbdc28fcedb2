package conductor

import (
	"context"

	"fermata/model"
	"fermata/sweeper"
)

// retry is DeciderService.retry of 3.16.0, with the FIXED delay. It returns the task that repeats the
// unsuccessful one, nil for an optional task that has had its attempts, and otherwise the
// TerminateWorkflowError that ends the workflow. The new task carries UpdateTime of the old one, as
// Java's copy does; its stamp of scheduling is the one that the store gives in createTasks. It has no
// sub-workflow yet.
func (s *Server) retry(ctx context.Context, wt *model.WorkflowTask, task *model.Task) (*model.Task, error) {
	if !task.Status.Retriable() || task.Type.BuiltIn() || wt == nil || wt.Def.RetryCount <= task.RetryCount {
		if wt != nil && wt.Optional {
			return nil, nil
		}
		return nil, &sweeper.TerminateWorkflowError{
			Reason: "task " + string(task.ID) + " is " + task.Status.String(),
			Status: failureStatus(task.Status), TaskID: task.ID,
		}
	}
	task.Retried = true
	rescheduled := *task
	rescheduled.ID = s.Ports.Env.NewTaskID(ctx, task.Ref, task.RetryCount+1, task.Iteration)
	rescheduled.Status = model.TaskScheduled
	rescheduled.RetryCount = task.RetryCount + 1
	rescheduled.Retried = false
	rescheduled.RetriedTaskID = task.ID
	rescheduled.CallbackAfter = wt.Def.RetryDelaySeconds
	rescheduled.PollCount = 0
	rescheduled.Seq = 0
	rescheduled.StartTime = 0
	rescheduled.SubWorkflowID = ""
	if s.methods.ResetRetriedTask != nil {
		s.methods.ResetRetriedTask(&rescheduled)
	}
	s.stampScheduled(ctx, wt, &rescheduled)
	return &rescheduled, nil
}

// resetRetriedTask3300 is DeciderService.resetRetriedTaskRuntimeState (3.30.0 on): the copy loses the time at
// which a worker was last heard of.
func resetRetriedTask3300(task *model.Task) { task.UpdateTime = 0 }

func failureStatus(status model.TaskStatus) model.WorkflowStatus {
	switch status {
	case model.TaskCanceled:
		return model.Terminated
	case model.TaskTimedOut:
		return model.TimedOut
	default:
		return model.Failed
	}
}
