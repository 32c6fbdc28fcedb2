package catalogue

import (
	"bytes"
	"flag"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"fermata/testdata"
)

var rewrite = flag.Bool("rewrite", false, "rewrite the golden files; then read the diff")

// schedulesDir is where testdata.Schedules is in the source.
const schedulesDir = "../../testdata/schedules"

// elsewhere are the findings of docs/findings.md on other parts, each with a committed schedule too.
var elsewhere = []struct {
	scenario, engine, scope string
	parts                   Parts
}{
	{"stale-lookup", "conductor-3.21.3", "", Parts{Lock: "postgres-reentrant"}},
	{"missed-completion", "conductor-3.21.3", "", Parts{Lock: "postgres"}},
	{"lock-taken-away", "conductor-3.21.3", "", Parts{Lock: "local"}},
	{"lock-taken-away", "conductor-3.21.3", "", Parts{Lock: "postgres"}},
	{"lock-taken-away", "conductor-3.31.2", "", Parts{Lock: "postgres-reentrant"}},
	{"stale-lookup", "conductor-3.31.2", "", Parts{Lock: "disabled"}},
	{"stale-lookup", "conductor-3.17.0", "sweepers=1", Parts{Queue: "dyno", Store: "redis"}},
	{"stale-lookup", "proposed", "sweepers=1", Parts{Queue: "dyno"}},
	{"stale-lookup", "conductor-3.17.0", "", Parts{Store: "redis"}},
	{"missed-completion", "pr214-4943d9770", "", Parts{}},
	{"lease-expiry", "proposed-fenced-writes", "sweepers=2 advance=3", Parts{}},
	{"repair-in-schedule-gap", "proposed-fenced", "sweepers=1 advance=1 deadlines=living-lease", Parts{}},
}

// Every red cell of the releases and of the measures has a committed schedule, and so has every finding on other
// parts; there is no other.
func TestEveryRedCellHasASchedule(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("every scenario on every engine: left out by -short")
	}
	want := map[string]bool{}
	commit := func(c *Case, f *Finding) {
		name := c.Name() + ".sched"
		want[name] = true
		text := f.Schedule.Text()
		if *rewrite {
			require.NoError(t, os.WriteFile(filepath.Join(schedulesDir, name), []byte(text), 0o644))
			return
		}
		have, err := fs.ReadFile(testdata.Schedules, "schedules/"+name)
		require.NoError(t, err)
		require.Equal(t, string(have), text, name)
	}
	for _, s := range Scenarios() {
		for _, e := range append(Engines(), MeasureEngines()...) {
			if r := verified(t, s, e); r.Verdict == Violated {
				i := slices.IndexFunc(r.Findings, func(f *Finding) bool { return slices.Contains(s.Judged, f.Oracle) })
				commit(&Case{Scenario: s, Engine: e, Scope: s.Scope}, r.Findings[i])
			}
		}
	}
	for _, f := range elsewhere {
		c, err := NewCase(f.scenario, f.engine, f.scope)
		require.NoError(t, err)
		c, err = c.On(f.parts)
		require.NoError(t, err)
		cell, err := VerifyCell(c, VerifyOptions{})
		require.NoError(t, err)
		require.Equal(t, Violated, cell.Verdict, c.Name())
		commit(c, cell.Finding())
	}
	if *rewrite {
		return
	}
	for _, f := range faulted {
		want[f.schedule(t)] = true
	}
	files, err := fs.Glob(testdata.Schedules, "schedules/*.sched")
	require.NoError(t, err)
	for _, f := range files {
		require.True(t, want[path.Base(f)], "%s belongs to no red cell", f)
	}
	require.Len(t, files, len(want))
}

// A committed schedule shows its violation again, a hundred times with one fingerprint.
func TestCommittedSchedulesReplay(t *testing.T) {
	t.Parallel()
	files, err := fs.Glob(testdata.Schedules, "schedules/*.sched")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, f := range files {
		t.Run(path.Base(f), func(t *testing.T) {
			text, err := fs.ReadFile(testdata.Schedules, f)
			require.NoError(t, err)
			s, err := ReadSchedule(bytes.NewReader(text), f)
			require.NoError(t, err)
			require.Equal(t, string(text), s.Text())
			times := 100
			if testing.Short() {
				times = 3
			}
			r, changes, err := Replay(s, ReplayOptions{Times: times})
			require.NoError(t, err)
			require.Empty(t, changes)
			require.Equal(t, Violated, r.Verdict)
			expect, _ := s.Header("expect")
			require.Equal(t, "violation "+r.Findings[0].Oracle+" "+r.Findings[0].Severity.String(), expect)
		})
	}
}
