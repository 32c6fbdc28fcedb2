package conductor

import (
	"context"
	"fmt"

	"fermata/model"
	"fermata/sweeper"
)

// The rest of ExecutionDAOFacade (engine facts 1.6). It has no cache, and archives are not modelled.

// GetWorkflowModel is ExecutionDAOFacade.getWorkflowModel: ErrNotFound if there is none.
func (s *Server) GetWorkflowModel(
	ctx context.Context, id model.WorkflowID, includeTasks bool,
) (*model.Workflow, error) {
	wf, err := s.Ports.Execution.GetWorkflow(ctx, id, includeTasks)
	if err != nil {
		return nil, err
	}
	return &wf, nil
}

// GetWorkflow is what the API reads, tasks included as is its default, without the lock.
func (s *Server) GetWorkflow(ctx context.Context, id model.WorkflowID) (model.Workflow, error) {
	return s.Ports.Execution.GetWorkflow(ctx, id, true)
}

// createWorkflow writes the workflow, then pushes its decider message.
func (s *Server) createWorkflow(ctx context.Context, wf *model.Workflow) error {
	if err := s.Ports.Execution.CreateWorkflow(ctx, *wf); err != nil {
		return err
	}
	return s.pushToDecider(ctx, wf)
}

// pushToDecider is push(DECIDER_QUEUE, id, priority, workflowOffsetTimeout), as creation and resume
// have it.
func (s *Server) pushToDecider(ctx context.Context, wf *model.Workflow) error {
	offset := s.Settings.WorkflowOffsetTimeout
	return s.Ports.Queue.Push(ctx, model.DeciderQueue, string(wf.ID), wf.Priority, offset)
}

// RemoveFromDecider is remove(DECIDER_QUEUE, id).
func (s *Server) RemoveFromDecider(ctx context.Context, id model.WorkflowID) error {
	return s.Ports.Queue.Remove(ctx, model.DeciderQueue, string(id))
}

// UpdateWorkflow is ExecutionDAOFacade.updateWorkflow: a blind write of the record.
func (s *Server) UpdateWorkflow(ctx context.Context, wf *model.Workflow) error {
	return s.Ports.Execution.UpdateWorkflow(ctx, *wf)
}

// UpdateTaskModel is ExecutionDAOFacade.updateTask: it stamps the task where a response timeout reads
// the stamp, and writes the whole record blindly.
func (s *Server) UpdateTaskModel(ctx context.Context, task *model.Task) error {
	if task.ResponseTimeoutSeconds != 0 && (!task.Status.Terminal() || task.UpdateTime == 0) {
		task.UpdateTime = s.Ports.Env.Now(ctx)
	}
	return s.Ports.Execution.UpdateTask(ctx, *task)
}

// definition is the workflow's definition; without one nothing can be decided.
func (s *Server) definition(ctx context.Context, wf *model.Workflow) (*model.WorkflowDef, error) {
	if def := s.Ports.Metadata.GetWorkflowDef(ctx, wf.Def); def != nil {
		return def, nil
	}
	return nil, fmt.Errorf("%w: no definition %s", sweeper.ErrTransient, wf.Def)
}
