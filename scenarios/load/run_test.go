package load_test

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"fermata/scenarios/load"
	"fermata/sweeper"
)

var rewrite = flag.Bool("rewrite", false, "write the golden file")

// TestOneSeedOneResult: a seed says everything, on one goroutine or on several at once, and another seed is another
// run.
func TestOneSeedOneResult(t *testing.T) {
	setup := func(seed uint64) *load.Setup {
		s := with(t, "conductor-3.17.0", slow...)
		put(t, s, "for", "20s")
		s.Seed = seed
		return s
	}
	first := run(t, setup(1))
	results := make([]*load.Result, 4)
	var all sync.WaitGroup
	for i := range results {
		all.Go(func() { results[i], _ = load.Run(setup(1), load.Options{}) })
	}
	all.Wait()
	for _, r := range results {
		require.NotNil(t, r)
		same(t, first, r)
	}
	require.NotEqual(t, first.Counts, run(t, setup(2)).Counts)
}

// TestReleasesUnderLoad is what each engine comes to where a third of the servers is slow, to the workflow: what its
// races are, the searches have found; here is how often they meet.
func TestReleasesUnderLoad(t *testing.T) {
	const golden = "testdata/releases.golden"
	var b strings.Builder
	fmt.Fprintf(&b, "%-28s %8s %6s %8s %9s %9s %9s %8s\n",
		"engine", "started", "stuck", "stalled", "by sweep", "reopened", "listener", "missed")
	for _, name := range append(engines(), "lock-first+remove-first", "atomic-repair") {
		r := run(t, with(t, name, append(slow, "for", "40s", "drain", "20m")...))
		c := r.Counts
		fmt.Fprintf(&b, "%-28s %8d %6d %8d %9d %9d %9d %8d\n", name, c.Started, c.Stuck, c.Stalled,
			c.HealedBySweep, c.Reopened, c.ListenerTwice, c.UpdateMisses)
		if strings.HasPrefix(name, "proposed") {
			require.Zero(t, c.Stuck+c.Reopened+c.ListenerTwice+c.DuplicateTasks, name)
		}
	}
	if *rewrite {
		require.NoError(t, os.WriteFile(golden, []byte(b.String()), 0o644))
	}
	want, err := os.ReadFile(golden)
	require.NoError(t, err)
	require.Equal(t, string(want), b.String())
}

// TestStuckIsForEver: who is told to be stuck is RUNNING, with every task over and no message anywhere, so that nobody
// comes; with an audit beside the same run, everybody ends.
func TestStuckIsForEver(t *testing.T) {
	s := with(t, "conductor-3.17.0", append(slow, "for", "40s")...)
	r := run(t, s)
	require.Positive(t, r.Counts.Stuck)
	require.Zero(t, r.Counts.Unfinished+r.Counts.Audits)
	put(t, s, "audit", "60s")
	audited := run(t, s)
	require.Equal(t, r.Counts.Started, audited.Counts.Started)
	require.Zero(t, audited.Counts.Stuck)
	require.Positive(t, audited.Counts.HealedByAudit)
	require.Positive(t, audited.Counts.AuditRepairs)
	require.Equal(t, audited.Counts.Started, audited.Counts.Completed)
}

// TestForgets: what is over is forgotten, so that memory does not grow with time: after an hour there is no more than
// after ten minutes.
func TestForgets(t *testing.T) {
	s := with(t, "conductor-3.17.0", "rate", "40", "for", "1h", "drain", "10m", "servers", "2", "branches", "0",
		"task-time", "exponential:2s", "response-timeout", "60s")
	var tenth, most uint64
	next := int64(0)
	o := load.Options{Progress: func(p load.Progress) {
		if p.Now*6 < p.End || p.Started < next {
			return
		}
		next = p.Started + 20_000
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		if tenth == 0 {
			tenth = m.HeapAlloc
		}
		most = max(most, m.HeapAlloc)
	}}
	r, err := load.Run(s, o)
	require.NoError(t, err)
	require.Greater(t, r.Counts.Completed, int64(140_000))
	require.NotZero(t, tenth)
	require.Less(t, most, tenth+tenth/2+4<<20)
}

// TestLoadSlowsDown: with a capacity calls take longer, the nearer to it the more, and what cannot be is told instead
// of run.
func TestLoadSlowsDown(t *testing.T) {
	at := func(capacity string) *load.Result {
		return run(t, with(t, "conductor-3.17.0", "for", "10s", "rate", "50", "store-capacity", capacity))
	}
	free, half, full := at("off"), at("9000"), at("10")
	require.Zero(t, free.StoreUsed)
	require.InDelta(t, 0.5, half.StoreUsed, 0.3)
	fast, slow := free.Durations[load.SweepTime].Mean(), half.Durations[load.SweepTime].Mean()
	require.Greater(t, slow, 1.1*fast)
	require.NotEmpty(t, full.Overloaded)
	require.Zero(t, full.Counts)
}

// TestRefused: what cannot be run is one line of wrong usage.
func TestRefused(t *testing.T) {
	for _, c := range []struct {
		why     string
		figures []string
	}{
		{"lock local", []string{"lock", "local", "servers", "2"}},
		{"queue dyno", []string{"queue", "dyno"}},
		{"slow-servers", []string{"servers", "2", "slow-servers", "3"}},
	} {
		err := with(t, "conductor-3.17.0", c.figures...).Check()
		require.ErrorIs(t, err, load.ErrUsage)
		require.ErrorContains(t, err, c.why)
		require.NotContains(t, err.Error(), "\n")
	}
	fork := with(t, "conductor-3.17.0", "branches", "2")
	released := fork.Engine.New
	fork.Engine.New = func(p sweeper.Ports, st sweeper.Settings) sweeper.Server {
		all := released(p, st).(sweeper.FullServer)
		return struct {
			sweeper.Server
			sweeper.WorkflowStarter
			sweeper.TaskPoller
			sweeper.WorkflowSweeper
		}{all, all, all, all}
	}
	require.EqualError(t, fork.Check(), "wrong usage: engine conductor-3.17.0 has no UpdateTask and no "+
		"PollSystemTasks: expected one that has, since the workflows need it")
	require.ErrorContains(t, with(t, "proposed-fenced", "store", "redis").Check(),
		"which lock redisson with store redis is not")
	s := with(t, "conductor-3.17.0")
	s.Engine.Memoisable = false
	_, err := load.Run(s, load.Options{})
	require.ErrorIs(t, err, load.ErrUsage)
}

// TestStops: a run that is asked to stop does, and gives no result.
func TestStops(t *testing.T) {
	looks := 0
	r, err := load.Run(with(t, "conductor-3.17.0", "for", "10m"), load.Options{Stop: func() bool {
		looks++
		return looks > 3
	}})
	require.True(t, errors.Is(err, load.ErrStopped))
	require.Nil(t, r)
}
