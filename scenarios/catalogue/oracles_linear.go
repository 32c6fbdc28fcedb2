package catalogue

import (
	"encoding/binary"
	"slices"

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
	verdicts []verdict // by the history's number in the ledger
	checks   Checks
	// undecided counts the histories whose check hit its limit.
	undecided int
}

// verdict is what there is to say of a history: nothing if it is linearizable, or if the check hit its limit.
type verdict struct {
	known   bool
	message string
}

// Checks counts the verdicts on the histories of runs, one for each run and specification, by how they were come to.
type Checks struct {
	// Cached verdicts are of a history that was judged before.
	Cached int64
	// Witness are those of histories that the order explains in which the operations took effect.
	Witness int64
	// Porcupine are those that it had to search for. Every history that is not linearizable is among them.
	Porcupine int64
}

// Add adds another's counts.
func (c *Checks) Add(d Checks) {
	c.Cached += d.Cached
	c.Witness += d.Witness
	c.Porcupine += d.Porcupine
}

func newLinear[S comparable](in *instance, s spec.Spec[S], initial func(spec.Object) S) *linear[S] {
	return &linear[S]{in: in, spec: s, initial: initial}
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
	n := v.in.ledger.at
	for n >= len(o.verdicts) {
		o.verdicts = append(o.verdicts, verdict{})
	}
	if o.verdicts[n].known {
		o.checks.Cached++
	} else {
		o.verdicts[n] = verdict{true, o.check(v)}
	}
	if message := o.verdicts[n].message; message != "" {
		v.report(string(w1), "%s", message)
	}
}

// judged counts the different histories, and those of them on which the check gave no answer.
func (o *linear[S]) judged() (all, undecided int) { return len(o.verdicts), o.undecided }

func (o *linear[S]) counted() Checks { return o.checks }

// check tries the order in which the operations took effect, and then asks porcupine.
func (o *linear[S]) check(v *view) string {
	events := spec.Select(o.spec, spec.Close(v.in.events(v.rest.History)))
	if o.witnessed(v, events) {
		o.checks.Witness++
		return ""
	}
	o.checks.Porcupine++
	return o.search(events)
}

// witnessed tells whether the order is a witness. That it is none says nothing against the history.
func (o *linear[S]) witnessed(v *view, events []spec.Event) bool {
	known := map[int]bool{}
	for _, e := range events {
		known[e.Op] = true
	}
	order := v.in.commits.order(v.rest.History)
	order = slices.DeleteFunc(order, func(n int) bool { return !known[n] })
	verdict, err := spec.CheckWitness(o.spec, o.initial, events, order)
	if err != nil {
		panic("catalogue: a recorded history is malformed: " + err.Error())
	}
	return verdict == spec.Ok
}

// search asks porcupine, and for a history that is not linearizable names the return that nothing explains.
func (o *linear[S]) search(events []spec.Event) string {
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

// ledger numbers the histories of an instance's runs: equal ones have one number.
type ledger struct {
	numbers map[string]int
	key     []byte
	at      int // of the run at rest
}

// ends looks up the history of a run that has ended.
func (l *ledger) ends(h sim.History) {
	l.at = -1
	if len(h) == 0 {
		return
	}
	l.key = historyKey(l.key[:0], h)
	n, known := l.numbers[string(l.key)]
	if !known {
		n = len(l.numbers)
		l.numbers[string(l.key)] = n
	}
	l.at = n
}

// historyKey is a history as bytes, the same for equal histories. A return is of its actor's last call.
func historyKey(dst []byte, h sim.History) []byte {
	for _, e := range h {
		dst = binary.AppendUvarint(dst, uint64(e.Actor)<<1|uint64(e.Kind&1))
		if e.Kind == sim.Call {
			dst = append(dst, e.Verb)
			dst = binary.AppendUvarint(dst, uint64(e.Object))
			dst = binary.AppendVarint(dst, e.Arg.N)
			continue
		}
		dst = binary.AppendUvarint(dst, uint64(e.Reply.Code))
		dst = binary.AppendUvarint(dst, uint64(e.Reply.Object))
		dst = binary.AppendVarint(dst, e.Reply.N)
	}
	return dst
}
