package catalogue

import (
	"slices"

	"fermata/model"
	"fermata/model/spec"
	"fermata/sim"
	"fermata/sim/world"
)

// linear judges the history of a run against a specification. Equal histories are judged once.
type linear[S comparable] struct {
	memoryless
	in       *instance
	spec     spec.Spec[S]
	initial  func(spec.Object) S
	verdicts []*judged // by the history's number in the ledger
	// heard is what was judged since it was last asked for, and counted all that counts.
	heard   heard
	counted map[string]*judged
	// runs counts the verdicts that count.
	runs int64
}

// judged is what the check of a history said.
type judged struct {
	key     string // the same for histories that differ in names alone
	message string // what to report, empty if it is linearizable
	// undecided tells that the check hit its limit; witnessed that the order explains it in which the operations took
	// effect; heard that the history is among those that nobody asked for yet.
	undecided, witnessed, heard bool
}

// heard are different histories, and how many runs they are the histories of.
type heard struct {
	histories []*judged
	runs      int64
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
	return &linear[S]{in: in, spec: s, initial: initial, counted: map[string]*judged{}}
}

func newWorkflowLinear(in *instance) monitor {
	return newLinear(in, spec.Workflow{Ends: in.c.ends()}, func(o spec.Object) spec.WorkflowState {
		return in.begins(o.Workflow)
	})
}

func newEntryLinear(in *instance) monitor {
	return newLinear(in, spec.Entry{Workflow: spec.Workflow{Ends: in.c.ends()}}, func(o spec.Object) spec.EntryState {
		return spec.EntryState{Workflow: in.begins(o.Workflow), Present: in.begun[o.Workflow].queued}
	})
}

// begins is a workflow's state at the start: its status, and the ends that its tasks' results allow.
func (in *instance) begins(id model.WorkflowID) spec.WorkflowState { return in.begun[id].WorkflowState }

// beginning is a workflow at the start, and whether the decider queue has it.
type beginning struct {
	spec.WorkflowState
	queued bool
}

// beginnings are the workflows of the start state.
func beginnings(w *world.World) map[model.WorkflowID]beginning {
	all := map[model.WorkflowID]beginning{}
	for _, id := range w.Workflows() {
		wf, _ := w.Workflow(id)
		b := beginning{spec.WorkflowState{Status: wf.Status}, w.Queued(model.DeciderQueue, string(id))}
		for _, t := range wf.Tasks {
			b.Ends |= spec.ResultEnds(t.Status)
		}
		all[id] = b
	}
	return all
}

// ends are the ends that need no worker's result: those of timeouts, and that of tasks which the engine executes.
func (c *Case) ends() (ends spec.StatusSet) {
	for _, def := range c.definitions() {
		if world.Timed(def) && c.deadlines().TaskTimeouts {
			ends |= spec.Statuses(model.TimedOut, model.Failed, model.Completed)
		}
		if slices.ContainsFunc(def.Tasks, func(t model.WorkflowTask) bool { return t.Type != model.Simple }) {
			ends |= spec.Statuses(model.Completed)
		}
	}
	return ends
}

// atRest judges the run's history, if it was kept; every run has an operation.
func (o *linear[S]) atRest(v *view) {
	if len(v.rest.History) == 0 {
		return
	}
	n := v.in.ledger.at
	for n >= len(o.verdicts) {
		o.verdicts = append(o.verdicts, nil)
	}
	if o.verdicts[n] == nil {
		o.verdicts[n] = o.check(v)
	}
	h := o.verdicts[n]
	if !h.heard {
		h.heard = true
		o.heard.histories = append(o.heard.histories, h)
	}
	o.heard.runs++
	if h.message != "" {
		v.report(string(w1), "%s", h.message)
	}
}

// take gives what was judged since it was last asked, each history once.
func (o *linear[S]) take() heard {
	taken := o.heard
	for _, h := range taken.histories {
		h.heard = false
	}
	o.heard = heard{}
	return taken
}

// count has count what this oracle judged, or another like it.
func (o *linear[S]) count(h heard) {
	o.runs += h.runs
	for _, h := range h.histories {
		o.counted[h.key] = h
	}
}

// judged counts the different histories that count, and those of them on which the check gave no answer.
func (o *linear[S]) judged() (all, undecided int) {
	o.count(o.take())
	for _, h := range o.counted { //tidy:unordered counting
		if h.undecided {
			undecided++
		}
	}
	return len(o.counted), undecided
}

