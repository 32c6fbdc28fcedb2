package load

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// scale reads and writes plain values of a figure: what lies between the ends of a range.
type scale struct {
	read func(text string) (float64, error)
	text func(x float64) string
	// kinds may stand before the value, and before a range of values.
	kinds []string
}

var (
	numbers = &scale{read: parseNumber, text: func(x float64) string { return plain(threeDigits(x)) }}
	rates   = &scale{numbers.read, numbers.text, []string{"poisson:", "constant:"}}
	draws   = &scale{times(1).read, times(1).text, []string{"constant:", "exponential:"}}
)

// times is the scale of times of whole units.
func times(unit time.Duration) *scale {
	return &scale{
		read: func(text string) (float64, error) {
			d, err := time.ParseDuration(text)
			return float64(d), err
		},
		text: func(x float64) string {
			return shortTime(time.Duration(math.Round(threeDigits(x)/float64(unit))) * unit)
		},
	}
}

// decade is the quotient of the ends of a range beyond which its steps are factors.
const decade = 10

// Values are the values that a text on the command line asks for: a range "10..200" in so many steps, a list by
// comma, or the text as it is, which is one. Steps are equal, or equal factors where the ends are more than a
// decade apart. Errors are ErrUsage.
func (f *Figure) Values(text string, steps int) ([]string, error) {
	if f.scale == nil {
		return []string{text}, nil
	}
	kind, rest := "", text
	for _, k := range f.scale.kinds {
		if after, ok := strings.CutPrefix(text, k); ok {
			kind, rest = k, after
		}
	}
	var values []string
	low, high, isRange := strings.Cut(rest, "..")
	switch from, to, err := f.ends(low, high); {
	case isRange && err == nil:
		if !(from < to) {
			return nil, fmt.Errorf("%w: %s %s: expected a range from the lower value to the higher", ErrUsage, f.Name,
				text)
		}
		values = f.between(strings.TrimSpace(low), strings.TrimSpace(high), from, to, steps)
	case !isRange && f.isList(rest):
		values = strings.Split(rest, ",")
	default:
		return []string{text}, nil // Set says what is wrong with it
	}
	for i := range values {
		values[i] = kind + strings.TrimSpace(values[i])
	}
	if unique := slices.Compact(slices.Sorted(slices.Values(values))); len(unique) < len(values) {
		return nil, fmt.Errorf("%w: %s %s: expected each value once", ErrUsage, f.Name, text)
	}
	return values, nil
}

func (f *Figure) ends(low, high string) (from, to float64, err error) {
	if from, err = f.scale.read(strings.TrimSpace(low)); err == nil {
		to, err = f.scale.read(strings.TrimSpace(high))
	}
	return from, to, err
}

// isList tells whether the text is several plain values.
func (f *Figure) isList(text string) bool {
	items := strings.Split(text, ",")
	return len(items) > 1 && !slices.ContainsFunc(items, func(item string) bool {
		_, err := f.scale.read(strings.TrimSpace(item))
		return err != nil
	})
}

// between divides a range, and keeps its ends as they were given. What rounds to a neighbour is left out.
func (f *Figure) between(low, high string, from, to float64, steps int) []string {
	values, last := []string{low}, from
	for i := 1; i < steps-1; i++ {
		part := float64(i) / float64(steps-1)
		x := from + part*(to-from)
		if from > 0 && to/from > decade {
			x = from * math.Pow(to/from, part)
		}
		text := f.scale.text(x)
		if x, err := f.scale.read(text); err == nil && x > last && x < to {
			values, last = append(values, text), x
		}
	}
	return append(values, high)
}

func parseNumber(text string) (float64, error) {
	x, err := strconv.ParseFloat(text, 64)
	if err == nil && (math.IsNaN(x) || math.IsInf(x, 0)) {
		err = strconv.ErrRange
	}
	return x, err
}

// threeDigits rounds to three significant digits.
func threeDigits(x float64) float64 {
	if x == 0 {
		return 0
	}
	digits, err := strconv.ParseFloat(strconv.FormatFloat(x, 'e', 2, 64), 64)
	if err != nil {
		return x
	}
	return digits
}

func plain(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }

// shortTime is a time in ASCII, without the minutes and seconds that are 0.
func shortTime(d time.Duration) string {
	text := strings.Replace(d.String(), "µ", "u", 1)
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}
