package proposed

import (
	"context"
	"errors"

	"fermata/model"
	"fermata/sweeper"
	"fermata/sweeper/conductor"
)

// LockedUpdates is Proposed where what is written for a worker must not come between another's read and write: a
// result, and the poll that hands out a task, are read and written under the workflow's lock, as in 3.21.15. A result
// that cannot have the lock is refused with ErrConflict, and its worker has to report it again; a poll that misses it
// leaves the message as it was popped.
func LockedUpdates() sweeper.Engine {
	e := conductor.New("proposed-locked-updates", "proposed, and workers' results and polls take the lock too",
		LockedUpdatesMethods())
	e.Memoisable = true
	e.NeedsAtomicRepair = true
	return e
}

// LockedUpdatesMethods are the methods of LockedUpdates: an engine of them must be marked NeedsAtomicRepair.
func LockedUpdatesMethods() conductor.Methods {
	m := Methods()
	holdOnce(&m)
	lockUpdates(&m, (*Server).PollTask)
	return m
}

// pollTask is the body of a poll's loop.
type pollTask func(s *Server, ctx context.Context, queue string, id model.TaskID) (model.Task, bool, error)

// lockUpdates needs decide and terminate to hold once. give is the poll's body, to be done under the lock.
func lockUpdates(m *conductor.Methods, give pollTask) {
	update := m.UpdateTask
	m.UpdateTask = func(ctx context.Context, s *Server, result sweeper.TaskResult) error {
		return underLock(ctx, s, result.WorkflowID, func(ctx context.Context) error { return update(ctx, s, result) })
	}
	m.Poll = func(ctx context.Context, s *Server, queue string, count int) ([]model.Task, error) {
		return s.PollWith(ctx, queue, count, func(
			ctx context.Context, queue string, id model.TaskID,
		) (model.Task, bool, error) {
			return pollTaskLocked(ctx, s, queue, id, give)
		})
	}
}

// pollTaskLocked reads the task to learn its workflow, and then again, under the lock, to hand it out.
func pollTaskLocked(
	ctx context.Context, s *Server, queue string, id model.TaskID, give pollTask,
) (task model.Task, given bool, err error) {
	task, err = s.Ports.Execution.GetTask(ctx, id)
	if errors.Is(err, sweeper.ErrNotFound) {
		return task, false, s.Ports.Queue.Remove(ctx, queue, string(id))
	}
	if err != nil {
		return task, false, err
	}
	acquired, err := s.AcquireLock(ctx, task.WorkflowID)
	if err != nil || !acquired {
		return task, false, err
	}
	defer s.ReleaseFinally(ctx, task.WorkflowID, &err)
	return give(s, ctx, queue, id)
}
