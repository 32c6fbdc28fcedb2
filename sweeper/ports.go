package sweeper

import (
	"context"

	"fermata/model"
)

// What is common to every port.
//
// A call is one step unless it is marked silent or its part says otherwise: it takes effect at one moment, at which the
// schedule lets the calling actor go, and nothing of another actor comes between its reading and its writing. Between
// two calls anything may happen. On parts that are several commands or statements for one call (the Redis and SQL
// stores, the dyno queue), each of those is a step, and others can come between them; docs/ports.md lists them.
//
// A call never blocks in virtual time: it answers at once, and what would be a wait is a choice of the schedule. The
// context must be the one that the operation was given, or made from it: it says who calls. What a call takes and gives
// are values; neither side keeps what the other has.
//
// Every call of a lock, a queue, a store, a listener or a repair can also fail with ErrInjected where the schedule asks
// for it: before its effect, which then did not happen, or after it, which then did. An engine cannot tell which.

// Lock is com.netflix.conductor.core.sync.Lock. Its contract there: re-entrant, with a lease. The owner is the actor
// that the context names, however many goroutines it has, as it is client and thread in Redisson.
type Lock interface {
	// AcquireLock tries for at most timeToTry and holds for at most leaseTime, both in milliseconds. It is true if the
	// lock was free or is the caller's own already, which counts one hold more and begins the lease anew. It is false
	// while another holds it: scheduled then, its try time has run out; to wait and win is the schedule in which it
	// comes after the release. It reads the clock and writes the lock.
	AcquireLock(ctx context.Context, id model.WorkflowID, timeToTry, leaseTime model.Millis) (bool, error)
	// ReleaseLock gives up one hold; the last one frees the lock. With holds left, RedisLock's lease becomes 30
	// seconds, whatever it was. For a non-owner it depends on the lock: RedisLock does nothing and says nothing,
	// LocalOnlyLock does nothing and returns ErrIllegalMonitorState, PostgresLockDAO frees the lock. It writes the
	// lock.
	ReleaseLock(ctx context.Context, id model.WorkflowID) error
	// DeleteLock forgets the lock, where the implementation has anything to forget: RedisLock has not; LocalOnlyLock
	// and PostgresLockDAO thereby free it while it may be held. It writes the lock.
	DeleteLock(ctx context.Context, id model.WorkflowID) error
}

// QueueDAO is com.netflix.conductor.dao.QueueDAO. Push, pushIfNotExists and postpone take seconds;
// setUnackTimeout and pop take milliseconds. A queue holds a message once: its id is its identity. A message is due at
// a time; one that was delivered is hidden until its unack time (30 seconds on orkes, 60 on dyno and SQL) is over, and
// then due again.
type QueueDAO interface {
	// Push adds the message, due after offset, or moves the one that is there. Priority is 0 to 99; on the Redis queues
	// the lower one of two that are due at the same time comes first. It reads the clock and writes the queue.
	Push(ctx context.Context, queue, id string, priority int, offset model.Seconds) error
	// PushMillis is push with a Duration that is no whole number of seconds. The redis queues keep the
	// milliseconds; QueueDAO's own default, which the others have, cuts them off.
	PushMillis(ctx context.Context, queue, id string, priority int, offset model.Millis) error
	// PushIfNotExists pushes unless the queue has the message, delivered or not, and tells whether it did. On orkes it
	// is two steps, a look and a push.
	PushIfNotExists(ctx context.Context, queue, id string, priority int, offset model.Seconds) (bool, error)
	// Pop delivers up to count due messages, the earliest first, and hides them for the queue's unack time. It does not
	// block: an empty answer stands for a wait of timeout in which nothing came due. It reads the clock and writes the
	// queue.
	Pop(ctx context.Context, queue string, count int, timeout model.Millis) ([]string, error)
	// Ack removes a delivered message and tells whether there was one. It writes the queue.
	Ack(ctx context.Context, queue, id string) (bool, error)
	// Remove takes the message out, delivered or not. It is no error if there is none. It writes the queue.
	Remove(ctx context.Context, queue, id string) error
	// SetUnackTimeout makes an existing message due after unackTimeout, sooner or later than it was, and tells whether
	// there was one. It reads the clock and writes the queue.
	SetUnackTimeout(ctx context.Context, queue, id string, unackTimeout model.Millis) (bool, error)
	// SetUnackTimeoutIfShorter makes an existing message due after unackTimeout if that is sooner than it is
	// due now, and tells whether it did. It reads the clock and writes the queue.
	SetUnackTimeoutIfShorter(ctx context.Context, queue, id string, unackTimeout model.Millis) (bool, error)
	// ResetOffsetTime makes an existing message due at once, and tells whether there was one: on orkes and SQL
	// setUnackTimeout of nothing, on dyno only a message that waits. It reads the clock and writes the queue.
	ResetOffsetTime(ctx context.Context, queue, id string) (bool, error)
	// Postpone makes the message due after postpone, with that priority, whether or not it was there: a push on orkes,
	// and on dyno and SQL a removal and then a push, between which the message is nowhere. It reads the clock and
	// writes the queue.
	Postpone(ctx context.Context, queue, id string, priority int, postpone model.Seconds) (bool, error)
	// ContainsMessage tells whether the queue has the message, delivered or not. It reads the queue.
	ContainsMessage(ctx context.Context, queue, id string) (bool, error)
}

