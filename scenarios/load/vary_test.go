package load

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// What a range and a list stand for: equal steps, or equal factors beyond a decade; whole values where the figure has
// whole ones; the ends as they were given.
func TestValuesOfRangesAndLists(t *testing.T) {
	for _, c := range []struct {
		figure, text string
		steps        int
		values       string
	}{
		{"rate", "10..200", 8, "10 15.3 23.5 36.1 55.4 85 130 200"},
		{"rate", "10..100", 4, "10 40 70 100"},
		{"rate", "constant:10..100", 2, "constant:10 constant:100"},
		{"servers", "1..3", 8, "1 2 3"},
		{"servers", "1,3,10,30", 8, "1 3 10 30"},
		{"servers", "30", 8, "30"},
		{"sweep-interval", "10ms..1s", 3, "10ms 100ms 1s"},
		{"sweep-interval", "25ms..100ms", 4, "25ms 50ms 75ms 100ms"},
		{"offset-timeout", "0s..30s", 4, "0s 10s 20s 30s"},
		{"lock-try", "1ms..2ms", 8, "1ms 2ms"},
		{"audit", "30s, 1m", 8, "30s 1m"},
		{"store-latency", "1ms..4ms", 4, "1ms 2ms 3ms 4ms"},
		{"store-latency", "exponential:1ms..4ms", 2, "exponential:1ms exponential:4ms"},
		{"store-latency", "uniform:1ms..4ms", 4, "uniform:1ms..4ms"},
		{"failures", "0..1", 3, "0 0.5 1"},
		{"lock", "local", 8, "local"},
		// Left to Set, which refuses them.
		{"servers", "1..many", 8, "1..many"},
		{"servers", "1,many", 8, "1,many"},
		{"lock", "redisson,local", 8, "redisson,local"},
	} {
		values, err := FigureNamed(c.figure).Values(c.text, c.steps)
		require.NoError(t, err, c.text)
		require.Equal(t, c.values, strings.Join(values, " "), "%s %s", c.figure, c.text)
	}
}

func TestValuesThatAreRefused(t *testing.T) {
	for text, said := range map[string]string{
		"30..1":  "servers 30..1: expected a range from the lower value to the higher",
		"3..3":   "expected a range from the lower value to the higher",
		"1,2,1":  "servers 1,2,1: expected each value once",
		"1, 2,2": "expected each value once",
	} {
		_, err := FigureNamed("servers").Values(text, 8)
		require.ErrorIs(t, err, ErrUsage, text)
		require.ErrorContains(t, err, said)
	}
}

// However a range is divided: the values begin and end as asked, rise, are at most so many, and are figures.
func TestValuesRise(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		from := rapid.Int64Range(1, int64(time.Minute)).Draw(t, "from")
		to := rapid.Int64Range(from+1, int64(time.Hour)).Draw(t, "to")
		steps := rapid.IntRange(2, 40).Draw(t, "steps")
		f := FigureNamed("store-latency")
		low, high := time.Duration(from).String(), time.Duration(to).String()
		values, err := f.Values(low+".."+high, steps)
		require.NoError(t, err)
		require.LessOrEqual(t, len(values), steps)
		require.Equal(t, low, values[0])
		require.Equal(t, high, values[len(values)-1])
		last := time.Duration(-1)
		for _, v := range values {
			require.NoError(t, f.Set(Default(), v, nil))
			d, err := time.ParseDuration(v)
			require.NoError(t, err)
			require.Greater(t, d, last)
			last = d
		}
	})
}
