package scenarios_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// play runs a suite of inner in a process of its own, in the folder, and gives what it printed and whether it passed.
func play(t *testing.T, dir, name string, args ...string) (printed string, passed bool) {
	t.Helper()
	self, err := os.Executable()
	require.NoError(t, err)
	if !strings.Contains(strings.Join(args, " "), "-test.run") {
		args = append(args, "-test.run=^TestInner$")
	}
	cmd := exec.Command(self, append(args, "-test.v", "-test.short")...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), innerVariable+"="+name)
	out, err := cmd.CombinedOutput()
	if err != nil {
		require.IsType(t, &exec.ExitError{}, err)
	}
	return string(out), err == nil
}

// TestSuite says of each suite whether it passes, and what it prints.
func TestSuite(t *testing.T) {
	cases := []struct {
		name   string
		passes bool
		prints []string
	}{
		{"right", true, []string{
			"a-fork: 15 cells, 15 ok (15 proved), 0 red (0 known), 0 not applicable, 0 unknown",
			"ports that it never called:", "Lock: DeleteLock",
		}},
		{"right-foreign", true, []string{
			"15 ok (2 proved)", "proved: every interleaving of the scope, 18 schedules",
			"examine: stale-lookup on a-fork",
			"portfolio, preemptions, seed 1, 2000 schedules, at most 1",
			"not found in 2000 schedules that were sampled, nor in 11368 schedules, every",
			"one with at most 1 preemption",
		}},
		{"wrong", false, []string{
			"VIOLATION  terminal-stays of w1, permanent", "-fermata.full shows every step",
			"stale-lookup on a-fork: violation of terminal-stays, permanent (the story is above)",
			"schedule: testdata/fermata/stale-lookup.a-fork.sched",
			"-run '^TestInner$/^stale-lookup$' -fermata.replay=testdata/fermata/stale-lookup.a-fork.sched",
			"--- PASS: TestInner/torn-repair", "7 red (0 known)",
		}},
		{"wrong-foreign", false, []string{"stale-lookup on a-fork: violation of"}},
		{"known", true, []string{
			"known to be red (fork#1), and still is: terminal-stays, permanent", "7 red (7 known)",
		}},
		{"known-green", false, []string{
			"--- FAIL: TestInner/torn-repair", "known to be red (fork#2), and ok now: take its KnownRed off",
		}},
		{"known-on-no-part", false, []string{`KnownRed "torn-repair" on lock "local"`, "is about no cell"}},
		{"known-not-applicable", false, []string{
			"known to be red (fork#4), and not applicable now: take its KnownRed off",
		}},
		{"parts", true, []string{"--- PASS: TestInner/stale-lookup/local,orkes,record", "30 cells, 30 ok (30 proved)"}},
		{"only-sweeps", true, []string{
			"--- SKIP: TestInner/stale-lookup",
			"not applicable: stale-lookup needs UpdateTask and Poll, which only-sweeps does not have",
			"--- PASS: TestInner/missed-completion", "2 ok (2 proved), 0 red (0 known)",
			"never played: torn-repair needs Poll, which only-sweeps does not have",
		}},
		{"does-nothing", false, []string{"missed-completion on idle: violation of progress, permanent"}},
		{"no-name", false, []string{`the engine is called "": expected a word`}},
		{"blank-name", false, []string{`the engine is called "a fork": expected a word`}},
		{"our-name", false, []string{`the engine is called "proposed", which is one of Fermata's own`}},
		{"no-new", false, []string{"the engine has no New"}},
		{"no-such-lock", false, []string{`"padlock"`, "redisson"}},
		{"known-unknown", false, []string{`KnownRed "stale": no scenario has that name`}},
		{"known-untold", false, []string{`KnownRed "stale-lookup": it has no Issue`}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			printed, passed := play(t, t.TempDir(), c.name)
			require.Equal(t, c.passes, passed, printed)
			for _, want := range c.prints {
				require.Contains(t, printed, want)
			}
		})
	}
}

