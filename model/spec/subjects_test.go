package spec_test

import (
	"testing"

	"pgregory.net/rapid"

	"fermata/model"
	. "fermata/model/spec"
)

// subject is a specification with what it takes to draw histories of one object for it.
type subject[S comparable] struct {
	spec     Spec[S]
	initials []S
	// operations are all operations that the specification knows, for an actor.
	operations func(actor Actor) []Operation
	replies    []Reply // that make a difference
}

var actors = []Actor{"a", "b", "c"}

var plainReplies = []Reply{{}, {Done: true}, {Err: true}, UnknownReply}

var allReplies = func() []Reply {
	list := append([]Reply(nil), plainReplies...)
	for s := model.WorkflowStatus(0); s <= model.Paused; s++ {
		list = append(list, Reply{Status: s}, Reply{Status: s, Present: true})
	}
	return list
}()

func workflowOperations(Actor) []Operation {
	list := []Operation{
		{Name: UpdateTask, Workflow: "w1", Task: "t1", Result: model.TaskCompleted},
		{Name: UpdateTask, Workflow: "w1", Task: "t1", Result: model.TaskFailed},
		{Name: UpdateTask, Workflow: "w1", Task: "t1", Result: model.TaskFailed, Optional: true},
		{Name: UpdateTask, Workflow: "w1", Task: "t1", Result: model.TaskInProgress},
	}
	for n := Start; n <= RemoveWorkflow; n++ {
		if n != UpdateTask {
			list = append(list, Operation{Name: n, Workflow: "w1"})
		}
	}
	return append(list, Operation{Name: Inspect, Workflow: "w1"})
}

var workflowSubject = subject[WorkflowState]{
	spec: Workflow{Ends: Statuses(model.TimedOut)},
	initials: []WorkflowState{
		{}, {Status: model.Running}, {Status: model.Paused}, {Status: model.Failed},
		{Status: model.Running, Ends: Statuses(model.Completed), Owed: 1},
	},
	operations: workflowOperations,
	replies:    allReplies,
}

var entrySubject = subject[EntryState]{
	spec: Entry{},
	initials: []EntryState{
		{}, {Workflow: WorkflowState{Status: model.Running}, Present: true},
		{Workflow: WorkflowState{Status: model.Completed}, Present: true},
		{Workflow: WorkflowState{Status: model.Paused, Ends: Statuses(model.Completed)}},
	},
	operations: workflowOperations,
	replies:    allReplies,
}

var queueSubject = subject[Epoch]{
	spec:     TaskQueue{},
	initials: []Epoch{EpochClosed, EpochOpen, EpochDelivered},
	operations: func(Actor) []Operation {
		var list []Operation
		for _, n := range []OperationName{Push, RepairPush, Postpone, Redeliver, Pop, Poll, Ack, Remove} {
			list = append(list, Operation{Name: n, Workflow: "w1", Task: "t1"})
		}
		deliveries := []Operation{list[4], list[5], list[4], list[5]} // drawn more often
		return append(append(list, deliveries...),
			Operation{Name: RepairPush, Workflow: "w1", Task: "t1", Missing: true})
	},
	replies: append([]Reply{{Done: true}, {Done: true}, {Done: true}}, plainReplies...),
}

var lockSubject = subject[LockState]{
	spec:     Lock{},
	initials: []LockState{{}, {Owner: "b", Holds: 2}},
	operations: func(a Actor) []Operation {
		return []Operation{
			{Name: Acquire, Workflow: "w1", Owner: a}, {Name: Release, Workflow: "w1", Owner: a},
			{Name: Expire, Workflow: "w1", Owner: "b"},
		}
	},
	replies: plainReplies,
}

// each runs a property for every specification; f is generic, so it comes once for each.
func each(
	t *testing.T, workflow func(*testing.T, subject[WorkflowState]), entry func(*testing.T, subject[EntryState]),
	queue func(*testing.T, subject[Epoch]), lock func(*testing.T, subject[LockState]),
) {
	t.Run("workflow", func(t *testing.T) { workflow(t, workflowSubject) })
	t.Run("entry", func(t *testing.T) { entry(t, entrySubject) })
	t.Run("task queue", func(t *testing.T) { queue(t, queueSubject) })
	t.Run("lock", func(t *testing.T) { lock(t, lockSubject) })
}

// run is a history that was made by committing operations one by one, so it is linearizable.
type run[S comparable] struct {
	initial S
	events  []Event
	order   []int // of the commits
}

// draw makes a run of at most so many operations, some of which may be left open.
func (s subject[S]) draw(t *rapid.T, most int) run[S] {
	r := run[S]{initial: rapid.SampledFrom(s.initials).Draw(t, "initial")}
	type pending struct {
		number    int
		operation Operation
		reply     Reply
		committed bool
	}
	state, open, called := r.initial, map[Actor]*pending{}, 0
	for range rapid.IntRange(most, 5*most).Draw(t, "moves") {
		actor := rapid.SampledFrom(actors).Draw(t, "actor")
		switch p := open[actor]; {
		case p == nil && called == most:
		case p == nil:
			called++
			op := rapid.SampledFrom(s.operations(actor)).Draw(t, "operation")
			open[actor] = &pending{number: called, operation: op}
			r.events = append(r.events, Event{Kind: Call, Actor: actor, Op: called, Operation: op})
		case !p.committed:
			p.committed, r.order = true, append(r.order, p.number)
			p.reply, state = s.commit(t, state, p.operation)
		default:
			open[actor] = nil
			r.events = append(r.events, Event{Kind: Return, Actor: actor, Op: p.number, Reply: p.reply})
		}
	}
	return r
}

// commit draws a legal reply and a state that may follow it.
func (s subject[S]) commit(t *rapid.T, state S, op Operation) (Reply, S) {
	first := rapid.IntRange(0, len(s.replies)-1).Draw(t, "reply")
	for i := range s.replies {
		reply := s.replies[(first+i)%len(s.replies)]
		if next := s.spec.Step(state, op, reply); len(next) > 0 {
			return reply, rapid.SampledFrom(next).Draw(t, "next")
		}
	}
	t.Fatalf("%v has no legal reply in %v", op, state)
	return Reply{}, state
}

// spoil exchanges the replies of some returns.
func (s subject[S]) spoil(t *rapid.T, events []Event) []Event {
	spoiled := append([]Event(nil), events...)
	for i, e := range spoiled {
		if e.Kind == Return && rapid.IntRange(0, 2).Draw(t, "spoil") == 0 {
			spoiled[i].Reply = rapid.SampledFrom(s.replies).Draw(t, "reply")
		}
	}
	return spoiled
}

// untilSeen repeats a property, a few times at most, until the cases that it must meet were met:
// chance alone must not turn a test red, nor an empty one green.
func untilSeen(t *testing.T, property func(*rapid.T), seen func() bool) {
	for range 30 {
		if rapid.Check(t, property); seen() {
			return
		}
	}
	t.Fatal("the generator no longer meets every case")
}
