package timed_test

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"fermata/sim/timed"
)

// TestWrongDistributions: each is refused in one line that says what was given and what was expected.
func TestWrongDistributions(t *testing.T) {
	wrong := files{
		"empty": "", "silent": "# nothing\n\n", "garbage": "80us\n\n# c\n12 parsecs\n", "below": "1\n-3us\n",
		"above": "25h\n", "infinite": "inf\n", "hex": "0x10\n", "number": "1e300\n",
	}
	const kinds = "expected 80us (constant), exponential:80us (mean), lognormal:80us/200us (median/99th percentile), " +
		"uniform:0s..100ms or file:PATH"
	const line = ": expected a duration such as 80us, or a number of microseconds, from 0 to 24h"
	for given, want := range map[string]string{
		"":                                 `distribution "": unknown: ` + kinds,
		"fast":                             `distribution "fast": unknown: ` + kinds,
		"gamma:80us":                       `distribution "gamma:80us": unknown kind "gamma": ` + kinds,
		"Exp:80us":                         `unknown kind "Exp": ` + kinds,
		"80":                               `"80" has no unit: expected a duration such as 80us or 1m30s`,
		"80 us":                            `"80 us": expected a duration such as 80us or 1m30s`,
		"-80us":                            `"-80us" is negative: expected 0s or more`,
		"exp:-1ns":                         `"-1ns" is negative`,
		"24h0m0.000000001s":                `is too long: expected at most 24h`,
		"exp:30h":                          `"30h" is too long: expected at most 24h`,
		"99999999h":                        `"99999999h": expected a duration such as 80us or 1m30s, at most 24h`,
		"exp:":                             `"": expected a duration such as 80us or 1m30s`,
		"lognormal:80us":                   `"80us": expected MEDIAN/P99, two durations`,
		"lognormal:3ms/2ms":                `the median, 3ms, is above the 99th percentile, 2ms: expected MEDIAN/P99`,
		"lognormal:0s/2ms":                 `a median of 0: expected one above`,
		"lognormal:1ms/":                   `"": expected a duration`,
		"uniform:1ms":                      `"1ms": expected LOWER..UPPER, two durations`,
		"uniform:2ms..1ms":                 `the upper end, 1ms, is below the lower, 2ms: expected LOWER..UPPER`,
		"uniform:-1ms..1ms":                `"-1ms" is negative`,
		"file:":                            `no path: expected file:PATH`,
		"file:a\nb":                        `no path: expected file:PATH`,
		"file:none":                        `open none: file does not exist`,
		"file:empty":                       `empty has no line that says anything` + line + ", on each",
		"file:silent":                      `silent has no line that says anything`,
		"file:garbage":                     `garbage:4: "12 parsecs"` + line,
		"file:below":                       `below:2: "-3us"` + line,
		"file:above":                       `above:1: "25h"` + line,
		"file:infinite":                    `infinite:1: "inf"` + line,
		"file:hex":                         `hex:1: "0x10"` + line,
		"file:number":                      `number:1: "1e300"` + line,
		"." + strings.Repeat("\n9", 1<<16): `\n9\n"...: expected a duration`,
	} {
		_, err := timed.ParseDistribution(given, wrong.read)
		oneLine(t, err, want)
		require.Less(t, len(err.Error()), 400)
	}
}

// TestFilesOfSamples: durations and microseconds, comments, blank lines, and the ends of lines of Windows.
func TestFilesOfSamples(t *testing.T) {
	f := files{"a": "# all\r\n2ms # slow\r\n\r\n 1e3\r\n0.5\n1.5us"}
	d, err := timed.ParseDistribution("file:a", f.read)
	require.NoError(t, err)
	got := []time.Duration{d.Of(0), d.Of(1 << 62), d.Of(2 << 62), d.Of(3 << 62)}
	require.Equal(t, []time.Duration{500, 1500, time.Millisecond, 2 * time.Millisecond}, got)
	require.Equal(t, time.Duration(750500), d.Mean())
}

// FuzzParseDistribution: no text and no file makes the parser panic; what it refuses it refuses in one line; what it
// reads it also writes, and its draws are durations.
func FuzzParseDistribution(f *testing.F) {
	for _, text := range some {
		f.Add(text, held["samples"])
	}
	for _, text := range []string{
		"", ":", "file:", "lognormal:/", "uniform:..", "exp:1e9h", "constant:80us", "-0s", ".",
	} {
		f.Add(text, "inf\n0x1\n24h\n#\n-0\n1e-400\n")
	}
	f.Fuzz(func(t *testing.T, text, content string) {
		read := func(string) ([]byte, error) { return []byte(content), nil }
		d, err := timed.ParseDistribution(text, read)
		if err != nil {
			oneLine(t, err, "distribution ")
			return
		}
		again, err := timed.ParseDistribution(d.String(), read)
		require.NoError(t, err, "%q", d.String())
		require.Equal(t, d, again)
		for _, random := range []uint64{0, 1, 1 << 63, math.MaxUint64} {
			require.GreaterOrEqual(t, d.Of(random), time.Duration(0))
			require.LessOrEqual(t, d.Of(random), 1000*time.Hour)
		}
		require.GreaterOrEqual(t, d.Mean(), time.Duration(0))
	})
}
