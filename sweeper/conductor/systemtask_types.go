package conductor

import (
	"context"

	"fermata/model"
)

// What WorkflowSystemTask asks of a task's type: JOIN, SUB_WORKFLOW, WAIT and HUMAN. FORK does nothing.

// isAsync3140 is WorkflowSystemTask.isAsync of 3.14.0 to 3.20.0 and 3.30.0 on: the tasks of which a system task worker
// takes charge. HUMAN is nobody's.
func isAsync3140(t model.TaskType) bool {
	return t == model.Join || t == model.SubWorkflow || t == model.Wait
}

// isAsync3210 is isAsync of 3.21.0 to 3.23.0: SUB_WORKFLOW is executed by whoever decides, under the parent's lock.
func isAsync3210(t model.TaskType) bool { return t == model.Join || t == model.Wait }

// isAsyncComplete tells whether the task, once started, is ended by others than its executor.
func isAsyncComplete(t model.TaskType) bool { return t == model.SubWorkflow }

// isSync tells whether the task is one that decide itself starts and executes.
func (s *Server) isSync(t model.TaskType) bool { return t.System() && !s.methods.IsAsync(t) }

// startSystemTask is WorkflowSystemTask.start.
func (s *Server) startSystemTask(ctx context.Context, task *model.Task) {
	switch task.Type {
	case model.SubWorkflow:
		s.methods.StartSubWorkflow(ctx, s, task)
	case model.Human:
		task.Status = model.TaskInProgress
	}
}

// executeSystemTask is WorkflowSystemTask.execute of a task that needs no workflow to look at. It tells whether the
// task has ended.
func (s *Server) executeSystemTask(ctx context.Context, task *model.Task) (bool, error) {
	switch task.Type {
	case model.SubWorkflow:
		return s.methods.ExecuteSubWorkflow(ctx, s, task)
	case model.Wait:
		if task.WaitTimeout == 0 || s.Ports.Env.Now(ctx) <= task.WaitTimeout {
			return false, nil
		}
		task.Status = model.TaskCompleted
		return true, nil
	}
	return false, nil
}

// cancelSystemTask is WorkflowSystemTask.cancel of a task that is CANCELED already.
func (s *Server) cancelSystemTask(ctx context.Context, task *model.Task) error {
	if task.Type == model.SubWorkflow {
		return s.methods.CancelSubWorkflow(ctx, s, task)
	}
	return nil
}

// evaluationOffset is WorkflowSystemTask.getEvaluationOffset, or the system task callback where there is none: for how
// long the message of a task that goes on is put off.
func (s *Server) evaluationOffset(ctx context.Context, task *model.Task) model.Seconds {
	switch {
	case task.Type == model.Join:
		return s.methods.EvaluationOffset(s, task.PollCount)
	case task.Type == model.Wait && s.methods.WaitOffset != nil && task.WaitTimeout > 0:
		return s.methods.WaitOffset(ctx, s, task)
	}
	return s.Settings.SystemTaskCallback
}

// waitOffset32123 is Wait.getEvaluationOffset (3.21.23 on): what is left of it, in whole seconds, and at least one.
// Before, a WAIT that is looked at too early waits for the system task callback.
func waitOffset32123(ctx context.Context, s *Server, task *model.Task) model.Seconds {
	left := model.Seconds((task.WaitTimeout - s.Ports.Env.Now(ctx)) / model.Seconds(1).Millis())
	if left == 0 {
		return 1
	}
	return left
}
