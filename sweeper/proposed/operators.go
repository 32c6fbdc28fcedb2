package proposed

import (
	"context"
	"fmt"

	"fermata/model"
	"fermata/sweeper"
	"fermata/sweeper/conductor"
)

// LockedOperators is Proposed with everything that an operator asks for under the workflow's lock. In no release do
// retry, rerun, restart, remove, requeue, skip, resume and reset take it, so that whatever order the sweeper keeps, a
// sweep that ends the workflow can still remove the message that one of them has just pushed. An operator who cannot
// have the lock is refused with ErrConflict, and nothing has happened.
func LockedOperators() sweeper.Engine {
	e := conductor.New("proposed-locked-operators", "proposed, and operators take the workflow's lock too",
		LockedOperatorsMethods())
	e.Memoisable = true
	e.NeedsAtomicRepair = true
	return e
}

// LockedOperatorsMethods are the methods of LockedOperators: an engine of them must be marked NeedsAtomicRepair.
func LockedOperatorsMethods() conductor.Methods {
	m := Methods()
	lockOperators(&m)
	return m
}

func lockOperators(m *conductor.Methods) {
	holdOnce(m)
	lockOperations(m)
	m.PauseWorkflow = pauseLocked
}

// lockOperations puts what an operator asks for into one hold of the workflow's lock. Without holdOnce the text within
// acquires again, as a release's sweep does, and the lock must be re-entrant.
func lockOperations(m *conductor.Methods) {
	m.PauseWorkflow = locked(m.PauseWorkflow)
	m.ResumeWorkflow = locked(m.ResumeWorkflow)
	m.ResetCallbacks = locked(m.ResetCallbacks)
	m.RemoveWorkflow = locked(m.RemoveWorkflow)
	m.TerminateWorkflow = lockedWith(m.TerminateWorkflow)
	m.RetryWorkflow = lockedWith(m.RetryWorkflow)
	m.RerunWorkflow = lockedWith(m.RerunWorkflow)
	m.RestartWorkflow = lockedWith(m.RestartWorkflow)
	m.SkipTask = lockedWith(m.SkipTask)
	requeue := m.RequeueSweep
	m.RequeueSweep = func(ctx context.Context, s *Server, id model.WorkflowID) (pushed bool, err error) {
		err = underLock(ctx, s, id, func(ctx context.Context) error {
			pushed, err = requeue(ctx, s, id)
			return err
		})
		return pushed, err
	}
}

// holdOnce has decide and terminate not acquire within an operation that holds the lock already.
func holdOnce(m *conductor.Methods) {
	m.Decide = decideHeld(m.Decide)
	m.TerminateModel = terminateHeld(m.TerminateModel)
}

// held is the key of a lock that the operator's operation holds, in its context.
type held struct{ id model.WorkflowID }

func holds(ctx context.Context, id model.WorkflowID) bool { return ctx.Value(held{id}) != nil }

// underLock runs the operation in one hold of the lock, for which it tries as terminate and pause do. Within the hold
// nothing acquires again, so that a lock need not be re-entrant.
func underLock(ctx context.Context, s *Server, id model.WorkflowID, run func(context.Context) error) (err error) {
	if holds(ctx, id) {
		return run(ctx)
	}
	acquired, err := s.AcquireLockFor(ctx, id, conductor.LongTimeToTry)
	if err != nil {
		return err
	}
	if !acquired {
		return fmt.Errorf("%w: no lock of %s", sweeper.ErrConflict, id)
	}
	defer s.ReleaseFinally(ctx, id, &err)
	return run(context.WithValue(ctx, held{id}, true))
}

type (
	operation            func(ctx context.Context, s *Server, id model.WorkflowID) error
	operationWith[T any] func(ctx context.Context, s *Server, id model.WorkflowID, argument T) error
)

func locked(run operation) operation {
	return func(ctx context.Context, s *Server, id model.WorkflowID) error {
		return underLock(ctx, s, id, func(ctx context.Context) error { return run(ctx, s, id) })
	}
}

func lockedWith[T any](run operationWith[T]) operationWith[T] {
	return func(ctx context.Context, s *Server, id model.WorkflowID, argument T) error {
		return underLock(ctx, s, id, func(ctx context.Context) error { return run(ctx, s, id, argument) })
	}
}

// decideHeld is decide(workflowId), which within an operator's hold does not acquire.
func decideHeld(
	decide func(ctx context.Context, s *Server, id model.WorkflowID) (*model.Workflow, error),
) func(ctx context.Context, s *Server, id model.WorkflowID) (*model.Workflow, error) {
	return func(ctx context.Context, s *Server, id model.WorkflowID) (*model.Workflow, error) {
		if !holds(ctx, id) {
			return decide(ctx, s, id)
		}
		wf, err := s.GetWorkflowModel(ctx, id, true)
		if err != nil {
			return nil, err
		}
		return wf, s.DecideModel(ctx, wf)
	}
}

// terminateHeld is terminateWorkflow(workflow, reason), which within an operator's hold does not acquire.
func terminateHeld(
	terminate func(ctx context.Context, s *Server, wf *model.Workflow, reason string) error,
) func(ctx context.Context, s *Server, wf *model.Workflow, reason string) error {
	return func(ctx context.Context, s *Server, wf *model.Workflow, reason string) error {
		if holds(ctx, wf.ID) {
			return s.TerminateAndCancel(ctx, wf)
		}
		return terminate(ctx, s, wf, reason)
	}
}

// pauseLocked is pauseWorkflow with its removal before the release.
func pauseLocked(ctx context.Context, s *Server, id model.WorkflowID) error {
	return underLock(ctx, s, id, func(ctx context.Context) error {
		wf, err := s.GetWorkflowModel(ctx, id, false)
		if err != nil {
			return err
		}
		if wf.Status.Terminal() {
			return fmt.Errorf("%w: cannot pause a %s workflow", sweeper.ErrConflict, wf.Status)
		}
		if wf.Status == model.Paused {
			return nil
		}
		wf.Status = model.Paused
		if err := s.UpdateWorkflow(ctx, wf); err != nil {
			return err
		}
		_ = s.RemoveFromDecider(ctx, id)
		return nil
	})
}
