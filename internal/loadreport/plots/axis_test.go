package plots

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// requireScale holds an axis to what it is for: what is drawn is on it, and it can be read.
func requireScale(t require.TestingT, a *axis, low, top float64) {
	require.LessOrEqual(t, a.low, low)
	require.GreaterOrEqual(t, a.top, top*0.9999999)
	require.Less(t, a.low, a.top)
	if a.log {
		require.Positive(t, a.low)
	}
	labels := map[string]bool{}
	for _, tick := range a.ticks {
		require.GreaterOrEqual(t, tick.Value, a.low)
		require.LessOrEqual(t, tick.Value, a.top)
		if tick.Label != "" {
			require.NotContains(t, labels, tick.Label)
			labels[tick.Label] = true
		}
	}
	require.GreaterOrEqual(t, len(labels), 2)
}

// An axis of numbers holds them all, begins at 0 or is logarithmic, and has two labels at least, no two the same.
func TestNumbersAxis(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		top := rapid.Float64Range(1e-3, 1e6).Draw(t, "top")
		low := top / rapid.Float64Range(1, 1e8).Draw(t, "ratio")
		a := numbers(low, top)
		require.Equal(t, top/low >= 10, a.log)
		if !a.log {
			require.Zero(t, a.low)
			low = 0
		}
		requireScale(t, a, low, top)
	})
	requireScale(t, numbers(0, 0), 0, 0)
}

// An axis of durations holds them all, from a microsecond to years.
func TestDurationsAxis(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		top := rapid.Float64Range(1, 1e14).Draw(t, "top")
		low := max(1, top/rapid.Float64Range(1, 1e10).Draw(t, "ratio"))
		requireScale(t, durations(low, top), low, top)
	})
	require.Empty(t, durations(0, 0).ticks)
}
