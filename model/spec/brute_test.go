package spec_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	. "fermata/model/spec"
)

type call struct {
	number    int
	operation Operation
	reply     Reply
	from, to  int // positions of call and return
}

// calls reads a closed history the plain way.
func calls(events []Event) []call {
	var list []call
	for i, c := range events {
		for j, r := range events {
			if c.Kind == Call && r.Kind == Return && r.Op == c.Op {
				list = append(list, call{c.Op, c.Operation, r.Reply, i, j})
			}
		}
	}
	return list
}

// checkAll is the dumb second implementation of Check for one object: it tries every order that
// respects real time, and every next state, and remembers nothing.
func checkAll[S comparable](spec Spec[S], state S, left []call) bool {
	if len(left) == 0 {
		return true
	}
	for i, c := range left {
		first := true
		for _, other := range left {
			first = first && other.to > c.from
		}
		if !first {
			continue
		}
		rest := append(append([]call(nil), left[:i]...), left[i+1:]...)
		for _, next := range spec.Step(state, c.operation, c.reply) {
			if checkAll(spec, next, rest) {
				return true
			}
		}
	}
	return false
}

func TestCheckAgreesWithEveryOrder(t *testing.T) {
	each(t, agrees[WorkflowState], agrees[EntryState], agrees[Epoch], agrees[LockState])
}

func agrees[S comparable](t *testing.T, s subject[S]) {
	seen := map[Verdict]bool{}
	untilSeen(t, func(t *rapid.T) {
		r := s.draw(t, 5)
		events := s.spoil(t, Close(r.events))
		want := Violation
		if checkAll(s.spec, r.initial, calls(events)) {
			want = Ok
		}
		got, err := Check(s.spec, Always(r.initial), events)
		require.NoError(t, err)
		require.Equal(t, want, got, "%s", Canonical(events))
		seen[got] = true
	}, func() bool { return seen[Ok] && seen[Violation] })
}

func TestCommitOrderIsAWitness(t *testing.T) {
	each(t, witnessed[WorkflowState], witnessed[EntryState], witnessed[Epoch], witnessed[LockState])
}

func witnessed[S comparable](t *testing.T, s subject[S]) {
	rapid.Check(t, func(t *rapid.T) {
		r := s.draw(t, 20)
		events := Close(r.events)
		verdict, err := CheckWitness(s.spec, Always(r.initial), events, r.order)
		require.NoError(t, err)
		require.Equal(t, Ok, verdict)
		verdict, err = Check(s.spec, Always(r.initial), events)
		require.NoError(t, err)
		require.Equal(t, Ok, verdict)
	})
}

// TestAWitnessIsBelievedByPorcupine: what an order explains is linearizable, whatever the history and the order. A
// witness that does not look at the intervals explains histories that are not.
func TestAWitnessIsBelievedByPorcupine(t *testing.T) {
	each(t, believed[WorkflowState], believed[EntryState], believed[Epoch], believed[LockState])
}

func believed[S comparable](t *testing.T, s subject[S]) {
	accepted, twinWrong := false, false
	untilSeen(t, func(t *rapid.T) {
		r := s.draw(t, 6)
		events := Close(r.events)
		if rapid.Bool().Draw(t, "spoiled") {
			events = s.spoil(t, events)
		}
		var order []int
		for _, c := range calls(events) {
			order = append(order, c.number)
		}
		order = rapid.Permutation(order).Draw(t, "order")
		judged, err := Check(s.spec, Always(r.initial), events)
		require.NoError(t, err)
		for _, order := range [][]int{order, sameOperations(r.order, order)} {
			witness, err := CheckWitness(s.spec, Always(r.initial), events, order)
			require.NoError(t, err)
			if witness == Ok {
				accepted = true
				require.Equal(t, Ok, judged)
			}
			twin, err := CheckOrder(s.spec, Always(r.initial), events, order)
			require.NoError(t, err)
			twinWrong = twinWrong || twin == Ok && judged == Violation
		}
	}, func() bool { return accepted && twinWrong })
}

// sameOperations is the order, and then what it lacks of all.
func sameOperations(order, all []int) []int {
	order = append([]int(nil), order...)
	for _, n := range all {
		if !contains(order, n) {
			order = append(order, n)
		}
	}
	return order
}

func TestSomeOrderIsAWitnessExactlyIfLinearizable(t *testing.T) {
	each(t, someWitness[WorkflowState], someWitness[EntryState], someWitness[Epoch], someWitness[LockState])
}

func someWitness[S comparable](t *testing.T, s subject[S]) {
	rapid.Check(t, func(t *rapid.T) {
		r := s.draw(t, 4)
		events := s.spoil(t, Close(r.events))
		list := calls(events)
		found := false
		var try func(order []int)
		try = func(order []int) {
			if len(order) == len(list) {
				verdict, err := CheckWitness(s.spec, Always(r.initial), events, order)
				require.NoError(t, err)
				found = found || verdict == Ok
				return
			}
			for _, c := range list {
				if !contains(order, c.number) {
					try(append(order[:len(order):len(order)], c.number))
				}
			}
		}
		try(nil)
		require.Equal(t, checkAll(s.spec, r.initial, list), found)
	})
}

func contains(list []int, n int) bool {
	for _, m := range list {
		if m == n {
			return true
		}
	}
	return false
}
