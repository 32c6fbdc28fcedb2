package plots

import (
	"image/color"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

func rgb(hex uint32) color.Color {
	return color.RGBA{R: uint8(hex >> 16), G: uint8(hex >> 8), B: uint8(hex), A: 0xff}
}

// colours are Okabe and Ito's without yellow, which cannot be seen on white.
var colours = []color.Color{
	rgb(0x0072b2), rgb(0xd55e00), rgb(0x009e73), rgb(0xcc79a7), rgb(0xe69f00), rgb(0x56b4e9), rgb(0x000000),
}

var (
	ink   = rgb(0x222222)
	faint = rgb(0x666666)
	grid  = rgb(0xdddddd)
)

// glyphs mark the points. Triangles are kept for bounds.
var glyphs = []draw.GlyphDrawer{
	draw.CircleGlyph{}, draw.BoxGlyph{}, diamond{}, draw.CrossGlyph{}, draw.RingGlyph{}, draw.SquareGlyph{},
	draw.PlusGlyph{},
}

// dashes are of the first, the second and the third figure of an engine.
var dashes = [][]vg.Length{nil, {6, 3}, {1.5, 2.5}}

// look is how a line is drawn.
type look struct {
	colour color.Color
	glyph  draw.GlyphDrawer
	dash   []vg.Length
}

// lookOf is that of the engine with that number; after seven a colour has another glyph.
func lookOf(engine, figure int) look {
	n := len(colours)
	return look{colours[engine%n], glyphs[(engine+engine/n)%len(glyphs)], dashes[figure%len(dashes)]}
}

func (l look) line() draw.LineStyle {
	return draw.LineStyle{Color: l.colour, Width: 1.5, Dashes: l.dash}
}

func (l look) thin() draw.LineStyle { return draw.LineStyle{Color: l.colour, Width: 0.9} }

func (l look) mark() draw.GlyphStyle {
	return draw.GlyphStyle{Color: l.colour, Radius: 3.5, Shape: l.glyph}
}

// diamond is a filled square on its corner.
type diamond struct{}

// DrawGlyph draws it.
func (diamond) DrawGlyph(c *draw.Canvas, s draw.GlyphStyle, at vg.Point) {
	r := s.Radius * math.Sqrt2
	c.FillPolygon(s.Color, []vg.Point{
		{X: at.X, Y: at.Y + r}, {X: at.X + r, Y: at.Y}, {X: at.X, Y: at.Y - r}, {X: at.X - r, Y: at.Y},
	})
}

// below is an open triangle that points down from an upper bound, and towards 0 from one on a bar.
type below struct{ sideways bool }

// DrawGlyph draws it.
func (b below) DrawGlyph(c *draw.Canvas, s draw.GlyphStyle, at vg.Point) {
	const wide, deep = 1.1, 1.6
	r := s.Radius
	points := []vg.Point{{X: -wide * r}, {X: wide * r}, {Y: -deep * r}, {X: -wide * r}}
	for i, p := range points {
		if b.sideways {
			p = vg.Point{X: p.Y, Y: p.X}
		}
		points[i] = p.Add(at)
	}
	c.StrokeLines(draw.LineStyle{Color: s.Color, Width: 1.2}, points)
}

// boldWeight is WeightBold of golang.org/x/image/font.
const boldWeight = 3

// The sizes of letters.
const (
	titleSize = 14
	textSize  = 10
	smallSize = 9
)

func letters(size vg.Length, c color.Color) text.Style {
	return text.Style{
		Color: c, Font: font.From(font.Font{Typeface: "Liberation", Variant: "Sans"}, size),
		Handler: plot.DefaultTextHandler,
	}
}

func bold(size vg.Length, c color.Color) text.Style {
	s := letters(size, c)
	s.Font.Weight = boldWeight
	return s
}

// fit shortens a text to the room that it has.
func fit(s text.Style, words string, room vg.Length) string {
	if s.Width(words) <= room {
		return words
	}
	runes := []rune(words)
	for len(runes) > 0 && s.Width(string(runes)+"…") > room {
		runes = runes[:len(runes)-1]
	}
	return string(runes) + "…"
}
