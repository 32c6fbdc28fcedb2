package proposed

import (
	"context"
	"errors"

	"fermata/model"
	"fermata/sweeper"
	"fermata/sweeper/conductor"
)

// Fenced is Proposed where a lease may end under its living owner: what it decides, it reads and writes with the token
// of its hold. It needs the port Fence beside what Proposed needs. The API's calls that change a workflow without
// deciding it (start, pause, resume) carry no token, as workers do.
func Fenced() sweeper.Engine {
	return fencedEngine("proposed-fenced", "proposed, and the store refuses an owner whose lease is over",
		FencedMethods())
}

// FencedWrites is Fenced with tokens in the writes alone. A holder that has read and not yet written is then unknown to
// the store: what an older holder writes meanwhile passes, and is lost.
func FencedWrites() sweeper.Engine {
	m := FencedMethods()
	m.Sweep, m.Decide = fencing{writesAlone: true}.sweep, fencing{writesAlone: true}.decide
	return fencedEngine("proposed-fenced-writes", "proposed-fenced with tokens in the writes alone", m)
}

func fencedEngine(name, about string, m conductor.Methods) sweeper.Engine {
	e := conductor.New(name, about, m)
	e.Memoisable = true
	e.NeedsAtomicRepair, e.NeedsFence = true, true
	return e
}

// fencing is the text of sweep and decide with tokens; the zero value is Fenced.
type fencing struct{ writesAlone bool }

// lookup is the read under the lock. Within the hold the store learns of it by its token.
func (f fencing) lookup(ctx, held context.Context, s *Server, id model.WorkflowID) (*model.Workflow, error) {
	if f.writesAlone {
		held = ctx
	}
	return s.GetWorkflowModel(held, id, true)
}

// FencedMethods are the methods of Fenced: an engine of them must be marked NeedsAtomicRepair and NeedsFence.
func FencedMethods() conductor.Methods {
	m := Methods()
	m.Sweep = fencing{}.sweep
	m.Decide = fencing{}.decide
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

// sweep is that of Proposed with a token. Who is refused has lost the workflow to a later holder, and leaves the
// decider queue to that one.
func (f fencing) sweep(ctx context.Context, s *Server, id model.WorkflowID) (err error) {
	var wf *model.Workflow
	held, acquired, err := acquireToken(ctx, s, id, s.Settings.LockTimeToTry)
	if err != nil || !acquired {
		return s.UnackByID(ctx, id, s.WorkflowOffsetWithJitter(ctx))
	}
	defer s.ReleaseFinally(ctx, id, &err)
	swept, err := func() (bool, error) {
		found, err := f.lookup(ctx, held, s, id) // O1 lookup
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

// decide is decide(workflowId) of 3.17.0 with a token. To be refused is to have missed the lock.
func (f fencing) decide(ctx context.Context, s *Server, id model.WorkflowID) (wf *model.Workflow, err error) {
	held, acquired, err := acquireToken(ctx, s, id, s.Settings.LockTimeToTry)
	if err != nil || !acquired {
		return nil, err
	}
	defer s.ReleaseFinally(ctx, id, &err)
	wf, err = f.lookup(ctx, held, s, id)
	if err == nil {
		err = s.DecideModel(held, wf)
	}
	if errors.Is(err, sweeper.ErrFenced) {
		return nil, nil
	}
	return wf, err
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
