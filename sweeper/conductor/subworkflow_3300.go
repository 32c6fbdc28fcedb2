package conductor

import (
	"context"
	"errors"
	"fmt"

	"fermata/model"
	"fermata/sweeper"
)

// startSubWorkflow3300 is SubWorkflow.start of 3.30.0 on. The sub-workflow's id follows from the task, so that who
// starts it twice finds it. Only one that has ended without success makes it start another.
func startSubWorkflow3300(ctx context.Context, s *Server, task *model.Task) {
	if task.Status != model.TaskScheduled {
		return
	}
	child, err := s.startWorkflowIdempotent(ctx, subWorkflowOf(task, derivedSubWorkflowID(task)))
	if err == nil && child.Status.Terminal() && !child.Status.Successful() {
		child, err = s.startWorkflowIdempotent(ctx, subWorkflowOf(task, s.newSubWorkflowID(ctx, task)))
	}
	switch {
	case err == nil:
		task.SubWorkflowID, task.Status = child.ID, subWorkflowTaskStatus(child.Status)
	case errors.Is(err, sweeper.ErrTransient):
		task.Status = model.TaskScheduled
	default:
		task.Status = model.TaskFailed
	}
}

// derivedSubWorkflowID is IDGenerator.generateSubWorkflowId.
func derivedSubWorkflowID(task *model.Task) model.WorkflowID {
	return model.WorkflowID(task.ID + subWorkflowSuffix)
}

// startWorkflowIdempotent is WorkflowExecutorOps.startWorkflowIdempotent (3.30.0 on): under the workflow's lock, the
// one that is there, or a new one, which is not decided but left to the decider queue.
func (s *Server) startWorkflowIdempotent(
	ctx context.Context, record model.WorkflowRecord,
) (wf model.WorkflowRecord, err error) {
	def := s.Ports.Metadata.GetWorkflowDef(ctx, record.Def)
	if def == nil {
		return record, fmt.Errorf("%w: no definition %s", sweeper.ErrNotFound, record.Def)
	}
	acquired, err := s.AcquireLock(ctx, record.ID)
	if err != nil {
		return record, err
	}
	if !acquired {
		return record, fmt.Errorf("%w: no lock to create the workflow", sweeper.ErrTransient)
	}
	defer s.ReleaseFinally(ctx, record.ID, &err)
	there, err := s.GetWorkflowModel(ctx, record.ID, false)
	if err == nil {
		return there.WorkflowRecord, validateOwnership(record, there.WorkflowRecord)
	}
	if !errors.Is(err, sweeper.ErrNotFound) {
		return record, err
	}
	s.stampCreated(ctx, def, &record)
	if err = s.createWorkflow(ctx, &model.Workflow{WorkflowRecord: record}); err != nil {
		_ = s.RemoveWorkflow(ctx, record.ID)
		return record, err
	}
	_ = s.expediteLazyWorkflowEvaluation(ctx, record.ID)
	return record, nil
}

// validateOwnership refuses a workflow of that id which another task has started.
func validateOwnership(asked, there model.WorkflowRecord) error {
	if asked.ParentWorkflowID == there.ParentWorkflowID && asked.ParentWorkflowTaskID == there.ParentWorkflowTaskID {
		return nil
	}
	return fmt.Errorf("%w: %s is the sub-workflow of another task", ErrIllegalState, asked.ID)
}

// executeSubWorkflow3300 is SubWorkflow.execute of 3.30.0 on: as executeSubWorkflow3130, but a task that has no
// sub-workflow yet is started.
func executeSubWorkflow3300(ctx context.Context, s *Server, task *model.Task) (bool, error) {
	if task.SubWorkflowID != "" {
		return executeSubWorkflow3130(ctx, s, task)
	}
	if task.Status != model.TaskScheduled {
		return false, nil
	}
	s.methods.StartSubWorkflow(ctx, s, task)
	return task.SubWorkflowID != "" || task.Status.Terminal(), nil
}

// cancelSubWorkflow3300 is SubWorkflow.cancel of 3.30.0 on: as cancelSubWorkflow3130, but of a task that knows no
// sub-workflow the one is terminated whose id follows from it, if there is one.
func cancelSubWorkflow3300(ctx context.Context, s *Server, task *model.Task) error {
	if task.SubWorkflowID != "" {
		return s.terminateSubWorkflow(ctx, task.SubWorkflowID)
	}
	err := s.terminateSubWorkflow(ctx, derivedSubWorkflowID(task))
	if errors.Is(err, sweeper.ErrNotFound) {
		return nil
	}
	return err
}
