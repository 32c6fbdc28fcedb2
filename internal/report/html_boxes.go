package report

import (
	"fmt"
	"html/template"
	"slices"
	"strings"

	"fermata/scenarios/catalogue"
)

// rule adds a rule to the page's style, once.
func (h *htmlPage) rule(text string) {
	if !strings.Contains(string(h.Style), text) {
		h.Style += template.CSS(text + "\n")
	}
}

// drawn tells whether any of the steps is drawn.
func (h *htmlPage) drawn(from, to int) bool { return to >= h.first && from <= h.last }

// boxes fills the grid: heads, the shade of the race, joins and locks, and the steps.
func (h *htmlPage) boxes() {
	l := &h.layout
	for _, a := range l.actors {
		h.Heads = append(h.Heads, boxed{fmt.Sprintf("head lane r0 c%d %s", l.lane(a), l.colour(a)), "", a})
	}
	for _, w := range l.locks {
		h.Heads = append(h.Heads, boxed{fmt.Sprintf("gut r0 c%d", l.lock(w)), "", "lock " + w})
	}
	t := h.picture.Finding.Trace
	if from, to := t.WindowFrom, t.WindowTo; from > 0 && h.drawn(from, to) {
		h.Shade = "shade wide " + h.span(from, to)
	}
	for i, j := range l.joins {
		h.Bars = append(h.Bars, boxed{
			fmt.Sprintf("join c%d %s", l.join(i), h.span(j.From, j.To)),
			fmt.Sprintf("step %d relied on what step %d had read", j.To, j.From), "",
		})
	}
	for _, hold := range h.picture.Holds {
		if h.drawn(hold.From, hold.To) {
			h.Bars = append(h.Bars, h.holdBox(hold))
		}
	}
	for i := range h.steps() {
		h.Steps = append(h.Steps, h.stepBox(&h.steps()[i]))
	}
	h.GutterLegend = h.legend()
}

func (h *htmlPage) holdBox(hold catalogue.Hold) boxed {
	l := &h.layout
	class := fmt.Sprintf("hold c%d %s %s", l.lock(hold.Workflow), h.span(hold.From, hold.To), l.colour(hold.Actor))
	title := fmt.Sprintf("%s holds the lock of %s, steps %d to %d", hold.Actor, hold.Workflow, hold.From, hold.To)
	if hold.Open {
		class, title = class+" open", title+", and still at the end"
	}
	text := hold.Actor
	if hold.Lease > 0 {
		title += fmt.Sprintf("; lease %s", hold.Lease)
		text += ", lease " + hold.Lease.String()
	}
	return boxed{class, title, text}
}

func (h *htmlPage) legend() string {
	var said []string
	if len(h.layout.joins) > 0 {
		said = append(said, "The red bracket at the left joins a read to the write that relied on it.")
	}
	if len(h.layout.locks) > 0 {
		said = append(said, "The upright bars are who holds the lock.")
	}
	return strings.Join(said, " ")
}

func (h *htmlPage) stepBox(s *catalogue.TraceStep) stepBox {
	l, t := &h.layout, h.picture.Finding.Trace
	row := s.Number - h.first + 1
	b := stepBox{
		Number: s.Number, Actor: s.Actor, Text: s.Text, Reply: s.Reply, Call: s.Call, Return: s.Return, Note: s.Note,
		NoClass: fmt.Sprintf("no c1 r%d", row),
		Class:   fmt.Sprintf("step c%d r%d %s", l.lane(s.Actor), row, l.colour(s.Actor)),
		Words:   s.Actor + ", " + s.Text,
	}
	if s.Reply != "" {
		b.Words += ", reply " + s.Reply
	}
	if s.Number == t.At {
		b.Class += " violation"
		b.Note = strings.TrimSuffix("the violation: "+s.Note, ": ")
	}
	for _, j := range l.joins {
		if s.Number == j.From {
			b.Class += " read"
			b.Note = fmt.Sprintf("the copy that step %d relies on", j.To)
		}
	}
	for _, j := range t.Joins {
		if slices.Contains(j.Lost, s.Number) {
			b.Class += " lost"
			b.Note = fmt.Sprintf("lost: step %d wrote over it", j.To)
		}
	}
	if s.Number > max(t.At, t.WindowTo) {
		b.Class += " after"
	}
	return b
}
