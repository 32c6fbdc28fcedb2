package report

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"fermata/scenarios/catalogue"
)

// Grid is the JSON of a matrix: scenarios by engines and parts.
type Grid struct {
	Schema  string    `json:"schema"`
	Command string    `json:"command"`
	Rows    []GridRow `json:"rows"`
	// Uncompared are the parts that are modelled and held against no real one.
	Uncompared []string `json:"uncompared,omitempty"`
}

// GridRow is one scenario.
type GridRow struct {
	Scenario string     `json:"scenario"`
	Issue    string     `json:"issue"`
	Cells    []GridCell `json:"cells"`
}

// GridCell is one verdict on a scenario. Oracle, Severity and Schedule are empty without a violation.
type GridCell struct {
	Engine   string `json:"engine"`
	Lock     string `json:"lock"`
	Queue    string `json:"queue"`
	Store    string `json:"store"`
	Verdict  string `json:"verdict"`
	Oracle   string `json:"oracle"`
	Severity string `json:"severity"`
	// NotImplementable tells that the engine cannot be built on this queue and store: it needs a transaction
	// over both, and they are two databases.
	NotImplementable bool `json:"not_implementable,omitempty"`
	// Schedule is the file with a schedule of the violation, where they are written.
	Schedule string `json:"schedule,omitempty"`
	message  string
}

// parts names the lock, the queue and the store of a cell.
func (c *GridCell) parts() string {
	return fmt.Sprintf("lock %s, queue %s, store %s", c.Lock, c.Queue, c.Store)
}

// word is the cell in words: verdict, oracle and severity.
func (c *GridCell) word() string {
	return strings.TrimRight(strings.Join([]string{c.Verdict, c.Oracle, c.Severity}, " "), " ")
}

// GridOf makes the JSON of a matrix. path gives the file of a violation's schedule.
func GridOf(m *catalogue.Matrix, path func(f *catalogue.Finding) string) Grid {
	g := Grid{Schema: Schema, Command: "matrix", Rows: []GridRow{}}
	for i := range m.Cells {
		c := &m.Cells[i]
		cell := GridCell{
			Engine: c.Case.Engine.Name, Lock: c.Case.Lock(), Queue: c.Case.Queue(), Store: c.Case.Store(),
			Verdict: c.Verdict.String(), Oracle: c.Oracle, Severity: c.Severity.String(),
			NotImplementable: !c.Case.Implementable(), message: c.Report.Reason,
		}
		if f := c.Finding(); f != nil {
			cell.message = f.Message
			if path != nil {
				cell.Schedule = path(f)
			}
		}
		g.row(c.Case.Scenario.Name, c.Issue()).add(cell)
		g.uncompared(&cell)
	}
	return g
}

func (g *Grid) row(scenario, issue string) *GridRow {
	for i := range g.Rows {
		if g.Rows[i].Scenario == scenario {
			return &g.Rows[i]
		}
	}
	g.Rows = append(g.Rows, GridRow{Scenario: scenario, Issue: issue, Cells: []GridCell{}})
	return &g.Rows[len(g.Rows)-1]
}

func (r *GridRow) add(c GridCell) { r.Cells = append(r.Cells, c) }

// uncompared adds the cell's parts that nothing real is held against; no lock at all needs nothing.
func (g *Grid) uncompared(c *GridCell) {
	for _, p := range [][2]string{{"lock", c.Lock}, {"queue", c.Queue}, {"store", c.Store}} {
		name := p[0] + " " + p[1]
		trivial := p[1] == "noop" || p[1] == "disabled"
		if !trivial && catalogue.Compared(p[0], p[1]) == "" && !slices.Contains(g.Uncompared, name) {
			g.Uncompared = append(g.Uncompared, name)
		}
	}
}

// gridBytesMax bounds what is read of a grid.
const gridBytesMax = 64 << 20

// ReadGrid reads what WriteJSON wrote; file is its name in errors.
func ReadGrid(r io.Reader, file string) (Grid, error) {
	d := json.NewDecoder(io.LimitReader(r, gridBytesMax))
	d.DisallowUnknownFields()
	var g Grid
	err := d.Decode(&g)
	if errors.Is(err, io.EOF) {
		err = errors.New("it is empty")
	}
	if err == nil && (g.Schema != Schema || g.Command != "matrix") {
		err = fmt.Errorf("its schema is %q and its command %q", g.Schema, g.Command)
	}
	if err != nil {
		return g, fmt.Errorf("%s:1: %w: expected what matrix --format json prints", file, err)
	}
	return g, nil
}

