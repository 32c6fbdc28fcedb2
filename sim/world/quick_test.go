package world_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"fermata/sim"
	"fermata/sweeper"
)

// TestShortAnswersAreTheLongOnes: in whatever state, a plain step can be taken and has one alternative, and the clock
// may advance exactly if it has a step.
func TestShortAnswersAreTheLongOnes(t *testing.T) {
	plain, advances := map[bool]int{}, map[bool]int{}
	rapid.Check(t, func(t *rapid.T) {
		b := newBench(t, drawDeadlines(t))
		defer b.m.Close()
		for range 20 {
			call := drawCall(t)
			for _, s := range append(b.pend(call), sim.Step{Verb: sim.Verb(sweeper.EnvJitter), A: 10}) {
				plain[b.w.Plain(&s)]++
				for left := range 3 {
					require.True(t, !b.w.Plain(&s) || b.w.Enabled(0, &s) && b.w.Alternatives(0, &s, left) == 1)
				}
			}
			b.do(call)
			var next sim.Step
			require.Equal(t, b.w.NextAdvance(&next), b.w.MayAdvance())
			advances[b.w.MayAdvance()]++
		}
	})
	for _, seen := range []map[bool]int{plain, advances} {
		require.Positive(t, seen[true])
		require.Positive(t, seen[false])
	}
}
