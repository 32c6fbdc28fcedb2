package spec

import (
	"strconv"

	"fermata/model"
)

// Actor names who acts, for example "sweeper-1" or "clock".
type Actor string

// OperationName says what an actor was asked to do. The zero value is no operation.
type OperationName uint8

// The operations. Which specification knows which is said there.
const (
	// Start is StartWorkflowOperation: the workflow is created, queued and decided once.
	Start OperationName = 1 + iota
	GetWorkflow
	Sweep
	UpdateTask
	Decide
	Poll
	Terminate
	Pause
	Resume
	Retry
	Rerun
	Restart
	// RemoveWorkflow is the API's delete: afterwards there is no such workflow.
	RemoveWorkflow
	// Inspect is an audit: acquire the lock, read the status, ask containsMessage, release.
	Inspect
	// Push is the push of a task that was just scheduled or retried.
	Push
	// RepairPush is a push by the repair service, which takes the message to be lost.
	RepairPush
	// Postpone is the worker's own: it gives the task back, to be polled again later.
	Postpone
	// Redeliver is a visibility timeout: the clock makes an unacknowledged message due again.
	Redeliver
	Pop
	Ack
	Remove
	Acquire
	Release
	// Expire ends a lease; the clock does it.
	Expire
	operationEnd
)

var operationNames = [operationEnd]string{
	"NONE", "Start", "GetWorkflow", "Sweep", "UpdateTask", "Decide", "Poll", "Terminate", "Pause",
	"Resume", "Retry", "Rerun", "Restart", "RemoveWorkflow", "Inspect", "Push", "RepairPush", "Postpone",
	"Redeliver", "Pop", "Ack", "Remove", "Acquire", "Release", "Expire",
}

// String gives the name as histories spell it.
func (n OperationName) String() string {
	if n < operationEnd {
		return operationNames[n]
	}
	return "OperationName(" + strconv.Itoa(int(n)) + ")"
}

// OperationNamed finds an operation by its name in histories; 0 if there is none.
func OperationNamed(name string) OperationName {
	for n := Start; n < operationEnd; n++ {
		if operationNames[n] == name {
			return n
		}
	}
	return 0
}

// Operation is what an actor was asked to do, with the inputs that a specification needs. It is
// comparable.
type Operation struct {
	Name     OperationName
	Workflow model.WorkflowID
	// Task is the task of UpdateTask and of the task queue's operations. A pop or a poll is recorded
	// with the task that it delivered, since it is not asked for one.
	Task model.TaskID
	// Result is the status that UpdateTask reports.
	Result model.TaskStatus
	// Optional tells, of UpdateTask, that the definition calls the task optional.
	Optional bool
	// Missing tells, of RepairPush, that at the very step of the push the task was SCHEDULED and its
	// queue had no message for it.
	Missing bool
	// Owner is whom the lock takes the caller for (Redisson: client and thread); of Expire, whose
	// lease ended.
	Owner Actor
	// Hit tells that a fault hit it: of what it does in one step to several things, it may have done a part.
	Hit bool
}

// Reply is what an operation gave back. Which fields count depends on the operation. It is
// comparable; the zero value is a plain return.
type Reply struct {
	// Unknown tells that nothing is known: the operation was cut off by a crash, by the end of the
	// run, or by an error that came after the effect. No other field counts then.
	Unknown bool
	// Err is a refusal or a failure. Of the operations with one effect it is without that effect.
	Err bool
	// Status is what GetWorkflow and Inspect read. The zero value is "no such workflow".
	Status model.WorkflowStatus
	// Present tells, of Inspect, that the decider queue had the workflow's message.
	Present bool
	// Done is the answer true: Acquire got the lock, Pop or Poll delivered the task, Postpone found
	// the message.
	Done bool
}

// UnknownReply is the reply of an operation that never returned.
var UnknownReply = Reply{Unknown: true}
