package report_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"fermata/internal/report"
	"fermata/scenarios"
	"fermata/sweeper"
	"fermata/sweeper/proposed"
)

// matrix is three scenarios on two engines, on two locks, one of which no real one is compared with.
func matrix() *scenarios.Matrix {
	m := &scenarios.Matrix{}
	none, all := proposed.Measures{}.Engine(), proposed.Proposed()
	add := func(scenario, lock string, e sweeper.Engine, v scenarios.Verdict, oracle string, s scenarios.Severity) {
		c, err := scenarios.NewCase(scenario, e.Name, "")
		if err == nil {
			c, err = c.On(scenarios.Parts{Lock: lock})
		}
		if err != nil {
			panic(err)
		}
		r := &scenarios.Report{Case: c, Verdict: v, Reason: "cut"}
		if v == scenarios.Violated {
			r.Findings = []*scenarios.Finding{{Oracle: oracle, Severity: s, Message: "w1 was lost", Case: c,
				Trace: staleFinding().Trace}}
		}
		m.Cells = append(m.Cells, scenarios.MatrixCell{Case: c, Verdict: v, Oracle: oracle, Severity: s, Report: r})
	}
	add("stale-lookup", "", none, scenarios.Violated, "terminal-stays", scenarios.Permanent)
	add("stale-lookup", "", all, scenarios.OK, "", 0)
	add("repair-in-schedule-gap", "", none, scenarios.Violated, "task-once", scenarios.Permanent)
	add("repair-in-schedule-gap", "", all, scenarios.Unknown, "", 0)
	add("early-release", "", none, scenarios.Violated, "terminal-is-not-queued", scenarios.Heals)
	add("early-release", "local", none, scenarios.OK, "", 0)
	return m
}

func TestMatrix(t *testing.T) {
	g := report.GridOf(matrix(), func(*scenarios.Finding) string { return "found/x.sched" })
	var b bytes.Buffer
	require.NoError(t, g.WriteText(&b, report.Options{}))
	requireFits(t, b.String())
	b.WriteString("----\n")
	require.NoError(t, g.WriteJSON(&b))
	b.WriteString("----\n")
	require.NoError(t, g.WriteMarkdown(&b))
	b.WriteString("----\n")
	require.NoError(t, g.WriteJUnit(&b, nil))
	golden(t, "matrix.txt", b.String())
	counts := map[scenarios.Verdict]int{scenarios.OK: 2, scenarios.Violated: 3, scenarios.Unknown: 1}
	require.Equal(t, counts, g.Verdicts())
}

// TestJUnitAgainstAnExpectation: what is as expected is no failure, red or not; what is not expected is one.
func TestJUnitAgainstAnExpectation(t *testing.T) {
	g := report.GridOf(matrix(), nil)
	var b bytes.Buffer
	require.NoError(t, g.WriteJUnit(&b, &g))
	require.Contains(t, b.String(), `tests="6" failures="0" errors="1"`)
	b.Reset()
	require.NoError(t, g.WriteJUnit(&b, &report.Grid{}))
	require.Contains(t, b.String(), `tests="6" failures="5" errors="1"`)
	require.Contains(t, b.String(), "expected nothing, got violation task-once permanent")
}

func TestMatrixComparesWithItsOwnJSON(t *testing.T) {
	g := report.GridOf(matrix(), nil)
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
		"stale-lookup on none, lock redisson, queue orkes, store record: " +
			"expected violation terminal-stays permanent, got ok",
		"repair-in-schedule-gap on proposed, lock redisson, queue orkes, store record: expected unknown, got nothing",
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
