package sweeper

import (
	"errors"

	"fermata/model"
)

// The engine's exceptions. Test with errors.Is.
var (
	// ErrNotFound is NotFoundException: no such workflow or task.
	ErrNotFound = errors.New("sweeper: not found")
	// ErrConflict is ConflictException: the workflow's status does not allow the operation.
	ErrConflict = errors.New("sweeper: conflict")
	// ErrTransient is TransientException: try again later.
	ErrTransient = errors.New("sweeper: transient failure")
	// ErrIllegalMonitorState is IllegalMonitorStateException: a release by a non-owner. Lock ports
	// return it; RedisLock swallows it, and so does ExecutionLockService's text here.
	ErrIllegalMonitorState = errors.New("sweeper: lock not held by this owner")
	// ErrFenced is a store's refusal of a fencing token older than one that it has seen: the caller's hold is over, and
	// a later holder has come. Nothing was written.
	ErrFenced = errors.New("sweeper: old fencing token")
	// ErrInjected is a fault that the schedule asked for, before or after the effect.
	ErrInjected = errors.New("sweeper: injected failure")
	// ErrUnmodelled is a call that the table of port calls does not list.
	ErrUnmodelled = errors.New("sweeper: unmodelled call")
)

// TerminateWorkflowError is TerminateWorkflowException: deciding found that the workflow must end
// with the given status.
type TerminateWorkflowError struct {
	Reason string
	Status model.WorkflowStatus
	TaskID model.TaskID
}

func (e *TerminateWorkflowError) Error() string {
	return "sweeper: terminate workflow as " + e.Status.String() + ": " + e.Reason
}
