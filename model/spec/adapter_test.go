package spec_test

import (
	"testing"
	"time"

	"github.com/anishathalye/porcupine"
	"github.com/stretchr/testify/require"

	"fermata/model"
	. "fermata/model/spec"
)

var (
	running     = Always(WorkflowState{Status: model.Running})
	queued      = Always(EntryState{Workflow: WorkflowState{Status: model.Running}, Present: true})
	getWorkflow = Operation{Name: GetWorkflow, Workflow: "w1"}
)

func parse(t *testing.T, text string) []Event {
	t.Helper()
	events, err := Parse("history", text)
	require.NoError(t, err)
	return events
}

func TestMalformedHistoriesAreRefused(t *testing.T) {
	cases := []struct{ name, history, message string }{
		{"call without return", "a call 1 Sweep", "event 1: operation 1 never returns"},
		{"return without call", "a return 1 => none", "event 1: operation 1 returns without a call"},
		{"number used again", "a call 1 Sweep\na return 1 => none\na call 1 Sweep\na return 1 => none",
			"event 3: operation 1 is called a second time"},
		{"number in use", "a call 1 Sweep\nb call 1 Sweep", "event 2: operation 1 is called a second time"},
		{"two returns", "a call 1 Sweep\na return 1 => none\na return 1 => none",
			"event 3: operation 1 returns a second time"},
		{"another's return", "a call 1 Sweep\nb return 1 => none", "event 2: operation 1 of a returns to b"},
		{"two open", "a call 1 Sweep\na call 2 Sweep",
			"event 2: a calls operation 2 with operation 1 still open"},
		{"unknown to the specification", "a call 1 Pop\na return 1 => none",
			`event 1: specification "workflow" does not know Pop`},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			events := parse(t, c.history)
			_, err := Check(Workflow{}, running, events)
			require.ErrorIs(t, err, ErrHistory)
			require.ErrorContains(t, err, c.message)
			_, err = CheckWitness(Workflow{}, running, events, []int{1})
			require.ErrorContains(t, err, c.message)
			_, _, err = FindWindow(Workflow{}, running, events)
			require.ErrorContains(t, err, c.message)
		})
	}
	_, err := Check(Workflow{}, running, []Event{{Actor: "a", Op: 1}})
	require.ErrorContains(t, err, "event 1: neither a call nor a return")
}

// TestPorcupineNeedsEveryReturn is why the adapter refuses an unmatched call: porcupine says no of a
// history in which nothing is wrong.
func TestPorcupineNeedsEveryReturn(t *testing.T) {
	anything := porcupine.Model{
		Init: func() any { return 0 },
		Step: func(state, _, _ any) (bool, any) { return true, state },
	}
	open := []porcupine.Event{
		{Kind: porcupine.CallEvent, Id: 0},
		{Kind: porcupine.CallEvent, Id: 1}, {Kind: porcupine.ReturnEvent, Id: 1},
	}
	require.False(t, porcupine.CheckEvents(anything, open))

	events := parse(t, "a call 1 Sweep\nb call 2 GetWorkflow\nb return 2 => RUNNING")
	for _, e := range []int{0, 1} {
		events[e].Operation.Workflow = "w1"
	}
	verdict, err := Check(Workflow{}, running, Close(events))
	require.NoError(t, err)
	require.Equal(t, Ok, verdict)
}

// TestTouchingEventsAreOrdered is why a history has no timestamps: a read called right after the
// write returned must see it, yet with equal times porcupine takes the two for concurrent.
func TestTouchingEventsAreOrdered(t *testing.T) {
	written := porcupine.Model{
		Init: func() any { return false },
		Step: func(state, write, read any) (bool, any) {
			return write.(bool) || read == state, write.(bool) || state.(bool)
		},
	}
	require.True(t, porcupine.CheckOperations(written, []porcupine.Operation{
		{Input: true, Call: 1, Return: 5}, {Input: false, Output: false, Call: 5, Return: 9},
	}))
	verdict, err := Check(Workflow{}, running, []Event{
		{Kind: Call, Actor: "a", Op: 1, Operation: Operation{Name: Pause, Workflow: "w1"}},
		{Kind: Return, Actor: "a", Op: 1},
		{Kind: Call, Actor: "b", Op: 2, Operation: getWorkflow},
		{Kind: Return, Actor: "b", Op: 2, Reply: Reply{Status: model.Running}},
	})
	require.NoError(t, err)
	require.Equal(t, Violation, verdict)
}

