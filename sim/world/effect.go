package world

import (
	"fermata/model"
	"fermata/sim"
)

// Effect is what a step did, for oracles and readers. Fields that a step does not concern are zero.
type Effect struct {
	// Workflow is whose record or tasks the step wrote; StatusBefore and StatusAfter its status,
	// StatusAfter only if the record was written.
	Workflow                  model.WorkflowID
	StatusBefore, StatusAfter model.WorkflowStatus
	// TaskInserted tells that a task row was added.
	TaskInserted bool
	// Task is whose row the step wrote over, and RowBefore and RowAfter its status.
	Task                sim.Object
	RowBefore, RowAfter model.TaskStatus
	// Acquired tells that a lock was taken or entered again, Freed that it became free, NotOwner that
	// a release was refused.
	Acquired, Freed, NotOwner bool
	// Denied tells that an acquire was in vain, and Holder who stood against it.
	Denied bool
	Holder sim.ActorID
	// LivingExpired and DeadExpired tell that an advance of the clock ended a lease, by whether its owner lives.
	LivingExpired, DeadExpired bool
	// Pushed tells that a message was put into a queue, WasPresent that it was there before, and
	// TaskStatus what the task of that id was at that step.
	Pushed, WasPresent bool
	// Queue and Message are what a step of a queue was about, and Removed that the message was there and went.
	Queue, Message sim.Object
	Removed        bool
	TaskStatus     model.TaskStatus
	// Delivered are the messages that a pop delivered, Visible those that an advance of the clock
	// made due.
	Delivered, Visible []sim.Object
}

func (e *Effect) clear() {
	*e = Effect{Delivered: e.Delivered[:0], Visible: e.Visible[:0]}
}
