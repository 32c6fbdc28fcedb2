package report_test

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"

	"fermata/internal/report"
	"fermata/internal/schematest"
	"fermata/scenarios"
)

// lacking is a matrix with a cell that is not applicable beside one that is ok.
func lacking(t *testing.T) *scenarios.Matrix {
	m := matrix()
	m.Cells = m.Cells[1:2]
	c, err := scenarios.NewCase("torn-repair", "proposed", "")
	require.NoError(t, err)
	r := &scenarios.Report{Case: c, Command: "verify", Verdict: scenarios.NotApplicable, Reason: "it needs Poll"}
	m.Cells = append(m.Cells, scenarios.MatrixCell{Case: c, Verdict: r.Verdict, Report: r})
	return m
}

// TestNotApplicable: in no format is it a pass, and in none a failure.
func TestNotApplicable(t *testing.T) {
	r := reports()[4]
	var b bytes.Buffer
	require.NoError(t, report.Outcome(&b, r, report.Options{}))
	require.Equal(t, "not applicable  torn-repair needs Poll, which a-sweeper does not have\n", b.String())
	b.Reset()
	require.NoError(t, report.JSON(&b, r, report.Options{}))
	require.Contains(t, b.String(), `"verdict":"not applicable","proved":false,"reason":"torn-repair needs Poll`)
}

func TestMatrixWithWhatIsNotApplicable(t *testing.T) {
	m := lacking(t)
	g := report.GridOf(m, nil)
	var b bytes.Buffer
	require.NoError(t, g.WriteText(&b, report.Options{}))
	requireFits(t, b.String())
	b.WriteString("----\n")
	require.NoError(t, g.WriteMarkdown(&b))
	b.WriteString("----\n")
	require.NoError(t, g.WriteJUnit(&b, nil))
	golden(t, "matrix_not_applicable.txt", b.String())
	counts := map[scenarios.Verdict]int{scenarios.OK: 1, scenarios.NotApplicable: 1}
	require.Equal(t, counts, g.Verdicts())
	require.Empty(t, g.Compare(g))

	b.Reset()
	require.NoError(t, g.WriteJUnit(&b, &g))
	require.Contains(t, b.String(), `<skipped message="it needs Poll"></skipped>`)
	require.NoError(t, schematest.JUnit(b.Bytes()))
	b.Reset()
	want := report.GridOf(lacking(t), nil)
	want.Rows[1].Cells[0].Verdict = "ok"
	require.NoError(t, g.WriteJUnit(&b, &want))
	require.Contains(t, b.String(), `<failure message="expected ok, got not applicable">it needs Poll</failure>`)
}
