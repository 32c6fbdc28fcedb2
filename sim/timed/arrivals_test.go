package timed_test

import (
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"fermata/sim/timed"
)

var traffic = files{"times": "# since the start\n0s\n0.5\n500ms\n1m # late\n"}

func arrivals(t require.TestingT, text string) timed.Arrivals {
	a, err := timed.ParseArrivals(text, traffic.read)
	require.NoError(t, err)
	return a
}

// TestArrivalsTextRoundTrips: what was written reads as the same, and is written the same again.
func TestArrivalsTextRoundTrips(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := rapid.Float64Range(1, 1e6).Draw(t, "rate")
		kind := rapid.SampledFrom([]string{"%v", "poisson:%v", "constant:%v", "bursts:%v/7"}).Draw(t, "kind")
		a := arrivals(t, fmt.Sprintf(kind, x))
		again := arrivals(t, a.String())
		require.Equal(t, a, again)
		require.Equal(t, x, again.Rate())
	})
	for given, want := range map[string]string{
		"90": "poisson:90", "0.5": "poisson:0.5", "1e6": "poisson:1000000", "constant:90": "constant:90",
		" bursts:90/50 ": "bursts:90/50", "file:times": "file:times",
	} {
		require.Equal(t, want, arrivals(t, given).String())
	}
}

// TestRates: over many arrivals, each process has its rate; for those by chance, within five standard deviations of
// the number (that of a Poisson process is its square root; of one in bursts, as many bursts).
func TestRates(t *testing.T) {
	for _, c := range []struct {
		text string
		wide float64 // standard deviations of the number, in square roots of it
	}{
		{"90", 1},
		{"poisson:1000000", 1},
		{"constant:90", 0},
		{"constant:0.7", 0},
		{"bursts:90/50", math.Sqrt(50)},
		{"bursts:90/1", 1},
	} {
		a := arrivals(t, c.text)
		chance := timed.NewSource(3, 1, 4)
		stream := a.Begin()
		const n = 300_000
		var at time.Duration
		for range n {
			gap, ok := stream.Next(chance.Rand)
			require.True(t, ok)
			require.GreaterOrEqual(t, gap, time.Duration(0))
			at += gap
		}
		require.InDelta(t, n, at.Seconds()*a.Rate(), 5*c.wide*math.Sqrt(n)+1e-3, c.text)
	}
}

// TestConstantArrivalsDoNotDrift: the n-th comes at n over the rate, rounded once.
func TestConstantArrivalsDoNotDrift(t *testing.T) {
	stream := arrivals(t, "constant:3").Begin()
	var at []time.Duration
	now := time.Duration(0)
	for range 6 {
		gap, _ := stream.Next(nil)
		now += gap
		at = append(at, now)
	}
	require.Equal(t, []time.Duration{333333333, 666666667, 1e9, 1333333333, 1666666667, 2e9}, at)
}

// TestPoissonGapsAreExponential: the share of gaps above k means is e^-k, within five standard errors.
func TestPoissonGapsAreExponential(t *testing.T) {
	stream, chance := arrivals(t, "90").Begin(), timed.NewSource(5, 0, 0)
	const n = 200_000
	var above [6]float64
	for range n {
		gap, _ := stream.Next(chance.Rand)
		for k := range above {
			if gap.Seconds()*90 > float64(k) {
				above[k]++
			}
		}
	}
	for k := range above {
		p := math.Exp(-float64(k))
		require.InDelta(t, p, above[k]/n, 5*math.Sqrt(p*(1-p)/n)+1e-9, "%d means", k)
	}
}

// TestBurstsComeAtOnce: fifty, then a gap, and so on.
func TestBurstsComeAtOnce(t *testing.T) {
	stream, chance := arrivals(t, "bursts:90/50").Begin(), timed.NewSource(5, 0, 0)
	for i := range 1000 {
		gap, ok := stream.Next(chance.Rand)
		require.True(t, ok)
		require.Equal(t, i%50 == 0, gap > 0, "arrival %d", i)
	}
}

