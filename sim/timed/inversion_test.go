package timed

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// TestLogarithmAndExponential: they are those of math, to the last digits.
func TestLogarithmAndExponential(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := rapid.Float64Range(-700, 700).Draw(t, "x")
		require.InEpsilon(t, math.Exp(x), exp(x), 2e-13)
		y := math.Exp(x)
		require.InDelta(t, math.Log(y), ln(y), 1e-15*max(1, math.Abs(x)))
		u := open(rapid.Uint64().Draw(t, "bits"))
		require.InEpsilon(t, math.Log(u), ln(u), 3e-15)
	})
	require.Zero(t, ln(1))
	require.Equal(t, 1.0, exp(0))
}

// TestNormalQuantile: the distribution function of the quantile is what was asked for, by math's error function,
// which shares no line with it; both tails alike.
func TestNormalQuantile(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for i := range 20_000 {
		p := open(r.Uint64()) * math.Pow(10, -float64(i%15))
		if p < 0x1p-53 {
			continue
		}
		z := normal(p)
		require.InEpsilon(t, p, math.Erfc(-z/math.Sqrt2)/2, 1e-12, "%v", p)
	}
	require.Zero(t, normal(0.5))
	require.InDelta(t, 2.3263478740408408, normal(0.99), 1e-15) // tables of the normal distribution
	require.InDelta(t, -1.9599639845400545, normal(0.025), 1e-15)
	require.Equal(t, -normal(0.75), normal(0.25))
}

// TestOpenIsOpen: the ends are never reached, and the distance to both is the same.
func TestOpenIsOpen(t *testing.T) {
	require.Equal(t, 0x1p-53, open(0))
	require.Equal(t, 0x1p-53, 1-open(math.MaxUint64))
	require.EqualValues(t, 0, below(0, 7))
	require.EqualValues(t, 6, below(math.MaxUint64, 7))
}
