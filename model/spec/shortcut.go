package spec

import "fermata/model"

// Shortcut is what a specification may tell of its operations to make a search shorter. Neither
// method changes a verdict. Both are pure.
type Shortcut interface {
	// Alike returns the same for operations with replies that Step cannot tell apart.
	Alike(op Operation, reply Reply) (Operation, Reply)
	// Spare tells that the operation with the reply can be taken out of any history that is
	// linearizable, and what is left is linearizable too: whatever can follow the states to which Step
	// leads can also follow the state before. A read is, and so is a refusal.
	Spare(op Operation, reply Reply) bool
}

// Alike keeps what a status depends on: neither ids nor, of an operation that decides, its reply.
func (w Workflow) Alike(op Operation, reply Reply) (Operation, Reply) {
	kept := Operation{Name: op.Name}
	switch {
	case decides(op.Name):
		if op.Name == UpdateTask {
			kept.Result, kept.Optional = op.Result, op.Optional
		}
		return kept, Reply{}
	case reply.Unknown:
		return kept, UnknownReply
	case reply.Err:
		return kept, Reply{Err: true}
	case reads(op.Name):
		return kept, Reply{Status: reply.Status}
	}
	return kept, Reply{}
}

// Spare holds of reads and of refusals.
func (w Workflow) Spare(op Operation, reply Reply) bool {
	return reads(op.Name) || reply.Err && !reply.Unknown && named(op.Name)
}

// Alike is the workflow's, with what an Inspect saw of the queue.
func (e Entry) Alike(op Operation, reply Reply) (Operation, Reply) {
	kept, cut := e.Workflow.Alike(op, reply)
	if op.Name == Inspect && !cut.Unknown && !cut.Err {
		cut.Present = reply.Present
	}
	return kept, cut
}

// Spare holds of reads and of refusals.
func (e Entry) Spare(op Operation, reply Reply) bool { return e.Workflow.Spare(op, reply) }

// Alike drops the ids.
func (TaskQueue) Alike(op Operation, reply Reply) (Operation, Reply) {
	return Operation{Name: op.Name, Missing: op.Missing}, reply
}

// Spare holds of errors, and of a pop that delivered nothing.
func (TaskQueue) Spare(op Operation, reply Reply) bool {
	pop := op.Name == Pop || op.Name == Poll
	return !reply.Unknown && (reply.Err || pop && !reply.Done)
}

// Alike drops the ids.
func (Lock) Alike(op Operation, reply Reply) (Operation, Reply) {
	return Operation{Name: op.Name, Owner: op.Owner}, reply
}

// Spare holds of errors, and of a lock that was not got.
func (Lock) Spare(op Operation, reply Reply) bool {
	return !reply.Unknown && (reply.Err || op.Name == Acquire && !reply.Done)
}

// String says what can be seen of the state, and what it allows: "RUNNING, may end COMPLETED".
func (s WorkflowState) String() string {
	text := s.Status.String()
	if s.Status == 0 {
		text = "no such workflow"
	}
	if s.Ends != 0 && !s.Status.Terminal() {
		text += ", may end " + s.Ends.String()
	}
	if s.Owed > 0 && s.Status == model.Running {
		text += ", a decide to come"
	}
	return text
}

// String is the workflow's state, and whether it is queued.
func (s EntryState) String() string {
	if s.Present {
		return s.Workflow.String() + ", queued"
	}
	return s.Workflow.String() + ", not queued"
}

// String names who holds the lock.
func (s LockState) String() string {
	switch s.Holds {
	case 0:
		return "free"
	case 1:
		return "held by " + string(s.Owner)
	}
	return "held by " + string(s.Owner) + " more than once"
}
