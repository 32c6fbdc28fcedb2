package spec

import "strconv"

// Epoch is the state of TaskQueue: how a task stands in its queue. A task may be handed out at most
// once an epoch.
type Epoch uint8

// The epochs' states.
const (
	// EpochClosed: nobody may be handed the task. It was never pushed, or acknowledged, or removed.
	EpochClosed Epoch = 1 + iota
	// EpochOpen: the task may be handed out, once.
	EpochOpen
	// EpochDelivered: it was handed out, and its message is not acknowledged yet.
	EpochDelivered
)

// String gives a word for the state.
func (e Epoch) String() string {
	switch e {
	case EpochClosed:
		return "closed"
	case EpochOpen:
		return "open"
	case EpochDelivered:
		return "delivered"
	}
	return "Epoch(" + strconv.Itoa(int(e)) + ")"
}

// TaskQueue specifies one task's messages in its queue.
//
//   - Push (by scheduleTask, or a retry), Postpone (the worker's own, if it found the message) and
//     Redeliver (a visibility timeout, of a delivered message) open an epoch.
//   - RepairPush opens one only if it is Missing, that is, at the step of the push the task was
//     SCHEDULED and without a message. Else it must not lead to a delivery.
//   - Pop may deliver the task while an epoch is open and nothing was delivered in it. That it
//     delivers nothing is always legal: other tasks and due times are no part of the state.
//   - Ack and Remove close the epoch. Poll is a pop and an ack; its message may also time out
//     between the two, and is then a delivered one.
//
// An error is without effect.
type TaskQueue struct{}

// Name is "task queue".
func (TaskQueue) Name() string { return "task queue" }

// Object is the task.
func (TaskQueue) Object(op Operation) (Object, bool) {
	object := Object{Workflow: op.Workflow, Task: op.Task}
	switch op.Name {
	case Push, RepairPush, Postpone, Redeliver, Pop, Poll, Ack, Remove:
		return object, true
	}
	return object, false
}

// Hash is the state's number.
func (TaskQueue) Hash(e Epoch) uint64 { return uint64(hashStart.number(uint64(e))) }

// Step is described at TaskQueue.
func (TaskQueue) Step(e Epoch, op Operation, reply Reply) []Epoch {
	switch {
	case reply.Unknown:
		return distinct(append([]Epoch{e}, e.step(op, true)...))
	case reply.Err:
		return []Epoch{e}
	}
	return e.step(op, reply.Done)
}

func (e Epoch) step(op Operation, done bool) []Epoch {
	switch op.Name {
	case Push:
		return []Epoch{EpochOpen}
	case Ack, Remove:
		return []Epoch{EpochClosed}
	case RepairPush:
		return e.openIf(op.Missing)
	case Postpone:
		return e.openIf(done)
	case Redeliver:
		return e.openIf(e == EpochDelivered)
	}
	switch { // Pop, Poll
	case !done:
		return []Epoch{e}
	case e != EpochOpen:
		return nil
	case op.Name == Poll:
		return []Epoch{EpochClosed, EpochDelivered}
	}
	return []Epoch{EpochDelivered}
}

func (e Epoch) openIf(opens bool) []Epoch {
	if opens {
		return []Epoch{EpochOpen}
	}
	return []Epoch{e}
}
