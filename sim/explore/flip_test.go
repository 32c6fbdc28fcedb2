package explore_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"fermata/sim"
	"fermata/sim/explore"
)

// judgingAtAll runs choices and tells whether anything that judges is violated on the way or at the end.
func judgingAtAll(t require.TestingT, s *sim.System, choices []sim.Choice) bool {
	m := sim.New(s)
	defer m.Close()
	judging := false
	look := func(vs []sim.Violation) {
		judging = judging || slices.ContainsFunc(vs, func(v sim.Violation) bool { return v.Judging })
	}
	for _, c := range choices {
		require.Contains(t, m.Choices(nil), c)
		look(m.Take(c))
	}
	require.Empty(t, m.Choices(nil), "the run is over")
	look(m.AtRest())
	return judging
}

// TestFlipPasses: on workload W the flipped schedule is a complete run that passes, shares the beginning with the
// violating one and parts from it there.
func TestFlipPasses(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		system := func() *sim.System { return workload(1, sweepOld, 1) }
		f, ok := find(t, system(), rapid.Uint64().Draw(t, "seed"))
		require.True(t, ok)
		m := sim.New(system())
		defer m.Close()
		flipped, ok := explore.Flip(m, f.Choices)
		require.True(t, ok)
		require.False(t, judgingAtAll(t, system(), flipped.Choices))
		require.Equal(t, f.Choices[:flipped.At], flipped.Choices[:flipped.At])
		require.NotEqual(t, f.Choices[flipped.At], flipped.Choices[flipped.At])
	})
}

// TestFlipWithoutAWay: where every schedule violates there is none.
func TestFlipWithoutAWay(t *testing.T) {
	system := programs{{{verb: 1, object: cellA}}, {{verb: 1, object: cellB}}}.system
	f, ok := find(t, system(), 1)
	require.True(t, ok)
	m := sim.New(system())
	defer m.Close()
	_, ok = explore.Flip(m, f.Choices)
	require.False(t, ok)
}
