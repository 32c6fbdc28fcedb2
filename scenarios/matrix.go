package scenarios

import (
	"fmt"
	"strings"

	"fermata/sweeper"
)

// Matrix is every scenario on every engine.
type Matrix struct {
	Engines []string
	Rows    []MatrixRow
}

// MatrixRow is one scenario; Issue is the first report of it.
type MatrixRow struct {
	Scenario, Issue string
	Cells           []MatrixCell
}

// MatrixCell is one case: the verdict of a search of its whole scope, and for a violation the first
// oracle that judges it, in the scenario's order, that was violated, with its severity.
type MatrixCell struct {
	Engine   string
	Verdict  Verdict
	Proved   bool
	Oracle   string
	Severity Severity
	Report   *Report
}

// BuildMatrix verifies every scenario on every engine.
func BuildMatrix(engines []sweeper.Engine, o VerifyOptions) (*Matrix, error) {
	return BuildMatrixOf(Scenarios(), engines, o)
}

// BuildMatrixOf verifies each of the scenarios on every engine.
func BuildMatrixOf(scenarios []*Scenario, engines []sweeper.Engine, o VerifyOptions) (*Matrix, error) {
	m := &Matrix{}
	for _, e := range engines {
		m.Engines = append(m.Engines, e.Name)
	}
	for _, s := range scenarios {
		row := MatrixRow{Scenario: s.Name, Issue: strings.Join(s.Issues[:min(1, len(s.Issues))], "")}
		for _, e := range engines {
			r, err := Verify(&Case{Scenario: s, Engine: e, Scope: s.Scope}, o)
			if err != nil {
				return nil, fmt.Errorf("%s on %s: %w", s.Name, e.Name, err)
			}
			row.Cells = append(row.Cells, cell(r))
		}
		m.Rows = append(m.Rows, row)
	}
	return m, nil
}

func cell(r *Report) MatrixCell {
	c := MatrixCell{Engine: r.Case.Engine.Name, Verdict: r.Verdict, Proved: r.Proved, Report: r}
	for _, name := range r.Case.Scenario.Judged {
		for _, f := range r.Findings {
			if f.Oracle == name && c.Oracle == "" {
				c.Oracle, c.Severity = f.Oracle, f.Severity
			}
		}
	}
	return c
}
