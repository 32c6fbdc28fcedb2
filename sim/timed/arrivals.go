package timed

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"
)

// The rates that arrivals may have, a second: one a day, and a million a second.
const (
	rateMin = 1. / (24 * 60 * 60)
	rateMax = 1e6
)

// Arrivals is when work comes: a process that can be begun again for every run.
type Arrivals interface {
	// Begin is the process from its start.
	Begin() Stream
	// Rate is how many come a second in the long run. Of a recorded process it is the number over the time of
	// the last, 0 if all come at the start.
	Rate() float64
	// String is the text that ParseArrivals reads.
	String() string
}

// Stream is one run of a process of arrivals.
type Stream interface {
	// Next is the time from the one before, or from the start, to the next arrival; not ok if none comes any more.
	Next(r *rand.Rand) (gap time.Duration, ok bool)
}

// poisson has independent exponential gaps, so many arrivals a second.
type poisson float64

func (p poisson) Begin() Stream  { return p }
func (p poisson) Rate() float64  { return float64(p) }
func (p poisson) String() string { return "poisson:" + rate(float64(p)) }

// Next needs to know nothing of the arrivals before.
func (p poisson) Next(r *rand.Rand) (time.Duration, bool) {
	return nanoseconds(-ln(1-open(r.Uint64())) * (1e9 / float64(p))), true
}

// steady comes so many times a second, at equal distances: the first one distance after the start.
type steady float64

func (s steady) Begin() Stream  { return &steadyStream{rate: float64(s)} }
func (s steady) Rate() float64  { return float64(s) }
func (s steady) String() string { return "constant:" + rate(float64(s)) }

type steadyStream struct {
	rate float64
	come float64
	last time.Duration
}

// Next rounds times, not distances, so that no error adds up.
func (s *steadyStream) Next(*rand.Rand) (time.Duration, bool) {
	s.come++
	at := time.Duration(float64(s.come*1e9/s.rate) + 0.5)
	gap := at - s.last
	s.last = at
	return gap, true
}

// bursts are so many arrivals at once, a Poisson process of them.
type bursts struct {
	rate float64 // of arrivals, a second
	size int
}

func (b bursts) Begin() Stream {
	return &burstStream{between: poisson(b.rate / float64(b.size)), size: b.size}
}
func (b bursts) Rate() float64  { return b.rate }
func (b bursts) String() string { return fmt.Sprintf("bursts:%s/%d", rate(b.rate), b.size) }

type burstStream struct {
	between poisson
	size    int
	left    int // of the burst that has begun
}

// Next is 0 within a burst.
func (b *burstStream) Next(r *rand.Rand) (time.Duration, bool) {
	if b.left > 0 {
		b.left--
		return 0, true
	}
	b.left = b.size - 1
	return b.between.Next(r)
}

// recorded is the times since the start at which something came, in ascending order.
type recorded struct {
	path  string
	times []time.Duration
}

func (r *recorded) Begin() Stream { return &recordedStream{left: r.times} }

func (r *recorded) Rate() float64 {
	last := r.times[len(r.times)-1]
	if last == 0 {
		return 0
	}
	return float64(len(r.times)) / last.Seconds()
}

func (r *recorded) String() string { return "file:" + r.path }

type recordedStream struct {
	left []time.Duration
	last time.Duration
}

// Next ends after the last.
func (r *recordedStream) Next(*rand.Rand) (time.Duration, bool) {
	if len(r.left) == 0 {
		return 0, false
	}
	gap := r.left[0] - r.last
	r.last, r.left = r.left[0], r.left[1:]
	return gap, true
}

// processes is what an unknown kind is told.
const processes = "90 or poisson:90 (a second), constant:90, bursts:90/50 (50 at once) or file:PATH"

// ParseArrivals reads the text of a process of arrivals: a rate a second, or KIND:PARAMETERS. A file is read by
// read; it has a time since the start a line, as a duration or in seconds, in ascending order.
func ParseArrivals(given string, read func(path string) ([]byte, error)) (Arrivals, error) {
	given = strings.TrimSpace(given)
	a, err := parseArrivals(given, read)
	if err != nil {
		return nil, fmt.Errorf("arrivals %s: %w", quote(given), err)
	}
	return a, nil
}

func parseArrivals(given string, read func(path string) ([]byte, error)) (Arrivals, error) {
	kind, rest, named := strings.Cut(given, ":")
	if !named {
		if _, err := strconv.ParseFloat(given, 64); err != nil && !number(given) {
			return nil, errors.New("unknown: expected " + processes)
		}
		kind, rest = "poisson", given
	}
	switch kind {
	case "poisson":
		x, err := parseRate(rest)
		return poisson(x), err
	case "constant":
		x, err := parseRate(rest)
		return steady(x), err
	case "bursts":
		return parseBursts(rest)
	case "file":
		at, err := readTimes(rest, read, times{
			each: time.Second, most: cut, ascending: true,
			expected: "a time since the start, as a duration such as 1m30s or in seconds, from 0 to 1000h",
		})
		return &recorded{rest, at}, err
	}
	return nil, fmt.Errorf("unknown kind %s: expected %s", quote(kind), processes)
}

func parseBursts(given string) (Arrivals, error) {
	mean, size, both := strings.Cut(given, "/")
	if !both {
		return nil, fmt.Errorf("%s: expected RATE/SIZE, such as 90/50: 90 a second, 50 at once", quote(given))
	}
	x, err := parseRate(mean)
	if err != nil {
		return nil, err
	}
	n, err := strconv.Atoi(size)
	if err != nil || n < 1 || n > rateMax {
		return nil, fmt.Errorf("a burst of %s: expected a whole number from 1 to 1000000", quote(size))
	}
	if x/float64(n) < rateMin {
		return nil, fmt.Errorf("%s a second in bursts of %d: expected a burst a day or more", rate(x), n)
	}
	return bursts{x, n}, nil
}

func parseRate(given string) (float64, error) {
	x, err := strconv.ParseFloat(given, 64)
	if err != nil || !(x >= rateMin && x <= rateMax) {
		const expected = "a number of arrivals a second, from one a day (0.0000116) to 1000000"
		return 0, fmt.Errorf("a rate of %s: expected %s", quote(given), expected)
	}
	return x, nil
}

func rate(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }
