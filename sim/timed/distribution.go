package timed

import (
	"fmt"
	"math"
	"math/rand/v2"
	"time"
)

// Longest is the longest duration that a distribution may be given, as a parameter or a sample.
const Longest = 24 * time.Hour

// cut is where every draw is cut: no exponential gets there, and a log-normal only whose 99th percentile is
// thousands of its medians.
const cut = 1000 * time.Hour

// Distribution is how long something takes. A draw is from 0 to 1000 hours, and takes 64 bits.
type Distribution interface {
	// Draw is the duration that the generator's next bits give.
	Draw(r *rand.Rand) time.Duration
	// Of is the duration that these bits give. A greater number never gives a shorter one.
	Of(random uint64) time.Duration
	// Mean is the mean of the draws.
	Mean() time.Duration
	// String is the text that ParseDistribution reads.
	String() string
}

// constant is always the same.
type constant time.Duration

func (c constant) Draw(r *rand.Rand) time.Duration { return c.Of(r.Uint64()) }
func (c constant) Of(uint64) time.Duration         { return time.Duration(c) }
func (c constant) Mean() time.Duration             { return time.Duration(c) }
func (c constant) String() string                  { return text(time.Duration(c)) }

// exponential has this mean.
type exponential time.Duration

func (e exponential) Draw(r *rand.Rand) time.Duration { return e.Of(r.Uint64()) }
func (e exponential) Of(random uint64) time.Duration {
	return nanoseconds(float64(e) * -ln(1-open(random)))
}
func (e exponential) Mean() time.Duration { return time.Duration(e) }
func (e exponential) String() string      { return "exponential:" + text(time.Duration(e)) }

// logNormal has a logarithm that is normal, with this deviation.
type logNormal struct {
	median, p99 time.Duration
	deviation   float64
	quantiles   *[parts + 1]float64 // at whole parts of 0 to 1, in nanoseconds; nil where a line would be far from them
}

// parts is in how many parts the quantiles are kept. Between two of them a draw is on the straight line, which is
// within a thousandth of the quantile. It is worked out itself in the outer parts, tails on each side, and where the
// deviation is above straight.
const (
	parts    = 1024
	tails    = 16
	straight = 1.5
)

func newLogNormal(median, p99 time.Duration) logNormal {
	l := logNormal{median, p99, ln(float64(p99)/float64(median)) / normal(0.99), nil}
	if l.deviation > straight {
		return l
	}
	l.quantiles = &[parts + 1]float64{}
	for i := tails; i <= parts-tails; i++ {
		l.quantiles[i] = l.quantile(float64(i) / parts)
	}
	return l
}

func (l logNormal) quantile(p float64) float64 {
	return float64(float64(l.median) * exp(float64(l.deviation*normal(p))))
}

func (l logNormal) Draw(r *rand.Rand) time.Duration { return l.Of(r.Uint64()) }

func (l logNormal) Of(random uint64) time.Duration {
	p := open(random)
	at := float64(p * parts)
	i := int(at)
	if l.quantiles == nil || i < tails || i >= parts-tails {
		return nanoseconds(l.quantile(p))
	}
	return nanoseconds(l.quantiles[i] + float64((l.quantiles[i+1]-l.quantiles[i])*(at-float64(i))))
}

// Mean takes into account that draws are cut.
func (l logNormal) Mean() time.Duration {
	if l.deviation == 0 {
		return l.median
	}
	less := func(z float64) float64 { return math.Erfc(-z/math.Sqrt2) / 2 }
	at := ln(float64(cut)/float64(l.median)) / l.deviation
	uncut := float64(l.median) * exp(l.deviation*l.deviation/2)
	return nanoseconds(float64(uncut*less(at-l.deviation)) + float64(float64(cut)*less(-at)))
}

func (l logNormal) String() string {
	return fmt.Sprintf("lognormal:%s/%s", text(l.median), text(l.p99))
}

// uniform is anything from lower to upper, both included.
type uniform struct{ lower, upper time.Duration }

func (u uniform) Draw(r *rand.Rand) time.Duration { return u.Of(r.Uint64()) }

func (u uniform) Of(random uint64) time.Duration {
	return u.lower + time.Duration(below(random, uint64(u.upper-u.lower)+1))
}

func (u uniform) Mean() time.Duration { return u.lower + (u.upper-u.lower)/2 }
func (u uniform) String() string      { return fmt.Sprintf("uniform:%s..%s", text(u.lower), text(u.upper)) }

// empirical is any of the samples, each as likely as the others. They are in ascending order.
type empirical struct {
	path    string
	samples []time.Duration
}

func (e *empirical) Draw(r *rand.Rand) time.Duration { return e.Of(r.Uint64()) }

func (e *empirical) Of(random uint64) time.Duration {
	return e.samples[below(random, uint64(len(e.samples)))]
}

// Mean adds whole parts and remainders apart, so that no sum is too large.
func (e *empirical) Mean() time.Duration {
	n := time.Duration(len(e.samples))
	var whole, rest time.Duration
	for _, s := range e.samples {
		whole += s / n
		rest += s % n
	}
	return whole + (rest+n/2)/n
}

func (e *empirical) String() string { return "file:" + e.path }

// nanoseconds rounds to the nearest whole one and cuts.
func nanoseconds(x float64) time.Duration {
	if x >= float64(cut) {
		return cut
	}
	return time.Duration(float64(x) + 0.5)
}
