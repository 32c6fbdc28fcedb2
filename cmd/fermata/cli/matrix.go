package cli

import (
	"errors"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/spf13/cobra"

	"fermata/internal/files"
	"fermata/internal/report"
	"fermata/scenarios/catalogue"
)

// matrixing is one call of matrix.
type matrixing struct {
	a        *app
	sel      selection
	measures bool
	expect   string
	out      string
	force    bool
	output   *output
	document report.Document
}

func (a *app) matrix() *cobra.Command {
	m := &matrixing{a: a}
	c := &cobra.Command{
		Use:   "matrix",
		Short: "every scenario on every engine, on the locks, queues and stores that are asked for",
		Long: "matrix verifies every scenario on every engine, and on every combination of the locks, queues and\n" +
			"stores that are asked for (\"all\" is every one). With --expect it exits 0 only if the cells agree\n" +
			"with a matrix that was printed before by --format json.",
		Args: arguments(),
	}
	m.sel.flags(c.Flags())
	c.Flags().BoolVar(&m.measures, "measures", false, "the eight combinations of the three measures")
	c.Flags().StringVar(&m.expect, "expect", "", "a file with the matrix that is expected, as JSON")
	c.Flags().StringVar(&m.out, "out", "", "a folder for a schedule of each red cell")
	c.Flags().BoolVar(&m.force, "force", false, "replace schedules that are there with other content")
	c.MarkFlagsMutuallyExclusive("measures", "engine")
	m.output = a.outputs("matrix", c.Flags(), report.FormatText, report.FormatJSON, report.FormatMarkdown,
		report.FormatJUnit, report.FormatSARIF)
	m.output.annotate(c.Flags())
	c.RunE = func(*cobra.Command, []string) error { return m.run() }
	return c
}

func (m *matrixing) run() error {
	if m.measures {
		m.sel.engines = nil
		for _, e := range catalogue.MeasureEngines() {
			m.sel.engines = append(m.sel.engines, e.Name)
		}
	}
	cases, err := m.a.cases(&m.sel)
	if err != nil {
		return err
	}
	if m.document, err = m.output.document(); err != nil {
		return err
	}
	var want *report.Grid
	if m.expect != "" {
		if want, err = m.expected(); err != nil {
			return err
		}
	}
	if m.output.text() {
		m.configuration(cases)
	}
	matrix, failed := m.verify(cases)
	if m.a.stopped() {
		m.a.note("interrupted: what was not verified by then is unknown")
	}
	if failed != nil && !m.output.whole() {
		return failed
	}
	path, err := m.schedules(matrix)
	if err != nil {
		return err
	}
	grid := report.GridOf(matrix, path)
	if m.output.format.value == report.FormatSARIF {
		err = m.document.MatrixSARIF(m.a.out, matrix, path)
	} else {
		err = m.write(grid, want)
	}
	if err == nil && m.output.annotations.value == "github" {
		err = m.document.AnnotateMatrix(m.a.err, matrix, path, want)
	}
	if err != nil || failed != nil {
		return errors.Join(err, failed)
	}
	if want == nil {
		return exitWith(worst(grid.Verdicts()))
	}
	return m.compare(grid, *want)
}

// verify verifies the cells, as many at once as there are processors. Each is a search of its own, so that their
// order changes nothing. Where the harness fails the cell is unknown, and the error is given too.
func (m *matrixing) verify(cases []*catalogue.Case) (*catalogue.Matrix, error) {
	matrix := &catalogue.Matrix{Cells: make([]catalogue.MatrixCell, len(cases))}
	errs := make([]error, len(cases))
	progress, done := m.a.cells(int64(len(cases)))
	defer done()
	var workers sync.WaitGroup
	var next, ended atomic.Int64
	var show sync.Mutex
	for range min(runtime.GOMAXPROCS(0), len(cases)) {
		workers.Go(func() {
			for i := next.Add(1) - 1; i < int64(len(cases)); i = next.Add(1) - 1 {
				matrix.Cells[i], errs[i] = m.cell(cases[i])
				show.Lock()
				progress(ended.Add(1))
				show.Unlock()
			}
		})
	}
	workers.Wait()
	for i, err := range errs {
		if err != nil {
			matrix.Cells[i] = unknownCell(cases[i], "the harness failed: "+err.Error())
		}
	}
	return matrix, errors.Join(errs...)
}

