package plots

import (
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// point is a figure with its interval, if it has one. A bound was not seen at all, and is at most y. A gap is not
// drawn.
type point struct {
	x, y      float64
	low, high float64
	interval  bool
	bound     bool
	gap       bool
}

// line tells whether a line leads to the point.
func (q point) line() bool { return !q.bound && !q.gap }

// series is a figure of one engine. Its points are moved aside a little, so that the bars of several can be told apart.
type series struct {
	look   look
	points []point
	aside  vg.Length
	// overloaded are where nothing was run.
	overloaded []float64
}

// Plot draws it.
func (s *series) Plot(c draw.Canvas, p *plot.Plot) {
	toX, toY := p.Transforms(&c)
	floor := c.Min.Y
	at := func(q point) vg.Point { return vg.Point{X: toX(q.x) + s.aside, Y: toY(q.y)} }
	for i, q := range s.points {
		if q.interval {
			low := floor
			if q.low > 0 || p.Y.Min <= 0 {
				low = max(floor, toY(q.low))
			}
			s.bar(&c, at(q).X, low, min(c.Max.Y, toY(q.high)), low > floor)
		}
		if q.line() && i > 0 && s.points[i-1].line() {
			c.StrokeLines(s.look.line(), c.ClipLinesY([]vg.Point{at(s.points[i-1]), at(q)})...)
		}
	}
	for _, q := range s.points {
		if q.gap {
			continue
		}
		style := s.look.mark()
		if q.bound {
			style.Shape = below{}
		}
		c.DrawGlyphNoClip(style, at(q))
	}
	for _, x := range s.overloaded {
		style := draw.GlyphStyle{Color: s.look.colour, Radius: 3.5, Shape: draw.CrossGlyph{}}
		c.DrawGlyphNoClip(style, vg.Point{X: toX(x) + s.aside, Y: floor + 6})
	}
}

// bar is an error bar; without its lower end where that is off the scale.
func (s *series) bar(c *draw.Canvas, x, low, high vg.Length, ends bool) {
	const half = 2.5
	c.StrokeLine2(s.look.thin(), x, low, x, high)
	c.StrokeLine2(s.look.thin(), x-half, high, x+half, high)
	if ends {
		c.StrokeLine2(s.look.thin(), x-half, low, x+half, low)
	}
}

// extent is the range of what is drawn, but for 0: of the points, and of the ends of their intervals.
func extent(all []*series) (low, top float64) {
	low = math.Inf(1)
	for _, s := range all {
		for _, q := range s.points {
			if q.y > 0 {
				low = min(low, q.y)
			}
			if q.interval && q.low > 0 {
				low = min(low, q.low)
			}
			top = max(top, q.y, q.high)
		}
	}
	if math.IsInf(low, 1) {
		low = 0
	}
	return low, top
}

// spread moves the series of several engines aside.
func spread(engine, engines int) vg.Length {
	const room, most = 24, 6
	step := vg.Length(min(most, float64(room)/float64(engines)))
	return (vg.Length(engine) - vg.Length(engines-1)/2) * step
}

// nothing says in the middle that there is nothing to see.
type nothing struct{}

// Plot draws it.
func (nothing) Plot(c draw.Canvas, _ *plot.Plot) {
	style := letters(textSize, faint)
	style.XAlign, style.YAlign = draw.XCenter, draw.YCenter
	c.FillText(style, c.Center(), "none was measured")
}

// lines is a plot of series over a light grid.
func lines(x, y *axis, all []*series) *plot.Plot {
	p := newPlot(x, y)
	g := plotter.NewGrid()
	g.Vertical.Width = 0
	g.Horizontal = draw.LineStyle{Color: grid, Width: 0.5}
	p.Add(g)
	empty := true
	for _, s := range all {
		p.Add(s)
		empty = empty && len(s.points) == 0
	}
	if empty {
		p.Add(nothing{})
	}
	return p
}
