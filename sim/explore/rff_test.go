package explore_test

import (
	"math"
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
	read := []sim.Step{{Verb: tiny.Read, Object: cellA}}
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

// TestRFFNamesStepsNotActors: of many actors who run the same code, a constraint on a step is met by whichever takes
// it. Nine write a and then b, and one reads both. That it reads b from the start and a from a write takes luck where
// priorities alone decide; where b must be read from the start, nobody writes b before that, and nearly every run has
// it: the reader reads a first with a chance of one in ten. The published mean for this program with 99 writers, one
// schedule in 6, comes from such constraints.
func TestRFFNamesStepsNotActors(t *testing.T) {
	var ps programs
	for range 9 {
		ps = append(ps, []instruction{{tiny.Write, cellA, 1}, {tiny.Write, cellB, 1}})
	}
	ps = append(ps, []instruction{{tiny.Read, cellA, 0}, {tiny.Read, cellB, 0}})
	s := ps.system()
	m := sim.New(s)
	defer m.Close()
	torn := func(constrained bool) (n int) {
		for seed := range uint64(400) {
			f := explore.NewRFF(seed)
			if constrained {
				reads := []sim.Step{{Verb: tiny.Read, Object: cellA}, {Verb: tiny.Read, Object: cellB}}
				explore.Constrain(f, reads, nil, false)
			}
			a, b := byte(0), byte(0)
			explore.Walk(m, f, explore.Options{SchedulesMax: 1, Entered: func(m *sim.Machine, _ int) {
				if t := m.Transition(); t.Choice.Actor == 9 {
					w := s.World.(*tiny.World)
					switch t.Step.Object {
					case cellA:
						a = w.Cell[cellA]
					case cellB:
						b = w.Cell[cellB]
					}
				}
			}})
			if a == 1 && b == 0 {
				n++
			}
		}
		return n
	}
	require.InDelta(t, 360, torn(true), 5*math.Sqrt(400*0.9*0.1))
	require.Less(t, torn(false), 40)
}
