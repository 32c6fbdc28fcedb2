package conductor

import (
	"context"
	"fmt"

	"fermata/model"
	"fermata/sweeper"
)

// lockInstance is ExecutionLockService.LockInstance of 3.21.15: one acquisition, to be closed by a
// try-with-resources.
//
// 3.21.15 puts a ReentrantLock of the process before the distributed lock. A thread that holds it asks for no
// other: an acquisition within another's scope makes no call, and its close releases nothing, though it
// deletes. Here the thread is the operation, and what it holds goes along in its context. Two things of the
// process are not modelled. One is what the lock of the process does between threads of one server: it refuses
// one, as an illegal state, that got the distributed lock while another has not left the scope, which takes a
// lease that ran out. The other is a hold that outlives its operation, which only AsyncSystemTaskExecutor
// leaves: see executeSystemTask32115.
//
// Java releases the distributed lock unless the time of the lease is over. Here it is released without a look
// at the clock: by then the release is a non-owner's, which RedisLock swallows. It would matter under a lock that
// anyone may release, and there only where the lease of someone alive runs out.
type lockInstance struct {
	s  *Server
	id model.WorkflowID
	// inner tells that the operation held the lock already.
	inner bool
}

// heldLock is the key of a lock that the operation holds, in its context.
type heldLock struct{ id model.WorkflowID }

// acquireInstance is ExecutionLockService.acquireLock(lockId, timeToTryMs) of 3.21.15; nil without error is a
// miss. What it returns as context holds the lock.
func (s *Server) acquireInstance(
	ctx context.Context, id model.WorkflowID, timeToTry model.Millis,
) (context.Context, *lockInstance, error) {
	inner := ctx.Value(heldLock{id}) != nil
	if !inner {
		if acquired, err := s.AcquireLockFor(ctx, id, timeToTry); err != nil || !acquired {
			return ctx, nil, err
		}
	}
	return context.WithValue(ctx, heldLock{id}, true), &lockInstance{s, id, inner}, nil
}

// close is LockInstance.close: the outermost one releases, each one deletes. It is called with defer. Unlike
// that of a finally, an error of it does not take the place of the block's.
func (l *lockInstance) close(ctx context.Context, err *error) {
	if cerr := l.releaseAndDelete(ctx); *err == nil {
		*err = cerr
	}
}

func (l *lockInstance) releaseAndDelete(ctx context.Context) error {
	if !l.inner {
		if err := l.s.ReleaseLock(ctx, l.id); err != nil {
			return err
		}
	}
	return l.s.DeleteLock(ctx, l.id)
}

// errNotLocked is what 3.21.15 answers with where it cannot have the lock: ConflictException, HTTP 409.
func errNotLocked(id model.WorkflowID) error {
	return fmt.Errorf("%w: no lock of %s", sweeper.ErrConflict, id)
}