func TestCloseReturnsWhatIsOpenAfterEverythingElse(t *testing.T) {
	events := parse(t, "a call 1 Sweep\nb call 2 GetWorkflow\nc call 3 Poll\nb return 2 => RUNNING")
	before := append([]Event(nil), events...)
	require.Equal(t, parse(t, `
		a call 1 Sweep
		b call 2 GetWorkflow
		c call 3 Poll
		b return 2 => RUNNING
		a return 1 => unknown
		c return 3 => unknown`), Close(events))
	require.Equal(t, before, events)
	require.Equal(t, Close(events), Close(Close(events)))
	require.Empty(t, Close(nil))
}

// TestLimitsAreNoPass: a check that is cut off is unknown, whatever the answer would have been.
func TestLimitsAreNoPass(t *testing.T) {
	legal := parse(t, `
		a call 1 UpdateTask workflow=w1 task=t1 result=COMPLETED
		b call 2 GetWorkflow workflow=w1
		b return 2 => COMPLETED
		a return 1 => none`)
	illegal := append(append([]Event(nil), legal...), parse(t, `
		b call 3 GetWorkflow workflow=w1
		b return 3 => RUNNING`)...)
	for i, events := range [][]Event{legal, illegal} {
		t.Run([]string{"legal", "illegal"}[i], func(t *testing.T) {
			want, err := Check(Workflow{}, running, events)
			require.NoError(t, err)
			seen := map[Verdict]bool{}
			for steps := range 20 {
				limits := Limits{OperationsMax: len(events) / 2, StepsMax: steps}
				verdict, err := CheckWithin(limits, Workflow{}, running, events)
				require.NoError(t, err)
				require.Contains(t, []Verdict{want, Unknown}, verdict)
				seen[verdict] = true
			}
			require.Len(t, seen, 2)
			verdict, err := CheckWithin(Limits{OperationsMax: 1, StepsMax: 1000}, Workflow{}, running, events)
			require.NoError(t, err)
			require.Equal(t, Unknown, verdict)
		})
	}
}

// TestObjectsAreJudgedOneByOne: a violation of one outweighs what stays unknown of another.
func TestObjectsAreJudgedOneByOne(t *testing.T) {
	w1 := "a call 1 GetWorkflow workflow=w1\na return 1 => RUNNING\n" +
		"a call 2 GetWorkflow workflow=w1\na return 2 => RUNNING\n"
	w2 := "b call 3 GetWorkflow workflow=w2\nb return 3 => PAUSED\n"
	perObject := func(o Object) WorkflowState {
		if o.Workflow == "w2" {
			return WorkflowState{Status: model.Paused}
		}
		return WorkflowState{Status: model.Running}
	}
	for _, c := range []struct {
		name      string
		initial   func(Object) WorkflowState
		operation int
		want      Verdict
	}{
		{"both fit", perObject, 10, Ok},
		{"w2 does not", running, 10, Violation},
		{"w1 is too long, w2 fits", perObject, 1, Unknown},
		{"w1 is too long, w2 does not fit", running, 1, Violation},
	} {
		limits := Limits{OperationsMax: c.operation, StepsMax: 1000}
		verdict, err := CheckWithin(limits, Workflow{}, c.initial, parse(t, w1+w2))
		require.NoError(t, err, c.name)
		require.Equal(t, c.want, verdict, c.name)
	}
}

