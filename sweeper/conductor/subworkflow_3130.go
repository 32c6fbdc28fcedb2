package conductor

import (
	"context"
	"errors"

	"fermata/model"
	"fermata/sweeper"
)

// startSubWorkflow3130 is SubWorkflow.start of 3.13.0 to 3.23.0. Each start is of a workflow with an id of its own: who
// starts a task twice has two. What comes of it is in the task at hand alone, which its caller writes. A missed lock
// leaves the task as it is, any other error fails it.
func startSubWorkflow3130(ctx context.Context, s *Server, task *model.Task) {
	child := subWorkflowOf(task, s.newSubWorkflowID(ctx, task))
	err := s.startWorkflow(ctx, child)
	if err == nil {
		task.SubWorkflowID = child.ID
		var read *model.Workflow
		if read, err = s.GetWorkflowModel(ctx, child.ID, false); err == nil {
			task.Status = subWorkflowTaskStatus(read.Status)
		}
	}
	if err != nil && !errors.Is(err, sweeper.ErrTransient) {
		task.Status = model.TaskFailed
	}
}

// subWorkflowOf is the record of the workflow that the task starts.
func subWorkflowOf(task *model.Task, id model.WorkflowID) model.WorkflowRecord {
	return model.WorkflowRecord{
		ID: id, Def: task.DefName, Status: model.Running,
		ParentWorkflowID: task.WorkflowID, ParentWorkflowTaskID: task.ID,
	}
}

// subWorkflowTaskStatus is the status of a SUB_WORKFLOW task whose sub-workflow is in that status
// (SubWorkflow.updateTaskStatus).
func subWorkflowTaskStatus(status model.WorkflowStatus) model.TaskStatus {
	switch status {
	case model.Completed:
		return model.TaskCompleted
	case model.Failed:
		return model.TaskFailed
	case model.Terminated:
		return model.TaskCanceled
	case model.TimedOut:
		return model.TaskTimedOut
	default:
		return model.TaskInProgress
	}
}

// executeSubWorkflow3130 is SubWorkflow.execute of 3.13.0 to 3.23.0: the task ends as the sub-workflow that it has
// started. It tells whether it did.
func executeSubWorkflow3130(ctx context.Context, s *Server, task *model.Task) (bool, error) {
	if task.SubWorkflowID == "" {
		return false, nil
	}
	child, err := s.GetWorkflowModel(ctx, task.SubWorkflowID, false)
	if err != nil || !child.Status.Terminal() {
		return false, err
	}
	task.Status = subWorkflowTaskStatus(child.Status)
	return true, nil
}

// cancelSubWorkflow3130 is SubWorkflow.cancel of 3.13.0 to 3.23.0: the sub-workflow is terminated, whatever its
// status is.
func cancelSubWorkflow3130(ctx context.Context, s *Server, task *model.Task) error {
	if task.SubWorkflowID == "" {
		return nil
	}
	return s.terminateSubWorkflow(ctx, task.SubWorkflowID)
}

func (s *Server) terminateSubWorkflow(ctx context.Context, id model.WorkflowID) error {
	child, err := s.GetWorkflowModel(ctx, id, true)
	if err != nil {
		return err
	}
	child.Status = model.Terminated
	return s.TerminateModel(ctx, child, "parent workflow has been terminated")
}

// newSubWorkflowID is IDGenerator.generate for a sub-workflow.
func (s *Server) newSubWorkflowID(ctx context.Context, task *model.Task) model.WorkflowID {
	return model.WorkflowID(s.Ports.Env.NewTaskID(ctx, task.Ref+subWorkflowSuffix, task.RetryCount, task.Iteration))
}

// subWorkflowSuffix tells the ids of sub-workflows from those of the tasks that started them.
const subWorkflowSuffix = ".child"
