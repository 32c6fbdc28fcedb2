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
	return s.startWorkflow(ctx, model.WorkflowRecord{ID: id, Def: def, Status: model.Running})
}

// startWorkflow is StartWorkflow for a record that may have a parent.
func (s *Server) startWorkflow(ctx context.Context, record model.WorkflowRecord) error {
	definition := s.Ports.Metadata.GetWorkflowDef(ctx, record.Def)
	if definition == nil {
		return fmt.Errorf("%w: no definition %s", sweeper.ErrNotFound, record.Def)
	}
	s.stampCreated(ctx, definition, &record)
	err := s.methods.CreateAndEvaluate(ctx, s, &model.Workflow{WorkflowRecord: record})
	if err != nil {
		_ = s.RemoveWorkflow(ctx, record.ID)
	}
	return err
}

// stampCreated sets CreateTime where the workflow timeout reads it.
func (s *Server) stampCreated(ctx context.Context, def *model.WorkflowDef, record *model.WorkflowRecord) {
	if def.TimeoutSeconds > 0 {
		record.CreateTime = s.Ports.Env.Now(ctx)
	}
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
