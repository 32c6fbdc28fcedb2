package scenarios

import (
	"bytes"
	"flag"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"fermata/testdata"
)

var rewrite = flag.Bool("rewrite", false, "rewrite the golden files; then read the diff")

// schedulesDir is where testdata.Schedules is in the source.
const schedulesDir = "../testdata/schedules"

// Every red cell of the releases and of the measures has a committed schedule, and there is no other.
func TestEveryRedCellHasASchedule(t *testing.T) {
	want := map[string]bool{}
	for _, s := range Scenarios() {
		for _, e := range append(Engines(), MeasureEngines()...) {
			c := &Case{Scenario: s, Engine: e, Scope: s.Scope}
			r := verified(t, s, e)
			if r.Verdict != Violated {
				continue
			}
			name := c.Name() + ".sched"
			want[name] = true
			text := r.Findings[0].Schedule.Text()
			if *rewrite {
				require.NoError(t, os.WriteFile(filepath.Join(schedulesDir, name), []byte(text), 0o644))
				continue
			}
			have, err := fs.ReadFile(testdata.Schedules, "schedules/"+name)
			require.NoError(t, err)
			require.Equal(t, string(have), text, name)
		}
	}
	if *rewrite {
		return
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
			r, changes, err := Replay(s, ReplayOptions{Times: 100})
			require.NoError(t, err)
			require.Empty(t, changes)
			require.Equal(t, Violated, r.Verdict)
			expect, _ := s.Header("expect")
			require.Equal(t, "violation "+r.Findings[0].Oracle+" "+r.Findings[0].Severity.String(), expect)
		})
	}
}
