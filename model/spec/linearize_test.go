package spec_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	. "fermata/model/spec"
)

// TestLinearize: there is an order exactly if porcupine finds one, and it is a witness.
func TestLinearize(t *testing.T) {
	each(t, linearizes[WorkflowState], linearizes[EntryState], linearizes[Epoch], linearizes[LockState])
}

func linearizes[S comparable](t *testing.T, s subject[S]) {
	seen := map[bool]bool{}
	untilSeen(t, func(t *rapid.T) {
		r := s.draw(t, 8)
		events := s.spoil(t, Close(r.events))
		if len(events) == 0 {
			return
		}
		want, err := Check(s.spec, Always(r.initial), events)
		require.NoError(t, err)
		order, err := Linearize(DefaultLimits, s.spec, r.initial, events)
		require.NoError(t, err)
		seen[want == Ok] = true
		if want != Ok {
			require.Empty(t, order)
			return
		}
		verdict, err := CheckWitness(s.spec, Always(r.initial), events, order)
		require.NoError(t, err)
		require.Equal(t, Ok, verdict)
	}, func() bool { return seen[true] && seen[false] })
}
