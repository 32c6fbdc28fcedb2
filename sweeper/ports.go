package sweeper

import (
	"context"

	"fermata/model"
)

// Lock is com.netflix.conductor.core.sync.Lock. Its contract there: re-entrant, with a lease.
type Lock interface {
	// AcquireLock tries for at most timeToTry and holds for at most leaseTime. One step: scheduling
	// it while another owner holds the lock means that its try time ran out, and it is false.
	AcquireLock(ctx context.Context, id model.WorkflowID, timeToTry, leaseTime model.Millis) (bool, error)
	// ReleaseLock gives up one hold. For a non-owner it depends on the lock: RedisLock does nothing and says
	// nothing, LocalOnlyLock does nothing and returns ErrIllegalMonitorState, PostgresLockDAO frees the lock.
	ReleaseLock(ctx context.Context, id model.WorkflowID) error
	// DeleteLock forgets the lock, where the implementation has anything to forget.
	DeleteLock(ctx context.Context, id model.WorkflowID) error
}

// QueueDAO is com.netflix.conductor.dao.QueueDAO. Push, pushIfNotExists and postpone take seconds;
// setUnackTimeout and pop take milliseconds.
type QueueDAO interface {
	// Push adds the message, due after offset.
	Push(ctx context.Context, queue, id string, priority int, offset model.Seconds) error
	// PushMillis is push with a Duration that is no whole number of seconds. The redis queues keep the
	// milliseconds; QueueDAO's own default, which the others have, cuts them off.
	PushMillis(ctx context.Context, queue, id string, priority int, offset model.Millis) error
	// PushIfNotExists pushes unless the queue has the message, and tells whether it did.
	PushIfNotExists(ctx context.Context, queue, id string, priority int, offset model.Seconds) (bool, error)
	// Pop delivers up to count due messages and hides them for the queue's unack time. It does not
	// block: an empty answer stands for a wait of timeout in which nothing came due.
	Pop(ctx context.Context, queue string, count int, timeout model.Millis) ([]string, error)
	// Ack removes a delivered message and tells whether there was one.
	Ack(ctx context.Context, queue, id string) (bool, error)
	// Remove takes the message out, delivered or not. It is no error if there is none.
	Remove(ctx context.Context, queue, id string) error
	// SetUnackTimeout makes an existing message due after unackTimeout, and tells whether it did.
	SetUnackTimeout(ctx context.Context, queue, id string, unackTimeout model.Millis) (bool, error)
	// SetUnackTimeoutIfShorter makes an existing message due after unackTimeout if that is sooner than it is
	// due now, and tells whether it did.
	SetUnackTimeoutIfShorter(ctx context.Context, queue, id string, unackTimeout model.Millis) (bool, error)
	// Postpone puts the message off by postpone.
	Postpone(ctx context.Context, queue, id string, priority int, postpone model.Seconds) (bool, error)
	// ContainsMessage tells whether the queue has the message, delivered or not.
	ContainsMessage(ctx context.Context, queue, id string) (bool, error)
}

// ExecutionDAO is com.netflix.conductor.dao.ExecutionDAO: last write wins, no version, no guard.
type ExecutionDAO interface {
	CreateWorkflow(ctx context.Context, wf model.Workflow) error
	// GetWorkflow reads the record, with its tasks by sequence number if asked; ErrNotFound.
	GetWorkflow(ctx context.Context, id model.WorkflowID, includeTasks bool) (model.Workflow, error)
	// UpdateWorkflow overwrites the record; it never touches tasks.
	UpdateWorkflow(ctx context.Context, wf model.Workflow) error
	RemoveWorkflow(ctx context.Context, id model.WorkflowID) error
	// RemoveFromPendingWorkflow drops the workflow from the list of pending ones.
	RemoveFromPendingWorkflow(ctx context.Context, id model.WorkflowID) error
	// GetTask reads one task; ErrNotFound.
	GetTask(ctx context.Context, id model.TaskID) (model.Task, error)
	// CreateTasks inserts the tasks whose reference and retry count the workflow does not have yet,
	// and returns those. The others are left out silently.
	CreateTasks(ctx context.Context, tasks []model.Task) ([]model.Task, error)
	// UpdateTask overwrites the task, inserting it if it is new.
	UpdateTask(ctx context.Context, task model.Task) error
}

// WorkflowStatusListener hears of workflows' ends, synchronously, from the thread that ends them.
type WorkflowStatusListener interface {
	OnWorkflowCompleted(ctx context.Context, wf model.Workflow) error
	OnWorkflowTerminated(ctx context.Context, wf model.Workflow) error
	OnWorkflowFinalized(ctx context.Context, wf model.Workflow) error
}

// MetadataDAO gives definitions: constant data, so a call to it is silent.
type MetadataDAO interface {
	// GetWorkflowDef returns the definition, which the caller must not change; nil if there is none.
	GetWorkflowDef(ctx context.Context, name string) *model.WorkflowDef
}

// Environment is what else an engine can see.
type Environment interface {
	// Now is System.currentTimeMillis. A step that reads the clock: call it only where a timeout or
	// a timestamp that is read back depends on it.
	Now(ctx context.Context) model.Millis
	// NewTaskID is IDGenerator.generate: a function of the task, the actor and its operation. Silent.
	NewTaskID(ctx context.Context, ref string, retryCount, iteration int) model.TaskID
	// Jitter is uniform in [-bound, +bound] (the Random of workflowOffsetWithJitter). A choice of
	// the schedule where time may pass afterwards, else 0 and silent.
	Jitter(ctx context.Context, bound model.Seconds) model.Seconds
}

// AtomicRepairer is an optional port: one indivisible transaction over the task record and its
// queue. Only deployments that keep both in one database can have it.
type AtomicRepairer interface {
	// RepairTask reads task and queue again and pushes, due after the task's callback time, only if
	// the task is SCHEDULED and its queue has no message for it. It tells whether it pushed.
	RepairTask(ctx context.Context, id model.TaskID, queue string) (bool, error)
}

// Ports are everything that an engine reaches. AtomicRepair may be nil.
type Ports struct {
	Lock         Lock
	Queue        QueueDAO
	Execution    ExecutionDAO
	Listener     WorkflowStatusListener
	Metadata     MetadataDAO
	Env          Environment
	AtomicRepair AtomicRepairer
}
