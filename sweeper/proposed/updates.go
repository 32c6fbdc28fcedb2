package proposed

import (
	"context"
	"errors"
	"fmt"

	"fermata/model"
	"fermata/sweeper"
	"fermata/sweeper/conductor"
)

// updateTimeToTry is how long a worker's result waits for the lock, as in 3.21.15.
const updateTimeToTry model.Millis = 5_000

// LockedUpdates is Proposed where what a worker writes must not come between another's read and write: its result, and
// the poll that hands it a task, are read and written under the workflow's lock, as in 3.21.15. A result that misses
// the lock is refused, and its worker has to report it again; a poll that misses it leaves the message as it was popped.
func LockedUpdates() sweeper.Engine {
	e := conductor.New("proposed-locked-updates", "proposed, and workers' results and polls are under the lock too",
		LockedUpdatesMethods())
	e.Memoisable = true
	e.NeedsAtomicRepair = true
	return e
}

// LockedUpdatesMethods are the methods of LockedUpdates: an engine of them must be marked NeedsAtomicRepair.
func LockedUpdatesMethods() conductor.Methods {
	m := Methods()
	m.UpdateTask = updateTaskLocked
	m.Decide = decideHeld
	m.Poll = func(ctx context.Context, s *Server, queue string, count int) ([]model.Task, error) {
		return s.PollWith(ctx, queue, count, func(
			ctx context.Context, queue string, id model.TaskID,
		) (model.Task, bool, error) {
			return pollTaskLocked(ctx, s, queue, id)
		})
	}
	return m
}

// heldLock marks the context of an operation that holds the workflow's lock.
type heldLock struct{ id model.WorkflowID }

// decideHeld is decide(workflowId) of 3.17.0, which does not ask for a lock that its operation holds: the lock need not
// be re-entrant.
func decideHeld(ctx context.Context, s *Server, id model.WorkflowID) (*model.Workflow, error) {
	if ctx.Value(heldLock{id}) == nil {
		return conductor.Methods3170().Decide(ctx, s, id)
	}
	wf, err := s.GetWorkflowModel(ctx, id, true)
	if err != nil {
		return nil, err
	}
	return wf, s.DecideModel(ctx, wf)
}

// updateTaskLocked is updateTask of 3.17.0 from its first read to its decide under one lock.
func updateTaskLocked(ctx context.Context, s *Server, result sweeper.TaskResult) (err error) {
	acquired, err := s.AcquireLockFor(ctx, result.WorkflowID, updateTimeToTry)
	if err == nil && !acquired {
		err = fmt.Errorf("%w: no lock of %s", sweeper.ErrConflict, result.WorkflowID)
	}
	if err != nil {
		return err
	}
	defer s.ReleaseFinally(ctx, result.WorkflowID, &err)
	held := context.WithValue(ctx, heldLock{result.WorkflowID}, true)
	return conductor.Methods3170().UpdateTask(held, s, result)
}

// pollTaskLocked reads the task to learn its workflow, and then again, under the lock, to hand it out.
func pollTaskLocked(
	ctx context.Context, s *Server, queue string, id model.TaskID,
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
	return s.PollTask(ctx, queue, id)
}
