package timed_test

import (
	"fmt"
	"io/fs"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"fermata/sim/timed"
)

// files reads what is in the map.
type files map[string]string

func (f files) read(path string) ([]byte, error) {
	content, ok := f[path]
	if !ok {
		return nil, &fs.PathError{Op: "open", Path: path, Err: fs.ErrNotExist}
	}
	return []byte(content), nil
}

// some is one of each kind, and the files that they need.
var (
	some = []string{
		"80us", "0s", "exponential:80us", "lognormal:80us/200us", "lognormal:5ms/5ms", "uniform:0s..100ms",
		"uniform:3s..3s", "file:samples",
	}
	held = files{"samples": "80us\n1ms\n# a comment\n\n 120.5 # microseconds\n0\n"}
)

func distribution(t require.TestingT, text string) timed.Distribution {
	d, err := timed.ParseDistribution(text, held.read)
	require.NoError(t, err)
	return d
}

// drawDuration draws one of any magnitude, as a parameter may be.
func drawDuration(t *rapid.T, label string) time.Duration {
	magnitude := rapid.Float64Range(0, math.Log(float64(timed.Longest))).Draw(t, label)
	return min(time.Duration(math.Exp(magnitude)), timed.Longest)
}

// drawn is a distribution that a test has drawn: its text, its file, and the ends that its draws keep to.
type drawn struct {
	text         string
	file         files
	lower, upper time.Duration
}

func drawDistribution(t *rapid.T) drawn {
	a, b := drawDuration(t, "a"), drawDuration(t, "b")
	a, b = min(a, b), max(a, b)
	const most = 1000 * time.Hour
	switch rapid.IntRange(0, 4).Draw(t, "kind") {
	case 0:
		return drawn{a.String(), nil, a, a}
	case 1:
		return drawn{"exp:" + a.String(), nil, 0, most}
	case 2:
		return drawn{fmt.Sprintf("lognormal:%s/%s", a, b), nil, 0, most}
	case 3:
		return drawn{fmt.Sprintf("uniform:%s..%s", a, b), nil, a, b}
	}
	return drawn{"file:a b: every 1.txt", files{"a b: every 1.txt": fmt.Sprintf("%s\n%s\n", b, a)}, a, b}
}

// oneLine: an error of wrong use is one line that says what was expected.
func oneLine(t *testing.T, err error, want string) {
	require.ErrorContains(t, err, want)
	require.NotContains(t, err.Error(), "\n")
	require.True(t, strings.Contains(err.Error(), "expected ") || strings.Contains(err.Error(), "open "), err.Error())
}
