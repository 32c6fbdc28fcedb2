package report_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"fermata/internal/report"
	"fermata/scenarios/catalogue"
)

// textOf renders a report with its header, as a terminal without colour shows it.
func textOf(t require.TestingT, r *catalogue.Report, o report.Options) string {
	var b bytes.Buffer
	require.NoError(t, report.Header(&b, report.Setup{
		Command: r.Command, Case: r.Case, Strategy: r.Strategy, Seed: r.Seed, Seeded: r.Seed != 0,
		Budget: "at most 20000 schedules",
	}, o))
	require.NoError(t, report.Outcome(&b, r, o))
	return b.String()
}

func path(p string) func(*catalogue.Finding) string {
	return func(*catalogue.Finding) string { return p }
}

func TestTextOfReports(t *testing.T) {
	c := caseOf("early-release", "proposed")
	ok := &catalogue.Report{Case: c, Command: "verify", Strategy: "states",
		Verdict: catalogue.OK, Proved: true, Exhausted: true, States: 2516, Steps: 7345, Schedules: 12,
		Memory: 312 << 10}
	sampled := &catalogue.Report{Case: c, Command: "find", Strategy: "random", Seed: 7,
		Verdict: catalogue.OK, Schedules: 20000, AlsoSeen: staleReport().AlsoSeen}
	unknown := &catalogue.Report{Case: c, Command: "find", Strategy: "random", Seed: 7,
		Verdict: catalogue.Unknown, Schedules: 1, Steps: 20, Reason: "cut by a limit: stopped"}
	found := path("fermata-found/stale-lookup.conductor-3.17.0.sched")
	flags := []string{"--engine", "a b"}
	replayed := staleReport()
	replayed.Command, replayed.Seed = "replay", 0
	for _, c := range []struct {
		name   string
		report *catalogue.Report
		o      report.Options
	}{
		{"stale_lookup.txt", staleReport(), report.Options{Path: found}},
		{"stale_lookup_full.txt", replayed, report.Options{Full: true, Path: path("x.sched"), ReplayFlags: flags}},
		{"long_names.txt", longReport(), report.Options{Path: path("a folder/long.sched")}},
		{"proved.txt", ok, report.Options{Seconds: 1.5, PeakMiB: 31.4}},
		{"not_found.txt", sampled, report.Options{}},
		{"unknown.txt", unknown, report.Options{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := textOf(t, c.report, c.o)
			golden(t, c.name, got)
			requireFits(t, got)
		})
	}
}

// The words that a reader might take for more than was found out.
func TestTextNeverSaysSafe(t *testing.T) {
	r := staleReport()
	r.Verdict, r.Findings = catalogue.OK, nil
	require.Contains(t, textOf(t, r, report.Options{}), "ok  not found in 122 schedules\n")
	require.NotContains(t, textOf(t, r, report.Options{}), "proved")
}

func TestViolationIsOneScreen(t *testing.T) {
	var b bytes.Buffer
	require.NoError(t, report.Outcome(&b, staleReport(), report.Options{Path: path("x.sched")}))
	require.LessOrEqual(t, strings.Count(b.String(), "\n"), 40)
}

func TestColourIsOnlyAddedOn(t *testing.T) {
	plain := textOf(t, staleReport(), report.Options{})
	coloured := textOf(t, staleReport(), report.Options{Colour: true})
	require.NotContains(t, plain, "\x1b")
	require.Contains(t, coloured, "\x1b[1;31mVIOLATION\x1b[0m")
	for _, code := range []string{"0", "1", "2", "1;31", "1;32", "1;33"} {
		coloured = strings.ReplaceAll(coloured, "\x1b["+code+"m", "")
	}
	require.Equal(t, plain, coloured)
}

