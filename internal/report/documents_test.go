package report_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"fermata/internal/report"
	"fermata/internal/schematest"
	"fermata/scenarios"
	"fermata/sim"
)

// fork is where the sources of the fork are, in the fixtures.
const fork = "/build/fork/"

// documentOf is a document of a fork whose root is fork.
func documentOf(command string) report.Document {
	below := func(path string) string {
		if rel, ok := strings.CutPrefix(path, fork); ok {
			return rel
		}
		return ""
	}
	return report.Document{
		Command: command, Version: "v1.2.3", Docs: "https://example.org/fermata/docs/oracles.md",
		Source: below, File: func(path string) string { return below(fork + path) },
	}
}

const shortLookup = `
worker-1   UpdateTask(t2 COMPLETED): lock.acquire w1 => true
sweeper-1  Sweep(w1): queue.pop _deciderQueue => w1
sweeper-1  dao.getWorkflow w1 => RUNNING
worker-1   dao.updateWorkflow w1 COMPLETED
worker-1   lock.release w1
sweeper-1  lock.acquire w1 => true
sweeper-1  dao.updateWorkflow w1 RUNNING # from the copy read at step 3
clock      advance 30s queue.visibility _deciderQueue w1
`

// sited is the stale report, shorter, with the lines that made its steps, a schedule, and a finding besides.
func sited() *scenarios.Report {
	r := staleReport()
	f := r.Findings[0]
	f.Steps, f.Trace.Steps, f.Trace.At = 7, steps(shortLookup), 7
	f.Trace.WindowFrom, f.Trace.WindowTo = 3, 7
	f.Trace.Notes = []string{"Step 7 wrote w1 from the copy read at step 3; the write of step 4 was lost."}
	f.Schedule = scheduleOf(f.Trace)
	for i := range f.Trace.Steps {
		s := &f.Trace.Steps[i]
		if s.Actor == "clock" {
			continue
		}
		s.Sites = []scenarios.Site{
			{Function: "example.org/fork/engine.(*Store).call", File: "/elsewhere/store.go", Line: 7},
			{Function: "example.org/fork/engine.(*Sweeper).sweep", File: fork + "engine/sweep er.go", Line: 40 + i},
		}
	}
	second := *f
	second.Oracle, second.Object, second.Message = "running-is-queued", "", "nothing will sweep w1 again"
	second.Severity, second.HealsAfter = scenarios.Heals, 1500
	r.Findings = append(r.Findings, &second)
	r.AlsoSeen[0].Trace, r.AlsoSeen[0].Schedule = f.Trace, f.Schedule
	return r
}

func scheduleOf(t *scenarios.Trace) *sim.Schedule {
	s := &sim.Schedule{Headers: []sim.Header{{Key: "scenario", Value: "stale-lookup"}}}
	for _, step := range t.Steps {
		l := sim.Line{Actor: step.Actor, Step: step.Text, Reply: step.Reply}
		if step.Note != "" {
			l.Comment = []string{step.Note}
		}
		s.Lines = append(s.Lines, l)
	}
	return s
}

// reports are one case of each verdict, and one of an engine in another process, whose lines are not known.
func reports() []*scenarios.Report {
	remote := longReport()
	remote.Command, remote.Findings = "find", remote.Findings[:1]
	remote.Findings[0].Schedule = scheduleOf(remote.Findings[0].Trace)
	return []*scenarios.Report{
		sited(), remote,
		{Case: caseOf("early-release", "proposed"), Command: "find", Strategy: "pct", Seed: 1,
			Verdict: scenarios.OK, Schedules: 20000},
		{Case: caseOf("torn-repair", "proposed"), Command: "find", Strategy: "pct", Seed: 1,
			Verdict: scenarios.Unknown, Reason: "cut by a limit: stopped", Schedules: 1, Steps: 20},
		{Case: caseOf("torn-repair", "a-sweeper"), Command: "find",
			Verdict: scenarios.NotApplicable, Reason: "torn-repair needs Poll, which a-sweeper does not have"},
	}
}

// written is the document of reports in a format.
func written(t testing.TB, format string, d report.Document, rs []*scenarios.Report) string {
	var b bytes.Buffer
	w := report.NewWriter(&b, format, d)
	for _, r := range rs {
		require.NoError(t, w.Begin(report.Setup{Command: d.Command, Case: r.Case, Strategy: r.Strategy}))
		require.NoError(t, w.Case(r, optionsOf(r)))
	}
	require.NoError(t, w.End())
	return b.String()
}

// optionsOf puts the first finding's schedule into a file, and that of an engine in another process too.
func optionsOf(r *scenarios.Report) report.Options {
	o := report.Options{Seconds: 0.21, Path: func(f *scenarios.Finding) string {
		if len(r.Findings) == 0 || f != r.Findings[0] {
			return ""
		}
		return "found/" + r.Case.Name() + ".sched"
	}}
	if r.Case.Engine.Name == longFork {
		o.ReplayFlags = []string{"--engine", "exec:'java -jar fork.jar'"}
	}
	return o
}

func TestDocuments(t *testing.T) {
	for _, format := range report.Formats() {
		t.Run(format, func(t *testing.T) {
			got := written(t, format, documentOf("find"), reports())
			golden(t, "documents."+format, got)
			again := written(t, format, documentOf("find"), reports())
			require.Equal(t, got, again, "the same reports are the same bytes")
		})
	}
}

