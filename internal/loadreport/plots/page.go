package plots

import (
	"image/color"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// page is a drawing: a title, a line below it, a legend, and panels below or beside each other.
type page struct {
	title, subtitle string
	legend          []entry
	panels          []panel
	beside          bool
}

// panel is a plot with a head and a legend of its own above it. Axes have no titles of the library's: those of
// logarithmic axes take room where they are not.
type panel struct {
	head   string // what the y axis is, or the x axis of bars
	legend []entry
	plot   *plot.Plot
	below  string // what the x axis is
}

// entry is one of a legend: what is drawn in its sample, how wide that is, and its text.
type entry struct {
	words  string
	width  vg.Length
	sample func(c *draw.Canvas, middle vg.Point)
}

// The room between things.
const (
	edge        = 12
	sampleWidth = 26 // of a line in a legend
	boxWidth    = 18
	markWidth   = 9
	entryGap    = 14
	lineHeight  = 15
)

func (p *page) draw(c draw.Canvas) {
	c.SetColor(color.White)
	c.Fill(c.Rectangle.Path())
	c = draw.Crop(c, edge, -edge, edge, -edge)
	title, subtitle := bold(titleSize, ink), letters(textSize, faint)
	room := c.Max.X - c.Min.X
	y := c.Max.Y - titleSize
	c.FillText(title, vg.Point{X: c.Min.X, Y: y}, fit(title, p.title, room))
	y -= lineHeight + 2
	c.FillText(subtitle, vg.Point{X: c.Min.X, Y: y}, fit(subtitle, p.subtitle, room))
	_, y = drawLegend(c, p.legend, c.Min.X, y-6-lineHeight)
	c.Max.Y = y - 10
	if len(p.legend) == 0 {
		c.Max.Y += lineHeight
	}
	p.drawPanels(c)
}

// drawLegend sets the entries in rows from (x, y) on, as many in a row as there is room for, and tells where it ended.
func drawLegend(c draw.Canvas, entries []entry, x, y vg.Length) (endX, endY vg.Length) {
	const gap = 4
	style := letters(textSize, ink)
	for _, e := range entries {
		words := fit(style, e.words, c.Max.X-c.Min.X-e.width-gap)
		width := e.width + gap + style.Width(words)
		if x > c.Min.X && x+width > c.Max.X {
			x, y = c.Min.X, y-lineHeight
		}
		e.sample(&c, vg.Point{X: x + e.width/2, Y: y + 3.5})
		c.FillText(style, vg.Point{X: x + e.width + gap, Y: y}, words)
		x += width + entryGap
	}
	return x, y
}

// drawPanels shares out the canvas, with the panels' axes in line.
func (p *page) drawPanels(c draw.Canvas) {
	const foot = lineHeight
	head := vg.Length(lineHeight + 6)
	tiles := draw.Tiles{Rows: len(p.panels), Cols: 1, PadTop: head, PadY: head + foot + 4, PadBottom: foot}
	if p.beside {
		head += lineHeight
		tiles = draw.Tiles{Rows: 1, Cols: len(p.panels), PadTop: head, PadX: 3 * edge, PadBottom: foot}
	}
	var grid [][]*plot.Plot
	for i, panel := range p.panels {
		if p.beside && i > 0 {
			grid[0] = append(grid[0], panel.plot)
		} else {
			grid = append(grid, []*plot.Plot{panel.plot})
		}
	}
	row := 0
	for _, canvases := range plot.Align(grid, tiles, c) {
		for _, at := range canvases {
			p.panels[row].draw(at, p.beside, head)
			row++
		}
	}
}

// draw draws the panel on its canvas, and what is around it: the head with the legend behind it, or below it.
func (p *panel) draw(at draw.Canvas, under bool, head vg.Length) {
	p.plot.Draw(at)
	data := p.plot.DataCanvas(at)
	around := at
	around.Min.X, around.Max.Y = data.Min.X, at.Max.Y+head
	style := bold(textSize, ink)
	x, y := around.Min.X, around.Max.Y-textSize-2
	words := fit(style, p.head, around.Max.X-x)
	around.FillText(style, vg.Point{X: x, Y: y}, words)
	if under {
		y -= lineHeight
	} else {
		x += style.Width(words) + entryGap
	}
	drawLegend(around, p.legend, x, y)
	middle := letters(textSize, ink)
	words = fit(middle, p.below, around.Max.X-around.Min.X)
	middle.XAlign = draw.XCenter
	around.FillText(middle, vg.Point{X: data.Center().X, Y: at.Min.Y - textSize - 2}, words)
}

// newPlot has our letters.
func newPlot(x, y *axis) *plot.Plot {
	p := plot.New()
	p.BackgroundColor = nil
	x.set(&p.X)
	y.set(&p.Y)
	return p
}

// lineSample is a piece of a line with its glyph.
func lineSample(l look) func(c *draw.Canvas, at vg.Point) {
	return func(c *draw.Canvas, at vg.Point) {
		c.StrokeLine2(l.line(), at.X-sampleWidth/2, at.Y, at.X+sampleWidth/2, at.Y)
		if l.glyph != nil {
			c.DrawGlyphNoClip(l.mark(), at)
		}
	}
}

// markSample is a glyph alone.
func markSample(g draw.GlyphDrawer, colour color.Color) func(c *draw.Canvas, at vg.Point) {
	return func(c *draw.Canvas, at vg.Point) {
		if b, ok := g.(below); ok && b.sideways { // its middle is the side that it points away from
			at.X += 2
		} else if ok {
			at.Y += 2
		}
		c.DrawGlyphNoClip(draw.GlyphStyle{Color: colour, Radius: 3.5, Shape: g}, at)
	}
}

// intervalSample is an error bar.
func intervalSample(c *draw.Canvas, at vg.Point) {
	const high, half = 5, 2.5
	style := draw.LineStyle{Color: faint, Width: 0.9}
	c.StrokeLine2(style, at.X, at.Y-high, at.X, at.Y+high)
	c.StrokeLine2(style, at.X-half, at.Y-high, at.X+half, at.Y-high)
	c.StrokeLine2(style, at.X-half, at.Y+high, at.X+half, at.Y+high)
}

// boxSample is the colour of a bar.
func boxSample(colour color.Color) func(c *draw.Canvas, at vg.Point) {
	return func(c *draw.Canvas, at vg.Point) {
		const wide, half = boxWidth / 2, 4
		c.FillPolygon(colour, []vg.Point{
			{X: at.X - wide, Y: at.Y - half}, {X: at.X + wide, Y: at.Y - half},
			{X: at.X + wide, Y: at.Y + half}, {X: at.X - wide, Y: at.Y + half},
		})
	}
}

// The entries that explain what is not a line.
var (
	intervalEntry = entry{"95 % interval", markWidth, intervalSample}
	boundEntry    = entry{boundWords, markWidth, markSample(below{}, faint)}
	overloadEntry = entry{"overloaded: not run", markWidth, markSample(draw.CrossGlyph{}, faint)}
)

const boundWords = "none seen: at most so many (95 %)"
