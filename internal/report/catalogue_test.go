package report_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"fermata/internal/report"
	"fermata/scenarios"
	"fermata/sweeper"
)

func matrix() *scenarios.Matrix {
	red := func(engine, oracle string, s scenarios.Severity) scenarios.MatrixCell {
		return scenarios.MatrixCell{Engine: engine, Verdict: scenarios.Violated, Oracle: oracle, Severity: s}
	}
	ok := func(engine string) scenarios.MatrixCell {
		return scenarios.MatrixCell{Engine: engine, Verdict: scenarios.OK, Proved: true}
	}
	return &scenarios.Matrix{Rows: []scenarios.MatrixRow{
		{Scenario: "stale-lookup", Issue: "conductor#213", Cells: []scenarios.MatrixCell{
			red("none", "terminal-stays", scenarios.Permanent), ok("lock-first+atomic-repair+remove-first")}},
		{Scenario: "repair-in-schedule-gap", Issue: "conductor#202", Cells: []scenarios.MatrixCell{
			red("none", "task-once", scenarios.Permanent),
			{Engine: "lock-first+atomic-repair+remove-first", Verdict: scenarios.Unknown}}},
		{Scenario: "early-release", Cells: []scenarios.MatrixCell{
			red("none", "terminal-is-not-queued", scenarios.Heals), ok("lock-first+atomic-repair+remove-first")}},
	}}
}

func TestMatrix(t *testing.T) {
	g := report.GridOf(matrix())
	var b bytes.Buffer
	require.NoError(t, g.WriteText(&b, report.Options{}))
	requireFits(t, b.String())
	require.NoError(t, g.WriteJSON(&b))
	golden(t, "matrix.txt", b.String())
	counts := map[scenarios.Verdict]int{scenarios.OK: 2, scenarios.Violated: 3, scenarios.Unknown: 1}
	require.Equal(t, counts, g.Verdicts())
}

func TestMatrixComparesWithItsOwnJSON(t *testing.T) {
	g := report.GridOf(matrix())
	var b bytes.Buffer
	require.NoError(t, g.WriteJSON(&b))
	want, err := report.ReadGrid(&b, "m.json")
	require.NoError(t, err)
	require.Empty(t, g.Compare(want))

	g.Rows[0].Cells[0].Verdict = "ok"
	g.Rows[0].Cells[0].Oracle, g.Rows[0].Cells[0].Severity = "", ""
	g.Rows[1].Cells = g.Rows[1].Cells[:1]
	var said []string
	for _, d := range g.Compare(want) {
		said = append(said, d.String())
	}
	require.Equal(t, []string{
		"stale-lookup on none: expected violation terminal-stays permanent, got ok",
		"repair-in-schedule-gap on lock-first+atomic-repair+remove-first: expected unknown, got nothing",
	}, said)
	require.Len(t, want.Compare(g), 2)
}

func TestReadGridRefuses(t *testing.T) {
	for text, want := range map[string]string{ //tidy:unordered each on its own
		"":                                     "m.json:1: it is empty: expected what matrix --format json prints",
		"{":                                    "m.json:1: unexpected EOF: expected what",
		`{"schema":"fermata/1","command":"x"}`: `m.json:1: its schema is "fermata/1" and its command "x": expected`,
		`{"colour":1}`:                         `m.json:1: json: unknown field "colour": expected`,
	} {
		_, err := report.ReadGrid(strings.NewReader(text), "m.json")
		require.ErrorContains(t, err, want)
	}
}

func TestCatalogue(t *testing.T) {
	c := &report.Catalogue{
		Engines:   []sweeper.Engine{{Name: "conductor-3.17.0", About: "looks, then locks"}},
		Measures:  []sweeper.Engine{{Name: "lock-first+atomic-repair+remove-first", About: "all three measures"}},
		Scenarios: []*scenarios.Scenario{caseOf("stale-lookup", "x").Scenario},
		Oracles: []scenarios.OracleInfo{{
			Name: "terminal-stays", About: "no workflow leaves a terminal status without retry, rerun or restart",
			Text: []string{"A workflow that ended", "stays so."},
		}},
		Strategies: []string{"random"}, Searches: []string{"states", "plain"},
		Locks: []string{"redisson"}, Queues: []string{"orkes"}, Stores: []string{"record"},
	}
	var b bytes.Buffer
	require.NoError(t, c.WriteText(&b, report.Options{}))
	b.WriteString("----\n")
	require.NoError(t, report.Explain(&b, c.Oracles[0], c.Scenarios, report.Options{}))
	requireFits(t, b.String())
	b.WriteString("----\n")
	require.NoError(t, c.WriteJSON(&b))
	golden(t, "catalogue.txt", b.String())
}
