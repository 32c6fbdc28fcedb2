package proposed

import (
	"context"
	"errors"

	"fermata/model"
	"fermata/sweeper"
	"fermata/sweeper/conductor"
)

// Fenced is Proposed where a lease may end under its living owner: what it decides, it writes with the token of the
// hold in which it read. It needs the port Fence beside what Proposed needs. The API's calls that change a workflow
// without deciding it (start, pause, resume) write without a token, as workers do.
func Fenced() sweeper.Engine {
	e := conductor.New("proposed-fenced", "proposed, and the store refuses what an owner writes whose lease is over",
		FencedMethods())
	e.Memoisable = true
	e.NeedsAtomicRepair, e.NeedsFence = true, true
	return e
}

// FencedMethods are the methods of Fenced: an engine of them must be marked NeedsAtomicRepair and NeedsFence.
func FencedMethods() conductor.Methods {
	m := Methods()
	m.Sweep = sweepFenced
	m.Decide = decideFenced
	m.TerminateModel = terminateModelFenced
	return m
}

// acquireToken is acquireLock, and gives the context in which the hold's writes carry its token.
func acquireToken(
	ctx context.Context, s *Server, id model.WorkflowID, timeToTry model.Millis,
) (held context.Context, acquired bool, err error) {
	if !s.Settings.LockEnabled {
		return ctx, true, nil
	}
	token, err := s.Ports.Fence.AcquireToken(ctx, id, timeToTry, s.Settings.LockLeaseTime)
	if err != nil || token == 0 {
		return ctx, false, err
	}
	return sweeper.WithToken(ctx, id, token), true, nil
}

// sweepFenced is sweep with a token. Who is refused has lost the workflow to a later holder, and leaves the decider
// queue to that one.
func sweepFenced(ctx context.Context, s *Server, id model.WorkflowID) (err error) {
	var wf *model.Workflow
	held, acquired, err := acquireToken(ctx, s, id, s.Settings.LockTimeToTry)
	if err != nil || !acquired {
		return s.UnackByID(ctx, id, s.WorkflowOffsetWithJitter(ctx))
	}
	defer s.ReleaseFinally(ctx, id, &err)
	swept, err := func() (bool, error) {
		found, err := s.GetWorkflowModel(held, id, true) // O1 lookup
		if err != nil {
			return false, err
		}
		wf = found
		if s.Settings.RepairServiceEnabled {
			if err := s.VerifyAndRepairWorkflowTasks(held, wf); err != nil { // O2 repair
				return false, err
			}
		}
		if err := s.DecideModel(held, wf); err != nil { // O3 decide on the copy of O1, in the same hold
			return false, err
		}
		if wf.Status.Terminal() {
			return true, s.RemoveFromDecider(held, id) // O4 remove
		}
		return false, nil
	}()
	switch {
	case errors.Is(err, sweeper.ErrFenced):
		return nil
	case errors.Is(err, sweeper.ErrNotFound):
		return s.RemoveFromDecider(ctx, id)
	case err == nil && swept:
		return nil
	}
	offset := s.WorkflowOffsetWithJitter(ctx)
	if wf != nil {
		return s.Unack(ctx, wf, offset) // O5 postpone
	}
	return s.UnackByID(ctx, id, offset)
}

// decideFenced is decide(workflowId) of 3.17.0 with a token. To be refused is to have missed the lock.
func decideFenced(ctx context.Context, s *Server, id model.WorkflowID) (wf *model.Workflow, err error) {
	held, acquired, err := acquireToken(ctx, s, id, s.Settings.LockTimeToTry)
	if err != nil || !acquired {
		return nil, err
	}
	defer s.ReleaseFinally(ctx, id, &err)
	wf, err = s.GetWorkflowModel(held, id, true)
	if err != nil {
		return nil, err
	}
	if err := s.DecideModel(held, wf); !errors.Is(err, sweeper.ErrFenced) {
		return wf, err
	}
	return nil, nil
}

// terminateModelFenced is terminateModel with a token: of the hold in which the model was read, if there is one. The
// hold taken here may be a new one, if that one's lease is over, and its token would pass what the old one must not.
func terminateModelFenced(ctx context.Context, s *Server, wf *model.Workflow, _ string) (err error) {
	defer s.ReleaseFinally(ctx, wf.ID, &err)
	held, _, err := acquireToken(ctx, s, wf.ID, conductor.LongTimeToTry)
	if err != nil {
		return err
	}
	if sweeper.TokenOf(ctx, wf.ID) != 0 {
		held = ctx
	}
	return s.TerminateAndCancel(held, wf)
}
