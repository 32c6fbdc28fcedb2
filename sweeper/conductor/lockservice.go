package conductor

import (
	"context"

	"fermata/model"
)

// AcquireLock is ExecutionLockService.acquireLock(lockId): it tries for lock-time-to-try. Where locks
// are not enabled it is true and does nothing (engine facts 1.7).
func (s *Server) AcquireLock(ctx context.Context, id model.WorkflowID) (bool, error) {
	return s.AcquireLockFor(ctx, id, s.Settings.LockTimeToTry)
}

// AcquireLockFor is ExecutionLockService.acquireLock(lockId, timeToTry).
func (s *Server) AcquireLockFor(
	ctx context.Context, id model.WorkflowID, timeToTry model.Millis,
) (bool, error) {
	if !s.Settings.LockEnabled {
		return true, nil
	}
	return s.Ports.Lock.AcquireLock(ctx, id, timeToTry, s.Settings.LockLeaseTime)
}

// ReleaseLock is ExecutionLockService.releaseLock. What a release by a non-owner is depends on the lock below:
// RedisLock swallows it, LocalOnlyLock throws.
func (s *Server) ReleaseLock(ctx context.Context, id model.WorkflowID) error {
	if !s.Settings.LockEnabled {
		return nil
	}
	return s.Ports.Lock.ReleaseLock(ctx, id)
}

// ReleaseFinally is the engine's "finally releaseLock": an error of the release takes the place of
// what the block returned. Call it with defer.
func (s *Server) ReleaseFinally(ctx context.Context, id model.WorkflowID, err *error) {
	if rerr := s.ReleaseLock(ctx, id); rerr != nil {
		*err = rerr
	}
}

// DeleteLock is ExecutionLockService.deleteLock.
func (s *Server) DeleteLock(ctx context.Context, id model.WorkflowID) error {
	if !s.Settings.LockEnabled {
		return nil
	}
	return s.Ports.Lock.DeleteLock(ctx, id)
}

// ReleaseAndDeleteLock is releaseLock, then deleteLock.
func (s *Server) ReleaseAndDeleteLock(ctx context.Context, id model.WorkflowID) error {
	if err := s.ReleaseLock(ctx, id); err != nil {
		return err
	}
	return s.DeleteLock(ctx, id)
}

// ReleaseAndDeleteFinally is "finally releaseLock, deleteLock", with defer like ReleaseFinally.
func (s *Server) ReleaseAndDeleteFinally(ctx context.Context, id model.WorkflowID, err *error) {
	if rerr := s.ReleaseAndDeleteLock(ctx, id); rerr != nil {
		*err = rerr
	}
}
