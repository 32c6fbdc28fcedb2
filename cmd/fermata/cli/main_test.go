package cli

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"fermata/scenarios/catalogue"
	"fermata/sweeper"
	"fermata/sweeper/conductor"
)

// Ctrl-C in the middle of a search: what was covered is printed, and the verdict is unknown.
func TestInterruptedSearchIsUnknown(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	a, out, _ := inProcess(ctx)
	calls := 0
	a.now = func() time.Time {
		if calls++; calls == 3 {
			cancel()
		}
		return time.Unix(0, 0)
	}
	dir := filepath.Join(t.TempDir(), "found")
	code := a.main([]string{"find", "--engine", "proposed", "--schedules", "1000000000", "--out", dir})
	require.Equal(t, exitHarness, code)
	require.Contains(t, out.String(), "unknown  cut by a limit: stopped\n  covered: ")
	require.Contains(t, out.String(), "unknown  interrupted before it began\n")
	require.NoDirExists(t, dir)
}

func TestProgressIsALineEveryFewSeconds(t *testing.T) {
	a, _, said := inProcess(t.Context())
	seconds := 0
	a.now = func() time.Time { seconds++; return time.Unix(int64(seconds), 0) }
	show, done := a.progress("x on y", -1)
	for range 14 {
		show(catalogue.Progress{Schedules: 1, Steps: 2, States: 42, Depth: 5, Open: 7})
	}
	done()
	line := "x on y: 42 states, 2 steps, %d states/s; on a path of 5 steps, 7 choices left along it\n"
	require.Equal(t, fmt.Sprintf(line, 7)+fmt.Sprintf(line, 4), said.String())
}

func TestProgressSaysWhatIsKnown(t *testing.T) {
	s := &speedometer{begun: time.Unix(0, 0)}
	now := time.Unix(2, 0)
	require.Equal(t, "8 of 20 schedules, 90 steps, 4 schedules/s",
		s.words(catalogue.Progress{Schedules: 8, Steps: 90}, 20, now))
	require.Equal(t, "8 trace classes in 10 schedules, 90 steps, 4 trace classes/s; on a path of 3 steps, "+
		"1 choices left along it",
		s.words(catalogue.Progress{Schedules: 10, Classes: 8, Steps: 90, Depth: 3, Open: 1}, -1, now))
	require.Equal(t, "8 schedules, 90 steps", s.words(catalogue.Progress{Schedules: 8, Steps: 90}, -1, s.begun))
}

func TestProgressBarLeavesNothingBehind(t *testing.T) {
	a, out, said := inProcess(t.Context())
	a.bar = true
	show, done := a.progress("x on y", 10)
	show(catalogue.Progress{Schedules: 5})
	require.Contains(t, said.String(), "x on y")
	done()
	require.Empty(t, out.String())
}

// An engine that does not say that it may be remembered is run anew in every schedule; its name must be its own.
func TestForeignEngine(t *testing.T) {
	fork := conductor.Release3170()
	fork.Name, fork.Memoisable = "a-fork", false
	a, out, said := inProcess(t.Context())
	a.extra = []sweeper.Engine{fork}
	args := []string{"verify", "--engine", "a-fork", "--scenario", "torn-repair", "--out", t.TempDir()}
	require.Equal(t, exitViolation, a.main(args), said.String())
	require.Contains(t, out.String(), "search preemptions, at most 2 preemptions a run")
	require.Equal(t, exitUsage, a.main(append(args, "--search", "states")))
	require.Contains(t, said.String(), "a-fork does not say that it may be remembered: expected plain, preemptions")

	for _, name := range []string{"", "proposed", "lock-first"} {
		said.Reset()
		fork.Name = name
		a.extra = []sweeper.Engine{fork}
		require.Equal(t, exitUsage, a.main([]string{"list"}))
		require.Contains(t, said.String(), "expected a name that no other engine has")
	}
}

// A fork's engine is known everywhere by its name, and "all" has it.
func TestForkBringsItsEngine(t *testing.T) {
	fork := conductor.Release3170()
	fork.Name, fork.About = "a-fork", "3.17.0 under another name"
	a, out, said := inProcess(t.Context())
	a.extra = []sweeper.Engine{fork}
	require.Contains(t, a.engineNames(), "a-fork")
	require.Equal(t, exitClean, a.main([]string{"list"}))
	require.Contains(t, out.String(), "3.17.0 under another name")

	dir := t.TempDir()
	args := []string{"--engine", "a-fork", "--scenario", "stale-lookup", "--out", dir}
	require.Equal(t, exitViolation, a.main(append([]string{"find"}, args...)))
	path := filepath.Join(dir, "stale-lookup.a-fork.sched")
	require.Equal(t, exitViolation, a.main([]string{"replay", path}), said.String())
	args = []string{"replay", path, "--engine", "conductor-3.17.0"}
	require.Equal(t, exitViolation, a.main(args), said.String())
	require.Contains(t, out.String(), "the schedule was made for a-fork; this is conductor-3.17.0")
}