// cell verifies one cell, unless Ctrl-C came before.
func (m *matrixing) cell(c *catalogue.Case) (catalogue.MatrixCell, error) {
	if m.a.stopped() {
		return unknownCell(c, "interrupted before it began"), nil
	}
	return catalogue.VerifyCell(c, catalogue.VerifyOptions{Stop: m.a.stopped, Workers: 1})
}

func unknownCell(c *catalogue.Case, reason string) catalogue.MatrixCell {
	r := unknownReport(c, report.Setup{Command: "verify"}, reason)
	return catalogue.MatrixCell{Case: c, Verdict: r.Verdict, Report: r}
}

// schedules writes a schedule of each red cell, and gives the file of each.
func (m *matrixing) schedules(matrix *catalogue.Matrix) (func(*catalogue.Finding) string, error) {
	if m.out == "" {
		return nil, nil
	}
	dir, err := files.OpenDir(m.out, m.force)
	if err != nil {
		return nil, err
	}
	defer dir.Close()
	paths := map[*catalogue.Finding]string{}
	for i := range matrix.Cells {
		f := matrix.Cells[i].Finding()
		if f == nil || len(f.Schedule.Lines) == 0 {
			continue
		}
		path, note, err := dir.Write(matrix.Cells[i].Case.Name(), schedEnding, f.Schedule.Text())
		if err != nil {
			return nil, err
		}
		m.a.note(note)
		paths[f] = path
	}
	return func(f *catalogue.Finding) string { return paths[f] }, nil
}

func (m *matrixing) write(grid report.Grid, want *report.Grid) error {
	switch m.output.format.value {
	case report.FormatJSON:
		return grid.WriteJSON(m.a.out)
	case report.FormatMarkdown:
		return grid.WriteMarkdown(m.a.out)
	case report.FormatJUnit:
		return grid.WriteJUnit(m.a.out, want)
	}
	return grid.WriteText(m.a.out, m.a.options())
}

func (m *matrixing) expected() (*report.Grid, error) {
	f, err := files.Open(m.expect, "what matrix --format json prints")
	if err != nil {
		return nil, err
	}
	defer f.Close()
	grid, err := report.ReadGrid(f, m.expect)
	return &grid, err
}

// configuration says what will be covered.
func (m *matrixing) configuration(cases []*catalogue.Case) {
	fmt.Fprintf(m.a.out, "matrix: every interleaving of each scenario's scope, limit %d states\n",
		catalogue.StatesDefault)
	if len(m.sel.parts.all()) == 1 {
		c := cases[0]
		fmt.Fprintf(m.a.out, "  lock %s, queue %s, store %s\n", c.Lock(), c.Queue(), c.Store())
	}
	seen := map[string]bool{}
	for _, c := range cases {
		if name := c.Scenario.Name; !seen[name] {
			seen[name] = true
			fmt.Fprintf(m.a.out, "  %-24s %s\n", name, c.Scope)
		}
	}
	fmt.Fprintln(m.a.out)
}

// compare says what is not as expected. An unknown cell is no agreement, even if it was expected, and neither is a
// matrix in which nothing was applicable.
func (m *matrixing) compare(got, want report.Grid) error {
	counts := got.Verdicts()
	differences := got.Compare(want)
	for _, d := range differences {
		m.a.note(m.expect + ": " + d.String())
	}
	switch {
	case len(differences) > 0 && !onlyUnknown(differences):
		return exitWith(exitViolation)
	case counts[catalogue.Unknown] > 0, nothingApplies(counts):
		return exitWith(exitHarness)
	}
	return nil
}

// onlyUnknown tells whether every difference is a cell that is unknown now.
func onlyUnknown(differences []report.Difference) bool {
	for _, d := range differences {
		if d.Got != catalogue.Unknown.String() {
			return false
		}
	}
	return true
}
