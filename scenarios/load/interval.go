package load

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// Interval is a share with its 95 % confidence interval, in parts per million.
type Interval struct {
	PerMillion, Low, High float64
}

const (
	million = 1e6
	// tail is what a 95 % interval leaves out on either side.
	tail = 0.025
)

// PerMillion is events among trials: exact (Garwood) as counts of a Poisson process, so that none among n is told as at
// most 3.69/n, and not as 0. Where each trial has one event at most, the interval ends at all of them. Without a trial
// nothing is known.
func PerMillion(events, trials int64) Interval {
	if trials <= 0 {
		return Interval{High: million}
	}
	low, high := garwood(float64(events))
	n := float64(trials)
	i := Interval{PerMillion: float64(events) / n * million, Low: low / n * million, High: high / n * million}
	if events <= trials {
		i.High = min(i.High, million)
	}
	return i
}

// garwood is the interval of a Poisson mean of which so many events were seen (Garwood, Biometrika 28, 1936): the means
// that would give as many or more, or as many or fewer, with the chance tail.
func garwood(events float64) (low, high float64) {
	if events > 0 {
		low = distuv.ChiSquared{K: 2 * events}.Quantile(tail) / 2
	}
	return low, distuv.ChiSquared{K: 2 * (events + 1)}.Quantile(1-tail) / 2
}

// Spread is a figure over seeds: its mean and the 95 % confidence interval of the mean (Student), 0 wide for one seed.
type Spread struct{ Mean, Low, High float64 }

// Over is the spread of a count over the runs of a result.
func (r *Result) Over(of func(Counts) float64) Spread {
	n := float64(len(r.PerSeed))
	if n == 0 {
		return Spread{}
	}
	sum := 0.0
	for _, c := range r.PerSeed {
		sum += of(c)
	}
	mean := sum / n
	if n == 1 {
		return Spread{mean, mean, mean}
	}
	squares := 0.0
	for _, c := range r.PerSeed {
		d := of(c) - mean
		squares += d * d
	}
	t := distuv.StudentsT{Sigma: 1, Nu: n - 1}.Quantile(1 - tail)
	half := t * math.Sqrt(squares/(n-1)/n)
	return Spread{mean, mean - half, mean + half}
}
