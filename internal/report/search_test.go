package report_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"fermata/internal/report"
	"fermata/scenarios/catalogue"
	"fermata/sim/explore"
)

// verified are searches with each thing that may be said of what they covered.
func verified() []*catalogue.Report {
	c := caseOf("early-release", "proposed")
	return []*catalogue.Report{
		{Case: c, Command: "verify", Strategy: "states", Verdict: catalogue.Unknown, Reason: "cut by a limit: memory",
			Limit: "memory", States: 2_500_000, Steps: 7_000_000, Schedules: 1, Histories: 1, Memory: 64 << 20,
			NotJudged: []string{"workflow-linearizable"}},
		{Case: c, Command: "verify", Strategy: "dpor", Verdict: catalogue.OK, Exhausted: true, Classes: 1,
			Schedules: 12, Steps: 99, Redundant: 1, Memory: 6000,
			InTheseRuns: []string{"task-once", "lock-discipline"}},
		{Case: c, Command: "verify", Strategy: "delays", Verdict: catalogue.OK, Bounds: "delay", Bound: 1,
			BoundCut: true, Schedules: 12, Steps: 99, Histories: 8},
		{Case: c, Command: "verify", Strategy: "dpor-preemptions", Verdict: catalogue.OK,
			Bounds: "preemption", Bound: 2, BoundCut: true, Classes: 9, Schedules: 12, Steps: 99},
		{Case: c, Command: "verify", Strategy: "preemptions", Verdict: catalogue.OK, Exhausted: true, Proved: true,
			Bounds: "preemption", Bound: 20, Schedules: 12, Steps: 99, Histories: 8},
	}
}

// sample is what a portfolio of three has done.
func sample() []explore.Account {
	return []explore.Account{
		{Strategy: "pct", Schedules: 500, Classes: 70, Guarantee: []float64{0.25, 0.005, 0.0001},
			Estimate: explore.Estimate{Why: "its depth differs from run to run"}},
		{Strategy: "pos", Schedules: 250, Classes: 60, Estimate: explore.Estimate{
			Valid: true, Runs: 250, FailureMax: 0.012, Classes: 60, Once: 20,
			Unseen: 0.08, UnseenMax: 0.4, ClassesAll: 81.5,
		}},
		{Strategy: "random", Schedules: 250, Classes: 41, Estimate: explore.Estimate{
			Valid: true, Runs: 250, FailureMax: 0.012, Classes: 41, Once: 9,
			Unseen: 0.036, UnseenMax: 0.35, ClassesAll: 44,
		}},
	}
}

// TestWhatASearchCovered: each line is aligned and fits; only what proves says so.
func TestWhatASearchCovered(t *testing.T) {
	var b bytes.Buffer
	for _, r := range verified() {
		b.WriteString(textOf(t, r, report.Options{Seconds: 2, PeakMiB: 88}) + "\n")
	}
	golden(t, "covered.txt", b.String())
	requireFits(t, b.String())
	require.Equal(t, 1, strings.Count(b.String(), "proved"))
}

// TestWhatIsLeft: of the strategies whose schedules are a sample what the rule of three, Good and Turing, and Chao say,
// of the others that nothing is said; and the exact count beside the estimates, as far as there is one.
func TestWhatIsLeft(t *testing.T) {
	r := &catalogue.Report{Case: caseOf("early-release", "proposed"), Command: "find", Strategy: "portfolio", Seed: 1,
		Verdict: catalogue.OK, Schedules: 1000, Limit: "schedules", Accounts: sample()}
	got := textOf(t, r, report.Options{}) + "\n"
	r.Classes, r.Pairs = 91, 78
	for _, exact := range []int64{0, 104, 5000} {
		r.ClassesExact, r.ClassesMore = exact, exact == 5000
		got += textOf(t, r, report.Options{}) + "\n"
	}
	golden(t, "left.txt", got)
	requireFits(t, got)
}

// TestPlanOfABudget: what is said before and after, in text and as JSON: the same counts, the same text.
func TestPlanOfABudget(t *testing.T) {
	p := &catalogue.Plan{
		Schedules: 200, States: 5000, Rate: 1_234_567, StatesRate: 3_456_789, UntilStates: 0.5, UntilBounded: 0.75,
		Actors: 4, Steps: 41, Sampled: 308_641, Chances: [3]float64{1, 0.9999, 0.0004},
	}
	reach, foreign := *p, *p
	reach.Reach = true
	foreign.States, foreign.UntilStates, foreign.Actors, foreign.Chances = 0, 0, 0, [3]float64{}
	var b bytes.Buffer
	require.NoError(t, report.Plan(&b, p, 30, report.Options{}))
	require.NoError(t, report.Plan(&b, &reach, 0.5, report.Options{}))
	require.NoError(t, report.Plan(&b, &foreign, 5, report.Options{}))
	states := catalogue.Stage{Search: "states", States: 1_700_000, Steps: 4, Limit: "budget"}
	bound := func(n int, complete bool) catalogue.Stage {
		return catalogue.Stage{Search: "preemptions", Bound: n, Schedules: 100, Complete: complete, Limit: "budget"}
	}
	sampled := catalogue.Stage{Search: "portfolio", Schedules: 1000, Complete: true}
	r := &catalogue.Report{Case: caseOf("early-release", "proposed"), Command: "find", Strategy: "portfolio", Seed: 1,
		Verdict: catalogue.OK, Schedules: 1000, Plan: p, Accounts: sample()}
	for _, stages := range [][]catalogue.Stage{
		{states, bound(0, true), bound(1, true), bound(2, false), sampled},
		{states, bound(0, false), sampled},
		{bound(0, true), sampled},
		{{Search: "states", States: 44, Complete: true}},
	} {
		r.Stages = stages
		require.NoError(t, report.Outcome(&b, r, report.Options{}))
	}
	requireFits(t, b.String())
	var line bytes.Buffer
	require.NoError(t, report.JSON(&line, r, report.Options{Seconds: 30.1, PeakMiB: 99, Budget: 30}))
	require.True(t, json.Valid(line.Bytes()))
	golden(t, "plan.txt", b.String()+line.String())
}
