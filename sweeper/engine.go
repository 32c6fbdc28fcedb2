package sweeper

import (
	"context"

	"fermata/model"
)

// TaskResult is what a worker reports (TaskResult). Status is IN_PROGRESS, COMPLETED, FAILED or
// FAILED_WITH_TERMINAL_ERROR.
type TaskResult struct {
	TaskID        model.TaskID
	WorkflowID    model.WorkflowID
	Status        model.TaskStatus
	CallbackAfter model.Seconds
}

// Server is one running engine: its reconciler, sweeper, executor and services, over one set of ports. Every
// operation may be called by any actor, and by several at once.
//
// A server must be able to sweep. What else it can do it says by the interfaces below, each of one operation: a
// scenario that needs one which the server does not have is not applicable to it, which is never a pass.
type Server interface {
	// PollAndSweep is one run of the reconciler: pop a batch from the decider queue, sweep each, and
	// return when all are swept.
	PollAndSweep(ctx context.Context) error
}

// TaskUpdater is a Server that takes results of tasks.
type TaskUpdater interface {
	// UpdateTask takes a worker's result.
	UpdateTask(ctx context.Context, result TaskResult) error
}

// TaskPoller is a Server that hands out tasks.
type TaskPoller interface {
	// Poll hands out up to count tasks of a queue to a worker.
	Poll(ctx context.Context, queue string, count int) ([]model.Task, error)
}

// WorkflowSweeper is a Server that sweeps a workflow whose message it has.
type WorkflowSweeper interface {
	// Sweep is one sweep of one workflow.
	Sweep(ctx context.Context, id model.WorkflowID) error
}

// Closer is a Server that has something to end: goroutines that it started by itself. It is closed at the end of a run.
type Closer interface {
	// Close ends them, and returns when they have ended.
	Close()
}

// FullServer is a Server with every operation that a released engine has.
type FullServer interface {
	Server
	TaskUpdater
	TaskPoller
	WorkflowSweeper
	Decider
	SystemTaskPoller
	WorkflowStarter
	WorkflowTerminator
	WorkflowPauser
	WorkflowResumer
	WorkflowReader
	WorkflowRepairer
	WorkflowRetrier
	WorkflowRerunner
	WorkflowRestarter
	WorkflowRemover
	SweepRequeuer
	TaskSkipper
	CallbackResetter
}

// Engine is one release, fork or variant: what a scenario runs.
type Engine struct {
	// Name as on the command line, for example "conductor-3.17.0".
	Name string
	// About is one line for lists.
	About string
	// NeedsAtomicRepair marks an engine that cannot run where store and queue are apart.
	NeedsAtomicRepair bool
	// NeedsFence marks an engine that cannot run but on a lock that gives tokens and a store that refuses by them.
	NeedsFence bool
	// Memoisable says that what a server's operation does next depends on the operation, its settings and the
	// replies of its ports alone: nothing is kept from one operation to the next, in the server or beside it.
	// Searches then remember what the code did instead of running it again, and can prove. Each of them runs
	// all that it has remembered once more; a difference is no verdict. Without it every schedule is run.
	Memoisable bool
	// Goroutines says that the code starts goroutines, sleeps, or waits for others. It then runs in a bubble of
	// testing/synctest, and so in go test only; it cannot be Memoisable. A port may be called from any goroutine that
	// has the operation's context or one made from it. Goroutines that New starts must end by Closer.
	Goroutines bool
	// OneAtATime says that not even servers of different runs may work at the same time, as behind one connection: a
	// search then has one worker. Without it, those of an engine that is Memoisable may.
	OneAtATime bool
	// Reconciler is how its sweepers come to the decider queue, for timed runs.
	Reconciler Reconciler
	// New makes a server. It is called once for each server of each run, and must not call a port. What a
	// server keeps ends with its run; what is kept beside it makes runs differ, and is found out as such.
	New func(ports Ports, settings Settings) Server
}

// Reconciler is how an engine's sweepers come to the decider queue.
type Reconciler uint8

// The ways.
const (
	// JobOnThreads is a scheduled job of each server: it pops as many messages as there are sweeper threads, has each
	// swept on one of them, and waits for an interval after the last is done (WorkflowReconciler.pollAndSweep).
	JobOnThreads Reconciler = iota
	// ThreadsAtOnce is a loop of each sweeper thread: it pops a batch, sweeps all of it side by side, and pops again
	// (org.conductoross' WorkflowSweeper.pollAndSweep, 3.21.23).
	ThreadsAtOnce
	// ThreadsInTurn is such a loop that sweeps one after the other (3.22.3 to head).
	ThreadsInTurn
)

// Settings are the engine's own keys, as far as they decide anything here. Build with
// DefaultSettings and change what differs.
type Settings struct {
	SweeperThreadCount         int           // conductor.app.sweeper-thread-count, also the pop count
	SweeperWorkflowPollTimeout model.Millis  // conductor.app.sweeper-workflow-poll-timeout
	WorkflowOffsetTimeout      model.Seconds // conductor.app.workflow-offset-timeout
	LockEnabled                bool          // conductor.app.workflow-execution-lock-enabled
	LockLeaseTime              model.Millis  // conductor.app.lock-lease-time
	LockTimeToTry              model.Millis  // conductor.app.lock-time-to-try
	RepairServiceEnabled       bool          // conductor.workflow-repair-service.enabled
	TaskExecutionPostpone      model.Seconds // conductor.app.task-execution-postpone-duration
	SystemTaskCallback         model.Seconds // conductor.app.system-task-worker-callback-duration
	// Since 3.21.12: conductor.app.max-postpone-duration-seconds and system-task-postpone-threshold.
	MaxPostponeDuration         model.Seconds
	SystemTaskPostponeThreshold int
	// Since 3.21.23, in place of SweeperWorkflowPollTimeout and, as the pop count, of SweeperThreadCount:
	// conductor.app.sweeper.sweep-batch-size and queue-pop-timeout.
	SweepBatchSize  int
	QueuePopTimeout model.Millis
}

// DefaultSettings are the library's defaults of 3.17.0, but for two: the lock is enabled (3.17's
// default is off, and then every release races), and one sweeper thread a server.
func DefaultSettings() Settings {
	return Settings{
		SweeperThreadCount:          1,
		SweeperWorkflowPollTimeout:  2000,
		WorkflowOffsetTimeout:       30,
		LockEnabled:                 true,
		LockLeaseTime:               60_000,
		LockTimeToTry:               500,
		TaskExecutionPostpone:       60,
		SystemTaskCallback:          30,
		MaxPostponeDuration:         3600,
		SystemTaskPostponeThreshold: 200,
		SweepBatchSize:              2,
		QueuePopTimeout:             100,
	}
}