func TestWitnessOrders(t *testing.T) {
	events := Close(parse(t, `
		a call 1 UpdateTask workflow=w1 task=t1 result=COMPLETED
		a return 1 => none
		b call 2 GetWorkflow workflow=w1
		c call 3 Pause workflow=w1
		b return 2 => COMPLETED`))
	for _, c := range []struct {
		name  string
		order []int
		want  Verdict
		err   string
	}{
		{"the open one left out", []int{1, 2}, Ok, ""},
		{"the open one last", []int{1, 2, 3}, Ok, ""},
		{"against real time", []int{2, 1}, Unknown, ""},
		{"an open one before what had returned", []int{3, 1, 2}, Unknown, ""},
		{"a returned one left out", []int{1}, 0, "leaves out operation 2"},
		{"one twice", []int{1, 2, 2}, 0, "operation 2, which is unknown or named before"},
		{"one that is none", []int{1, 2, 9}, 0, "operation 9, which is unknown or named before"},
	} {
		verdict, err := CheckWitness(Workflow{}, running, events, c.order)
		require.Equal(t, c.want, verdict, c.name)
		if c.err != "" {
			require.ErrorIs(t, err, ErrHistory)
			require.ErrorContains(t, err, c.err, c.name)
		} else {
			require.NoError(t, err, c.name)
		}
	}
	_, err := CheckWitness(Lock{}, Always(LockState{}), events, []int{1, 2})
	require.ErrorContains(t, err, `specification "lock" does not know UpdateTask`)
}

func TestNames(t *testing.T) {
	for name := Start; name <= Expire; name++ {
		require.Equal(t, name, OperationNamed(name.String()))
	}
	require.Zero(t, OperationNamed("NONE"))
	require.Equal(t, "OperationName(200)", OperationName(200).String())
	require.Equal(t, []string{"ok", "violation", "unknown", "Verdict(0)"},
		[]string{Ok.String(), Violation.String(), Unknown.String(), Verdict(0).String()})
	require.Equal(t, []string{"closed", "open", "delivered", "Epoch(0)"},
		[]string{EpochClosed.String(), EpochOpen.String(), EpochDelivered.String(), Epoch(0).String()})
	require.Equal(t, "COMPLETED|TERMINATED", Statuses(model.Terminated, model.Completed).String())
	require.Equal(t, "w1/t1", Object{Workflow: "w1", Task: "t1"}.String())
}

// endless is a specification that is never done: every operation leads to two new states, and none is read.
type endless struct{ Spec[WorkflowState] }

func (endless) Step(s WorkflowState, op Operation, _ Reply) []WorkflowState {
	if op.Name == GetWorkflow {
		return nil
	}
	left, right := s, s
	left.Owed, right.Owed = 2*s.Owed+1, 2*s.Owed+2
	return []WorkflowState{left, right}
}

// TestATimeoutIsUnknown: a check that would go on for ever ends, by each of its limits, and is unknown.
func TestATimeoutIsUnknown(t *testing.T) {
	const operations = 60 // 2^60 states
	var events []Event
	for n := 1; n <= operations; n++ {
		op := Operation{Name: Sweep, Workflow: "w1"}
		if n == operations {
			op = getWorkflow
		}
		events = append(events,
			Event{Kind: Call, Actor: "a", Op: n, Operation: op}, Event{Kind: Return, Actor: "a", Op: n})
	}
	never := 1 << 50
	for _, limits := range []Limits{
		{OperationsMax: operations, StepsMax: 10_000},
		{OperationsMax: operations - 1, StepsMax: never},
		{OperationsMax: operations, StepsMax: never, Timeout: time.Millisecond},
	} {
		verdict, err := CheckWithin(limits, endless{Workflow{}}, running, events)
		require.NoError(t, err)
		require.Equal(t, Unknown, verdict, "%+v", limits)
	}
	short := append(events[:6:6], events[len(events)-2:]...)
	verdict, err := Check(endless{Workflow{}}, running, short)
	require.NoError(t, err)
	require.Equal(t, Violation, verdict, "one that ends is judged")
}
