package sweeper

import (
	"context"

	"fermata/model"
)

// The operations of engines that are no sweep and no worker's: each an interface of its own, as TaskUpdater is.
// Those of an operator are what the API and the administrator's resource call.

// Decider is a Server that decides a workflow by its id.
type Decider interface {
	// Decide is decide(workflowId); nil without error means that the lock was missed.
	Decide(ctx context.Context, id model.WorkflowID) (*model.Workflow, error)
}

// SystemTaskPoller is a Server with workers for its asynchronous system tasks.
type SystemTaskPoller interface {
	// PollSystemTasks is one run of a system task worker over one queue.
	PollSystemTasks(ctx context.Context, queue string) error
}

// WorkflowStarter is a Server that starts workflows.
type WorkflowStarter interface {
	// StartWorkflow creates the workflow and decides it for the first time.
	StartWorkflow(ctx context.Context, id model.WorkflowID, def string) error
}

// WorkflowTerminator is a Server on which an operator can end a workflow.
type WorkflowTerminator interface {
	// TerminateWorkflow ends the workflow as TERMINATED.
	TerminateWorkflow(ctx context.Context, id model.WorkflowID, reason string) error
}

// WorkflowPauser is a Server on which an operator can pause a workflow.
type WorkflowPauser interface {
	// PauseWorkflow makes a workflow PAUSED; one that has ended is ErrConflict.
	PauseWorkflow(ctx context.Context, id model.WorkflowID) error
}

// WorkflowResumer is a Server on which an operator can resume a paused workflow.
type WorkflowResumer interface {
	// ResumeWorkflow makes a PAUSED workflow RUNNING and decides it; any other is refused.
	ResumeWorkflow(ctx context.Context, id model.WorkflowID) error
}

// WorkflowReader is a Server that shows a workflow.
type WorkflowReader interface {
	// GetWorkflow reads the workflow as the API does, without the lock.
	GetWorkflow(ctx context.Context, id model.WorkflowID) (model.Workflow, error)
}

// WorkflowRepairer is a Server with an administrator's repair.
type WorkflowRepairer interface {
	// VerifyAndRepairWorkflow is the administrator's repair of one workflow.
	VerifyAndRepairWorkflow(ctx context.Context, id model.WorkflowID) error
}

// WorkflowRetrier is a Server on which an operator can retry a workflow that did not succeed.
type WorkflowRetrier interface {
	// RetryWorkflow repeats the last tasks that did not succeed, in the workflow that has ended with them, and makes
	// it RUNNING. With resumeSubworkflowTasks the sub-workflow that failed deepest is retried, and its ancestors
	// follow. A workflow that has not ended is ErrNotFound, and one without a task to
	// retry ErrConflict, unless it is TIMED_OUT.
	RetryWorkflow(ctx context.Context, id model.WorkflowID, resumeSubworkflowTasks bool) error
}

// WorkflowRerunner is a Server on which an operator can run a workflow again from one of its tasks.
type WorkflowRerunner interface {
	// RerunWorkflow removes the tasks after fromTask from a workflow that has ended, schedules fromTask again, makes
	// the workflow RUNNING and decides it. Without fromTask all tasks go, and it runs from its beginning. A workflow
	// that has not ended is ErrConflict.
	RerunWorkflow(ctx context.Context, id model.WorkflowID, fromTask model.TaskID) error
}

// WorkflowRestarter is a Server on which an operator can start a workflow that has ended once more.
type WorkflowRestarter interface {
	// RestartWorkflow removes the workflow and creates it again under its id. useLatestDefinition takes the latest
	// version of its definition; a definition has one version here, so that this says nothing. A workflow that has
	// not ended is ErrConflict, and a COMPLETED one that is not restartable ErrNotFound.
	RestartWorkflow(ctx context.Context, id model.WorkflowID, useLatestDefinition bool) error
}

// WorkflowRemover is a Server on which an operator can remove a workflow.
type WorkflowRemover interface {
	// RemoveWorkflow removes the workflow and its messages, whatever its status, without archiving it.
	RemoveWorkflow(ctx context.Context, id model.WorkflowID) error
}

// SweepRequeuer is a Server on which an administrator can put a workflow back into the decider queue.
type SweepRequeuer interface {
	// RequeueSweep pushes the workflow's decider message unless there is one, and tells whether it did.
	RequeueSweep(ctx context.Context, id model.WorkflowID) (bool, error)
}

// TaskSkipper is a Server on which an operator can skip a task that is not scheduled yet.
type TaskSkipper interface {
	// SkipTaskFromWorkflow makes a SKIPPED task of the reference in a RUNNING workflow, and decides it.
	SkipTaskFromWorkflow(ctx context.Context, id model.WorkflowID, ref string) error
}

// CallbackResetter is a Server on which an operator can end the waits of a workflow's tasks.
type CallbackResetter interface {
	// ResetCallbacksForWorkflow makes every SCHEDULED task of the workflow that waits for its callback due at once.
	// A workflow that has ended is ErrConflict.
	ResetCallbacksForWorkflow(ctx context.Context, id model.WorkflowID) error
}
