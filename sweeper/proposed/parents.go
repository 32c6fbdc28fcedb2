package proposed

import (
	"context"
	"errors"
	"fmt"

	"fermata/model"
	"fermata/sweeper"
	"fermata/sweeper/conductor"
)

// LockedParents is LockedOperators where a sub-workflow and its parent must not be written past one another: whoever
// decides the parent starts its sub-workflows, as in 3.21.0 to 3.23.0, so that a termination under the lock knows of
// them; an operator who makes a sub-workflow run again has the locks of all that is above it; and repair puts a parent
// back into the decider queue under the parent's lock, if it has not ended.
func LockedParents() sweeper.Engine {
	e := conductor.New("proposed-locked-parents", "proposed-locked-operators, and what is between sub-workflow and "+
		"parent has the parent's lock", LockedParentsMethods())
	e.Memoisable = true
	e.NeedsAtomicRepair = true
	return e
}

// LockedParentsMethods are the methods of LockedParents: an engine of them must be marked NeedsAtomicRepair.
func LockedParentsMethods() conductor.Methods {
	m := LockedOperatorsMethods()
	lockParents(&m)
	return m
}

func lockParents(m *conductor.Methods) {
	m.IsAsync = conductor.Methods3213().IsAsync
	m.EnsureInDecider = ensureInDeciderLocked
	m.RetryWorkflow = familyLocked(m.RetryWorkflow)
	m.RerunWorkflow = familyLocked(m.RerunWorkflow)
	m.RestartWorkflow = familyLocked(m.RestartWorkflow)
}

// familyLocked runs the operation under the lock of the workflow and of every one above it.
func familyLocked[T any](run operationWith[T]) operationWith[T] {
	return func(ctx context.Context, s *Server, id model.WorkflowID, argument T) error {
		return underFamily(ctx, s, id, func(ctx context.Context) error { return run(ctx, s, id, argument) })
	}
}

// underFamily acquires from the bottom up; who misses one gives up all of them. A workflow's parent never changes.
func underFamily(ctx context.Context, s *Server, id model.WorkflowID, run func(context.Context) error) error {
	return underLock(ctx, s, id, func(ctx context.Context) error {
		wf, err := s.GetWorkflowModel(ctx, id, false)
		if err != nil {
			return err
		}
		if !wf.HasParent() {
			return run(ctx)
		}
		return underFamily(ctx, s, wf.ParentWorkflowID, run)
	})
}

// ensureInDeciderLocked pushes a workflow that has not ended unless it is queued. Who misses the lock leaves it to
// whoever has it, and to the next repair.
func ensureInDeciderLocked(ctx context.Context, s *Server, id model.WorkflowID) (err error) {
	acquired, err := s.AcquireLock(ctx, id)
	if err != nil || !acquired {
		return err
	}
	defer s.ReleaseFinally(ctx, id, &err)
	wf, err := s.GetWorkflowModel(ctx, id, false)
	switch {
	case errors.Is(err, sweeper.ErrNotFound):
		return nil
	case err != nil:
		return fmt.Errorf("repair of %s: %w", id, err)
	case wf.Status.Terminal():
		return nil
	}
	return conductor.Methods3170().EnsureInDecider(ctx, s, id)
}
