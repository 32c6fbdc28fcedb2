package timed

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// distributions is what an unknown kind is told.
const distributions = "80us (constant), exponential:80us (mean), lognormal:80us/200us (median/99th percentile), " +
	"uniform:0s..100ms or file:PATH"

// ParseDistribution reads the text of a distribution: one duration, or KIND:PARAMETERS. A file is read by read,
// for example os.ReadFile; it has a duration, or a number of microseconds, a line.
func ParseDistribution(given string, read func(path string) ([]byte, error)) (Distribution, error) {
	given = strings.TrimSpace(given)
	d, err := parseDistribution(given, read)
	if err != nil {
		return nil, fmt.Errorf("distribution %s: %w", quote(given), err)
	}
	return d, nil
}

func parseDistribution(given string, read func(path string) ([]byte, error)) (Distribution, error) {
	kind, rest, named := strings.Cut(given, ":")
	if !named {
		if given == "" || strings.Trim(given[:1], "+-.0123456789") != "" {
			return nil, errors.New("unknown: expected " + distributions)
		}
		kind, rest = "constant", given
	}
	switch kind {
	case "constant":
		d, err := parseDuration(rest)
		return constant(d), err
	case "exponential", "exp":
		d, err := parseDuration(rest)
		return exponential(d), err
	case "lognormal":
		return parseLogNormal(rest)
	case "uniform":
		return parseUniform(rest)
	case "file":
		return readEmpirical(rest, read)
	}
	return nil, fmt.Errorf("unknown kind %s: expected %s", quote(kind), distributions)
}

func parseLogNormal(given string) (Distribution, error) {
	median, p99, err := parsePair(given, "/", "MEDIAN/P99")
	switch {
	case err != nil:
		return nil, err
	case median == 0:
		return nil, errors.New("a median of 0: expected one above")
	case median > p99:
		return nil, fmt.Errorf("the median, %s, is above the 99th percentile, %s: expected MEDIAN/P99", text(median),
			text(p99))
	}
	return newLogNormal(median, p99), nil
}

func parseUniform(given string) (Distribution, error) {
	lower, upper, err := parsePair(given, "..", "LOWER..UPPER")
	switch {
	case err != nil:
		return nil, err
	case upper < lower:
		return nil, fmt.Errorf("the upper end, %s, is below the lower, %s: expected LOWER..UPPER", text(upper),
			text(lower))
	}
	return uniform{lower, upper}, nil
}

func parsePair(given, between, form string) (first, second time.Duration, err error) {
	a, b, both := strings.Cut(given, between)
	if !both {
		return 0, 0, fmt.Errorf("%s: expected %s, two durations", quote(given), form)
	}
	if first, err = parseDuration(a); err != nil {
		return 0, 0, err
	}
	second, err = parseDuration(b)
	return first, second, err
}

// parseDuration reads one parameter.
func parseDuration(given string) (time.Duration, error) {
	d, err := time.ParseDuration(given)
	switch {
	case err != nil && number(given):
		return 0, fmt.Errorf("%s has no unit: expected a duration such as 80us or 1m30s", quote(given))
	case err != nil:
		return 0, fmt.Errorf("%s: expected a duration such as 80us or 1m30s, at most 24h", quote(given))
	case d < 0 || strings.HasPrefix(given, "-"):
		return 0, fmt.Errorf("%s is negative: expected 0s or more", quote(given))
	case d > Longest:
		return 0, fmt.Errorf("%s is too long: expected at most 24h", quote(given))
	}
	return d, nil
}

func readEmpirical(path string, read func(path string) ([]byte, error)) (Distribution, error) {
	samples, err := readTimes(path, read, times{
		each: time.Microsecond, most: Longest,
		expected: "a duration such as 80us, or a number of microseconds, from 0 to 24h",
	})
	if err != nil {
		return nil, err
	}
	slices.Sort(samples)
	return &empirical{path, samples}, nil
}

// times is what a file has on each line.
type times struct {
	each     time.Duration // what a plain number counts
	most     time.Duration
	expected string
	// ascending asks that no line is below the one before.
	ascending bool
}

// readTimes reads one duration or plain number a line. What follows a # is a comment; lines may be blank.
func readTimes(path string, read func(path string) ([]byte, error), t times) ([]time.Duration, error) {
	if path == "" || strings.ContainsFunc(path, unicode.IsControl) {
		return nil, errors.New("no path: expected file:PATH")
	}
	content, err := read(path)
	if err != nil {
		return nil, err
	}
	var found []time.Duration
	line := 0
	for whole := range strings.Lines(string(content)) {
		line++
		said, _, _ := strings.Cut(whole, "#")
		if said = strings.TrimSpace(said); said == "" {
			continue
		}
		d, ok := t.parse(said)
		if !ok {
			return nil, fmt.Errorf("%s:%d: %s: expected %s", path, line, quote(said), t.expected)
		}
		if n := len(found); t.ascending && n > 0 && d < found[n-1] {
			return nil, fmt.Errorf("%s:%d: %s is before the line above, %s: expected ascending times", path, line,
				quote(said), text(found[n-1]))
		}
		found = append(found, d)
	}
	if len(found) == 0 {
		return nil, fmt.Errorf("%s has no line that says anything: expected %s, on each", path, t.expected)
	}
	return found, nil
}

func (t times) parse(said string) (time.Duration, bool) {
	if number(said) {
		x, err := strconv.ParseFloat(said, 64)
		x *= float64(t.each)
		if err != nil || !(x >= 0 && x <= float64(t.most)) {
			return 0, false
		}
		return time.Duration(float64(x) + 0.5), true
	}
	d, err := time.ParseDuration(said)
	return d, err == nil && d >= 0 && d <= t.most
}

// number tells whether the text can only be meant for a decimal number.
func number(said string) bool { return said != "" && strings.Trim(said, "0123456789+-.eE") == "" }

// text is a duration as it is written here: in ASCII, and without parts that are zero.
func text(d time.Duration) string {
	s := strings.Replace(d.String(), "µ", "u", 1)
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}

// quote is what was given, in quotes, on one line and not at length.
func quote(given string) string {
	const most = 60
	if len(given) > most {
		return strconv.Quote(given[:most]) + "..."
	}
	return strconv.Quote(given)
}
