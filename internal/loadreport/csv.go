package loadreport

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"

	"fermata/scenarios/load"
)

// WriteCSV writes a header and a line for each row: the figures of the JSON but the setup. A cell is empty where
// nothing was measured.
func (d *Document) WriteCSV(w io.Writer) error {
	c := csv.NewWriter(w)
	empty := &load.Result{}
	head := append([]string{"preset", "varied", "value", "engine", "seeds", "overloaded"}, names(cellsOf(empty))...)
	if err := c.Write(head); err != nil {
		return err
	}
	for i := range d.Table.Rows {
		r := &d.Table.Rows[i]
		seeds := strings.Trim(fmt.Sprint(r.Result.Seeds), "[]")
		line := []string{d.Preset, d.Table.Varied, r.Value, r.Engine, seeds, r.Result.Overloaded}
		for _, cell := range cellsOf(r.Result) {
			if r.Result.Overloaded != "" {
				cell.text = ""
			}
			line = append(line, cell.text)
		}
		if err := c.Write(line); err != nil {
			return err
		}
	}
	c.Flush()
	return c.Error()
}

// cell is one figure of a row.
type cell struct{ name, text string }

func names(cells []cell) []string {
	out := make([]string, 0, len(cells))
	for _, c := range cells {
		out = append(out, c.name)
	}
	return out
}

// cellsOf lists the figures of a row; the same names for every row.
func cellsOf(r *load.Result) []cell {
	m := measuredOf(r)
	cells := []cell{{"virtual_seconds", plain(m.VirtualSeconds)}}
	for _, c := range everyCount() {
		cells = append(cells, cell{c.name, strconv.FormatInt(c.of(&r.Counts), 10)})
	}
	add := func(name string, x float64) { cells = append(cells, cell{name, plain(x)}) }
	add("stuck_per_million", m.StuckPerMillion.Value)
	add("stuck_per_million_low", m.StuckPerMillion.Low)
	add("stuck_per_million_high", m.StuckPerMillion.High)
	add("stuck_a_run_mean", m.StuckARun.Mean)
	add("stuck_a_run_low", m.StuckARun.Low)
	add("stuck_a_run_high", m.StuckARun.High)
	add("stalled_per_million", m.StalledPerMillion.Value)
	add("stalled_per_million_low", m.StalledPerMillion.Low)
	add("stalled_per_million_high", m.StalledPerMillion.High)
	add("sweeps_a_workflow", m.SweepsAWorkflow)
	add("lock_misses_per_million", m.LockMisses)
	add("store_used", m.StoreUsed)
	add("redis_used", m.RedisUsed)
	for _, of := range load.Measures() {
		p, ok := PercentilesOf(r, of)
		names, values := p.all()
		for i, name := range names {
			c := cell{name: strings.ReplaceAll(of.String(), "-", "_") + "_" + name}
			if ok {
				c.text = strconv.FormatInt(values[i], 10)
			}
			cells = append(cells, c)
		}
	}
	return cells
}

// plain is a figure with no more digits than it needs, and no exponent.
func plain(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }
