package conductor

import (
	"context"

	"fermata/model"
	"fermata/sweeper"
)

// checkWorkflowTimeout is DeciderService.checkWorkflowTimeout. It comes before the look at PAUSED, so a
// paused workflow times out too.
func (s *Server) checkWorkflowTimeout(ctx context.Context, wf *model.Workflow, def *model.WorkflowDef) error {
	if def.TimeoutSeconds <= 0 || def.TimeoutPolicy != model.PolicyTimeOutWorkflow {
		return nil
	}
	if s.Ports.Env.Now(ctx)-wf.CreateTime < def.TimeoutSeconds.Millis() {
		return nil
	}
	return &sweeper.TerminateWorkflowError{Reason: "workflow timed out", Status: model.TimedOut}
}

// checkTaskTimeouts are checkTaskTimeout, checkTaskPollTimeout and isResponseTimedOut, in this order,
// each on what the one before left. Only workers' tasks have a definition with timeouts here.
func (s *Server) checkTaskTimeouts(ctx context.Context, wt *model.WorkflowTask, task *model.Task) error {
	if wt == nil || wt.Type != model.Simple {
		return nil
	}
	if err := s.checkTaskTimeout(ctx, &wt.Def, task); err != nil {
		return err
	}
	if err := s.checkTaskPollTimeout(ctx, &wt.Def, task); err != nil {
		return err
	}
	s.checkResponseTimeout(ctx, &wt.Def, task)
	return nil
}

// checkTaskTimeout: time since the task was started.
func (s *Server) checkTaskTimeout(ctx context.Context, def *model.TaskDef, task *model.Task) error {
	if task.Status.Terminal() || def.TimeoutSeconds <= 0 || task.StartTime <= 0 {
		return nil
	}
	elapsed := s.Ports.Env.Now(ctx) - task.StartTime - startDelay(def, task).Millis()
	if elapsed < def.TimeoutSeconds.Millis() {
		return nil
	}
	return timeoutTaskWithTimeoutPolicy("task timed out", def, task)
}

// checkTaskPollTimeout: time that the task has waited for a worker.
func (s *Server) checkTaskPollTimeout(ctx context.Context, def *model.TaskDef, task *model.Task) error {
	if def.PollTimeoutSeconds <= 0 || task.Status != model.TaskScheduled {
		return nil
	}
	elapsed := s.Ports.Env.Now(ctx) - task.ScheduledTime - startDelay(def, task).Millis()
	if elapsed < (def.PollTimeoutSeconds + task.CallbackAfter).Millis() {
		return nil
	}
	return timeoutTaskWithTimeoutPolicy("task poll timed out", def, task)
}

// checkResponseTimeout: time since a worker that has the task was heard of. There is no policy here.
func (s *Server) checkResponseTimeout(ctx context.Context, def *model.TaskDef, task *model.Task) {
	if task.Status != model.TaskInProgress || def.ResponseTimeoutSeconds == 0 {
		return
	}
	silent := s.Ports.Env.Now(ctx) - task.UpdateTime
	if silent >= (def.ResponseTimeoutSeconds + task.CallbackAfter).Millis() {
		task.Status = model.TaskTimedOut
	}
}

func timeoutTaskWithTimeoutPolicy(reason string, def *model.TaskDef, task *model.Task) error {
	switch def.TimeoutPolicy {
	case model.PolicyAlertOnly:
		return nil
	case model.PolicyRetry:
		task.Status = model.TaskTimedOut
		return nil
	default:
		task.Status = model.TaskTimedOut
		return &sweeper.TerminateWorkflowError{Reason: reason, Status: model.TimedOut, TaskID: task.ID}
	}
}

// startDelay is startDelayInSeconds: the retry delay of a task that the decider rescheduled. The delay
// of a first attempt is not modelled.
func startDelay(def *model.TaskDef, task *model.Task) model.Seconds {
	if task.RetriedTaskID == "" {
		return 0
	}
	return def.RetryDelaySeconds
}