// WriteJSON writes the grid as one line.
func (g Grid) WriteJSON(w io.Writer) error { return encode(w, g) }

// Difference is a cell that is not as expected.
type Difference struct {
	Scenario, Engine string
	// Parts are the lock, the queue and the store.
	Parts     string
	Want, Got string
}

func (d Difference) String() string {
	return fmt.Sprintf("%s on %s, %s: expected %s, got %s", d.Scenario, d.Engine, d.Parts, d.Want, d.Got)
}

// nothing is said for a cell that is not there.
const nothing = "nothing"

// place is where a cell stands.
type place struct{ scenario, engine, parts string }

// Compare lists the cells in which two grids differ, in the order of the one that was got; then those
// that were expected and are not there.
func (g Grid) Compare(want Grid) []Difference {
	var out []Difference
	wanted, got := want.words(), g.words()
	for _, p := range g.order() {
		w := wanted[p]
		if w == "" {
			w = nothing
		}
		if w != got[p] {
			out = append(out, Difference{p.scenario, p.engine, p.parts, w, got[p]})
		}
	}
	for _, p := range want.order() {
		if got[p] == "" {
			out = append(out, Difference{p.scenario, p.engine, p.parts, wanted[p], nothing})
		}
	}
	return out
}

// each calls see with every cell, row by row.
func (g Grid) each(see func(p place, r *GridRow, c *GridCell)) {
	for i := range g.Rows {
		r := &g.Rows[i]
		for j := range r.Cells {
			c := &r.Cells[j]
			see(place{r.Scenario, c.Engine, c.parts()}, r, c)
		}
	}
}

func (g Grid) words() map[place]string {
	words := map[place]string{}
	g.each(func(p place, _ *GridRow, c *GridCell) { words[p] = c.word() })
	return words
}

func (g Grid) order() []place {
	var order []place
	g.each(func(p place, _ *GridRow, _ *GridCell) { order = append(order, p) })
	return order
}

// verdicts are all there are.
var verdicts = []catalogue.Verdict{catalogue.OK, catalogue.Violated, catalogue.Unknown, catalogue.NotApplicable}

// Verdicts counts the cells.
func (g Grid) Verdicts() map[catalogue.Verdict]int {
	counts := map[catalogue.Verdict]int{}
	g.each(func(_ place, _ *GridRow, c *GridCell) {
		for _, v := range verdicts {
			if c.Verdict == v.String() {
				counts[v]++
			}
		}
	})
	return counts
}

// tables are the combinations of parts, in order; each is a table of its own.
func (g Grid) tables() []string {
	var tables []string
	g.each(func(p place, _ *GridRow, _ *GridCell) {
		if !slices.Contains(tables, p.parts) {
			tables = append(tables, p.parts)
		}
	})
	return tables
}

// engines lists the engines, in order.
func (g Grid) engines() []string {
	var engines []string
	g.each(func(p place, _ *GridRow, _ *GridCell) {
		if !slices.Contains(engines, p.engine) {
			engines = append(engines, p.engine)
		}
	})
	return engines
}

// cell finds a cell; nil if there is none.
func (g Grid) cell(p place) *GridCell {
	var found *GridCell
	g.each(func(at place, _ *GridRow, c *GridCell) {
		if at == p {
			found = c
		}
	})
	return found
}

// on lists the engines and the scenarios with a cell on the parts, in their order.
func (g Grid) on(parts string) (engines, scenarios []string) {
	for _, e := range g.engines() {
		if slices.ContainsFunc(g.Rows, func(r GridRow) bool { return g.cell(place{r.Scenario, e, parts}) != nil }) {
			engines = append(engines, e)
		}
	}
	for _, r := range g.Rows {
		if slices.ContainsFunc(r.Cells, func(c GridCell) bool { return c.parts() == parts }) {
			scenarios = append(scenarios, r.Scenario)
		}
	}
	return engines, scenarios
}

// notImplementable tells whether the engine cannot be built on the parts.
func (g Grid) notImplementable(engine, parts string) bool {
	return slices.ContainsFunc(g.Rows, func(r GridRow) bool {
		c := g.cell(place{r.Scenario, engine, parts})
		return c != nil && c.NotImplementable
	})
}
