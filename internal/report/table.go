package report

import (
	"strings"

	"fermata/scenarios/catalogue"
)

// The interleaving is a table with a column an actor. Only one actor acts in a row, so a text may
// run on over the columns to its right, and is wrapped only at the edge.

// lastColumnMin is the least width of the last column, which nothing stands to the right of.
const lastColumnMin = 30

// table lays out one trace.
type table struct {
	trace   *catalogue.Trace
	actors  []string
	offsets []int // where each column begins, behind the prefix
	prefix  int   // width of the number and the margin
	lines   []string
}

// Excerpt is the interleaving in at most so many lines, as far as folding can do that.
func Excerpt(t *catalogue.Trace, lines int) string {
	drawn, _ := draw(t, lines, false)
	return strings.Join(drawn, "\n")
}

// draw lays the trace out in at most budget lines if folding can do that; full folds nothing. It
// tells whether anything was folded.
func draw(t *catalogue.Trace, budget int, full bool) (drawn []string, folded bool) {
	shown := make([]bool, len(t.Steps))
	for i := range shown {
		shown[i] = true
	}
	rows := foldRows(t, shown)
	if drawn = layOut(t, rows, full); full || len(drawn) <= budget {
		return drawn, false
	}
	rows = foldRows(t, heaviest(t, budget))
	return layOut(t, rows, false), len(rows) < len(t.Steps)
}

func layOut(t *catalogue.Trace, rows []row, operations bool) []string {
	b := &table{trace: t, actors: actorsOf(t)}
	number := 1
	for _, r := range rows {
		number = max(number, width(r.number))
	}
	b.prefix = number + 3
	b.columns(rows)
	b.header()
	for _, r := range rows {
		b.row(r, operations)
	}
	return b.lines
}

// actorsOf lists the trace's actors and whoever else acts in it: the clock, a fault.
func actorsOf(t *catalogue.Trace) []string {
	var actors []string
	known := map[string]bool{}
	add := func(name string) {
		if !known[name] {
			known[name] = true
			actors = append(actors, name)
		}
	}
	acts := map[string]bool{}
	for _, s := range t.Steps {
		acts[s.Actor] = true
	}
	for _, name := range t.Actors {
		if acts[name] {
			add(name)
		}
	}
	for _, s := range t.Steps {
		add(s.Actor)
	}
	return actors
}

// columns spreads the columns evenly, and leaves the last as much room as its texts need, up to
// three fifths.
func (b *table) columns(rows []row) {
	n := max(len(b.actors), 1)
	room := Width - b.prefix
	last := max(room/n, min(lastColumnMin, room/2))
	for _, r := range rows {
		if r.first.Actor == b.actors[n-1] {
			last = max(last, min(width(r.text)+2, room*3/5))
		}
	}
	b.offsets = make([]int, n)
	for i := 1; i < n; i++ {
		b.offsets[i] = i * (room - last) / (n - 1)
	}
}

// header names the columns, on as many lines as keep the names apart.
func (b *table) header() { b.lines = append(b.lines, stagger(b.actors, b.offsets, b.prefix)...) }

// stagger puts each name at its offset behind the prefix, one that would touch its neighbour a line
// lower, with a stroke down to its column. A name that would pass the edge begins further left, and
// then a line of strokes shows the columns.
func stagger(names []string, offsets []int, prefix int) []string {
	var lines []string
	moved := false
	for from := 0; from < len(names); {
		line := make([]rune, 0, Width)
		to := from
		for ; to < len(names); to++ {
			name := []rune(names[to])
			if longest := Width - prefix; len(name) > longest {
				name = append(name[:longest-3], []rune("...")...)
			}
			begin := min(prefix+offsets[to], Width-len(name))
			if to > from && len(line)+1 > begin {
				break
			}
			moved = moved || begin < prefix+offsets[to]
			if to == from {
				line = strokes(offsets[:from], prefix, begin)
			}
			line = append(line, []rune(strings.Repeat(" ", begin-len(line)))...)
			line = append(line, name...)
		}
		lines = append(lines, string(line))
		from = to
	}
	if moved {
		lines = append(lines, string(strokes(offsets, prefix, Width+1)))
	}
	return lines
}

// strokes marks the columns that are named already, up to a name that begins there.
func strokes(offsets []int, prefix, begin int) []rune {
	line := make([]rune, 0, Width)
	for _, o := range offsets {
		if prefix+o+1 < begin {
			line = append(line, []rune(strings.Repeat(" ", prefix+o-len(line))+"|")...)
		}
	}
	return line
}

func (b *table) row(r row, operations bool) {
	column := 0
	for i, name := range b.actors {
		if name == r.first.Actor {
			column = i
		}
	}
	if operations && r.first.Call != "" {
		b.text("", b.margin(r, true), column, r.first.Call+":")
	}
	text := r.text
	if operations {
		text = "  " + text
	}
	b.text(r.number, b.margin(r, false), column, text)
	inside := b.margin(row{first: r.last, last: r.last}, false)
	if r.last.Number == b.trace.WindowTo {
		inside = " "
	} else if inside == "┌" {
		inside = "│"
	}
	if operations && r.last.Return != "" {
		b.text("", inside, column, "  returns "+r.last.Return)
	}
	if note := b.note(r.first); note != "" {
		b.text("", inside, column, "  ^ "+note)
	}
}

// note is what stands below a step.
func (b *table) note(s *catalogue.TraceStep) string {
	switch {
	case s.Number != b.trace.At:
		return s.Note
	case s.Note == "":
		return "the violation"
	}
	return "the violation: " + s.Note
}

// text puts a text into a column, wrapped at the edge.
func (b *table) text(number, margin string, column int, text string) {
	at := b.offsets[column]
	for i, t := range wrap(text, Width-b.prefix-at) {
		if i > 0 {
			number = ""
			margin = strings.NewReplacer("┌", "│", "└", " ").Replace(margin)
		}
		lead := strings.Repeat(" ", max(0, b.prefix-3-width(number))) + number + " " + margin + " "
		b.lines = append(b.lines, lead+strings.Repeat(" ", at)+t)
	}
}

// margin marks the race window; before tells that the line stands above the row's first step.
func (b *table) margin(r row, before bool) string {
	from, to := b.trace.WindowFrom, b.trace.WindowTo
	switch {
	case from == 0 || r.last.Number < from || r.first.Number > to:
		return " "
	case r.first.Number <= from && before:
		return " "
	case r.first.Number <= from && r.last.Number >= to:
		return "│"
	case r.first.Number <= from:
		return "┌"
	case r.last.Number >= to && !before:
		return "└"
	}
	return "│"
}
