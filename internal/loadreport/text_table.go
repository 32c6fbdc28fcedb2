package loadreport

import (
	"strings"

	"fermata/internal/report"
	"fermata/scenarios/load"
)

// column is one of the table's: its head in two lines, and what it says of a row that was run.
type column struct {
	head  [2]string
	says  func(r *load.Result) string
	about string
}

// none stands where nothing was measured.
const none = "-"

var columns = []column{
	{[2]string{"", "started"}, func(r *load.Result) string { return short(float64(r.Counts.Started)) },
		"workflows; what is unfinished is not counted as completed"},
	{[2]string{"stuck", "per M"}, func(r *load.Result) string { return short(Stuck(r).PerMillion) },
		"of a million workflows: not ended, and never touched again"},
	{[2]string{"", "95 %"}, func(r *load.Result) string {
		i := Stuck(r)
		return short(i.Low) + "-" + short(i.High)
	}, "confidence interval of the column before (exact, Poisson)"},
	{[2]string{"", "stalled"}, func(r *load.Result) string { return short(float64(r.Counts.Stalled)) },
		"workflows with every task over, nobody at work, and not ended"},
	{[2]string{"healed", "after"}, func(r *load.Result) string {
		return duration(r, load.HealedAfter, func(p Percentiles) int64 { return p.P50 })
	}, "median from the stall to the end, of those that ended after all"},
	{[2]string{"status", "p50"}, func(r *load.Result) string {
		return duration(r, load.ToStatus, func(p Percentiles) int64 { return p.P50 })
	}, "last task's result written to COMPLETED written: the median"},
	{[2]string{"status", "p99"}, func(r *load.Result) string {
		return duration(r, load.ToStatus, func(p Percentiles) int64 { return p.P99 })
	}, "the same: one in a hundred takes longer"},
	{[2]string{"sweeps", "per wf"}, func(r *load.Result) string { return short(sweepsAWorkflow(r)) },
		"sweeps of a workflow"},
	{[2]string{"misses", "per M"}, func(r *load.Result) string { return short(lockMisses(r)) },
		"of a million sweeps: the try time for the lock ran out"},
}

func duration(r *load.Result, m load.Measure, of func(p Percentiles) int64) string {
	p, ok := PercentilesOf(r, m)
	if !ok {
		return none
	}
	return Duration(of(p))
}

// table has a line for each row. Where several engines have several values each, an engine heads its rows.
func (t *text) table() {
	d := t.document
	title := "load"
	if d.Table.Varied != "" {
		title += ": " + d.Table.Varied
	}
	if e := d.Engines(); len(e) == 1 {
		title += " on " + e[0]
	}
	t.Title(title)
	if about := d.About(); about != "" {
		t.Entry("", about)
	}
	t.Line("")
	g := t.grid()
	g.heads()
	engine := ""
	for i := range d.Table.Rows {
		r := &d.Table.Rows[i]
		if g.grouped && r.Engine != engine {
			engine = r.Engine
			t.Line(engine)
		}
		g.row(r, g.labels[i], g.cells[i])
	}
	t.Line("")
	t.notes()
	for _, c := range columns {
		t.Entry(left(strings.TrimSpace(c.head[0]+" "+c.head[1]), legendColumns), c.about)
	}
}

const legendColumns = 15

// grid is the table with its widths.
type grid struct {
	*text
	grouped bool
	labels  []string
	cells   [][]string
	label   int
	widths  []int
}

// grid measures: a column is as wide as its widest cell, and the first has what is left.
func (t *text) grid() *grid {
	rows := t.document.Table.Rows
	g := &grid{text: t, grouped: t.grouped()}
	total := 0
	for _, c := range columns {
		g.widths = append(g.widths, max(width(c.head[0]), width(c.head[1])))
	}
	for i := range rows {
		label := t.document.Name(&rows[i])
		if g.grouped {
			label = "  " + rows[i].Value
		}
		var cells []string
		if rows[i].Result.Overloaded == "" {
			for j, c := range columns {
				cells = append(cells, c.says(rows[i].Result))
				g.widths[j] = max(g.widths[j], width(cells[j]))
			}
		}
		g.labels, g.cells = append(g.labels, label), append(g.cells, cells)
		g.label = max(g.label, width(label))
	}
	for _, w := range g.widths {
		total += 1 + w
	}
	g.label = max(0, min(g.label, report.Width-total))
	return g
}

// grouped tells whether an engine has several rows, and there are several engines.
func (t *text) grouped() bool {
	rows := t.document.Table.Rows
	engines := len(t.document.Engines())
	return engines > 1 && engines < len(rows) && rows[0].Value != ""
}

func (g *grid) heads() {
	for line := range 2 {
		text := left("", g.label)
		for i, c := range columns {
			text += " " + right(c.head[line], g.widths[i])
		}
		g.Line(text)
	}
}

// row has a label that is too wide on a line of its own.
func (g *grid) row(r *load.Row, label string, cells []string) {
	if cells == nil {
		g.Warning(left(label, g.label)+" ", "overloaded: "+r.Result.Overloaded)
		return
	}
	if width(label) > g.label {
		g.Line(label)
		label = ""
	}
	text := left(label, g.label)
	for i, c := range cells {
		text += " " + right(c, g.widths[i])
	}
	g.Line(text)
}

// noneCompleted says so; empty if some did, or none was started.
func noneCompleted(r *load.Result) string {
	if r.Counts.Started == 0 || r.Counts.Completed > 0 {
		return ""
	}
	return "not one workflow completed: the engine cannot run this shape, or the run is too short"
}

// notes tell what a reader would not guess of a row.
func (t *text) notes() {
	said := false
	for i := range t.document.Table.Rows {
		r := &t.document.Table.Rows[i]
		name := t.document.Name(r)
		if n := r.Result.Counts.Unfinished; n > 0 {
			says := " had not ended when the run was cut, and may yet: neither completed nor stuck"
			t.Warning(name+": ", count(n)+says)
			said = true
		}
		if says := noneCompleted(r.Result); says != "" {
			t.Warning(name+": ", says)
			said = true
		}
		if n := r.Result.Counts.Failed; n > 0 {
			t.Entry(name+": ", count(n)+" ended otherwise than COMPLETED")
			said = true
		}
	}
	if said {
		t.Line("")
	}
}
