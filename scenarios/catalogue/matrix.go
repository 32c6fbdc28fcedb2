package catalogue

import (
	"fmt"
	"strings"
)

// Matrix is cases and what verifying each came to, in their order.
type Matrix struct{ Cells []MatrixCell }

// MatrixCell is one case: the verdict of a search of its whole scope, and for a violation the first
// oracle that judges it, in the scenario's order, that was violated, with its severity.
type MatrixCell struct {
	Case     *Case
	Verdict  Verdict
	Proved   bool
	Oracle   string
	Severity Severity
	Report   *Report
}

// Issue is the first report of the cell's race.
func (c *MatrixCell) Issue() string {
	issues := c.Case.Scenario.Issues
	return strings.Join(issues[:min(1, len(issues))], "")
}

// Finding is the violation that the cell is red for; nil if it is not.
func (c *MatrixCell) Finding() *Finding {
	for _, f := range c.Report.Findings {
		if f.Oracle == c.Oracle {
			return f
		}
	}
	return nil
}

// VerifyCell verifies one case of a matrix. Cells can be verified beside one another.
func VerifyCell(c *Case, o VerifyOptions) (MatrixCell, error) {
	o.Decided = true
	r, err := Verify(c, o)
	if err != nil {
		return MatrixCell{}, fmt.Errorf("%s on %s: %w", c.Scenario.Name, c.Engine.Name, err)
	}
	return cellOf(c, r), nil
}

// cellOf is the cell of a report.
func cellOf(c *Case, r *Report) MatrixCell {
	cell := MatrixCell{Case: c, Verdict: r.Verdict, Proved: r.Proved, Report: r}
	for _, name := range c.Scenario.Judged {
		for _, f := range r.Findings {
			if f.Oracle == name && cell.Oracle == "" {
				cell.Oracle, cell.Severity = f.Oracle, f.Severity
			}
		}
	}
	return cell
}
