package proposed

import (
	"context"
	"fmt"

	"fermata/model"
	"fermata/sweeper"
	"fermata/sweeper/conductor"
)

// holdOperators puts what an operator asks of a release into one hold of the workflow's lock. Within it the release's
// own text acquires again, as its sweep does: the lock must be re-entrant.
func holdOperators(m *conductor.Methods) {
	m.PauseWorkflow = inOneHold(m.PauseWorkflow)
	m.ResumeWorkflow = inOneHold(m.ResumeWorkflow)
	m.ResetCallbacks = inOneHold(m.ResetCallbacks)
	m.RemoveWorkflow = inOneHold(m.RemoveWorkflow)
	m.TerminateWorkflow = inOneHoldWith(m.TerminateWorkflow)
	m.RetryWorkflow = inOneHoldWith(m.RetryWorkflow)
	m.RerunWorkflow = inOneHoldWith(m.RerunWorkflow)
	m.RestartWorkflow = inOneHoldWith(m.RestartWorkflow)
	m.SkipTask = inOneHoldWith(m.SkipTask)
	requeue := m.RequeueSweep
	m.RequeueSweep = func(ctx context.Context, s *Server, id model.WorkflowID) (pushed bool, err error) {
		err = hold(ctx, s, id, func() error {
			pushed, err = requeue(ctx, s, id)
			return err
		})
		return pushed, err
	}
}

// hold runs under the lock, for which it tries as terminate and pause do. Who cannot have it is refused with
// ErrConflict, and nothing has happened.
func hold(ctx context.Context, s *Server, id model.WorkflowID, run func() error) (err error) {
	acquired, err := s.AcquireLockFor(ctx, id, conductor.LongTimeToTry)
	if err != nil {
		return err
	}
	if !acquired {
		return fmt.Errorf("%w: no lock of %s", sweeper.ErrConflict, id)
	}
	defer s.ReleaseFinally(ctx, id, &err)
	return run()
}

func inOneHold(run operation) operation {
	return func(ctx context.Context, s *Server, id model.WorkflowID) error {
		return hold(ctx, s, id, func() error { return run(ctx, s, id) })
	}
}

func inOneHoldWith[T any](run operationWith[T]) operationWith[T] {
	return func(ctx context.Context, s *Server, id model.WorkflowID, argument T) error {
		return hold(ctx, s, id, func() error { return run(ctx, s, id, argument) })
	}
}