// checks counts the verdicts that count.
func (o *linear[S]) checks() Checks {
	o.count(o.take())
	c := Checks{Cached: o.runs - int64(len(o.counted))}
	for _, h := range o.counted { //tidy:unordered counting
		if h.witnessed {
			c.Witness++
		} else {
			c.Porcupine++
		}
	}
	return c
}

// check tries the order in which the operations took effect, and then asks porcupine.
func (o *linear[S]) check(v *view) *judged {
	events := spec.Select(o.spec, spec.Close(v.in.events(v.rest.History)))
	h := &judged{key: v.in.upToNames(v.rest.History), witnessed: o.witnessed(v, events)}
	if !h.witnessed {
		h.message, h.undecided = o.search(events)
	}
	return h
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
func (o *linear[S]) search(events []spec.Event) (message string, undecided bool) {
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
	calls, returned := map[int]int{}, map[int]bool{}
	names, undertaken := make([]string, len(in.cast.actors)), make([]int, len(in.cast.actors))
	for i := range names {
		names[i] = in.cast.actors[i].Name
	}
	number := 0
	for _, e := range h {
		out := spec.Event{Kind: spec.Call, Actor: spec.Actor(names[e.Actor])}
		if e.Kind == sim.Call {
			number++
			if before, ok := open[e.Actor]; ok && !returned[before] { // who comes back is another one
				names[e.Actor] += "'"
				out.Actor = spec.Actor(names[e.Actor])
			}
			open[e.Actor] = number
			out.Operation = in.operation(e)
			// What never returns was cut off, at the latest by the end of the run.
			out.Operation.Hit = in.judge.hits.half(e.Actor, undertaken[e.Actor])
			calls[number] = len(events)
			undertaken[e.Actor]++
		} else {
			returned[open[e.Actor]] = true
			call := &events[calls[open[e.Actor]]]
			hit := in.judge.hits.wasHit(e.Actor, undertaken[e.Actor]-1)
			call.Operation.Hit = call.Operation.Hit && hit
			out.Kind, out.Reply = spec.Return, replyIn(e)
			if hit && out.Reply.Err {
				out.Reply = spec.UnknownReply
			}
		}
		out.Op = open[e.Actor]
		events = append(events, out)
	}
	return events
}

func (in *instance) operation(e sim.Event) spec.Operation {
	op := spec.Operation{Workflow: in.workflowOf(e)}
	switch e.Verb {
	case opUpdateTask:
		op.Name, op.Result = spec.UpdateTask, model.TaskStatus(e.Arg.N)
		op.Task = model.TaskID(in.world.ObjectName(e.Object))
	default:
		op.Name = specified[e.Verb]
	}
	return op
}

// specified names the operations as the specifications do. Those that are not here they do not know.
var specified = map[uint8]spec.OperationName{
	opSweep: spec.Sweep, opPoll: spec.Poll, opInspect: spec.Inspect, opDecide: spec.Decide, opSystemTasks: spec.Decide,
	opTerminate: spec.Terminate, opPause: spec.Pause, opResume: spec.Resume, opRetry: spec.Retry, opRerun: spec.Rerun,
	opStart: spec.Start, opRestart: spec.Restart, opRemove: spec.RemoveWorkflow,
}

// nested tells whether workflows have sub-workflows, which an operation on the one may end with the other.
func (c *Case) nested() bool {
	return slices.ContainsFunc(c.definitions(), func(def model.WorkflowDef) bool {
		return slices.ContainsFunc(def.Tasks, func(t model.WorkflowTask) bool { return t.Type == model.SubWorkflow })
	})
}

// several tells whether operations are about more than one workflow.
func (in *instance) several() bool { return in.c.nested() || len(in.begun) > 1 }

// watchLinear watches nothing where a sweep takes what it pops: of several workflows nobody knows which it is about.
func watchLinear(in *instance, watch func(*instance) monitor) monitor {
	if in.c.nested() || len(in.begun) > 1 && !in.c.Scope.Redelivered {
		return memoryless{}
	}
	return watch(in)
}

// workflowOf is the workflow that an operation is about.
func (in *instance) workflowOf(e sim.Event) model.WorkflowID {
	if e.Verb == opUpdateTask || e.Verb == opPoll || e.Verb == opSystemTasks {
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
