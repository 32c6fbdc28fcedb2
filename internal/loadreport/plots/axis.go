package plots

import (
	"cmp"
	"math"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"

	"fermata/internal/loadreport"
)

// axis is a range with its ticks.
type axis struct {
	low, top float64
	log      bool
	ticks    []plot.Tick
}

// decade is the span from which on a scale is logarithmic.
const decade = 10

func (a *axis) set(to *plot.Axis) {
	to.Min, to.Max = a.low, a.top
	if a.log {
		to.Scale = plot.LogScale{}
	}
	to.Tick.Marker = plot.ConstantTicks(a.ticks)
	align := to.Tick.Label
	to.Tick.Label = letters(smallSize, ink)
	to.Tick.Label.XAlign, to.Tick.Label.YAlign = align.XAlign, align.YAlign
	to.Color, to.Tick.Color = faint, faint
	to.Tick.Length = 5
	to.Padding = 0
}

// steps are what a tick of a decade may be.
var steps = []float64{1, 2, 5}

// within lists 1, 2 and 5 times the powers of ten from the last one at or below low to the first at or above top.
func within(low, top float64) []float64 {
	var out []float64
	from := math.Floor(math.Log10(low)) - 1
	for power := from; ; power++ {
		for _, s := range steps {
			x := s * math.Pow(10, power)
			if x <= low*1.0000001 {
				out = out[:0]
			}
			out = append(out, x)
			if x >= top*0.9999999 {
				return out
			}
		}
	}
}

// numbers is an axis for figures from low to top, logarithmic where they span a decade; else it begins at 0.
func numbers(low, top float64) *axis {
	if top <= 0 {
		return &axis{top: 1, ticks: []plot.Tick{{Value: 0, Label: "0"}, {Value: 1, Label: "1"}}}
	}
	if low > 0 && top/low >= decade {
		return logNumbers(low, top)
	}
	const about = 5
	a := &axis{}
	around := within(top/about, top/about)
	step := around[len(around)-1]
	for i := 0; a.top < top; i++ {
		a.top = float64(i) * step
		a.ticks = append(a.ticks, plot.Tick{Value: a.top, Label: loadreport.Number(a.top)})
	}
	return a
}

// logNumbers has labels at the powers of ten, and at all values where these are few.
func logNumbers(low, top float64) *axis {
	const few = 8
	values := within(low, top)
	a := &axis{log: true, low: values[0], top: values[len(values)-1]}
	for _, x := range values {
		label := ""
		if len(values) <= few || power(x) {
			label = loadreport.Number(x)
		}
		a.ticks = append(a.ticks, plot.Tick{Value: x, Label: label})
	}
	return a
}

// power tells whether x is a power of ten.
func power(x float64) bool {
	p := math.Log10(x)
	return math.Abs(p-math.Round(p)) < 1e-9
}

// The times that a tick may be at, in microseconds, and those that have a label where they are many.
var (
	times = []float64{
		1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 2e4, 5e4, 1e5, 2e5, 5e5, 1e6, 2e6, 5e6, 1e7, 2e7, 3e7,
		6e7, 1.2e8, 3e8, 6e8, 1.8e9, 3.6e9, 7.2e9, 1.8e10, 4.32e10, 8.64e10, 1.728e11, 8.64e11, 8.64e12,
	}
	labelled = []float64{1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 6e7, 6e8, 3.6e9, 4.32e10, 8.64e11}
)

// durations is a logarithmic axis for microseconds; without a tick where there are none.
func durations(low, top float64) *axis {
	if top <= 0 {
		return &axis{top: 1}
	}
	low, top = max(low, 1), max(top, 2)
	from := 0
	for from+2 < len(times) && times[from+1] <= low {
		from++
	}
	to := from + 1
	for to+1 < len(times) && times[to] < top {
		to++
	}
	const few = 8
	a := &axis{log: true, low: times[from], top: max(times[to], top)}
	for _, x := range times[from : to+1] {
		label := ""
		if to-from < few || slices.Contains(labelled, x) {
			label = clock(x)
		}
		a.ticks = append(a.ticks, plot.Tick{Value: x, Label: label})
	}
	return a
}

// clock is a round time in microseconds.
func clock(us float64) string {
	const minute, hour, day = 6e7, 3.6e9, 8.64e10
	for _, unit := range []struct {
		length float64
		name   string
	}{{day, " d"}, {hour, " h"}, {minute, " min"}} {
		if us >= unit.length {
			return loadreport.Number(us/unit.length) + unit.name
		}
	}
	return loadreport.Duration(int64(us))
}

// measured is an axis with a tick at each value that was measured, as far as the labels have room.
func measured(values []float64, words []string, room vg.Length) *axis {
	a := &axis{low: slices.Min(values), top: slices.Max(values)}
	a.log = a.low > 0 && a.top/a.low >= decade
	a.widen()
	for i, x := range values {
		a.ticks = append(a.ticks, plot.Tick{Value: x, Label: words[i]})
	}
	a.thin(room)
	return a
}

// thin leaves out the labels of an x axis that have no room beside those before them.
func (a *axis) thin(room vg.Length) {
	slices.SortFunc(a.ticks, func(s, t plot.Tick) int { return cmp.Compare(s.Value, t.Value) })
	const gap = 8
	style := letters(smallSize, ink)
	end := vg.Length(math.Inf(-1))
	for i := range a.ticks {
		t := &a.ticks[i]
		half := style.Width(t.Label) / 2
		at := vg.Length(a.share(t.Value)) * room
		if at-half < end+gap {
			t.Label = ""
		} else if t.Label != "" {
			end = at + half
		}
	}
}

// widen leaves room at both ends.
func (a *axis) widen() {
	const room = 0.05
	switch {
	case a.low == a.top:
		a.low, a.top = a.low-1, a.top+1
	case a.log:
		factor := math.Pow(a.top/a.low, room)
		a.low, a.top = a.low/factor, a.top*factor
	default:
		more := room * (a.top - a.low)
		a.low, a.top = a.low-more, a.top+more
	}
}

// share is where a value is between the ends.
func (a *axis) share(x float64) float64 {
	if a.log {
		return math.Log(x/a.low) / math.Log(a.top/a.low)
	}
	return (x - a.low) / (a.top - a.low)
}
