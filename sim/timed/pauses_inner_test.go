package timed

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// TestUntilIsTheUnionOfThePauses: Until is what one gets by laying the pauses of all blocks out in a row, joining
// those that overlap or touch, and looking the time up; each begins in its block and lasts no longer than one.
func TestUntilIsTheUnionOfThePauses(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		every := time.Duration(rapid.Int64Range(int64(everyMin), int64(time.Minute)).Draw(t, "every"))
		upper := time.Duration(rapid.Int64Range(0, int64(2*every)).Draw(t, "upper"))
		p := &Pauses{Every: every, For: uniform{0, upper}}
		seed, lane := rapid.Uint64().Draw(t, "seed"), rapid.Uint64().Draw(t, "lane")
		const blocks = 40
		type span struct{ from, to time.Duration }
		var joined []span
		for block := range time.Duration(blocks) {
			begins, lasts := p.begins(laneOf(seed, lane), block), p.lasts(laneOf(seed, lane), block)
			require.Less(t, begins, every)
			require.LessOrEqual(t, lasts, every)
			from := block*every + begins
			next := span{from, from + lasts}
			if n := len(joined); n > 0 && from <= joined[n-1].to {
				joined[n-1].to = max(joined[n-1].to, next.to)
			} else {
				joined = append(joined, next)
			}
		}
		want := func(at time.Duration) time.Duration {
			for _, s := range joined {
				if s.from <= at && at < s.to {
					return s.to
				}
			}
			return at
		}
		last := joined[len(joined)-1].from // the pauses of later blocks may join it
		at := []time.Duration{0}
		for _, s := range joined {
			at = append(at, max(0, s.from-1), s.from, s.to-1, s.to)
		}
		for range 20 {
			at = append(at, time.Duration(rapid.Int64Range(0, int64(last)).Draw(t, "at")))
		}
		for _, a := range at {
			if a >= 0 && a < last {
				require.Equal(t, want(a), p.Until(seed, lane, a), "at %s of %v", a, joined)
			}
		}
	})
}

// TestPausesEnd: they end at 73 years, also one that would go on; so that what is asked for later is not earlier.
func TestPausesEnd(t *testing.T) {
	p := &Pauses{Every: time.Hour, For: constant(59 * time.Minute)}
	paused := 0
	for lane := range uint64(20) {
		until := p.Until(1, lane, end-1)
		require.LessOrEqual(t, until, end)
		if until == end {
			paused++
		}
		require.Equal(t, end, p.Until(1, lane, end))
		require.Equal(t, end+1, p.Until(1, lane, end+1))
	}
	require.Positive(t, paused)
}