// Whatever is folded, the steps that matter are there, in order, within the width.
func TestFoldingKeepsWhatMatters(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := staleReport()
		tr := r.Findings[0].Trace
		n := rapid.IntRange(1, 120).Draw(t, "steps")
		name := rapid.StringMatching(`[a-z]{1,40}-[0-9]`)
		names := rapid.SliceOfNDistinct(name, 1, 7, rapid.ID[string]).Draw(t, "actors")
		tr.Actors, tr.Steps, tr.Notes = names, nil, nil
		for i := range n {
			step := catalogue.TraceStep{Number: i + 1, Actor: rapid.SampledFrom(names).Draw(t, "actor")}
			texts := rapid.SampledFrom([]string{"dao.getWorkflow w1", "dao.updateWorkflow w1 RUNNING"})
			step.Text = texts.Draw(t, "text")
			if rapid.IntRange(0, 9).Draw(t, "noted") == 0 {
				step.Note = fmt.Sprintf("note%03d", i+1)
			}
			tr.Steps = append(tr.Steps, step)
		}
		tr.At = rapid.IntRange(1, n).Draw(t, "at")
		tr.WindowFrom = rapid.IntRange(0, tr.At).Draw(t, "from")
		tr.WindowTo = max(tr.WindowFrom, tr.At)
		got := textOf(t, r, report.Options{})
		requireFits(t, got)
		require.Equal(t, 1, strings.Count(got, "^ the violation"))
		for _, s := range tr.Steps {
			if s.Note != "" {
				require.Contains(t, got, s.Note)
			}
		}
	})
}

func TestJSONOfReports(t *testing.T) {
	var b bytes.Buffer
	require.NoError(t, report.JSON(&b, staleReport(), report.Options{Path: path("x.sched"), Seconds: 0.21}))
	require.NoError(t, report.JSON(&b, longReport(), report.Options{Path: path("y.sched")}))
	golden(t, "reports.jsonl", b.String())
	for _, line := range strings.Split(strings.TrimSpace(b.String()), "\n") {
		require.True(t, json.Valid([]byte(line)))
	}
}

func TestHistory(t *testing.T) {
	bad := &catalogue.HistoryReport{
		Operations: 3, Workflows: 1, Open: 1, Undecided: 5, Verdict: catalogue.Violated,
		Judged: []string{"workflow"},
		Findings: []*catalogue.HistoryFinding{
			{
				Spec: "workflow", Object: "w1", Before: []string{"RUNNING", "COMPLETED"}, Line: 12,
				Lines: []catalogue.HistoryLine{
					{Number: 9, Text: "api-1 call 1 GetWorkflow workflow=w1"},
					{Number: 12, Text: "api-1 return 1 done"},
				},
				Others: []string{"UpdateTask", "Sweep", "UpdateTask"}, Page: "h.jsonl.html", More: 3,
			},
			{Spec: "task queue", Object: "w1 t1", Line: 99, Lines: manyLines(40)},
		},
	}
	good := &catalogue.HistoryReport{
		Operations: 1, Workflows: 1, Verdict: catalogue.OK, Judged: []string{"workflow", "entry"},
	}
	var b bytes.Buffer
	for _, h := range []*catalogue.HistoryReport{bad, good, {Verdict: catalogue.Unknown, Reason: "a limit"}} {
		require.NoError(t, report.History(&b, h, report.Options{}))
		require.NoError(t, report.HistoryJSON(&b, h, report.Options{Seconds: 1.5}))
	}
	golden(t, "history.txt", b.String())
}

func manyLines(n int) []catalogue.HistoryLine {
	list := make([]catalogue.HistoryLine, n)
	for i := range list {
		list[i] = catalogue.HistoryLine{Number: 60 + i, Text: fmt.Sprintf("worker-1 return %d => done", i)}
	}
	return list
}

// TestAFindingThatMayNotBeTheLeast says so.
func TestAFindingThatMayNotBeTheLeast(t *testing.T) {
	r := staleReport()
	said := "  the search for the least schedule was cut by a limit: memory\n"
	require.NotContains(t, textOf(t, r, report.Options{}), said)
	r.Reason = strings.TrimSpace(said)
	require.Contains(t, textOf(t, r, report.Options{}), said)
}
