package timed_test

import (
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"fermata/sim/timed"
)

// TestDistributionTextRoundTrips: what was written reads as the same, and is written the same again.
func TestDistributionTextRoundTrips(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		of := drawDistribution(t)
		d, err := timed.ParseDistribution(of.text, of.file.read)
		require.NoError(t, err)
		again, err := timed.ParseDistribution(d.String(), of.file.read)
		require.NoError(t, err)
		require.Equal(t, d, again)
		require.Equal(t, d.String(), again.String())
	})
	for _, text := range some {
		require.Equal(t, text, distribution(t, text).String())
	}
	require.Equal(t, "80us", distribution(t, " constant:0.08ms ").String())
	require.Equal(t, "exponential:1m30s", distribution(t, "exp:90s").String())
	require.Equal(t, "uniform:1m..24h", distribution(t, "uniform:60s..1440m").String())
}

// TestDrawsKeepToTheSupport: no draw is negative or beyond the ends, whatever the bits; a greater number never
// gives a shorter one; and each takes 64 bits of its generator.
func TestDrawsKeepToTheSupport(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		of := drawDistribution(t)
		d, err := timed.ParseDistribution(of.text, of.file.read)
		require.NoError(t, err)
		seed := rapid.Uint64().Draw(t, "seed")
		chance, bits := timed.NewSource(seed, 0, 0), timed.NewSource(seed, 0, 0)
		numbers := []uint64{0, math.MaxUint64}
		for range 50 {
			random := bits.Uint64()
			require.Equal(t, d.Of(random), d.Draw(chance.Rand))
			numbers = append(numbers, random)
		}
		slices.Sort(numbers)
		last := time.Duration(0)
		for _, random := range numbers {
			got := d.Of(random)
			require.GreaterOrEqual(t, got, of.lower)
			require.LessOrEqual(t, got, of.upper)
			require.GreaterOrEqual(t, got, last)
			last = got
		}
		require.GreaterOrEqual(t, d.Mean(), of.lower)
		require.LessOrEqual(t, d.Mean(), of.upper)
	})
}

// TestEmpiricalDrawsOnlySamples: and each about as often as the others.
func TestEmpiricalDrawsOnlySamples(t *testing.T) {
	d := distribution(t, "file:samples")
	chance := timed.NewSource(1, 0, 0)
	seen := map[time.Duration]int{}
	for range 40_000 {
		seen[d.Draw(chance.Rand)]++
	}
	require.Len(t, seen, 4)
	for _, sample := range []time.Duration{0, 80 * time.Microsecond, 120500, time.Millisecond} {
		require.InDelta(t, 10_000, seen[sample], 5*math.Sqrt(40_000*3/16.), "%s", sample)
	}
}

// TestMeans: the mean of many draws is within five standard errors of Mean. The seed is fixed: it always is.
func TestMeans(t *testing.T) {
	for i, text := range append(slices.Clone(some), "lognormal:1ms/100ms", "exp:7ns", "exp:24h", "uniform:1ns..6ns") {
		d := distribution(t, text)
		chance := timed.NewSource(7, uint64(i), 0)
		const n = 400_000
		var sum, squares float64
		for range n {
			x := float64(d.Draw(chance.Rand))
			sum += x
			squares += x * x
		}
		mean := sum / n
		err := math.Sqrt(max(0, squares/n-mean*mean) / n)
		require.InDelta(t, mean, float64(d.Mean()), 5*err+0.5, text)
	}
}

// TestMeanOfWhatIsCut: where draws are cut, Mean is that of the draws: their sum over equal parts of the bits.
func TestMeanOfWhatIsCut(t *testing.T) {
	d := distribution(t, "lognormal:1s/24h")
	const parts = 1 << 20
	sum := 0.
	for i := range uint64(parts) {
		sum += float64(d.Of(i<<44 | 1<<43))
	}
	require.InEpsilon(t, sum/parts, float64(d.Mean()), 1e-4)
	require.Equal(t, 1000*time.Hour, d.Of(math.MaxUint64))
}

// TestLogNormalQuantiles: half of the draws are at most the median, 99 of 100 at most the 99th percentile.
func TestLogNormalQuantiles(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := drawDuration(t, "a"), drawDuration(t, "b")
		a, b = min(a, b), max(a, b)
		d := distribution(t, fmt.Sprintf("lognormal:%s/%s", a, b))
		at := func(p float64) time.Duration { return d.Of(uint64(p * 0x1p64)) }
		require.InDelta(t, float64(a), float64(at(0.5)), 1+1e-9*float64(a))
		require.InDelta(t, float64(b), float64(at(0.99)), 1+1e-9*float64(b))
	})
}

// TestLogNormalLines: a draw between two quantiles is within a thousandth of the quantile itself, also next to the
// tails and at the greatest deviation for which lines are drawn.
func TestLogNormalLines(t *testing.T) {
	for _, text := range []string{"lognormal:1s/2s", "lognormal:1s/32s", "lognormal:1s/34s"} {
		d := distribution(t, text)
		p99 := map[string]float64{"lognormal:1s/2s": 2, "lognormal:1s/32s": 32, "lognormal:1s/34s": 34}[text]
		deviation := math.Log(p99) / (math.Sqrt2 * math.Erfinv(0.98))
		for i := 1; i < 1<<14; i++ {
			p := (float64(i) + 0.25) / (1 << 14)
			exact := math.Exp(deviation * math.Sqrt2 * math.Erfinv(2*p-1))
			require.InEpsilon(t, exact, d.Of(uint64(p*0x1p64)).Seconds(), 1e-3, "%s at %v", text, p)
		}
	}
}

// TestSameBitsSameDraws: these are the draws of every platform, to the nanosecond. The figures are so large that a
// nanosecond is in the last digits of the arithmetic.
func TestSameBitsSameDraws(t *testing.T) {
	for text, want := range map[string]uint64{
		"exp:24h": 0x8ead336ba3cb470e, "lognormal:1h/24h": 0xb1120d7c3dae65a4,
		"uniform:0s..24h": 0x7bc6c98ecd2dc5aa, "file:samples": 0x32eac109aa2264e4,
	} {
		d, chance := distribution(t, text), timed.NewSource(42, 1, 2)
		sum := uint64(0)
		for range 100_000 {
			sum = sum*31 + uint64(d.Draw(chance.Rand))
		}
		require.Equal(t, want, sum, text)
	}
	d, chance := distribution(t, "lognormal:80us/200us"), timed.NewSource(42, 1, 2)
	require.Equal(t, []time.Duration{53973, 84707, 85726},
		[]time.Duration{d.Draw(chance.Rand), d.Draw(chance.Rand), d.Draw(chance.Rand)})
}

// BenchmarkDraw is a draw of each kind.
func BenchmarkDraw(b *testing.B) {
	for _, text := range some {
		d, chance := distribution(b, text), timed.NewSource(1, 2, 3)
		b.Run(text, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				d.Draw(chance.Rand)
			}
		})
	}
}
