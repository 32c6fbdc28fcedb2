package plots

import (
	"image/color"
	"math"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"fermata/internal/loadreport"
	"fermata/scenarios/load"
)

// The least room that a panel has for bars, beside the names of the rows and without them.
const (
	named   = 180
	unnamed = 320
)

// chunks are the rows of each plot of rows beside each other.
func (t *table) chunks() [][]row {
	const most = 16
	var out [][]row
	for from := 0; from < len(t.rows); from += most {
		out = append(out, t.rows[from:min(from+most, len(t.rows))])
	}
	return out
}

// bars is a figure of every row, as a bar in a row's group.
type bars struct {
	colour color.Color
	points []point // x is the row's number
	of, in int     // the bar's number, and how many a group has
}

// Plot draws them, from left to right, the first row at the top.
func (b *bars) Plot(c draw.Canvas, p *plot.Plot) {
	toX, toY := p.Transforms(&c)
	const share, thickest = 0.76, 24 // share is of a row, that its bars take
	row := toY(1) - toY(0)
	thick := min(thickest, row*share/vg.Length(b.in))
	for _, q := range b.points {
		middle := toY(-q.x) + (vg.Length(b.in)/2-vg.Length(b.of)-0.5)*thick
		end := toX(q.y)
		if q.bound {
			c.DrawGlyphNoClip(draw.GlyphStyle{Color: b.colour, Radius: min(3.5, thick/2.5), Shape: below{true}},
				vg.Point{X: end, Y: middle})
			continue
		}
		half := thick * 0.46
		c.FillPolygon(b.colour, []vg.Point{
			{X: c.Min.X, Y: middle - half}, {X: end, Y: middle - half}, {X: end, Y: middle + half},
			{X: c.Min.X, Y: middle + half},
		})
		if q.interval {
			b.interval(&c, p, q, middle, min(3, half))
		}
	}
}

// interval draws an error bar; without its lower end where that is off the scale.
func (b *bars) interval(c *draw.Canvas, p *plot.Plot, q point, y, end vg.Length) {
	toX, _ := p.Transforms(c)
	style := draw.LineStyle{Color: ink, Width: 0.9}
	low, high := c.Min.X, toX(q.high)
	if q.low > p.X.Min {
		low = toX(q.low)
		c.StrokeLine2(style, low, y-end, low, y+end)
	}
	c.StrokeLine2(style, low, y, high, y)
	c.StrokeLine2(style, high, y-end, high, y+end)
}

// notes are words where a row has no bars.
type notes struct {
	words []string
}

// Plot draws them.
func (n *notes) Plot(c draw.Canvas, p *plot.Plot) {
	_, toY := p.Transforms(&c)
	style := letters(smallSize, faint)
	for i, words := range n.words {
		if words != "" {
			words = fit(style, words, c.Max.X-c.Min.X-6)
			c.FillText(style, vg.Point{X: c.Min.X + 5, Y: toY(-float64(i)) - 3}, words)
		}
	}
}

// compared has a group of bars for each row: what is stuck and stalled on the left, how long the status takes on the
// right.
func (t *table) compared(rows []row) page {
	stuck := &bars{colour: colours[1], of: 0, in: 2}
	stalled := &bars{colour: colours[4], of: 1, in: 2}
	left := &notes{make([]string, len(rows))}
	bound := false
	for i, r := range rows {
		if !r.run() {
			left.words[i] = "overloaded: not run"
			continue
		}
		bound = stuck.share(i, loadreport.Stuck(r.Result)) || bound
		bound = stalled.share(i, loadreport.Stalled(r.Result)) || bound
	}
	how := panel{head: "Workflows", legend: []entry{
		{"stuck", boxWidth, boxSample(stuck.colour)}, {"stalled", boxWidth, boxSample(stalled.colour)}, intervalEntry,
	}}
	x := numbers(spanOf(stuck, stalled))
	x.thin(named)
	how.below = x.scaled("of a million workflows")
	how.plot = t.groups(rows, []*bars{stuck, stalled}, left, x, true)
	title := "Stuck and stalled workflows, and the time to COMPLETED"
	if t.Table.Varied != "" {
		title += ", by " + t.varied()
	}
	var legend []entry
	if bound {
		legend = []entry{{boundWords, markWidth, markSample(below{true}, faint)}}
	}
	return page{
		title: title, subtitle: t.About(), legend: legend, beside: true,
		panels: []panel{how, t.times(rows)},
	}
}

// share adds a point for a row, and tells whether it is a bound.
func (b *bars) share(i int, of load.Interval) bool {
	q := point{x: float64(i), y: of.PerMillion, low: of.Low, high: of.High, interval: true}
	if q.y == 0 {
		q = point{x: float64(i), y: of.High, bound: true}
	}
	b.points = append(b.points, q)
	return q.bound
}

// times is the right side.
func (t *table) times(rows []row) panel {
	of := []percentile{p50, p99, p999}
	out := panel{head: "Last task's result to COMPLETED"}
	right := &notes{make([]string, len(rows))}
	var all []*bars
	for i, p := range of {
		b := &bars{colour: []color.Color{colours[5], colours[0], colours[6]}[i], of: i, in: len(of)}
		for j, r := range rows {
			v, ok := loadreport.PercentilesOf(r.Result, load.ToStatus)
			switch {
			case !r.run():
			case ok:
				b.points = append(b.points, point{x: float64(j), y: max(1, float64(p.of(v)))})
			default:
				right.words[j] = "none completed"
			}
		}
		all = append(all, b)
		out.legend = append(out.legend, entry{p.name, boxWidth, boxSample(b.colour)})
	}
	const room = 1.5 // so that the shortest bar is seen
	low, top := spanOf(all...)
	x := durations(low/room, top)
	x.thin(unnamed)
	out.below = x.scaled("time")
	out.plot = t.groups(rows, all, right, x, false)
	return out
}

// scaled is the title of an axis, with its scale: the length of a bar is no measure where it is logarithmic.
func (a *axis) scaled(words string) string {
	if a.log {
		words += ", logarithmic"
	}
	return words
}

// spanOf is the range of the bars.
func spanOf(all ...*bars) (low, top float64) {
	var as []*series
	for _, b := range all {
		as = append(as, &series{points: b.points})
	}
	return extent(as)
}

// groups is a plot of bars with a row for each group, named on the left one.
func (t *table) groups(rows []row, all []*bars, n *notes, x *axis, names bool) *plot.Plot {
	const room = 150
	y := &axis{low: -float64(len(rows)) + 0.5, top: 0.5}
	for i, r := range rows {
		label := " "
		if names {
			label = folded(t.Name(r.Row), room)
		}
		y.ticks = append(y.ticks, plot.Tick{Value: -float64(i), Label: label})
	}
	p := newPlot(x, y)
	p.Y.Tick.Length = 0
	g := plotter.NewGrid()
	g.Horizontal.Width = 0
	g.Vertical = draw.LineStyle{Color: grid, Width: 0.5}
	p.Add(g)
	for _, b := range all {
		p.Add(b)
	}
	p.Add(n)
	return p
}

// folded is a name in two lines, if it has no room in one.
func folded(name string, room vg.Length) string {
	style := letters(smallSize, ink)
	if style.Width(name) <= room {
		return name
	}
	best, off := 0, math.Inf(1)
	for i, r := range name {
		if far := math.Abs(float64(2*i - len(name))); strings.ContainsRune(" +-", r) && i > 0 && far < off {
			best, off = i, far
		}
	}
	if best == 0 {
		return fit(style, name, room)
	}
	return fit(style, name[:best], room) + "\n" + fit(style, name[best:], room)
}
