package spec_test

import (
	"slices"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	. "fermata/model/spec"
)

// follow runs a search over a closed history of one object, which takes it up anew wherever nothing is
// open.
func follow[S comparable](s Spec[S], initial S, events []Event) Verdict {
	search := NewSearch(DefaultLimits, s)
	search.Begin([]Possible[S]{{State: initial}})
	list := calls(events)
	for i, e := range events {
		c := list[slices.IndexFunc(list, func(c call) bool { return c.number == e.Op })]
		switch {
		case e.Kind == Call && c.reply.Unknown && trailing(events[c.to:]):
			search.Call(e.Op, c.operation, UnknownReply, Never)
		case e.Kind == Call:
			search.Call(e.Op, c.operation, c.reply, c.to)
		case trailing(events[i:]):
			return Ok
		default:
			if verdict := search.Return(e.Op); verdict != Ok {
				return verdict
			}
			if search.Open() == 0 {
				search.Begin(search.Possible(nil))
			}
		}
	}
	return Ok
}

// trailing tells whether nothing is left but returns of which nothing is known.
func trailing(events []Event) bool {
	return !slices.ContainsFunc(events, func(e Event) bool { return e.Kind == Call || !e.Reply.Unknown })
}

// TestSearchAgreesWithPorcupine: on drawn histories, longer than those of which every order is tried.
func TestSearchAgreesWithPorcupine(t *testing.T) {
	each(t, sameVerdict[WorkflowState], sameVerdict[EntryState], sameVerdict[Epoch], sameVerdict[LockState])
}

func sameVerdict[S comparable](t *testing.T, s subject[S]) {
	seen := map[Verdict]bool{}
	untilSeen(t, func(t *rapid.T) {
		r := s.draw(t, 12)
		events := Close(r.events)
		if rapid.Bool().Draw(t, "spoiled") {
			events = s.spoil(t, events)
		}
		want, err := Check(s.spec, Always(r.initial), events)
		require.NoError(t, err)
		require.Equal(t, want, follow(s.spec, r.initial, events), "%v\n%s", r.initial, Canonical(events))
		seen[want] = true
	}, func() bool { return seen[Ok] && seen[Violation] })
}

// TestSearchLimitIsNoPass: a search that is cut off is unknown, or has its answer already.
func TestSearchLimitIsNoPass(t *testing.T) {
	search := NewSearch(Limits{}, Workflow{})
	search.Begin([]Possible[WorkflowState]{{}})
	search.Call(1, getWorkflow, Reply{}, 1)
	require.Equal(t, Unknown, search.Return(2), "not open")
	for n := range 300 { // more than it has bits for
		search.Call(n+2, getWorkflow, Reply{}, n+2)
	}
	require.Equal(t, Unknown, search.Return(1))
}

// TestShortcuts walks over every state that few operations reach.
func TestShortcuts(t *testing.T) {
	each(t, shortcuts[WorkflowState], shortcuts[EntryState], shortcuts[Epoch], shortcuts[LockState])
}

func shortcuts[S comparable](t *testing.T, s subject[S]) {
	short := s.spec.(Shortcut)
	operations := append(s.operations("a"), s.operations("b")...)
	spared := 0
	for _, state := range reachable(s, 3) {
		for _, op := range operations {
			for _, reply := range allReplies {
				next := s.spec.Step(state, op, reply)
				alike, cut := short.Alike(op, reply)
				require.Equal(t, next, s.spec.Step(state, alike, cut), "%v => %v in %v", op, reply, state)
				if !short.Spare(op, reply) {
					continue
				}
				for _, after := range next {
					spared++
					simulates(t, s, operations, state, after)
				}
			}
		}
	}
	require.NotZero(t, spared)
}

// simulates holds that whatever follows the second state follows the first, to the same states.
func simulates[S comparable](t *testing.T, s subject[S], operations []Operation, first, second S) {
	if first == second {
		return
	}
	for _, op := range operations {
		for _, reply := range allReplies {
			require.Subset(t, s.spec.Step(first, op, reply), s.spec.Step(second, op, reply))
		}
	}
}

// TestExplanation: it ends where FindWindow does, its operations alone have no linearization, and with
// the others in it as ones that never returned it has none either.
func TestExplanation(t *testing.T) {
	each(t, explained[WorkflowState], explained[EntryState], explained[Epoch], explained[LockState])
}

