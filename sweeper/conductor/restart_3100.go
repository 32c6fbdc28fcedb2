package conductor

import (
	"context"
	"fmt"

	"fermata/model"
	"fermata/sweeper"
)

// restartWorkflow3100 is WorkflowExecutor.restart of 3.10.0 on, without listeners (engine facts 1.4). It takes no lock
// until it decides, and wakes up everyone above at its end. The workflow is removed, and for a while there is none of
// its id; messages of its tasks stay, and its decider message is pushed anew. A definition has one version here, so
// that the latest is the workflow's own.
func restartWorkflow3100(ctx context.Context, s *Server, id model.WorkflowID, _ bool) error {
	wf, err := s.GetWorkflowModel(ctx, id, true)
	if err != nil {
		return err
	}
	if !wf.Status.Terminal() {
		return fmt.Errorf("%w: cannot restart a %s workflow", sweeper.ErrConflict, wf.Status)
	}
	def := s.Ports.Metadata.GetWorkflowDef(ctx, wf.Def)
	if def == nil {
		return fmt.Errorf("%w: no definition %s", sweeper.ErrNotFound, wf.Def)
	}
	if def.NotRestartable && wf.Status == model.Completed {
		return fmt.Errorf("%w: the workflow is not restartable", sweeper.ErrNotFound)
	}
	if err := s.resetWorkflow(ctx, id); err != nil {
		return err
	}
	wf.Tasks, wf.Status, wf.FailedTaskID = nil, model.Running, ""
	if def.TimeoutSeconds > 0 {
		wf.CreateTime = s.Ports.Env.Now(ctx)
	}
	if err := s.createWorkflow(ctx, wf); err != nil {
		if terr := s.TerminateWorkflow(ctx, id, "error when restarting the workflow"); terr != nil {
			return terr
		}
		return err
	}
	if _, err = s.Decide(ctx, id); err != nil {
		return err
	}
	return s.UpdateAndPushParents(ctx, wf)
}

// resetWorkflow is ExecutionDAOFacade.resetWorkflow: it reads the workflow once more, and removes it.
func (s *Server) resetWorkflow(ctx context.Context, id model.WorkflowID) error {
	if _, err := s.GetWorkflowModel(ctx, id, true); err != nil {
		return err
	}
	return s.Ports.Execution.RemoveWorkflow(ctx, id)
}
