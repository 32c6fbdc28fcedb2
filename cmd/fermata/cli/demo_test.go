package cli

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"fermata/internal/report"
)

// inProcess is an app that writes into buffers, with a clock that stands still.
func inProcess(ctx context.Context) (a *app, out, err *bytes.Buffer) {
	out, err = &bytes.Buffer{}, &bytes.Buffer{}
	return &app{ctx: ctx, out: out, err: err, now: func() time.Time { return time.Unix(0, 0) }}, out, err
}

// A demo that cannot fail proves nothing: each engine is put where the other belongs.
func TestDemoFailsWhereItMust(t *testing.T) {
	for _, c := range []struct {
		name, racy, fixed, scenario string
		stages                      []stage
		said                        string
	}{
		{"nothing to find", "proposed", "proposed", "stale-lookup", stages[:1],
			"this did not come out as it should: expected a violation on proposed, got ok"},
		{"nothing to prove", "conductor-3.17.0", "conductor-3.17.0", "stale-lookup",
			[]stage{{"prove", (*demo).prove}},
			"expected stale-lookup proved on conductor-3.17.0, got violation"},
		{"another race", "conductor-3.17.0", "proposed", "torn-repair", stages[:5],
			"this did not come out as it should: expected "},
	} {
		t.Run(c.name, func(t *testing.T) {
			a, out, _ := inProcess(t.Context())
			d := &demo{a: a, racy: c.racy, fixed: c.fixed, scenario: c.scenario}
			code, silent := codeOf(d.play(c.stages))
			require.Equal(t, exitHarness, code)
			require.True(t, silent, "the story itself says what is wrong")
			require.Contains(t, out.String(), c.said)
		})
	}
}

func TestDemoFitsTheTerminal(t *testing.T) {
	a, out, _ := inProcess(t.Context())
	require.Equal(t, exitClean, a.main([]string{"demo"}), out.String())
	for _, line := range strings.Split(out.String(), "\n") {
		require.LessOrEqual(t, utf8.RuneCountInString(line), report.Width, "%q", line)
	}
}

func TestFactsAboutTasks(t *testing.T) {
	facts := []string{"w1: RUNNING", "t1: COMPLETED", "t2: COMPLETED", "terminated listener: called once"}
	require.NoError(t, tasksCompleted(facts))
	facts[2] = "t2: SCHEDULED, queued"
	require.ErrorContains(t, tasksCompleted(facts), "expected t2 COMPLETED, got SCHEDULED")
	require.ErrorContains(t, tasksCompleted([]string{"t1: COMPLETED"}), "expected two tasks, got 1")
}
