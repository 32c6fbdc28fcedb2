package loadreport

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// count is a whole number with a comma behind every thousand.
func count(n int64) string {
	digits := strconv.FormatInt(n, 10)
	sign := ""
	if n < 0 {
		sign, digits = "-", digits[1:]
	}
	const group = 3
	var b strings.Builder
	for i, d := range digits {
		if i > 0 && (len(digits)-i)%group == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(d)
	}
	return sign + b.String()
}

// Number is a figure to three digits, or to the whole number where that has more.
func Number(x float64) string {
	const digits = 3
	switch {
	case x == 0:
		return "0"
	case math.Abs(x) >= 999.5:
		return count(int64(math.Round(x)))
	}
	rounded, _ := strconv.ParseFloat(strconv.FormatFloat(x, 'e', digits-1, 64), 64)
	behind := digits - 1 - int(math.Floor(math.Log10(math.Abs(rounded))))
	text := strconv.FormatFloat(rounded, 'f', max(behind, 0), 64)
	if strings.Contains(text, ".") {
		text = strings.TrimRight(strings.TrimRight(text, "0"), ".")
	}
	return text
}

// short is a figure for a narrow column: with k, M or G where it is long.
func short(x float64) string {
	const tiny, wide = 0.01, 99_999.5
	switch {
	case x > 0 && x < tiny:
		return "<0.01"
	case math.Abs(x) < wide:
		return Number(x)
	}
	for _, unit := range []string{"k", "M"} {
		if x /= 1000; math.Abs(x) < 999.5 {
			return Number(x) + unit
		}
	}
	return Number(x/1000) + "G"
}

// The lengths of units, in microseconds.
const (
	millisecond = 1000
	second      = 1000 * millisecond
	minute      = 60 * second
	hour        = 60 * minute
	day         = 24 * hour
)

// Duration is microseconds as a person says them, to three digits.
func Duration(us int64) string {
	two := func(whole, part int64, a, b string) string {
		return fmt.Sprintf("%d%s%02d%s", us/whole, a, us%whole/part, b)
	}
	switch x := float64(us); {
	case us < millisecond:
		return fmt.Sprintf("%d µs", us)
	case x < 999.5*millisecond:
		return Number(x/millisecond) + " ms"
	case us < 2*minute:
		return Number(x/second) + " s"
	case us < hour:
		return two(minute, second, "m", "s")
	case us < day:
		return two(hour, minute, "h", "m")
	}
	return two(day, hour, "d", "h")
}