func TestSARIFFollowsItsSchema(t *testing.T) {
	good := written(t, report.FormatSARIF, documentOf("find"), reports())
	for _, log := range []string{
		good,
		written(t, report.FormatSARIF, report.Document{Command: "verify"}, reports()),
		written(t, report.FormatSARIF, documentOf("find"), nil),
		written(t, report.FormatSARIF, documentOf("find"), hostileReports()),
		matrixSARIF(t), historyDocument(t, report.FormatSARIF),
	} {
		require.NoError(t, schematest.SARIF([]byte(log)))
	}
	for _, wrong := range [][2]string{
		{`"version": "2.1.0"`, `"version": "2.2.0"`}, {`"level": "error"`, `"level": "fatal"`},
		{`"startLine": 46`, `"startLine": 0`}, {`"executionSuccessful": false,`, ``},
	} {
		require.Contains(t, good, wrong[0])
		require.Error(t, schematest.SARIF([]byte(strings.Replace(good, wrong[0], wrong[1], 1))), wrong[1])
	}
}

// TestSARIFIsWhatCodeScanningTakes: a result has a message, a rule that is there, and a first location whose file is
// relative and lies below the root.
func TestSARIFIsWhatCodeScanningTakes(t *testing.T) {
	for _, log := range []string{
		written(t, report.FormatSARIF, documentOf("find"), reports()),
		written(t, report.FormatSARIF, report.Document{}, reports()),
		matrixSARIF(t), historyDocument(t, report.FormatSARIF),
	} {
		var l struct {
			Runs []struct {
				Tool struct {
					Driver struct{ Rules []struct{ ID string } }
				}
				Results []struct {
					RuleID    string
					RuleIndex int
					Message   struct{ Text string }
					Locations []struct {
						PhysicalLocation struct {
							ArtifactLocation struct{ URI, URIBaseID string }
							Region           struct{ StartLine int }
						}
					}
					PartialFingerprints map[string]string
				}
			}
		}
		require.NoError(t, json.Unmarshal([]byte(log), &l))
		require.NotEmpty(t, l.Runs[0].Results)
		for _, r := range l.Runs[0].Results {
			require.Equal(t, r.RuleID, l.Runs[0].Tool.Driver.Rules[r.RuleIndex].ID)
			require.NotEmpty(t, r.Message.Text)
			at := r.Locations[0].PhysicalLocation
			require.NotEmpty(t, at.ArtifactLocation.URI)
			require.NotRegexp(t, `^(/|\.\.|[a-z]+:)`, at.ArtifactLocation.URI)
			require.Equal(t, "SRCROOT", at.ArtifactLocation.URIBaseID)
			require.Positive(t, at.Region.StartLine)
			require.Len(t, r.PartialFingerprints["fermata/v1"], 32)
		}
	}
}

func TestJUnitFollowsItsSchema(t *testing.T) {
	good := written(t, report.FormatJUnit, documentOf("find"), reports())
	var b bytes.Buffer
	g := report.GridOf(matrix(), nil)
	require.NoError(t, g.WriteJUnit(&b, nil))
	for _, doc := range []string{
		good, b.String(), historyDocument(t, report.FormatJUnit),
		written(t, report.FormatJUnit, documentOf("find"), nil),
		written(t, report.FormatJUnit, documentOf("find"), hostileReports()),
	} {
		require.NoError(t, schematest.JUnit([]byte(doc)))
	}
	wrong := [][2]string{
		{`<testcase classname`, `<testcase class`}, {` name="early-release"`, ``},
		{`<properties>`, `<properties id="1">`},
	}
	for _, w := range wrong {
		require.Contains(t, good, w[0])
		require.Error(t, schematest.JUnit([]byte(strings.ReplaceAll(good, w[0], w[1]))), w[1])
	}
	for _, doc := range []string{good, b.String(), historyDocument(t, report.FormatJUnit)} {
		require.NoError(t, schematest.Lint(t, []byte(doc)))
	}
	for _, w := range wrong {
		require.Error(t, schematest.Lint(t, []byte(strings.ReplaceAll(good, w[0], w[1]))), w[1])
	}
}

func matrixSARIF(t testing.TB) string {
	var b bytes.Buffer
	d := documentOf("matrix")
	require.NoError(t, d.MatrixSARIF(&b, matrix(), func(*scenarios.Finding) string { return "found/x.sched" }))
	return b.String()
}

// historyDocument is the document of a history that nothing explains.
func historyDocument(t testing.TB, format string) string {
	var b bytes.Buffer
	require.NoError(t, report.HistoryDocument(&b, format, documentOf("check"), "in/h.txt", histories()[0],
		report.Options{Seconds: 1.5}))
	return b.String()
}

// histories are one of each verdict.
func histories() []*scenarios.HistoryReport {
	return []*scenarios.HistoryReport{
		{
			Operations: 3, Workflows: 1, Verdict: scenarios.Violated, Judged: []string{"workflow"},
			Findings: []scenarios.HistoryFinding{{Spec: "workflow", Object: "w1",
				Lines: []string{"worker-1 call 1 UpdateTask workflow=w1", "worker-1 return 1 done"}}},
		},
		{Operations: 1, Workflows: 1, Verdict: scenarios.OK, Judged: []string{"workflow", "entry"}},
		{Verdict: scenarios.Unknown},
	}
}

func TestHistoryDocuments(t *testing.T) {
	var b bytes.Buffer
	for _, format := range []string{report.FormatJUnit, report.FormatMarkdown} {
		for _, h := range histories() {
			require.NoError(t, report.HistoryDocument(&b, format, documentOf("check"), "in/h.txt", h, report.Options{}))
		}
	}
	golden(t, "history_documents.txt", b.String())
}
