package report

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

// The width of a column of the matrix: as much as the line has, between these.
const (
	cellMin = 6
	cellMax = 10
)

// The kinds of cells, by the first word of what they say.
const (
	cellOK      = "ok"
	cellRed     = "violation"
	cellUnknown = "unknown"

	cellNotApplicable = "not applicable"
)

// marked stands behind an engine that cannot be built on the queue and the store.
const marked = " *"

// WriteText draws the grid, for each lock, queue and store a table with an engine a row and a scenario a column, with
// one legend.
func (g Grid) WriteText(w io.Writer, o Options) error {
	l := &lines{palette: palette(o.Colour)}
	d := &drawing{lines: l, grid: g, seen: map[string]bool{}}
	d.measure()
	tables := g.tables()
	for i, parts := range tables {
		if len(tables) > 1 {
			if i > 0 {
				l.add("")
			}
			l.add(parts)
		}
		d.table(parts)
	}
	d.legend()
	return l.writeTo(w)
}

// drawing is one matrix being drawn.
type drawing struct {
	*lines
	grid        Grid
	label, cell int // widths
	reds        []string
	seen        map[string]bool
	anyMarked   bool
}

// measure chooses the widths.
func (d *drawing) measure() {
	for _, e := range d.grid.engines() {
		d.label = max(d.label, width(e)+len(marked)+1)
	}
	d.cell = min(max((Width-d.label)/max(len(d.grid.Rows), 1), cellMin), cellMax)
}

func (d *drawing) table(parts string) {
	var names []string
	var offsets []int
	for i, r := range d.grid.Rows {
		names, offsets = append(names, r.Scenario), append(offsets, i*d.cell)
	}
	d.add(stagger(names, offsets, d.label)...)
	for _, e := range d.grid.engines() {
		name, line := e, ""
		for _, r := range d.grid.Rows {
			c := d.grid.cell(place{r.Scenario, e, parts})
			line += d.one(c)
			if c != nil && c.NotImplementable {
				name, d.anyMarked = e+marked, true
			}
		}
		d.add(strings.TrimRight(pad(name, d.label)+line, " "))
	}
}

// one is what a column says: a violation's letter stands for its oracle and severity.
func (d *drawing) one(c *GridCell) string {
	if c == nil {
		d.seen[""] = true
		return pad("-", d.cell)
	}
	d.seen[c.Verdict] = true
	switch c.Verdict {
	case cellOK:
		return d.green(cellOK) + pad("", d.cell-len(cellOK))
	case cellRed:
		said := c.Oracle + " " + c.Severity
		i := slices.Index(d.reds, said)
		if i < 0 {
			i = len(d.reds)
			d.reds = append(d.reds, said)
		}
		text := fmt.Sprintf("RED %c", 'a'+rune(i))
		return d.red(text) + pad("", d.cell-len(text))
	}
	text := "?"
	if c.Verdict == cellNotApplicable {
		text = "n/a"
	}
	return d.yellow(text) + pad("", d.cell-len(text))
}

func (d *drawing) legend() {
	d.add("")
	if d.seen[cellOK] {
		d.add("ok       every interleaving of the scenario's scope was covered: no violation")
	}
	for i, said := range d.reds {
		d.add(fmt.Sprintf("RED %c    %s", 'a'+rune(i), said))
	}
	if d.seen[cellUnknown] {
		d.add("?        unknown: a limit was hit, or not all was reached that is expected")
	}
	if d.seen[cellNotApplicable] {
		d.add("n/a      not applicable: the engine lacks an operation that the scenario needs")
	}
	if d.seen[""] {
		d.add("-        not in the matrix")
	}
	if d.anyMarked {
		d.add("*        cannot be built there: it needs a transaction over store and queue,")
		d.add("         and these are two databases")
	}
	for _, part := range d.grid.Uncompared {
		d.add(indented(part+": ", "modelled from the source, and compared with no real one")...)
	}
	d.add("")
	for _, r := range d.grid.Rows {
		if r.Issue != "" {
			d.add(indented(r.Scenario+": ", r.Issue)...)
		}
	}
}
