package loadreport

import (
	"fmt"
	"strings"

	"fermata/scenarios/load"
)

// Document is what is told of one call of load.
type Document struct {
	// Preset is the name of the preset; empty if there is none.
	Preset string
	Table  *load.Table
	// Lives are what was cut out; nil if that was not asked for.
	Lives []Life
}

// Name is how a row is called among the others: its value, and its engine if that is something else and not the same in
// all rows.
func (d *Document) Name(r *load.Row) string {
	switch {
	case r.Value == "" || r.Value == r.Engine:
		return r.Engine
	case len(d.Engines()) == 1:
		return r.Value
	}
	return r.Engine + ", " + r.Value
}

// Engines lists the engines, in the order of the rows.
func (d *Document) Engines() []string {
	var names []string
	known := map[string]bool{}
	for i := range d.Table.Rows {
		if name := d.Table.Rows[i].Engine; !known[name] {
			known[name] = true
			names = append(names, name)
		}
	}
	return names
}

// About says in one line what the rows have in common: the preset, how many workflows were started, and the seeds.
func (d *Document) About() string {
	var parts []string
	if d.Preset != "" {
		parts = append(parts, "preset "+d.Preset)
	}
	least, most, point := int64(0), int64(0), ""
	seeds, alike := "", true
	for i := range d.Table.Rows {
		r := d.Table.Rows[i].Result
		if text := seedsText(r.Seeds); i == 0 {
			seeds = text
		} else if text != seeds {
			alike = false
		}
		if n := r.Counts.Started; r.Overloaded == "" {
			if most == 0 {
				least = n
			}
			least, most = min(least, n), max(most, n)
		}
	}
	if len(d.Table.Rows) > 1 {
		point = " a point"
	}
	switch {
	case least < most:
		parts = append(parts, count(least)+" to "+count(most)+" workflows"+point)
	case most > 0:
		parts = append(parts, count(most)+" workflows"+point)
	}
	if alike && seeds != "" {
		parts = append(parts, seeds)
	}
	return strings.Join(parts, ", ")
}

// seedsText names the seeds as far as there is room.
func seedsText(seeds []uint64) string {
	const named = 6
	n := len(seeds)
	switch {
	case n == 0:
		return ""
	case n == 1:
		return fmt.Sprintf("seed %d", seeds[0])
	}
	row := true
	for i, s := range seeds {
		row = row && s == seeds[0]+uint64(i)
	}
	switch {
	case row:
		return fmt.Sprintf("%d seeds (%d to %d)", n, seeds[0], seeds[n-1])
	case n <= named:
		return fmt.Sprintf("%d seeds (%s)", n, strings.ReplaceAll(strings.Trim(fmt.Sprint(seeds), "[]"), " ", ", "))
	}
	return fmt.Sprintf("%d seeds", n)
}
