package conductor

import (
	"context"
	"fmt"

	"fermata/model"
	"fermata/sweeper"
)

// StartWorkflow is StartWorkflowOperation.startWorkflow of 3.13.0, moved into the executor by 3.21.3
// with the same effects (engine facts 1.5). On any error, a missed lock included, it removes whatever
// workflow has the id.
func (s *Server) StartWorkflow(ctx context.Context, id model.WorkflowID, def string) error {
	definition := s.Ports.Metadata.GetWorkflowDef(ctx, def)
	if definition == nil {
		return fmt.Errorf("%w: no definition %s", sweeper.ErrNotFound, def)
	}
	wf := &model.Workflow{WorkflowRecord: model.WorkflowRecord{ID: id, Def: def, Status: model.Running}}
	if definition.TimeoutSeconds > 0 {
		wf.CreateTime = s.Ports.Env.Now(ctx)
	}
	err := s.methods.CreateAndEvaluate(ctx, s, wf)
	if err != nil {
		_ = s.RemoveWorkflow(ctx, id)
	}
	return err
}

// createAndEvaluate3130 is createAndEvaluate of 3.13.0 to 3.21.23 but for 3.21.15, without the listener of starts
// that is told in between since 3.21.13: it creates and decides under the lock, on the model that it has just
// written.
func createAndEvaluate3130(ctx context.Context, s *Server, wf *model.Workflow) (err error) {
	acquired, err := s.AcquireLock(ctx, wf.ID)
	if err != nil {
		return err
	}
	if !acquired {
		return fmt.Errorf("%w: no lock to create the workflow", sweeper.ErrTransient)
	}
	defer s.ReleaseFinally(ctx, wf.ID, &err)
	if err := s.createWorkflow(ctx, wf); err != nil {
		return err
	}
	return s.DecideModel(ctx, wf)
}
