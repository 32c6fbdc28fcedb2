package report

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"fermata/scenarios/catalogue"
)

// The chart of operations: a row an actor, the steps from left to right, a bar an operation.

const (
	chartWidth  = 1000
	chartLeft   = 130
	chartTop    = 18
	chartRow    = 26
	chartLetter = 6.7 // the width of a letter
)

// chart is an SVG drawing.
type chart struct {
	Width, Height        int
	About, Label, Legend string
	Window, At           *mark
	Ticks                []mark
	Rows                 []mark
	Bars                 []bar
}

type mark struct {
	X, Y, W, H float64
	Text       string
}

type bar struct {
	Class, Title, Text       string
	X, Y, W, H, TextX, TextY float64
}

func (h *htmlPage) chart() {
	t := h.picture.Finding.Trace
	actors := h.layout.actors
	c := &h.Chart
	c.Width, c.Height = chartWidth, chartTop+chartRow*len(actors)+4
	c.About = "What each actor was asked to do, from its first step to its last."
	c.Label = "Operations of " + strings.Join(actors, ", ") + " over the steps of the run"
	bottom := float64(c.Height)
	if from, to := t.WindowFrom, t.WindowTo; from > 0 && h.drawn(from, to) {
		c.Window = &mark{X: h.x(from), Y: chartTop, W: h.x(to+1) - h.x(from), H: bottom - chartTop}
	}
	if h.drawn(t.At, t.At) {
		c.At = &mark{X: h.x(t.At) + h.width()/2, Y: chartTop, H: bottom}
	}
	every := max(1, (h.last-h.first+1)/10)
	for n := h.first; n <= h.last; n++ {
		if n%every == 0 && n+every/2 <= h.last || n == h.first || n == h.last {
			c.Ticks = append(c.Ticks, mark{X: h.x(n) + h.width()/2, Y: chartTop, H: bottom, Text: fmt.Sprint(n)})
		}
	}
	for i, a := range actors {
		c.Rows = append(c.Rows, mark{Y: chartTop + chartRow*float64(i) + 17, Text: a})
	}
	for i := range h.picture.Operations {
		o := &h.picture.Operations[i]
		if h.drawn(o.From, max(o.To, o.From)) || o.To == 0 {
			c.Bars = append(c.Bars, h.operationBar(o))
		}
	}
	c.Legend = h.orderWords()
}

// width is how wide a step is, and x where it begins.
func (h *htmlPage) width() float64 {
	return float64(chartWidth-chartLeft-8) / float64(h.last-h.first+1)
}

func (h *htmlPage) x(step int) float64 {
	step = min(max(step, h.first), h.last+1)
	return chartLeft + float64(step-h.first)*h.width()
}

// orderWords say what the numbers of the operations mean.
func (h *htmlPage) orderWords() string {
	of := h.picture.OrderOf
	if of == "" {
		return ""
	}
	for i := range h.picture.Operations {
		if h.picture.Operations[i].Unexplained {
			return fmt.Sprintf("No order of the operations with a red edge explains what they returned (specification "+
				"%s): they are the smallest part that has none.", of)
		}
	}
	return fmt.Sprintf("The numbers are an order in which the operations can have taken effect, one after the other "+
		"(specification: %s).", of)
}

func (h *htmlPage) operationBar(o *catalogue.PictureOperation) bar {
	row := 0
	for i, a := range h.layout.actors {
		if a == o.Actor {
			row = i
		}
	}
	end, title := o.To, fmt.Sprintf("%s: %s, steps %d to %d, returns %s", o.Actor, o.Call, o.From, o.To, o.Result)
	if o.To == 0 {
		end, title = h.last, fmt.Sprintf("%s: %s, from step %d on; it never returns", o.Actor, o.Call, o.From)
	}
	b := bar{
		Class: fmt.Sprintf("f%d", row%colours), Title: title,
		X: h.x(o.From), Y: chartTop + chartRow*float64(row) + 3, W: h.x(end+1) - h.x(o.From), H: chartRow - 6,
	}
	b.TextX, b.TextY = b.X+4, b.Y+14
	b.Text = o.Call
	if o.Order > 0 {
		b.Text = fmt.Sprintf("%d. %s", o.Order, o.Call)
		b.Title += fmt.Sprintf("; takes effect as number %d", o.Order)
	}
	if o.Unexplained {
		b.Class += " bad"
		b.Title += "; nothing explains it with the others that are marked"
	}
	if room := int((b.W - 8) / chartLetter); utf8.RuneCountInString(b.Text) > room {
		b.Text = string([]rune(b.Text)[:max(room-1, 0)])
		if b.Text != "" {
			b.Text += "…"
		}
	}
	return b
}
