package spec_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	. "fermata/model/spec"
)

// TestStepIsPure walks over every state that few operations reach, and every operation and reply.
func TestStepIsPure(t *testing.T) {
	each(t, pure[WorkflowState], pure[EntryState], pure[Epoch], pure[LockState])
}

func pure[S comparable](t *testing.T, s subject[S]) {
	for _, state := range reachable(s, 3) {
		require.Equal(t, s.spec.Hash(state), s.spec.Hash(state))
		for _, op := range s.operations("a") {
			unknown := s.spec.Step(state, op, UnknownReply)
			require.NotEmpty(t, unknown, "%v in %v", op, state)
			for _, reply := range allReplies {
				next := s.spec.Step(state, op, reply)
				for i := range next {
					require.NotContains(t, next[:i], next[i], "a state twice")
				}
				require.Equal(t, next, s.spec.Step(state, op, reply), "not a function")
				require.Subset(t, unknown, next, "%v => %v in %v", op, reply, state)
				require.Equal(t, s.spec.Step(state, op, UnknownReply), unknown, "a result was changed")
			}
		}
	}
}

// TestHashTellsStatesApart: a hash that is the same for all would be legal, and slow.
func TestHashTellsStatesApart(t *testing.T) {
	each(t, hashes[WorkflowState], hashes[EntryState], hashes[Epoch], hashes[LockState])
}

func hashes[S comparable](t *testing.T, s subject[S]) {
	states := reachable(s, 3)
	seen := map[uint64]bool{}
	for _, state := range states {
		seen[s.spec.Hash(state)] = true
	}
	require.Len(t, seen, len(states))
}

func reachable[S comparable](s subject[S], depth int) []S {
	states := append([]S(nil), s.initials...)
	known := map[S]bool{}
	for _, state := range states {
		known[state] = true
	}
	for start := 0; depth > 0; depth-- {
		end := len(states)
		for _, state := range states[start:end] {
			for _, op := range s.operations("a") {
				for _, next := range s.spec.Step(state, op, UnknownReply) {
					if !known[next] {
						known[next], states = true, append(states, next)
					}
				}
			}
		}
		start = end
	}
	return states
}

func TestEverySpecificationRefusesWhatItDoesNotKnow(t *testing.T) {
	each(t, refuses[WorkflowState], refuses[EntryState], refuses[Epoch], refuses[LockState])
}

func refuses[S comparable](t *testing.T, s subject[S]) {
	known := map[OperationName]bool{}
	for _, op := range s.operations("a") {
		known[op.Name] = true
	}
	require.NotEmpty(t, s.spec.Name())
	for name := OperationName(0); name <= Expire+1; name++ {
		_, knows := s.spec.Object(Operation{Name: name, Workflow: "w1", Task: "t1"})
		require.Equal(t, known[name], knows, "%v", name)
		events := []Event{{Kind: Call, Actor: "a", Op: 1, Operation: Operation{Name: name}}}
		_, err := Check(s.spec, Always(s.initials[0]), Close(events))
		require.Equal(t, !known[name], err != nil)
		if !knows {
			require.ErrorIs(t, err, ErrHistory)
			require.Empty(t, Select(s.spec, Close(events)))
		} else {
			require.Equal(t, Close(events), Select(s.spec, Close(events)))
		}
	}
}
