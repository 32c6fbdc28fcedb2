package report

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"fermata/scenarios"
)

// Grid is the JSON of a matrix: scenarios by engines.
type Grid struct {
	Schema  string    `json:"schema"`
	Command string    `json:"command"`
	Rows    []GridRow `json:"rows"`
}

// GridRow is one scenario.
type GridRow struct {
	Scenario string     `json:"scenario"`
	Issue    string     `json:"issue"`
	Cells    []GridCell `json:"cells"`
}

// GridCell is one engine's verdict on a scenario. Oracle and Severity are empty without a violation.
type GridCell struct {
	Engine   string `json:"engine"`
	Verdict  string `json:"verdict"`
	Oracle   string `json:"oracle"`
	Severity string `json:"severity"`
}

// GridOf makes the JSON of a matrix.
func GridOf(m *scenarios.Matrix) Grid {
	g := Grid{Schema: Schema, Command: "matrix", Rows: []GridRow{}}
	for _, r := range m.Rows {
		row := GridRow{Scenario: r.Scenario, Issue: r.Issue, Cells: []GridCell{}}
		for _, c := range r.Cells {
			row.Cells = append(row.Cells,
				GridCell{c.Engine, c.Verdict.String(), c.Oracle, c.Severity.String()})
		}
		g.Rows = append(g.Rows, row)
	}
	return g
}

// ReadGrid reads what WriteJSON wrote; file is its name in errors.
func ReadGrid(r io.Reader, file string) (Grid, error) {
	d := json.NewDecoder(r)
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
	Want, Got        string
}

func (d Difference) String() string {
	return fmt.Sprintf("%s on %s: expected %s, got %s", d.Scenario, d.Engine, d.Want, d.Got)
}

// Compare lists the cells in which two grids differ, in the order of the one that was got; then those
// that were expected and are not there.
func (g Grid) Compare(want Grid) []Difference {
	var out []Difference
	wanted := want.words()
	got := g.words()
	for _, k := range g.order() {
		w := wanted[k]
		if w == "" {
			w = "nothing"
		}
		if w != got[k] {
			out = append(out, Difference{k[0], k[1], w, got[k]})
		}
	}
	for _, k := range want.order() {
		if got[k] == "" {
			out = append(out, Difference{k[0], k[1], wanted[k], "nothing"})
		}
	}
	return out
}

func (g Grid) words() map[[2]string]string {
	words := map[[2]string]string{}
	for _, r := range g.Rows {
		for _, c := range r.Cells {
			said := c.Verdict
			if c.Oracle != "" {
				said += " " + c.Oracle
			}
			if c.Severity != "" {
				said += " " + c.Severity
			}
			words[[2]string{r.Scenario, c.Engine}] = said
		}
	}
	return words
}

func (g Grid) order() [][2]string {
	var order [][2]string
	for _, r := range g.Rows {
		for _, c := range r.Cells {
			order = append(order, [2]string{r.Scenario, c.Engine})
		}
	}
	return order
}

// cellWidth is the width of a column of the matrix.
const cellWidth = 10

// WriteText draws the grid, an engine a row and a scenario a column, with a legend.
func (g Grid) WriteText(w io.Writer, o Options) error {
	l := &lines{palette: palette(o.Colour)}
	engines := g.engines()
	label := 0
	for _, e := range engines {
		label = max(label, width(e)+2)
	}
	var names []string
	var offsets []int
	for i, r := range g.Rows {
		names, offsets = append(names, r.Scenario), append(offsets, i*cellWidth)
	}
	l.add(stagger(names, offsets, label)...)
	var reds []string
	words := g.words()
	seen := map[string]bool{}
	for _, e := range engines {
		line := pad(e, label)
		for _, r := range g.Rows {
			word := words[[2]string{r.Scenario, e}]
			seen[kindOf(word)] = true
			line += l.cell(word, &reds)
		}
		l.add(line)
	}
	l.legend(seen, reds)
	for _, r := range g.Rows {
		if r.Issue != "" {
			l.add(indented(r.Scenario+": ", r.Issue)...)
		}
	}
	return l.writeTo(w)
}

func (g Grid) engines() []string {
	var engines []string
	for _, r := range g.Rows {
		for _, c := range r.Cells {
			if !slices.Contains(engines, c.Engine) {
				engines = append(engines, c.Engine)
			}
		}
	}
	return engines
}

// The kinds of cells, by the first word of what they say.
const (
	cellOK      = "ok"
	cellRed     = "violation"
	cellUnknown = "unknown"
)

func kindOf(word string) string {
	for _, kind := range []string{cellOK, cellRed, cellUnknown} {
		if len(word) >= len(kind) && word[:len(kind)] == kind {
			return kind
		}
	}
	return ""
}

// cell is what a column says: a violation's letter stands for its oracle and severity.
func (l *lines) cell(word string, reds *[]string) string {
	switch kindOf(word) {
	case cellOK:
		return l.green(cellOK) + pad("", cellWidth-len(cellOK))
	case cellRed:
		said := word[len(cellRed):]
		i := slices.Index(*reds, said)
		if i < 0 {
			i = len(*reds)
			*reds = append(*reds, said)
		}
		text := fmt.Sprintf("RED %c", 'a'+rune(i))
		return l.red(text) + pad("", cellWidth-len(text))
	case cellUnknown:
		return l.yellow(cellUnknown) + pad("", cellWidth-len(cellUnknown))
	}
	return pad("-", cellWidth)
}

func (l *lines) legend(seen map[string]bool, reds []string) {
	l.add("")
	if seen[cellOK] {
		l.add("ok       every interleaving of the scenario's scope was covered: no violation")
	}
	for i, said := range reds {
		l.add(fmt.Sprintf("RED %c   %s", 'a'+rune(i), said))
	}
	if seen[cellUnknown] {
		l.add("unknown  a limit was hit, or not all was reached that the scenario expects")
	}
	if seen[""] {
		l.add("-        not in the matrix")
	}
	l.add("")
}

// Verdicts counts the cells.
func (g Grid) Verdicts() map[scenarios.Verdict]int {
	counts := map[scenarios.Verdict]int{}
	for _, r := range g.Rows {
		for _, c := range r.Cells {
			for _, v := range []scenarios.Verdict{scenarios.OK, scenarios.Violated, scenarios.Unknown} {
				if c.Verdict == v.String() {
					counts[v]++
				}
			}
		}
	}
	return counts
}
