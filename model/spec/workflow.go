package spec

import "fermata/model"

// Workflow specifies a workflow's status (engine facts, section 2; no release has a transition
// table, these are the de-facto transitions).
//
//   - GetWorkflow returns the status, and so does Inspect. Task rows are no part of it.
//   - Sweep, UpdateTask, Decide, Poll do nothing, or end a RUNNING workflow with a status that the
//     results reported so far allow; a PAUSED one can only time out. A terminal status absorbs them.
//     Their replies are not looked at.
//   - Start, Terminate, Pause, Resume, Retry, Rerun, Restart, RemoveWorkflow make the transition of
//     that name, or return an error without effect. After RemoveWorkflow there is no such workflow, until
//     it is started again; whatever the engine writes for it later brings it back, which nothing allows.
//
// Which end follows from which results is not judged beyond that: a decide looks at the whole
// workflow, and may end it on account of a result that another operation reported and, having missed
// the lock, did not decide on.
type Workflow struct {
	// Ends are the ends that need no worker's result: TIMED_OUT where the definition has timeouts
	// and the scope lets them fire, COMPLETED where only the engine's own tasks are left.
	Ends StatusSet
}

// WorkflowState is the state of Workflow.
type WorkflowState struct {
	Status model.WorkflowStatus // the zero value is "no such workflow"
	// Ends are the ends that the results reported so far allow.
	Ends StatusSet
	// Owed counts the decides still to come with which a Start, Resume, Rerun or Restart ends, and since
	// 3.31.2 a Retry: a second effect, which others can tell from the first. It may also stay out.
	Owed int
}

// Name is "workflow".
func (w Workflow) Name() string { return "workflow" }

// Object is the workflow.
func (w Workflow) Object(op Operation) (Object, bool) {
	known := reads(op.Name) || decides(op.Name) || named(op.Name)
	return Object{Workflow: op.Workflow}, known
}

// Hash mixes all fields.
func (w Workflow) Hash(s WorkflowState) uint64 { return uint64(s.hash()) }

func (s WorkflowState) hash() hash {
	return hashStart.number(uint64(s.Status)).number(uint64(s.Ends)).number(uint64(s.Owed))
}

// Step is described at Workflow.
func (w Workflow) Step(state WorkflowState, op Operation, reply Reply) []WorkflowState {
	next := w.step(state, op, reply)
	for _, s := range w.owed(state) {
		next = append(next, w.step(s, op, reply)...)
	}
	return distinct(next)
}

func (w Workflow) step(s WorkflowState, op Operation, reply Reply) []WorkflowState {
	switch {
	case decides(op.Name):
		s.Ends |= resultEnds(op)
		return append([]WorkflowState{s}, w.ended(s)...)
	case reply.Unknown:
		if to, ok := s.transition(op.Name); ok {
			return []WorkflowState{s, to}
		}
		return []WorkflowState{s}
	case reply.Err:
		return []WorkflowState{s}
	case reads(op.Name):
		if reply.Status == s.Status {
			return []WorkflowState{s}
		}
	default:
		if to, ok := s.transition(op.Name); ok {
			return []WorkflowState{to}
		}
	}
	return nil
}

// owed gives the states after a decide that is still to come.
func (w Workflow) owed(s WorkflowState) []WorkflowState {
	if s.Owed == 0 {
		return nil
	}
	s.Owed--
	return w.ended(s)
}

// ended gives the states to which a decide can end the workflow. checkWorkflowTimeout comes before
// the question whether the workflow is paused, so a PAUSED one can time out.
func (w Workflow) ended(s WorkflowState) []WorkflowState {
	allowed := w.Ends | s.Ends
	switch s.Status {
	case model.Running:
	case model.Paused:
		allowed &= Statuses(model.TimedOut)
	default:
		return nil
	}
	var states []WorkflowState
	for end := model.Running; end <= model.Paused; end++ {
		if end.Terminal() && allowed.Has(end) {
			s.Status = end
			states = append(states, s)
		}
	}
	return states
}

// transition gives the effect of an operation that is named for its transition, and false where the
// engine refuses it. Terminate is refused for COMPLETED only: 3.17 writes TERMINATED over FAILED.
func (s WorkflowState) transition(name OperationName) (WorkflowState, bool) {
	from, ok := s.Status, false
	switch name {
	case Start:
		ok, s = from == 0, WorkflowState{Status: model.Running, Owed: s.Owed + 1}
	case Terminate:
		ok, s.Status = from != 0 && from != model.Completed, model.Terminated
	case Pause:
		ok, s.Status = from == model.Running || from == model.Paused, model.Paused
	case Resume:
		ok, s.Status, s.Owed = from == model.Paused, model.Running, s.Owed+1
	case Retry:
		ok = from.Terminal() && from != model.Completed
		s.Status, s.Ends, s.Owed = model.Running, s.Ends&Statuses(model.Completed), s.Owed+1
	case Rerun:
		ok = from.Terminal()
		s.Status, s.Ends, s.Owed = model.Running, s.Ends&Statuses(model.Completed), s.Owed+1
	case Restart:
		ok, s = from.Terminal(), WorkflowState{Status: model.Running, Owed: s.Owed + 1}
	case RemoveWorkflow:
		ok, s = from != 0, WorkflowState{Owed: s.Owed}
	}
	return s, ok
}

// decides tells whether the operation may end a workflow by deciding it.
func decides(name OperationName) bool {
	return name == Sweep || name == UpdateTask || name == Decide || name == Poll
}

// reads tells whether the operation returns the status.
func reads(name OperationName) bool { return name == GetWorkflow || name == Inspect }

// named tells whether the operation is named for its transition.
func named(name OperationName) bool {
	switch name {
	case Start, Terminate, Pause, Resume, Retry, Rerun, Restart, RemoveWorkflow:
		return true
	}
	return false
}

// resultEnds gives the ends that a task's result allows (DeciderService.decide and retry: the task's
// status is the workflow's, unless the task is optional, which then counts as done).
func resultEnds(op Operation) StatusSet {
	switch {
	case op.Name != UpdateTask || !op.Result.Terminal():
		return 0
	case op.Optional:
		return Statuses(model.Completed)
	}
	return ResultEnds(op.Result)
}

// ResultEnds gives the ends that the status of a task allows, which is not optional.
func ResultEnds(status model.TaskStatus) StatusSet {
	switch {
	case !status.Terminal():
		return 0
	case status.Successful():
		return Statuses(model.Completed)
	}
	switch status {
	case model.TaskTimedOut:
		return Statuses(model.TimedOut)
	case model.TaskCanceled:
		return Statuses(model.Terminated)
	}
	return Statuses(model.Failed)
}
