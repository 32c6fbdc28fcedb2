package conductor

import (
	"context"
	"errors"
	"fmt"

	"fermata/model"
	"fermata/sweeper"
)

// PR214 are the four commits of conductor-oss pull request 214, as engines: how the fix of 3.21.3 came to be. As
// they stand they follow 7230de138, after 3.21.2, where the executor had just become an interface without
// decide(workflow): the first three call what is private there, which does not compile. Their branch was older
// and rebased, and where it came from the method was public; that is what they are here.
func PR214() []sweeper.Engine {
	engine := func(commit, about string, methods Methods) sweeper.Engine {
		return released("pr214-"+commit, about, methods)
	}
	return []sweeper.Engine{
		engine("4943d9770", "asks the workflow that it has not read for its id: every sweep fails",
			methodsPR214(sweep4943d9770)),
		engine("2172f88fd", "locks, looks up; stops a watch that it may not have started",
			methodsPR214(sweep2172f88fd)),
		engine("4976cc607", "locks, looks up, decides on what it read", methodsPR214(sweep4976cc607)),
		engine("42a708f29", "the merged text: locks, looks up, reads again to decide", Methods3213()),
	}
}

// methodsPR214 are the methods of 3.21.2 with another sweep. In what is modelled they differ from those of 3.21.3
// by it and by decideWithLock, which only the last commit took away.
func methodsPR214(sweep func(ctx context.Context, s *Server, id model.WorkflowID) error) Methods {
	m := Methods3213()
	m.DecideWithLock = decideWithLock3150
	m.Sweep = sweep
	return m
}

// sweep4943d9770 is WorkflowSweeper.sweep of 4943d9770. Its first act is a null pointer, which is logged. What
// would follow, and never does: the lock, the lookup, the repair, a decide on the model and a removal, and the
// release after these two alone.
func sweep4943d9770(ctx context.Context, s *Server, id model.WorkflowID) error {
	return s.UnackByID(ctx, id, s.WorkflowOffsetWithJitter(ctx)) // P6 postpone, of a workflow not at hand
}

// sweep2172f88fd is WorkflowSweeper.sweep of 2172f88fd. Its finally releases, held or not, and stops a watch that
// is started only before the decide: where it did not come to that, a missed lock included, it ends as an
// IllegalStateException that nobody catches, and nothing is postponed.
func sweep2172f88fd(ctx context.Context, s *Server, id model.WorkflowID) error {
	var wf *model.Workflow
	watch := false
	locked := func() (bool, error) {
		if acquired, err := s.AcquireLock(ctx, id); err != nil || !acquired { // P0 acquire
			return err == nil, err
		}
		found, err := s.GetWorkflowModel(ctx, id, true) // P1 lookup
		if err != nil {
			return false, err
		}
		wf = found
		if s.Settings.RepairServiceEnabled {
			if err := s.VerifyAndRepairWorkflowTasks(ctx, wf); err != nil { // P2 repair
				return false, err
			}
		}
		watch = true
		if err := s.DecideModel(ctx, wf); err != nil { // P3 decide on the copy of P1
			return false, err
		}
		if wf.Status.Terminal() {
			return true, s.RemoveFromDecider(ctx, id) // P4 remove
		}
		return false, nil
	}
	swept, err := func() (swept bool, err error) {
		defer func() {
			if rerr := s.ReleaseLock(ctx, id); rerr != nil { // P5 release, held or not
				err = rerr
			} else if !watch {
				err = fmt.Errorf("%w: the watch was not started", ErrIllegalState)
			}
		}()
		swept, err = locked()
		if errors.Is(err, sweeper.ErrNotFound) {
			return true, s.RemoveFromDecider(ctx, id)
		}
		return err == nil && swept, nil
	}()
	if err != nil || swept {
		return err
	}
	offset := s.WorkflowOffsetWithJitter(ctx)
	if wf != nil {
		return s.Unack(ctx, wf, offset) // P6 postpone, after the release
	}
	return s.UnackByID(ctx, id, offset)
}

// sweep4976cc607 is WorkflowSweeper.sweep of 4976cc607: sweep2172f88fd without the watch. There is one acquisition
// and one read. On the path that completes the workflow completeWorkflow gives up the only hold, and both
// removals come after the lock is free.
func sweep4976cc607(ctx context.Context, s *Server, id model.WorkflowID) error {
	var wf *model.Workflow
	locked := func() (bool, error) {
		if acquired, err := s.AcquireLock(ctx, id); err != nil || !acquired { // P0 acquire
			return err == nil, err
		}
		found, err := s.GetWorkflowModel(ctx, id, true) // P1 lookup
		if err != nil {
			return false, err
		}
		wf = found
		if s.Settings.RepairServiceEnabled {
			if err := s.VerifyAndRepairWorkflowTasks(ctx, wf); err != nil { // P2 repair
				return false, err
			}
		}
		if err := s.DecideModel(ctx, wf); err != nil { // P3 decide on the copy of P1
			return false, err
		}
		if wf.Status.Terminal() {
			return true, s.RemoveFromDecider(ctx, id) // P4 remove
		}
		return false, nil
	}
	swept, err := func() (swept bool, err error) {
		defer s.ReleaseFinally(ctx, id, &err) // P5 release, held or not
		swept, err = locked()
		if errors.Is(err, sweeper.ErrNotFound) {
			return true, s.RemoveFromDecider(ctx, id)
		}
		return err == nil && swept, nil
	}()
	if err != nil || swept {
		return err
	}
	offset := s.WorkflowOffsetWithJitter(ctx)
	if wf != nil {
		return s.Unack(ctx, wf, offset) // P6 postpone, after the release
	}
	return s.UnackByID(ctx, id, offset)
}