// ExecutionDAO is com.netflix.conductor.dao.ExecutionDAO: last write wins, no version, no guard.
type ExecutionDAO interface {
	// CreateWorkflow writes the record, over any that is there. Tasks in wf are not looked at.
	CreateWorkflow(ctx context.Context, wf model.Workflow) error
	// GetWorkflow reads the record, with its tasks by sequence number if asked: on the record store in one step, on the
	// others the record first and then the tasks, between which others can write. ErrNotFound if there is no record.
	GetWorkflow(ctx context.Context, id model.WorkflowID, includeTasks bool) (model.Workflow, error)
	// UpdateWorkflow overwrites the record, whatever has been written since it was read; it never touches tasks.
	UpdateWorkflow(ctx context.Context, wf model.Workflow) error
	// RemoveWorkflow removes the record and its tasks. It is no error if there is none.
	RemoveWorkflow(ctx context.Context, id model.WorkflowID) error
	// RemoveFromPendingWorkflow drops the workflow from the list of pending ones, which no modelled call reads.
	RemoveFromPendingWorkflow(ctx context.Context, id model.WorkflowID) error
	// GetTask reads one task; ErrNotFound if there is none.
	GetTask(ctx context.Context, id model.TaskID) (model.Task, error)
	// CreateTasks inserts the tasks whose reference and retry count have not been created in the workflow yet,
	// and returns those. A task that UpdateTask inserted does not count, and is overwritten by its own creation. The
	// others are left out silently.
	CreateTasks(ctx context.Context, tasks []model.Task) ([]model.Task, error)
	// UpdateTask overwrites the task, inserting it if it is new, whatever has been written since it was read.
	UpdateTask(ctx context.Context, task model.Task) error
	// RemoveTask removes the task of that workflow, with what makes its reference and retry count known, so that
	// they may be created again. It is no error if there is none. Java's takes the task's id alone, and reads the
	// workflow's in the task.
	RemoveTask(ctx context.Context, workflow model.WorkflowID, id model.TaskID) error
}

// WorkflowStatusListener hears of workflows' ends, synchronously, from the thread that ends them. Each call is a step
// that writes an object of its own, so that the order of calls is part of a run.
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

// Environment is what else an engine can see. An engine that looks elsewhere, at a clock or at chance of its own, does
// otherwise on equal replies, and is found out.
type Environment interface {
	// Now is System.currentTimeMillis. A step that reads the clock: call it only where a timeout or
	// a timestamp that is read back depends on it.
	Now(ctx context.Context) model.Millis
	// NewTaskID is IDGenerator.generate: a function of the task, the actor and its operation. Silent.
	NewTaskID(ctx context.Context, ref string, retryCount, iteration int) model.TaskID
	// Jitter is uniform in [-bound, +bound] (the Random of workflowOffsetWithJitter). A choice of
	// the schedule, among none, the least and the most, where time may pass afterwards, else 0 and silent.
	Jitter(ctx context.Context, bound model.Seconds) model.Seconds
}

// AtomicRepairer is an optional port: one indivisible transaction over the task record and its
// queue. Only deployments that keep both in one database can have it.
type AtomicRepairer interface {
	// RepairTask reads task and queue again and pushes, due after the task's callback time, only if
	// the task is SCHEDULED and its queue has no message for it. It tells whether it pushed.
	RepairTask(ctx context.Context, id model.TaskID, queue string) (bool, error)
}

// Token is a fencing token: of two holds of one lock the later one has the greater. 0 is none.
type Token int64

// Fence is an optional port: a lock that gives a token with each hold, before a store that refuses by tokens.
// UpdateWorkflow, CreateTasks, UpdateTask and RemoveTask take the token from their context (WithToken), and so does
// GetWorkflow. A store keeps the newest token that it has seen for each workflow, and a call with an older one is
// refused with ErrFenced, in the call itself: nothing comes between looking and writing. A call without a token
// passes, as a worker's result does, which takes no lock; so does one whose lease is over, as long as no later holder
// has come to the store. Queues and listeners know no tokens. Only deployments whose lock can count and whose store
// can compare can have it: a Redisson RFencedLock or a column of the lock's row, and a condition in the UPDATE. A read
// that carries a token is one that writes: the transaction that reads the workflow sets its newest token.
type Fence interface {
	// AcquireToken is Lock.AcquireLock, the same step, and gives the token of the hold: greater than that of every hold
	// before it, and the hold's own where the caller holds the lock already. 0 is a missed lock.
	AcquireToken(ctx context.Context, id model.WorkflowID, timeToTry, leaseTime model.Millis) (Token, error)
}

type tokenKey struct{ workflow model.WorkflowID }

// WithToken is a context in which the store's calls for the workflow carry the token.
func WithToken(ctx context.Context, id model.WorkflowID, token Token) context.Context {
	return context.WithValue(ctx, tokenKey{id}, token)
}

// TokenOf is the token that calls for the workflow carry in the context; 0 if they carry none.
func TokenOf(ctx context.Context, id model.WorkflowID) Token {
	token, _ := ctx.Value(tokenKey{id}).(Token)
	return token
}

// Ports are everything that an engine reaches. AtomicRepair and Fence are nil unless the engine is marked
// NeedsAtomicRepair and NeedsFence.
type Ports struct {
	Lock         Lock
	Queue        QueueDAO
	Execution    ExecutionDAO
	Listener     WorkflowStatusListener
	Metadata     MetadataDAO
	Env          Environment
	AtomicRepair AtomicRepairer
	Fence        Fence
}
