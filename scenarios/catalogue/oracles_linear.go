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
	verdicts map[string]*judged // by history
	// heard are the histories since they were last asked for, and counted those that count.
	heard   []*judged
	counted map[string]bool
	key     []byte
}

// judged is what the check of a history said.
type judged struct {
	key     string
	message string // what to report, empty if it is linearizable
	// undecided tells that the check hit its limit; heard that the history is among those that nobody asked for yet.
	undecided, heard bool
}

func newLinear[S comparable](in *instance, s spec.Spec[S], initial func(spec.Object) S) *linear[S] {
	return &linear[S]{in: in, spec: s, initial: initial, verdicts: map[string]*judged{}, counted: map[string]bool{}}
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
	h := o.verdicts[string(o.key)]
	if h == nil {
		h = &judged{key: string(o.key)}
		h.message, h.undecided = o.check(v)
		o.verdicts[h.key] = h
	}
	if !h.heard {
		h.heard = true
		o.heard = append(o.heard, h)
	}
	if h.message != "" {
		v.report(string(w1), "%s", h.message)
	}
}

// take gives the histories that were judged since it was last asked, each once.
func (o *linear[S]) take() []*judged {
	taken := o.heard
	for _, h := range taken {
		h.heard = false
	}
	o.heard = nil
	return taken
}

// count has histories count that this oracle judged, or another like it.
func (o *linear[S]) count(histories []*judged) {
	for _, h := range histories {
		o.counted[h.key] = h.undecided
	}
}

// judged counts the different histories that count, and those of them on which the check gave no answer.
func (o *linear[S]) judged() (all, undecided int) {
	o.count(o.take())
	for _, open := range o.counted { //tidy:unordered counting
		if open {
			undecided++
		}
	}
	return len(o.counted), undecided
}

// check asks porcupine, and for a history that is not linearizable names the return that nothing
// explains.
func (o *linear[S]) check(v *view) (message string, undecided bool) {
	events := spec.Select(o.spec, spec.Close(v.in.events(v.rest.History)))
	verdict, err := spec.Check(o.spec, o.initial, events)
	switch {
	case err != nil:
		panic("catalogue: a recorded history is malformed: " + err.Error())
	case verdict == spec.Ok:
		return "", false
	case verdict == spec.Unknown:
		return "", true
	}
	window, _, err := spec.FindWindow(o.spec, o.initial, events)
	if err != nil {
		panic("catalogue: a recorded history is malformed: " + err.Error())
	}
	last := events[window.Events-1]
	saw := string(last.Actor) + " saw " + last.Reply.Status.String()
	return "no order of the operations explains that " + saw, false
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
	op := spec.Operation{Workflow: w1}
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
