package report

import (
	"io"
	"slices"
	"strings"
)

// The width of a column of the matrix: as much as the line has, between these. A red cell is its letter alone where a
// column has no more room.
const (
	cellMin = 4
	cellMax = 8
	redWord = "RED "
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

// WriteText draws the grid, for each lock, queue and store a table of what is on it, with a scenario a row and an
// engine a column, with one legend.
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
	reds        reds
	seen        map[string]bool
	anyMarked   bool
}

// reds are the kinds of violations in the order in which they are met, each with a letter of its own.
type reds []string

// letter gives a cell's letter, which stands for its oracle and its severity.
func (r *reds) letter(c *GridCell) string {
	said := c.Oracle + " " + c.Severity
	i := slices.Index(*r, said)
	if i < 0 {
		i = len(*r)
		*r = append(*r, said)
	}
	return letterOf(i)
}

func letterOf(i int) string {
	const letters = 26
	if i < letters {
		return string(rune('a' + i))
	}
	return letterOf(i/letters-1) + letterOf(i%letters)
}

// measure chooses the widths.
func (d *drawing) measure() {
	for _, r := range d.grid.Rows {
		d.label = max(d.label, width(r.Scenario)+1)
	}
	d.cell = min(max((Width-d.label)/max(len(d.grid.engines()), 1), cellMin), cellMax)
}

func (d *drawing) table(parts string) {
	engines, rows := d.grid.on(parts)
	var names []string
	var offsets []int
	for i, e := range engines {
		offsets = append(offsets, i*d.cell)
		if d.grid.notImplementable(e, parts) {
			e, d.anyMarked = e+marked, true
		}
		names = append(names, e)
	}
	d.add(stagger(names, offsets, d.label)...)
	for _, r := range rows {
		line := ""
		for _, e := range engines {
			line += d.one(d.grid.cell(place{r, e, parts}))
		}
		d.add(strings.TrimRight(pad(r, d.label)+line, " "))
	}
}

// one is what a column says.
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
		text := d.reds.letter(c)
		if len(redWord)+len(text) < d.cell {
			text = redWord + text
		}
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
		d.add(pad("RED "+letterOf(i), len("ok       ")) + said)
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
}
