package sim_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"fermata/sim"
	"fermata/sim/tiny"
)

// TestRecheckAsTellsWhoIsNotAlike: actors who are said to be alike, of whom one takes another step, returns something
// else, asks for another operation or has one more.
func TestRecheckAsTellsWhoIsNotAlike(t *testing.T) {
	program := func(object sim.Object, result uint16, operations int, arg int64) sim.Script {
		return func(pos int, _ sim.Reply) (sim.Operation, bool) {
			return sim.Operation{Verb: 1, Arg: sim.Reply{N: arg}, Run: func(a *sim.Actor, _ *sim.Operation) sim.Reply {
				tiny.Do(a, tiny.Write, object, 1)
				return sim.Reply{Code: result}
			}}, pos < operations
		}
	}
	for want, other := range map[string]sim.Script{ //tidy:unordered each on its own
		"":          program(2, 0, 1, 0),
		"took":      program(1, 0, 1, 0),
		"returned":  program(2, 1, 1, 0),
		"went on":   program(2, 0, 2, 0),
		"operation": program(2, 0, 1, 1),
	} {
		s := alike(2)
		s.Actors[0].Script, s.Actors[1].Script = program(2, 0, 1, 0), other
		m := sim.NewMemo(s)
		for _, first := range []sim.ActorID{0, 1} {
			m.Reset()
			m.Take(sim.Choice{Actor: first})
			m.Take(sim.Choice{Actor: 1 - first})
		}
		require.NoError(t, m.RecheckAs([]sim.ActorID{0, 1, 2}))
		err := m.RecheckAs([]sim.ActorID{1, 0, 2})
		if want == "" {
			require.NoError(t, err)
		} else {
			require.ErrorContains(t, err, want)
		}
		m.Close()
	}
}
