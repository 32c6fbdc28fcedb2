package conductor

import (
	"context"

	"fermata/model"
)

// What an operator asks for.

// RetryWorkflow is WorkflowExecutor.retry(workflowId, resumeSubworkflowTasks).
func (s *Server) RetryWorkflow(ctx context.Context, id model.WorkflowID, resumeSubworkflowTasks bool) error {
	return s.methods.RetryWorkflow(ctx, s, id, resumeSubworkflowTasks)
}

// RerunWorkflow is WorkflowExecutor.rerun, without new input.
func (s *Server) RerunWorkflow(ctx context.Context, id model.WorkflowID, fromTask model.TaskID) error {
	return s.methods.RerunWorkflow(ctx, s, id, fromTask)
}

// RestartWorkflow is WorkflowExecutor.restart.
func (s *Server) RestartWorkflow(ctx context.Context, id model.WorkflowID, useLatestDefinition bool) error {
	return s.methods.RestartWorkflow(ctx, s, id, useLatestDefinition)
}

// RemoveWorkflow is ExecutionDAOFacade.removeWorkflow(workflowId, false).
func (s *Server) RemoveWorkflow(ctx context.Context, id model.WorkflowID) error {
	return s.methods.RemoveWorkflow(ctx, s, id)
}

// RequeueSweep is AdminServiceImpl.requeueSweep.
func (s *Server) RequeueSweep(ctx context.Context, id model.WorkflowID) (bool, error) {
	return s.methods.RequeueSweep(ctx, s, id)
}

// SkipTaskFromWorkflow is WorkflowExecutor.skipTaskFromWorkflow, without input and output.
func (s *Server) SkipTaskFromWorkflow(ctx context.Context, id model.WorkflowID, ref string) error {
	return s.methods.SkipTask(ctx, s, id, ref)
}

// ResetCallbacksForWorkflow is WorkflowExecutor.resetCallbacksForWorkflow.
func (s *Server) ResetCallbacksForWorkflow(ctx context.Context, id model.WorkflowID) error {
	return s.methods.ResetCallbacks(ctx, s, id)
}
