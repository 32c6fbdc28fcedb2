package loadreport

import (
	"io"
	"strings"
	"unicode/utf8"

	"fermata/internal/report"
	"fermata/scenarios/load"
)

// WriteText writes a page for one row, and a table for several, without the setup, which stands before it. colour
// paints for a terminal.
func (d *Document) WriteText(w io.Writer, colour bool) error {
	t := &text{Sheet: report.NewSheet(colour), document: d}
	if len(d.Table.Rows) == 1 {
		t.page(&d.Table.Rows[0])
	} else {
		t.table()
	}
	return t.WriteText(w)
}

// text is a document being written.
type text struct {
	*report.Sheet
	document *Document
}

func width(s string) int { return utf8.RuneCountInString(s) }

// right and left fill a text with spaces on that side's other end.
func right(s string, columns int) string { return strings.Repeat(" ", max(0, columns-width(s))) + s }
func left(s string, columns int) string  { return s + strings.Repeat(" ", max(0, columns-width(s))) }

// page tells all of one row.
func (t *text) page(r *load.Row) {
	title := "load: " + r.Engine
	if v := t.document.Table.Varied; v != "" && r.Value != r.Engine {
		title += ", " + v + " " + r.Value
	}
	t.Title(title)
	about := t.document.About()
	if r.Result.Virtual > 0 {
		about += ", " + Duration(r.Result.Virtual.Microseconds()) + " of virtual time"
	}
	t.Entry("", about)
	t.Line("")
	if r.Result.Overloaded != "" {
		t.Warning("overloaded: ", r.Result.Overloaded+". Nothing was run.")
		return
	}
	t.counts("workflows", ofWorkflows, r.Result)
	if says := noneCompleted(r.Result); says != "" {
		t.Warning("", says)
		t.Line("")
	}
	t.stuck(r.Result)
	t.counts("tasks", ofTasks, r.Result)
	t.counts("work", ofWork, r.Result)
	t.used(r.Result)
	t.durations(r.Result)
}

// The columns of a count: its name and its number.
const (
	nameColumns  = 24
	countColumns = 11
)

func (t *text) counts(head string, list []counted, r *load.Result) {
	t.Line(head)
	for _, c := range list {
		name := strings.ReplaceAll(c.name, "_", " ")
		t.Entry(left("  "+name, nameColumns)+right(count(c.of(&r.Counts)), countColumns)+"  ", c.about)
	}
	t.Line("")
}

func (t *text) stuck(r *load.Result) {
	i := Stuck(r)
	says := Number(i.PerMillion) + ", 95 % interval " + ends(i)
	if r.Counts.Stuck == 0 {
		says = "none seen: at most " + Number(i.High) + " (95 %)"
	}
	t.Entry("stuck of a million      ", says)
	if s := stuckARun(r); len(r.PerSeed) > 1 {
		t.Entry("stuck in a run          ", Number(s.Mean)+" in the mean of "+count(int64(len(r.PerSeed)))+
			", 95 % interval "+Number(max(s.Low, 0))+" to "+Number(s.High))
	}
	t.Line("")
}

func ends(i load.Interval) string { return Number(i.Low) + " to " + Number(i.High) }

// used tells of the capacities.
func (t *text) used(r *load.Result) {
	for _, u := range []struct {
		what string
		used float64
	}{{"store", r.StoreUsed}, {"queue and lock", r.RedisUsed}} {
		if u.used > 0 {
			t.Entry("capacity used           ", Number(100*u.used)+" % of the "+u.what)
		}
	}
	if r.StoreUsed > 0 || r.RedisUsed > 0 {
		t.Line("")
	}
}

// durationColumns is how wide a percentile is.
const durationColumns = 9

func (t *text) durations(r *load.Result) {
	head := left("durations", nameColumns) + right("count", countColumns)
	for _, h := range []string{"p50", "p90", "p99", "p99.9", "max"} {
		head += right(h, durationColumns)
	}
	t.Line(head)
	none := true
	for _, m := range load.Measures() {
		p, ok := PercentilesOf(r, m)
		if !ok {
			continue
		}
		none = false
		line := left("  "+m.String(), nameColumns) + right(count(p.Count), countColumns)
		for _, us := range []int64{p.P50, p.P90, p.P99, p.P999, p.Max} {
			line += right(Duration(us), durationColumns)
		}
		t.Line(line)
	}
	if none {
		t.Line("  none was measured")
	}
}
