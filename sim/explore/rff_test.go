package explore_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"fermata/sim"
	"fermata/sim/explore"
	"fermata/sim/tiny"
)

// TestRFFKeepsConstraints: A writes a twice and B reads it: it reads the start, the first write or the second. A run
// that must have one of the three pairs has it, and one that must not has not, whatever the priorities. Without a
// constraint each is had by some run and not by another. Steps are only put off: once the second write is there, and
// nothing is left but the read, a run that must not have them as a pair has them all the same.
func TestRFFKeepsConstraints(t *testing.T) {
	ps := programs{{{tiny.Write, cellA, 1}, {tiny.Write, cellA, 2}}, {{tiny.Read, cellA, 0}}}
	read := sim.Step{Verb: tiny.Read, Object: cellA}
	m := sim.New(ps.system())
	defer m.Close()
	for nth := range uint16(3) {
		var from []sim.Step
		for range nth {
			from = append(from, sim.Step{Verb: tiny.Write, Object: cellA})
		}
		had := func(f *explore.RFF) bool {
			at := uint16(0)
			explore.Walk(m, f, explore.Options{SchedulesMax: 1, Entered: func(m *sim.Machine, _ int) {
				if m.Transition().Choice.Actor == 1 {
					at = uint16(m.Steps() - 1)
				}
			}})
			return at == nth
		}
		free := 0
		for seed := range uint64(100) {
			must, mustNot := explore.NewRFF(seed), explore.NewRFF(seed)
			explore.Constrain(must, read, from, false)
			explore.Constrain(mustNot, read, from, true)
			require.True(t, had(must))
			if nth < 2 {
				require.False(t, had(mustNot))
			}
			if had(explore.NewRFF(seed)) {
				free++
			}
		}
		require.Greater(t, free, 5)
		require.Less(t, free, 95)
	}
}
