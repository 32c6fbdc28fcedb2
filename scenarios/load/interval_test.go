package load_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"fermata/scenarios/load"
)

// The exact limits of a Poisson mean as the field's tables have them, to three or four figures (Garwood, Biometrika 28,
// 1936; Ulm, American Journal of Epidemiology 131, 1990).
func TestIntervalsAreThePublishedOnes(t *testing.T) {
	for _, c := range []struct {
		events    int64
		low, high float64
	}{
		{0, 0, 3.689}, {1, 0.0253, 5.572}, {2, 0.2422, 7.225}, {3, 0.6187, 8.767}, {4, 1.090, 10.24}, {5, 1.623, 11.67},
		{10, 4.795, 18.39}, {20, 12.22, 30.89}, {30, 20.24, 42.83}, {50, 37.11, 65.92}, {100, 81.36, 121.6},
	} {
		i := load.PerMillion(c.events, 1_000_000)
		require.InDelta(t, float64(c.events), i.PerMillion, 1e-9)
		require.InEpsilon(t, 1+c.low, 1+i.Low, 5e-4, "%d events", c.events)
		require.InEpsilon(t, 1+c.high, 1+i.High, 5e-4, "%d events", c.events)
	}
}

// Large counts are as the normal distribution has them: k-z√k+(z²-1)/3 below, and (z²+2)/3 beyond k+z√k above.
func TestIntervalsOfLargeCounts(t *testing.T) {
	const z = 1.959964
	for _, k := range []float64{1e4, 1e6, 1e8} {
		i := load.PerMillion(int64(k), 1e9)
		require.InDelta(t, k-z*math.Sqrt(k)+(z*z-1)/3, i.Low*1e3, 0.1)
		require.InDelta(t, k+z*math.Sqrt(k)+(z*z+2)/3, i.High*1e3, 0.1)
	}
}

// None among n is at most 3.69/n, not 0; nothing tried tells nothing; a share is not more than all.
func TestIntervalsAtTheEdges(t *testing.T) {
	none := load.PerMillion(0, 120_000)
	require.Zero(t, none.PerMillion)
	require.Zero(t, none.Low)
	require.InDelta(t, 3.6889e6/120_000, none.High, 0.01)
	require.Equal(t, load.Interval{High: 1e6}, load.PerMillion(0, 0))
	require.InDelta(t, 1e6, load.PerMillion(5, 5).High, 0)
	require.Greater(t, load.PerMillion(6, 5).High, 1.2e6)
}

// The value is within its interval, more trials make it narrower, and the interval is what its definition says: a mean
// at either end gives what was seen, or something further off, with a chance of 2.5 %.
func TestIntervalLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		trials := rapid.Int64Range(1, 1e9).Draw(t, "trials")
		events := rapid.Int64Range(0, min(trials, 1e6)).Draw(t, "events")
		i := load.PerMillion(events, trials)
		require.LessOrEqual(t, i.Low, i.PerMillion)
		require.LessOrEqual(t, i.PerMillion, i.High)
		require.LessOrEqual(t, i.High, 1e6)
		if twice := load.PerMillion(events, 2*trials); i.High < 1e6 { // not cut off
			require.Less(t, twice.High-twice.Low, i.High-i.Low)
		}
	})
	rapid.Check(t, func(t *rapid.T) {
		events := rapid.Int64Range(0, 200).Draw(t, "events")
		i := load.PerMillion(events, 1_000_000)
		require.InDelta(t, 0.025, atMost(events, i.High), 1e-6)
		if events > 0 {
			require.InDelta(t, 0.025, 1-atMost(events-1, i.Low), 1e-6)
		}
	})
}

// atMost is the chance of that many events or fewer where the mean is so many.
func atMost(events int64, mean float64) float64 {
	sum := 0.0
	for k := int64(0); k <= events; k++ {
		g, _ := math.Lgamma(float64(k) + 1)
		sum += math.Exp(float64(k)*math.Log(mean) - mean - g)
	}
	return sum
}

func stuckIn(counts ...int64) *load.Result {
	r := &load.Result{}
	for _, n := range counts {
		r.PerSeed = append(r.PerSeed, load.Counts{Stuck: n})
	}
	return r
}

func stuck(c load.Counts) float64 { return float64(c.Stuck) }

// Student's quantiles as the tables have them: 12.706 for two runs, 2.776 for five, 2.262 for ten.
func TestSpreadIsStudents(t *testing.T) {
	s := stuckIn(4, 6).Over(stuck)
	require.InDelta(t, 5, s.Mean, 1e-12)
	require.InDelta(t, 12.706, s.High-5, 1e-3)
	require.InDelta(t, 12.706, 5-s.Low, 1e-3)
	s = stuckIn(1, 2, 3, 4, 5).Over(stuck)
	require.InDelta(t, 2.776*math.Sqrt(2.5/5), s.High-3, 1e-3)
	s = stuckIn(1, 2, 3, 4, 5, 6, 7, 8, 9, 10).Over(stuck)
	require.InDelta(t, 2.262*3.02765/math.Sqrt(10), s.High-5.5, 1e-3)
	require.Equal(t, load.Spread{Mean: 7, Low: 7, High: 7}, stuckIn(7).Over(stuck))
	require.Equal(t, load.Spread{}, stuckIn().Over(stuck))
}

// The mean is the middle, and the same runs in another order are the same spread.
func TestSpreadLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		counts := rapid.SliceOfN(rapid.Int64Range(0, 1000), 2, 12).Draw(t, "counts")
		s := stuckIn(counts...).Over(stuck)
		require.InDelta(t, s.Mean, (s.Low+s.High)/2, 1e-6)
		require.LessOrEqual(t, s.Low, s.High)
		other := stuckIn(rapid.Permutation(counts).Draw(t, "order")...).Over(stuck)
		require.InDelta(t, s.Low, other.Low, 1e-6)
		require.InDelta(t, s.High, other.High, 1e-6)
	})
}
