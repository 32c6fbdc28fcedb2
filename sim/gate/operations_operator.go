package gate

import (
	"context"
	"encoding/json"
	"fmt"

	"fermata/model"
)

func (s *server) RetryWorkflow(ctx context.Context, id model.WorkflowID, resumeSubworkflowTasks bool) error {
	_, err := s.do(ctx, "retryWorkflow", retryArgs{string(id), resumeSubworkflowTasks})
	return err
}

func (s *server) RerunWorkflow(ctx context.Context, id model.WorkflowID, fromTask model.TaskID) error {
	_, err := s.do(ctx, "rerunWorkflow", rerunArgs{string(id), string(fromTask)})
	return err
}

func (s *server) RestartWorkflow(ctx context.Context, id model.WorkflowID, useLatestDefinition bool) error {
	_, err := s.do(ctx, "restartWorkflow", restartArgs{string(id), useLatestDefinition})
	return err
}

func (s *server) RemoveWorkflow(ctx context.Context, id model.WorkflowID) error {
	_, err := s.do(ctx, "removeWorkflow", idArgs{string(id)})
	return err
}

func (s *server) RequeueSweep(ctx context.Context, id model.WorkflowID) (bool, error) {
	value, err := s.do(ctx, "requeueSweep", idArgs{string(id)})
	if err != nil {
		return false, err
	}
	var pushed bool
	if err := json.Unmarshal(value, &pushed); err != nil {
		return false, fmt.Errorf("%w: whether a sweep was requeued: %w", ErrGate, err)
	}
	return pushed, nil
}

func (s *server) SkipTaskFromWorkflow(ctx context.Context, id model.WorkflowID, ref string) error {
	_, err := s.do(ctx, "skipTaskFromWorkflow", skipArgs{string(id), ref})
	return err
}

func (s *server) ResetCallbacksForWorkflow(ctx context.Context, id model.WorkflowID) error {
	_, err := s.do(ctx, "resetCallbacksForWorkflow", idArgs{string(id)})
	return err
}
