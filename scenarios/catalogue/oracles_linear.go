package catalogue

import (
	"encoding/binary"

	"fermata/model"
	"fermata/model/spec"
	"fermata/sim"
)

// linear judges the history of a run against a specification. Equal histories are judged once.
type linear[S comparable] struct {
	memoryless
	in       *instance
	spec     spec.Spec[S]
	initial  func(spec.Object) S
	verdicts map[string]string // by history: what to report, empty if it is linearizable
	// undecided counts the histories whose check hit its limit.
	undecided int
	key       []byte
}

func newLinear[S comparable](in *instance, s spec.Spec[S], initial func(spec.Object) S) *linear[S] {
	return &linear[S]{in: in, spec: s, initial: initial, verdicts: map[string]string{}}
}

func newWorkflowLinear(in *instance) monitor {
	return newLinear(in, spec.Workflow{}, func(o spec.Object) spec.WorkflowState { return in.begins(o.Workflow) })
}

func newEntryLinear(in *instance) monitor {
	return newLinear(in, spec.Entry{}, func(o spec.Object) spec.EntryState {
		return spec.EntryState{Workflow: in.begins(o.Workflow), Present: true}
	})
}

// begins is a workflow's state at the start of every scenario: RUNNING, and what its tasks' results
// so far allow is nothing.
func (in *instance) begins(model.WorkflowID) spec.WorkflowState {
	return spec.WorkflowState{Status: model.Running}
}

// atRest judges the run's history, if it was kept; every run has an operation.
func (o *linear[S]) atRest(v *view) {
	if len(v.rest.History) == 0 {
		return
	}
	o.key = historyKey(o.key[:0], v.rest.History)
	message, judged := o.verdicts[string(o.key)]
	if !judged {
		message = o.check(v)
		o.verdicts[string(o.key)] = message
	}
	if message != "" {
		v.report(string(w1), "%s", message)
	}
}

// judged counts the different histories, and those of them on which the check gave no answer.
func (o *linear[S]) judged() (all, undecided int) { return len(o.verdicts), o.undecided }

// check asks porcupine, and for a history that is not linearizable names the return that nothing
// explains.
func (o *linear[S]) check(v *view) string {
	events := spec.Select(o.spec, spec.Close(v.in.events(v.rest.History)))
	verdict, err := spec.Check(o.spec, o.initial, events)
	switch {
	case err != nil:
		panic("catalogue: a recorded history is malformed: " + err.Error())
	case verdict == spec.Ok:
		return ""
	case verdict == spec.Unknown:
		o.undecided++
		return ""
	}
	window, _, err := spec.FindWindow(o.spec, o.initial, events)
	if err != nil {
		panic("catalogue: a recorded history is malformed: " + err.Error())
	}
	last := events[window.Events-1]
	return "no order of the operations explains that " + string(last.Actor) + " saw " + last.Reply.Status.String()
}

// events puts a history into the words of the specifications.
func (in *instance) events(h sim.History) []spec.Event {
	events := make([]spec.Event, 0, len(h))
	open := map[sim.ActorID]int{}
	number := 0
	for _, e := range h {
		out := spec.Event{Kind: spec.Call, Actor: spec.Actor(in.cast.actors[e.Actor].Name)}
		if e.Kind == sim.Call {
			number++
			open[e.Actor] = number
			out.Operation = in.operation(e)
		} else {
			out.Kind, out.Reply = spec.Return, replyIn(e)
		}
		out.Op = open[e.Actor]
		events = append(events, out)
	}
	return events
}

func (in *instance) operation(e sim.Event) spec.Operation {
	op := spec.Operation{Workflow: in.workflowOf(e)}
	switch e.Verb {
	case opSweep:
		op.Name = spec.Sweep
	case opUpdateTask:
		op.Name, op.Result = spec.UpdateTask, model.TaskStatus(e.Arg.N)
		op.Task = model.TaskID(in.world.ObjectName(e.Object))
	case opPoll:
		op.Name = spec.Poll
	case opInspect:
		op.Name = spec.Inspect
	}
	return op
}

// watchLinear watches nothing where a sweep takes what it pops: of several workflows nobody knows which it is about.
func watchLinear(in *instance, watch func(*instance) monitor) monitor {
	if in.c.Scope.Workflows > 1 && !in.c.Scope.Redelivered {
		return memoryless{}
	}
	return watch(in)
}

// workflowOf is the workflow that an operation is about.
func (in *instance) workflowOf(e sim.Event) model.WorkflowID {
	if e.Verb == opUpdateTask || e.Verb == opPoll {
		return in.cast.serves(e.Actor)
	}
	return model.WorkflowID(in.world.ObjectName(e.Object))
}

func replyIn(e sim.Event) spec.Reply {
	r := spec.Reply{Err: e.Reply.Code == replyError || e.Reply.Code == replyBusy}
	switch e.Verb {
	case opInspect:
		r.Status, r.Present = model.WorkflowStatus(e.Reply.N), e.Reply.Code == replyDone
	case opPoll:
		r.Done = e.Reply.Object != 0
	}
	return r
}

// historyKey is a history as bytes, the same for equal histories.
func historyKey(dst []byte, h sim.History) []byte {
	for _, e := range h {
		dst = append(dst, byte(e.Kind), byte(e.Actor), e.Verb, byte(e.Reply.Code))
		dst = binary.LittleEndian.AppendUint16(dst, uint16(e.Object))
		dst = binary.LittleEndian.AppendUint16(dst, uint16(e.Reply.Object))
		dst = binary.LittleEndian.AppendUint64(dst, uint64(e.Arg.N))
		dst = binary.LittleEndian.AppendUint64(dst, uint64(e.Reply.N))
	}
	return dst
}
