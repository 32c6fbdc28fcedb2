package spec

import "fermata/model"

// Entry specifies a workflow's status together with its message in the decider queue, as one object:
// nobody who looks under the lock may see the one without the other.
//
//   - Inspect returns the pair, GetWorkflow the status.
//   - The operation that ends the workflow sets (terminal, absent) at once. A sweep may move the due
//     time, which is no part of the state.
//   - Start, Resume, Retry, Rerun and Restart set (RUNNING, present); Pause sets (PAUSED, absent);
//     Terminate sets (TERMINATED, absent), and RemoveWorkflow (no such workflow, absent).
//   - An operation that a fault hit may set the status and leave the entry as it is.
//   - Sweep, UpdateTask, Decide and Poll may also mend a pair that should not be: put back a RUNNING
//     workflow's entry, or take out that of a workflow at its end.
//
// Otherwise statuses are as in Workflow.
type Entry struct {
	Workflow Workflow
}

// EntryState is the state of Entry.
type EntryState struct {
	Workflow WorkflowState
	// Present tells that the decider queue has the workflow's message, delivered or not.
	Present bool
}

// Name is "status and decider entry".
func (e Entry) Name() string { return "status and decider entry" }

// Object is the workflow.
func (e Entry) Object(op Operation) (Object, bool) {
	return e.Workflow.Object(op)
}

// Hash mixes all fields.
func (e Entry) Hash(s EntryState) uint64 { return uint64(s.Workflow.hash().flag(s.Present)) }

// Step is described at Entry.
func (e Entry) Step(state EntryState, op Operation, reply Reply) []EntryState {
	next := e.step(state, op, reply)
	for _, w := range e.Workflow.owed(state.Workflow) {
		next = append(next, e.step(EntryState{Workflow: w}, op, reply)...)
	}
	return distinct(next)
}

// step also gives, of an operation that was hit, the states in which it changed the status and left the entry.
func (e Entry) step(s EntryState, op Operation, reply Reply) []EntryState {
	next := e.whole(s, op, reply)
	if !op.Hit {
		return next
	}
	for _, to := range next {
		if to.Workflow.Status != s.Workflow.Status && to.Present != s.Present {
			next = append(next, EntryState{Workflow: to.Workflow, Present: s.Present})
		}
	}
	return next
}

func (e Entry) whole(s EntryState, op Operation, reply Reply) []EntryState {
	switch {
	case decides(op.Name):
		return e.decide(s, op)
	case reply.Unknown:
		if to, ok := s.transition(op.Name); ok {
			return []EntryState{s, to}
		}
		return []EntryState{s}
	case reply.Err:
		return []EntryState{s}
	case op.Name == GetWorkflow, op.Name == Inspect:
		if reply.Status == s.Workflow.Status && (op.Name == GetWorkflow || reply.Present == s.Present) {
			return []EntryState{s}
		}
	default:
		if to, ok := s.transition(op.Name); ok {
			return []EntryState{to}
		}
	}
	return nil
}

func (e Entry) decide(s EntryState, op Operation) []EntryState {
	s.Workflow.Ends |= resultEnds(op)
	next := []EntryState{s}
	if status := s.Workflow.Status; status == model.Running && !s.Present || status.Terminal() && s.Present {
		next = append(next, EntryState{Workflow: s.Workflow, Present: !s.Present})
	}
	for _, w := range e.Workflow.ended(s.Workflow) {
		next = append(next, EntryState{Workflow: w})
	}
	return next
}

// transition is that of the workflow, with the entry. A repeated pause returns before it removes.
func (s EntryState) transition(name OperationName) (EntryState, bool) {
	w, ok := s.Workflow.transition(name)
	to := EntryState{Workflow: w, Present: true}
	switch {
	case name == Pause && s.Workflow.Status == model.Paused:
		to.Present = s.Present
	case name == Pause, name == Terminate, name == RemoveWorkflow:
		to.Present = false
	}
	return to, ok
}
