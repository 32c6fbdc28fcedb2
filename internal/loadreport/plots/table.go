package plots

import (
	"math"
	"strconv"
	"strings"
	"time"

	"fermata/internal/loadreport"
	"fermata/scenarios/load"
)

// table is a document as the plots need it.
type table struct {
	*loadreport.Document
	rows []row
	// numeric tells that the rows differ in a number, or in a duration if timed.
	numeric, timed bool
	// kind is what stands before every value, such as poisson of "poisson:20".
	kind    string
	engines []string
}

// row is one of a table.
type row struct {
	*load.Row
	engine int     // its number
	x      float64 // the varied figure: a number, or microseconds
	words  string  // and how it is written on the axis
}

func newTable(d *loadreport.Document) *table {
	t := &table{Document: d, engines: d.Engines()}
	for i := range d.Table.Rows {
		r := row{Row: &d.Table.Rows[i]}
		for t.engines[r.engine] != r.Engine {
			r.engine++
		}
		t.rows = append(t.rows, r)
	}
	t.kind = t.kindOf()
	t.numeric = t.read(func(r *row, value string) (err error) {
		r.x, err = strconv.ParseFloat(value, 64)
		r.words = loadreport.Number(r.x)
		return err
	})
	if t.numeric {
		return t
	}
	t.timed = t.read(func(r *row, value string) error {
		length, err := time.ParseDuration(value)
		r.x, r.words = float64(length.Microseconds()), loadreport.Duration(length.Microseconds())
		return err
	})
	t.numeric = t.timed
	return t
}

// kindOf is the word before a colon, if it is before all values.
func (t *table) kindOf() string {
	kind, _, _ := strings.Cut(t.rows[0].Value, ":")
	for _, r := range t.rows {
		if !strings.HasPrefix(r.Value, kind+":") {
			return ""
		}
	}
	return kind
}

// read reads the values, and tells whether all of them could be read, and are not one.
func (t *table) read(one func(r *row, value string) error) bool {
	different := map[float64]bool{}
	for i := range t.rows {
		r := &t.rows[i]
		if err := one(r, strings.TrimPrefix(r.Value, t.kind+":")); err != nil || math.IsNaN(r.x) || math.IsInf(r.x, 0) {
			return false
		}
		different[r.x] = true
	}
	return len(different) > 1
}

func (r *row) run() bool { return r.Result.Overloaded == "" }

// of lists the rows of an engine.
func (t *table) of(engine int) []row {
	var out []row
	for _, r := range t.rows {
		if r.engine == engine {
			out = append(out, r)
		}
	}
	return out
}

// figures are how the figures of a setup are called on an axis, with their units; others by their names.
var figures = map[string]string{
	"rate": "workflows started a second", "sweeper-threads": "sweeper threads a server",
	"sweep-batch": "messages a batch", "failures": "share of tasks that fail",
	"store-capacity": "calls a second that the store can take",
	"redis-capacity": "calls a second that queue and lock can take",
}

// varied is what differs, in words for a title.
func (t *table) varied() string { return strings.ReplaceAll(t.Table.Varied, "-", " ") }

// below is what the x axis is.
func (t *table) below() string {
	words := figures[t.Table.Varied]
	switch {
	case words == "" && t.timed:
		words = t.varied() + " (time)"
	case words == "":
		words = t.varied()
	}
	if t.kind != "" {
		words += ", " + t.kind
	}
	return words
}

// titled is a title that says what is varied, and names the engine if there is one only.
func (t *table) titled(words string) string {
	words += " by " + t.varied()
	if len(t.engines) == 1 {
		words += ", " + t.engines[0]
	}
	return words
}

// across is the axis of the varied figure.
func (t *table) across() *axis {
	const room = 640
	var values []float64
	var words []string
	known := map[float64]bool{}
	for _, r := range t.rows {
		if !known[r.x] {
			known[r.x] = true
			values, words = append(values, r.x), append(words, r.words)
		}
	}
	return measured(values, words, room)
}

// engineEntries are a legend of the engines; none for one alone.
func (t *table) engineEntries() []entry {
	if len(t.engines) == 1 {
		return nil
	}
	var out []entry
	for i, name := range t.engines {
		out = append(out, entry{name, sampleWidth, lineSample(lookOf(i, 0))})
	}
	return out
}

// anyOverloaded tells whether a row was not run.
func (t *table) anyOverloaded() bool {
	for _, r := range t.rows {
		if !r.run() {
			return true
		}
	}
	return false
}