// TestHostileEngines: each has its own clear outcome, and none of them passes.
func TestHostileEngines(t *testing.T) {
	cases := []struct{ name, says string }{
		{"global-state", `unknown: nondeterminism: step \d+ of the same choices was first ".+" and then ".+": does`},
		{"says-memoisable", `unknown {2}sweeper-\d does not repeat: in operation 0, on equal replies, it first\s+took`},
		{"recovers", `unknown: sweeper-\d does not unwind: it went on calling ports after its run`},
		{"fails-now", `unknown {2}sweeper-\d called runtime.Goexit \(t.FailNow does\)`},
		{"panics", `unknown {2}sweeper-\d panicked: no such workflow in the cache`},
		{"drops-context", `unknown {2}sweeper-\d panicked: world: a port was called without the context`},
		{"reads-clock", `unknown: nondeterminism: step \d+ of the same choices was first`},
		{"draws", `unknown: nondeterminism: step \d+ of the same choices was first`},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			printed, passed := play(t, t.TempDir(), c.name)
			require.False(t, passed, printed)
			require.Contains(t, printed, "--- FAIL: TestInner/stale-lookup")
			require.Regexp(t, c.says, printed)
		})
	}
}

// replayFlags are those of the command that a suite prints.
var replayFlags = regexp.MustCompile(`replay: +go test .*-run '(.+)' (-fermata\.replay=\S+)`)

// TestKeptSchedules: a find is kept, replayed first, replayed alone by the printed command, and mended or left behind
// as the code moves on.
func TestKeptSchedules(t *testing.T) {
	dir := t.TempDir()
	printed, _ := play(t, dir, "wrong")
	flags := replayFlags.FindStringSubmatch(printed)
	require.NotNil(t, flags, printed)
	file := filepath.Join(dir, "testdata", "fermata", "stale-lookup.a-fork.sched")
	text, err := os.ReadFile(file)
	require.NoError(t, err)

	t.Run("the printed command shows it again", func(t *testing.T) {
		printed, passed := play(t, dir, "wrong", "-test.run="+flags[1], flags[2])
		require.False(t, passed)
		require.Contains(t, printed, "VIOLATION  terminal-stays of w1, permanent")
		require.NotContains(t, printed, "torn-repair")
	})
	t.Run("on the engine that is right it does not fit", func(t *testing.T) {
		printed, passed := play(t, dir, "right", "-test.run="+flags[1], flags[2])
		require.False(t, passed)
		require.Contains(t, printed, "not open; open were:")
		printed, passed = play(t, dir, "right", "-test.run="+flags[1], flags[2], "-fermata.repair")
		require.True(t, passed, printed)
	})
	t.Run("it is replayed before anything is searched", func(t *testing.T) {
		printed, passed := play(t, dir, "wrong")
		require.False(t, passed)
		require.Contains(t, printed, "replay: stale-lookup on a-fork")
		require.NotContains(t, printed, "verify: stale-lookup on a-fork")
	})
	t.Run("once it is mended the search decides", func(t *testing.T) {
		printed, passed := play(t, dir, "right")
		require.True(t, passed, printed)
		require.Contains(t, printed, "does not fit any more")
		require.Contains(t, printed, "shows no violation any more")
		require.Contains(t, printed, "verify: stale-lookup on a-fork")
	})
	t.Run("a schedule of another engine is left alone", func(t *testing.T) {
		printed, _ := play(t, dir, "only-sweeps", "-fermata.replay="+file)
		require.Contains(t, printed, "is of a-fork, and this is only-sweeps")
	})
	t.Run("a malformed one is named with its line", func(t *testing.T) {
		broken := strings.Replace(string(text), "queue.pop", "queue.plop", 1)
		require.NoError(t, os.WriteFile(file, []byte(broken), 0o644))
		printed, passed := play(t, dir, "right")
		require.False(t, passed)
		require.Regexp(t, `stale-lookup\.a-fork\.sched:\d+: unknown verb "queue.plop": expected`, printed)
	})
}
