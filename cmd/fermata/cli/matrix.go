package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"fermata/internal/report"
	"fermata/scenarios"
	"fermata/sweeper"
)

// matrixing is one call of matrix.
type matrixing struct {
	a        *app
	sel      selection
	measures bool
	expect   string
	format   *choice
}

func (a *app) matrix() *cobra.Command {
	m := &matrixing{a: a}
	c := &cobra.Command{
		Use:   "matrix",
		Short: "every scenario on every engine",
		Long: "matrix verifies every scenario on every engine. With --expect it exits 0 only if the cells agree\n" +
			"with a matrix that was printed before by --format json.",
		Args: arguments(),
	}
	m.sel.names(c.Flags())
	c.Flags().BoolVar(&m.measures, "measures", false, "the eight combinations of the three measures")
	c.Flags().StringVar(&m.expect, "expect", "", "a file with the matrix that is expected, as JSON")
	c.MarkFlagsMutuallyExclusive("measures", "engine")
	m.format = formats(c.Flags())
	c.RunE = func(*cobra.Command, []string) error { return m.run() }
	return c
}

func (m *matrixing) run() error {
	rows, engines, err := m.selected()
	if err != nil {
		return err
	}
	var want report.Grid
	if m.expect != "" {
		if want, err = m.expected(); err != nil {
			return err
		}
	}
	if m.format.value == "text" {
		m.configuration(rows)
	}
	progress, done := m.a.progress("matrix", -1)
	o := scenarios.VerifyOptions{Stop: m.a.stopped, Progress: progress}
	matrix, err := scenarios.BuildMatrixOf(rows, engines, o)
	done()
	if err != nil {
		return err
	}
	grid := report.GridOf(matrix)
	if m.format.value == "json" {
		err = grid.WriteJSON(m.a.out)
	} else {
		err = grid.WriteText(m.a.out, m.a.options())
	}
	if err != nil {
		return err
	}
	counts := grid.Verdicts()
	if m.expect == "" {
		return exitWith(worst(counts))
	}
	return m.compare(grid, want, counts[scenarios.Unknown] > 0)
}

// selected gives the rows and the columns.
func (m *matrixing) selected() (rows []*scenarios.Scenario, engines []sweeper.Engine, err error) {
	cases, err := m.a.cases(&m.sel)
	if err != nil {
		return nil, nil, err
	}
	for i, c := range cases {
		if c.Engine.Name == cases[0].Engine.Name {
			rows = append(rows, c.Scenario)
		}
		if i == 0 || c.Engine.Name != cases[i-1].Engine.Name {
			engines = append(engines, c.Engine)
		}
	}
	if m.measures {
		engines = scenarios.MeasureEngines()
	}
	return rows, engines, nil
}

func (m *matrixing) expected() (report.Grid, error) {
	f, err := open(m.expect, "what matrix --format json prints")
	if err != nil {
		return report.Grid{}, err
	}
	defer f.Close()
	return report.ReadGrid(f, m.expect)
}

// configuration says what will be covered.
func (m *matrixing) configuration(rows []*scenarios.Scenario) {
	fmt.Fprintf(m.a.out, "matrix: every interleaving of each scenario's scope, limit %d states\n",
		scenarios.StatesDefault)
	for _, s := range rows {
		fmt.Fprintf(m.a.out, "  %-24s %s\n", s.Name, s.Scope)
	}
	fmt.Fprintln(m.a.out)
}

// compare says what is not as expected. An unknown cell is no agreement, even if it was expected.
func (m *matrixing) compare(got, want report.Grid, unknown bool) error {
	differences := got.Compare(want)
	for _, d := range differences {
		m.a.note(m.expect + ": " + d.String())
	}
	switch {
	case len(differences) > 0 && !onlyUnknown(differences):
		return exitWith(exitViolation)
	case unknown:
		return exitWith(exitHarness)
	}
	return nil
}

// onlyUnknown tells whether every difference is a cell that is unknown now.
func onlyUnknown(differences []report.Difference) bool {
	for _, d := range differences {
		if d.Got != scenarios.Unknown.String() {
			return false
		}
	}
	return true
}