func explained[S comparable](t *testing.T, s subject[S]) {
	smaller := false
	untilSeen(t, func(t *rapid.T) {
		r := s.draw(t, 8)
		events := s.spoil(t, Close(r.events))
		if len(events) == 0 {
			return
		}
		window, violates, err := FindWindow(s.spec, Always(r.initial), events)
		require.NoError(t, err)
		x, err := Explain(DefaultLimits, s.spec, []S{r.initial}, events)
		require.NoError(t, err)
		require.Equal(t, violates, x.Verdict == Violation)
		if !violates {
			require.Equal(t, Ok, x.Verdict)
			return
		}
		require.Equal(t, window.Last, x.Last)
		require.Contains(t, x.Operations, x.Last)
		require.Equal(t, []S{r.initial}, x.Before)
		require.ElementsMatch(t, window.Operations, append(slices.Clone(x.Operations), x.Others...))
		smaller = smaller || len(x.Others) > 0
		for _, weak := range []func([]Event, []int) []Event{without, weakened} {
			verdict, err := Check(s.spec, Always(r.initial), weak(x.Part, x.Others))
			require.NoError(t, err)
			require.Equal(t, Violation, verdict)
		}
	}, func() bool { return smaller })
}

func without(events []Event, others []int) []Event {
	return slices.DeleteFunc(slices.Clone(events), func(e Event) bool { return slices.Contains(others, e.Op) })
}

// weakened gives each of the others an actor of its own, whom it never returns to.
func weakened(events []Event, others []int) []Event {
	var weak []Event
	for _, e := range events {
		if slices.Contains(others, e.Op) {
			if e.Kind == Return {
				continue
			}
			e.Actor += Actor(strconv.Itoa(e.Op))
		}
		weak = append(weak, e)
	}
	return Close(weak)
}

func TestExplanationOfAHistory(t *testing.T) {
	events := parse(t, `
		worker-1  call 1 UpdateTask workflow=w1 task=t2 result=COMPLETED
		sweeper-1 call 2 Sweep workflow=w1
		worker-1  return 1 => none
		api-1     call 3 GetWorkflow workflow=w1
		api-1     return 3 => COMPLETED
		sweeper-1 return 2 => none
		api-1     call 4 GetWorkflow workflow=w1
		api-1     return 4 => RUNNING`)
	initial := WorkflowState{Status: 1}
	x, err := Explain(DefaultLimits, Workflow{}, []WorkflowState{initial}, events)
	require.NoError(t, err)
	require.Equal(t, Explanation[WorkflowState]{
		Verdict: Violation, Before: []WorkflowState{initial}, Part: events, Last: 4,
		Operations: []int{3, 4}, Others: []int{1, 2},
	}, x)

	_, err = Explain(DefaultLimits, Workflow{}, x.Before, nil)
	require.ErrorIs(t, err, ErrHistory)
	x, err = Explain(Limits{OperationsMax: 1, StepsMax: 1}, Workflow{}, x.Before, events)
	require.NoError(t, err)
	require.Equal(t, Unknown, x.Verdict)
}

// TestExplanationBeginsLate: what was over long before is said in one set of states.
func TestExplanationBeginsLate(t *testing.T) {
	events := parse(t, `
		worker-1 call 1 UpdateTask workflow=w1 task=t2 result=COMPLETED
		worker-1 return 1 => none
		api-1    call 2 GetWorkflow workflow=w1
		api-1    return 2 => COMPLETED`)
	for n := 3; n < 1000; n++ {
		events = append(events, Event{Kind: Call, Actor: "api-1", Op: n, Operation: getWorkflow},
			Event{Kind: Return, Actor: "api-1", Op: n, Reply: Reply{Status: 2}})
	}
	events[len(events)-1].Reply.Status = 1
	x, err := Explain(DefaultLimits, Workflow{}, []WorkflowState{{Status: 1}}, events)
	require.NoError(t, err)
	require.Equal(t, Violation, x.Verdict)
	require.Equal(t, []WorkflowState{{Status: 2, Ends: Statuses(2)}}, x.Before)
	require.Equal(t, []int{999}, x.Operations)
	require.Less(t, len(x.Part), 140)
}
