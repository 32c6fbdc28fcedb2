package timed_test

import (
	"math"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"fermata/sim/timed"
)

func pauses(t require.TestingT, text string) *timed.Pauses {
	p, err := timed.ParsePauses(text, held.read)
	require.NoError(t, err)
	return p
}

// drawPauses draws any, also such as last nearly all the time, or longer than they are apart.
func drawPauses(t *rapid.T) *timed.Pauses {
	of := drawDistribution(t)
	d, err := timed.ParseDistribution(of.text, of.file.read)
	require.NoError(t, err)
	every := time.Duration(rapid.Int64Range(int64(time.Millisecond), int64(time.Hour)).Draw(t, "every"))
	return &timed.Pauses{Every: every, For: d}
}

// TestUntilLaws: Until is never before the time, is at rest in what it answers, is no earlier for a later time, and
// answers the same whatever it was asked before.
func TestUntilLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawPauses(t)
		seed, lane := rapid.Uint64().Draw(t, "seed"), rapid.Uint64().Draw(t, "lane")
		most := rapid.SampledFrom([]int64{int64(3 * p.Every), int64(100 * time.Hour), math.MaxInt64}).Draw(t, "most")
		var at []time.Duration
		for range 40 {
			at = append(at, time.Duration(rapid.Int64Range(0, most).Draw(t, "at")))
		}
		until := map[time.Duration]time.Duration{}
		for _, a := range at {
			until[a] = p.Until(seed, lane, a)
			require.GreaterOrEqual(t, until[a], a)
			require.Equal(t, until[a], p.Until(seed, lane, until[a]))
			if u := until[a]; u > a { // the last moment of the pause, and the first after it
				require.Equal(t, u, p.Until(seed, lane, u-1))
			}
		}
		slices.Sort(at)
		for i, a := range at {
			require.Equal(t, until[a], p.Until(seed, lane, a))
			if i > 0 {
				require.LessOrEqual(t, until[at[i-1]], until[a])
			}
		}
	})
}

// TestShareOfPauses: over many blocks, the time paused is what pauses last over what they are apart, within five
// standard errors of so many samples.
func TestShareOfPauses(t *testing.T) {
	for _, text := range []string{"500ms every 30s", "lognormal:200ms/800ms every 10s", "exp:2ms every 100ms"} {
		p := pauses(t, text)
		chance := timed.NewSource(9, 0, 0)
		const n = 400_000
		paused := 0
		for range n {
			at := time.Duration(chance.Int64N(int64(10_000 * p.Every)))
			if p.Until(2, chance.Uint64N(8), at) > at {
				paused++
			}
		}
		share := float64(p.For.Mean()) / float64(p.Every)
		// Two neighbours overlap in share^2/2 of the time.
		require.InDelta(t, share, float64(paused)/n, 5*math.Sqrt(share/n)+share*share, text)
	}
}

// TestLanesPauseApart: two lanes, and one lane of two seeds, pause together no more often than chance has it.
func TestLanesPauseApart(t *testing.T) {
	p := pauses(t, "10ms every 100ms")
	chance := timed.NewSource(9, 0, 0)
	const n = 400_000
	lanes, seeds := 0, 0
	for range n {
		at := time.Duration(chance.Int64N(int64(1000 * time.Second)))
		if p.Until(1, 1, at) > at {
			if p.Until(1, 2, at) > at {
				lanes++
			}
			if p.Until(2, 1, at) > at {
				seeds++
			}
		}
	}
	// 0.095 squared is 0.009, as pauses overlap; over 10,000 blocks it is known to a tenth of itself.
	require.InDelta(t, 0.009, float64(lanes)/n, 0.0012)
	require.InDelta(t, 0.009, float64(seeds)/n, 0.0012)
}