// TestRecordedArrivals: they come at the times of the file, and then no more.
func TestRecordedArrivals(t *testing.T) {
	a := arrivals(t, "file:times")
	require.InDelta(t, 4./60, a.Rate(), 1e-12)
	for range 2 { // a second run is as the first
		stream := a.Begin()
		for _, want := range []time.Duration{0, 500 * time.Millisecond, 0, 59500 * time.Millisecond} {
			gap, ok := stream.Next(nil)
			require.True(t, ok)
			require.Equal(t, want, gap)
		}
		_, ok := stream.Next(nil)
		require.False(t, ok)
	}
	at, err := timed.ParseArrivals("file:a", files{"a": "0\n0\n"}.read)
	require.NoError(t, err)
	require.Zero(t, at.Rate())
}

// TestBeginBegins: each stream is at its own place, and runs of one seed are the same.
func TestBeginBegins(t *testing.T) {
	for _, text := range []string{"90", "constant:90", "bursts:90/50", "file:times"} {
		a := arrivals(t, text)
		gaps := func(stream timed.Stream, seed uint64) (all []time.Duration) {
			chance := timed.NewSource(seed, 0, 0)
			for range 4 {
				gap, _ := stream.Next(chance.Rand)
				all = append(all, gap)
			}
			return all
		}
		other := a.Begin()
		first := gaps(a.Begin(), 1)
		require.Equal(t, first, gaps(other, 1), text)
	}
}

// TestWrongArrivals: each is refused in one line that says what was given and what was expected.
func TestWrongArrivals(t *testing.T) {
	wrong := files{"empty": "\n", "back": "2s\n#\n1s\n", "garbage": "0\nsoon\n", "below": "-1\n"}
	const rates = ": expected a number of arrivals a second, from one a day (0.0000116) to 1000000"
	const line = ": expected a time since the start, as a duration such as 1m30s or in seconds, from 0 to 1000h"
	const kinds = ": expected 90 or poisson:90 (a second), constant:90, bursts:90/50 (50 at once) or file:PATH"
	for given, want := range map[string]string{
		"":                  `arrivals "": unknown` + kinds,
		"many":              `arrivals "many": unknown` + kinds,
		"weibull:3":         `arrivals "weibull:3": unknown kind "weibull"` + kinds,
		"0":                 `arrivals "0": a rate of "0"` + rates,
		"-90":               `a rate of "-90"` + rates,
		"NaN":               `a rate of "NaN"` + rates,
		"+Inf":              `a rate of "+Inf"` + rates,
		"poisson:Inf":       `a rate of "Inf"` + rates,
		"1000000.1":         `a rate of "1000000.1"` + rates,
		"1e-9":              `a rate of "1e-9"` + rates,
		"1e999":             `a rate of "1e999"` + rates,
		"constant:":         `a rate of ""` + rates,
		"constant:90/50":    `a rate of "90/50"` + rates,
		"bursts:90":         `"90": expected RATE/SIZE, such as 90/50: 90 a second, 50 at once`,
		"bursts:0/50":       `a rate of "0"` + rates,
		"bursts:90/0":       `a burst of "0": expected a whole number from 1 to 1000000`,
		"bursts:90/0.5":     `a burst of "0.5": expected a whole number`,
		"bursts:90/-5":      `a burst of "-5": expected a whole number`,
		"bursts:90/1000001": `a burst of "1000001": expected a whole number`,
		"bursts:1/1000000":  `1 a second in bursts of 1000000: expected a burst a day or more`,
		"file:":             `no path: expected file:PATH`,
		"file:none":         `open none: file does not exist`,
		"file:empty":        `empty has no line that says anything` + line,
		"file:back":         `back:3: "1s" is before the line above, 2s: expected ascending times`,
		"file:garbage":      `garbage:2: "soon"` + line,
		"file:below":        `below:1: "-1"` + line,
	} {
		_, err := timed.ParseArrivals(given, wrong.read)
		oneLine(t, err, want)
	}
}

// BenchmarkNext is the next arrival of each kind.
func BenchmarkNext(b *testing.B) {
	for _, text := range []string{"poisson:90", "constant:90", "bursts:90/50", "file:times"} {
		stream, chance := arrivals(b, text).Begin(), timed.NewSource(1, 2, 3)
		b.Run(text, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				stream.Next(chance.Rand)
			}
		})
	}
}
