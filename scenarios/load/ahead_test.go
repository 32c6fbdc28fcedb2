package load_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"fermata/scenarios/load"
)

// TestGoingAheadChangesNothing: a shard that goes ahead of the others measures what it does when every step is taken in
// the order of all steps, whatever the engine, the parts and the figures are.
func TestGoingAheadChangesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawn(t)
		if s.Check() != nil {
			t.Skip("figures that do not go together")
		}
		ahead := run(t, s)
		plain := *s
		plain.Plain = true
		same(t, ahead, run(t, &plain))
	})
}

// same wants two results to be one.
func same(t require.TestingT, a, b *load.Result) {
	require.Equal(t, a.Counts, b.Counts)
	for _, m := range load.Measures() {
		require.Equal(t, a.Durations[m], b.Durations[m], m.String())
	}
}

// TestCountsAddUp: every workflow is counted once, and every one that stalled is healed, stuck or unfinished.
func TestCountsAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawn(t)
		if s.Check() != nil {
			t.Skip("figures that do not go together")
		}
		r := run(t, s)
		c := r.Counts
		require.Equal(t, c.Started, c.Completed+c.Failed+c.Stuck+c.Unfinished)
		healed := c.HealedBySweep + c.HealedByAudit + c.HealedOtherwise
		require.LessOrEqual(t, healed, c.Stalled)
		require.LessOrEqual(t, c.Stalled, healed+c.Stuck+c.Unfinished)
		require.LessOrEqual(t, c.Stuck, c.Stalled, "who is stuck has stalled")
		require.Equal(t, c.Completed, r.Durations[load.Lifetime].TotalCount())
		require.Equal(t, healed, r.Durations[load.HealedAfter].TotalCount())
		require.Equal(t, c.Sweeps, r.Durations[load.SweepTime].TotalCount())
		require.LessOrEqual(t, c.EmptyPops, c.Pops)
		if s.Audit.Period == 0 {
			require.Zero(t, c.Audits+c.AuditRepairs+c.HealedByAudit)
		}
	})
}
