package remedy

import (
	"context"
	"errors"
	"slices"

	"fermata/model"
	"fermata/sweeper"
)

// PeriodDefault is how often a workflow is audited: once a lease, so that a dead owner's lock costs one audit.
const PeriodDefault = model.Seconds(60)

// Settings say how to audit.
type Settings struct {
	// LockTimeToTry and LockLeaseTime are the engine's own.
	LockTimeToTry, LockLeaseTime model.Millis
	// Remove has the audit take a workflow that has ended out of the decider queue. A sweep does that itself, and a
	// retry that takes no lock can lose its message by it.
	Remove bool
	// Tasks has the audit push the message of a worker's task that is SCHEDULED and has none. It leaves system tasks
	// alone: whoever executes one acknowledges its message first, and writes the task at the end.
	Tasks bool
}

// Repairs is what an audit did: a set.
type Repairs uint8

// The repairs. Missed is none: another held the lock, and the audit comes again.
const (
	Woken Repairs = 1 << iota
	Removed
	TaskPushed
	Missed
)

var repairWords = []string{"woken", "taken out", "task pushed", "lock missed"}

// String gives the repairs' words.
func (r Repairs) String() string {
	text := ""
	for i, word := range repairWords {
		switch {
		case r&(1<<i) == 0:
		case text == "":
			text = word
		default:
			text += ", " + word
		}
	}
	if text == "" {
		return "nothing"
	}
	return text
}

// Audit looks at a workflow under its lock, and repairs what nobody would look at again. It repairs by a message that
// is due now, and leaves the deciding to a sweep: the engine's decide takes the same lock, which is not re-entrant on
// every release's locks, and the audit is no engine.
func Audit(ctx context.Context, p sweeper.Ports, st Settings, id model.WorkflowID) (did Repairs, err error) {
	held, err := p.Lock.AcquireLock(ctx, id, st.LockTimeToTry, st.LockLeaseTime) // A1 lock
	if err != nil {
		return 0, err
	}
	if !held {
		return Missed, nil
	}
	defer func() { err = errors.Join(err, p.Lock.ReleaseLock(ctx, id)) }() // A5 release
	wf, err := p.Execution.GetWorkflow(ctx, id, true)                      // A2 read
	if errors.Is(err, sweeper.ErrNotFound) {
		return 0, nil // the next sweep takes its message out, if it has one
	}
	if err != nil {
		return 0, err
	}
	queued, err := p.Queue.ContainsMessage(ctx, model.DeciderQueue, string(id)) // A3 is it queued
	if err != nil {
		return 0, err
	}
	if did, err = repairEntry(ctx, p, st, wf, queued); err != nil || !st.Tasks {
		return did, err
	}
	pushed, err := repairTasks(ctx, p, wf)
	return did | pushed, err
}

// repairEntry puts the decider message right: A4.
func repairEntry(
	ctx context.Context, p sweeper.Ports, st Settings, wf model.Workflow, queued bool,
) (Repairs, error) {
	switch {
	case wf.Status == model.Running && (!queued || undecided(wf)):
		return Woken, p.Queue.Push(ctx, model.DeciderQueue, string(wf.ID), wf.Priority, 0)
	case wf.Status.Terminal() && queued && st.Remove:
		return Removed, p.Queue.Remove(ctx, model.DeciderQueue, string(wf.ID))
	}
	return 0, nil
}

// undecided tells whether a decide is due: every task has ended, or one whose successors nobody has worked out.
func undecided(wf model.Workflow) bool {
	open := slices.ContainsFunc(wf.Tasks, func(t model.Task) bool { return !t.Status.Terminal() })
	left := slices.ContainsFunc(wf.Tasks, func(t model.Task) bool {
		return t.Status.Terminal() && !t.Executed && !t.Retried
	})
	return !open || left
}

// repairTasks pushes the messages of workers' tasks that are SCHEDULED and have none. It asks the queue first and then
// reads the task again: a worker's poll acknowledges after it has written IN_PROGRESS, so that SCHEDULED after no
// message is no poll half done. Nobody who schedules under the lock is between the two.
func repairTasks(ctx context.Context, p sweeper.Ports, wf model.Workflow) (did Repairs, err error) {
	if wf.Status != model.Running {
		return 0, nil
	}
	for _, t := range wf.Tasks {
		if t.Status != model.TaskScheduled || t.Type.System() {
			continue
		}
		queued, err := p.Queue.ContainsMessage(ctx, t.QueueName(), string(t.ID)) // A4.1 is it queued
		if err != nil {
			return did, err
		}
		if queued {
			continue
		}
		now, err := p.Execution.GetTask(ctx, t.ID) // A4.2 read again
		if errors.Is(err, sweeper.ErrNotFound) || err == nil && now.Status != model.TaskScheduled {
			continue
		}
		if err == nil {
			err = p.Queue.Push(ctx, t.QueueName(), string(t.ID), wf.Priority, t.CallbackAfter) // A4.3 push
		}
		if err != nil {
			return did, err
		}
		did |= TaskPushed
	}
	return did, nil
}