// TestNoPauses: nil, the zero value and what has no length or no distance are none.
func TestNoPauses(t *testing.T) {
	for _, p := range []*timed.Pauses{
		nil, {}, {Every: time.Second}, {For: distribution(t, "1s")}, pauses(t, "none"), pauses(t, "0s every 1ms"),
	} {
		for at := range 100 * time.Duration(1) {
			require.Equal(t, at*time.Millisecond, p.Until(1, 1, at*time.Millisecond))
		}
	}
	p := &timed.Pauses{Every: time.Microsecond, For: distribution(t, "1s")}
	require.PanicsWithValue(t, "a pause every 1us: at least 1ms is asked for, by ParsePauses too",
		func() { p.Until(0, 0, 0) })
}

// TestPausesOfEveryPlatform: these are the pauses of every platform.
func TestPausesOfEveryPlatform(t *testing.T) {
	p := pauses(t, "lognormal:1s/8s every 10s")
	sum := uint64(0)
	for at := time.Duration(0); at < 100*time.Hour; at += 10 * time.Second {
		sum = sum*31 + uint64(p.Until(1, 2, at))
	}
	require.Equal(t, uint64(0x4d176b16850f99e2), sum)
}

// TestPausesTextRoundTrips: what was written reads as the same, also a path that has " every " in it.
func TestPausesTextRoundTrips(t *testing.T) {
	for given, want := range map[string]string{
		"500ms every 30s":                       "500ms every 30s",
		" exp:0.5s  every  60s ":                "exponential:500ms every 1m",
		"lognormal:200ms/900ms every 10s":       "lognormal:200ms/900ms every 10s",
		"file:a every 1s, not more every 1m30s": "file:a every 1s, not more every 1m30s",
		"none":                                  "none",
		"0s every 1h":                           "0s every 1h",
	} {
		read := files{"a every 1s, not more": "3ms\n"}.read
		p, err := timed.ParsePauses(given, read)
		require.NoError(t, err)
		require.Equal(t, want, p.String())
		again, err := timed.ParsePauses(p.String(), read)
		require.NoError(t, err)
		require.Equal(t, p, again)
	}
}

// TestWrongPauses: each is refused in one line that says what was given and what was expected.
func TestWrongPauses(t *testing.T) {
	for given, want := range map[string]string{
		"":                    `pauses "": expected none, or how long and how often, such as 500ms every 30s`,
		"500ms":               `pauses "500ms": expected none, or how long`,
		"500ms every":         `pauses "500ms every": expected none, or how long`,
		"500ms every second":  `"second": expected a duration`,
		"500ms every 30":      `"30" has no unit: expected a duration`,
		"500ms every -30s":    `"-30s" is negative: expected 0s or more`,
		"0s every 0s":         `every 0s: expected at least 1ms`,
		"1us every 999us":     `every 999us: expected at least 1ms`,
		"often every 30s":     `unknown: expected 80us (constant)`,
		"gamma:1s every 30s":  `unknown kind "gamma": expected 80us (constant)`,
		"-1s every 30s":       `"-1s" is negative: expected 0s or more`,
		"30s every 30s":       `a pause of 30s on average is no shorter than every 30s: expected a shorter one`,
		"exp:1m every 30s":    `a pause of 1m on average is no shorter than every 30s`,
		"file:none every 30s": `open none: file does not exist`,
	} {
		_, err := timed.ParsePauses(given, held.read)
		oneLine(t, err, want)
	}
}

// BenchmarkUntil asks for times that come one after the other, of thirty servers in turns.
func BenchmarkUntil(b *testing.B) {
	for _, text := range []string{"none", "500ms every 30s", "exp:500ms every 30s", "lognormal:200ms/800ms every 30s"} {
		p := pauses(b, text)
		b.Run(text, func(b *testing.B) {
			b.ReportAllocs()
			at, lane := time.Duration(0), uint64(0)
			for b.Loop() {
				p.Until(1, lane%30, at)
				at += 777 * time.Microsecond
				lane++
			}
		})
	}
}
