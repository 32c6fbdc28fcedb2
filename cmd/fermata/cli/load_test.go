package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"fermata/scenarios/load"
	"fermata/sweeper"
	"fermata/sweeper/conductor"
)

// measured is a lab of which every result is a function of the setup and the seed. It notes what it was asked to run.
type measured struct {
	mu   sync.Mutex
	runs []string
	// before is called at the beginning of each run.
	before func(*load.Setup, load.Options)
	err    error
	fails  func(*load.Setup) error // nil: err
}

func (m *measured) run(s *load.Setup, o load.Options) (*load.Result, error) {
	m.mu.Lock()
	m.runs = append(m.runs, fmt.Sprintf("%s rate=%s servers=%d seed=%d", s.Engine.Name,
		load.FigureNamed("rate").Text(s), s.Servers, s.Seed))
	m.mu.Unlock()
	if m.before != nil {
		m.before(s, o)
	}
	o.Progress(load.Progress{Seed: s.Seed, Now: int64(s.For / 2), End: int64(s.For + s.Drain)})
	count := load.Counts{Started: 1000 * int64(s.Servers), Completed: 1000*int64(s.Servers) - int64(s.Seed),
		Stuck: int64(s.Seed)}
	r := &load.Result{Setup: s, Seeds: []uint64{s.Seed}, Counts: count, PerSeed: []load.Counts{count}}
	if m.fails != nil {
		return r, m.fails(s)
	}
	return r, m.err
}

// merge adds what the tests look at.
func (m *measured) merge(results []*load.Result) *load.Result {
	all := &load.Result{Setup: results[0].Setup}
	for _, r := range results {
		all.Seeds = append(all.Seeds, r.Seeds...)
		all.PerSeed = append(all.PerSeed, r.PerSeed...)
		all.Counts.Started += r.Counts.Started
		all.Counts.Completed += r.Counts.Completed
		all.Counts.Stuck += r.Counts.Stuck
	}
	return all
}

// loaded calls load on a lab.
func loaded(t *testing.T, m *measured, args ...string) (code int, out, said string) {
	a, o, e := inProcess(t.Context())
	a.lab = lab{m.run, m.merge}
	code = a.main(append([]string{"load"}, args...))
	return code, o.String(), e.String()
}

// Rows are by engine and then by value, each with its seeds; a figure that is given is that of every row.
func TestLoadRuns(t *testing.T) {
	m := &measured{}
	code, out, said := loaded(t, m, "--engine", "proposed,conductor-3.17.0", "--rate", "10,20", "--servers", "7",
		"--seed", "5", "--seeds", "2", "--workers", "1", "--format", "csv")
	require.Equal(t, exitClean, code, said)
	require.Equal(t, []string{
		"proposed rate=poisson:10 servers=7 seed=5", "proposed rate=poisson:10 servers=7 seed=6",
		"proposed rate=poisson:20 servers=7 seed=5", "proposed rate=poisson:20 servers=7 seed=6",
		"conductor-3.17.0 rate=poisson:10 servers=7 seed=5", "conductor-3.17.0 rate=poisson:10 servers=7 seed=6",
		"conductor-3.17.0 rate=poisson:20 servers=7 seed=5", "conductor-3.17.0 rate=poisson:20 servers=7 seed=6",
	}, m.runs)
	lines := strings.Split(strings.TrimSpace(out), "\n")
	require.Len(t, lines, 5)
	for i, begins := range []string{"preset,varied,value,engine,seeds",
		",rate,10,proposed,5 6,", ",rate,20,proposed,5 6,",
		",rate,10,conductor-3.17.0,5 6,", ",rate,20,conductor-3.17.0,5 6,",
	} {
		require.True(t, strings.HasPrefix(lines[i], begins), lines[i])
	}
}

// "all" is the releases and the proposed fix, and then the engine is what is varied.
func TestLoadOfEveryEngine(t *testing.T) {
	m := &measured{}
	code, out, said := loaded(t, m, "--engine", "all", "--format", "csv", "--workers", "1")
	require.Equal(t, exitClean, code, said)
	require.Len(t, m.runs, len(conductor.Releases())+1)
	require.Contains(t, out, "\n,engine,proposed,proposed,1,")
}

// The same bytes however many work, whichever of them is slow, and in every format.
func TestLoadIsTheSameForAnyWorkers(t *testing.T) {
	slowFirst := func(s *load.Setup, _ load.Options) {
		time.Sleep(time.Duration(10-s.Servers) * time.Millisecond)
	}
	for _, format := range []string{"text", "json", "csv"} {
		args := []string{"--servers", "1..8", "--seeds", "3", "--format", format, "--workers"}
		_, one, _ := loaded(t, &measured{}, append(args, "1")...)
		code, many, said := loaded(t, &measured{before: slowFirst}, append(args, "8")...)
		require.Equal(t, exitClean, code, said)
		require.Equal(t, one, many)
		require.NotEmpty(t, many)
	}
}

// The text begins with every figure, and says of each where it comes from.
func TestLoadTellsItsConfigurationFirst(t *testing.T) {
	code, out, said := loaded(t, &measured{}, "--preset", "report", "--servers", "1,30", "--tasks", "5")
	require.Equal(t, exitClean, code, said)
	for _, line := range []string{
		`load: conductor-3\.17\.0\n`, `  2 rows, seed 1\n`, `  servers +1, 30 \(given\)\n`, `  tasks +5 \(given\)\n`,
		`  sweep-interval +25ms \(reported: #213: a high sweeper rate of about 25 ms\)\n`,
		`  lock-lease +1m \(assumed: the default; `,
	} {
		require.Regexp(t, line, out)
	}
	for _, f := range load.Figures() {
		require.Equal(t, 1, len(regexp.MustCompile(`(?m)^  `+f.Name+` +\S`).FindAllString(out, -1)), f.Name)
	}
	_, out, _ = loaded(t, &measured{}, "--tasks", "5")
	require.Regexp(t, `  tasks +5 \(given\)\n`, out)
	require.Regexp(t, `  servers +3 \(default\)\n`, out)
}

// A preset is that of a file too; what is wrong in it is told with its line.
func TestLoadOfAPresetFile(t *testing.T) {
	text, err := os.ReadFile("../../../testdata/load/report.preset")
	require.NoError(t, err)
	path := filepath.Join(t.TempDir(), "mine")
	write := func(servers string) {
		mine := strings.Replace(string(text), "\nservers: 30", "\nservers: "+servers, 1)
		require.NoError(t, os.WriteFile(path, []byte(mine), 0o644))
	}
	write("31")
	m := &measured{}
	code, _, said := loaded(t, m, "--preset", path)
	require.Equal(t, exitClean, code, said)
	require.Equal(t, []string{"conductor-3.17.0 rate=poisson:82.5 servers=31 seed=1"}, m.runs)

	write("0")
	code, _, said = loaded(t, m, "--preset", path)
	require.Equal(t, exitUsage, code)
	require.Regexp(t, `mine:\d+: servers 0: expected a whole number from 1 to 1000\n$`, said)
}

// Ctrl-C in the middle: nothing is told as measured, and the exit code is that of unknown.
func TestInterruptedLoadIsUnknown(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	a, out, said := inProcess(ctx)
	m := &measured{before: func(_ *load.Setup, o load.Options) {
		require.False(t, o.Stop())
		cancel()
		require.True(t, o.Stop())
	}}
	a.lab = lab{m.run, m.merge}
	code := a.main([]string{"load", "--rate", "10..200", "--workers", "1", "--format", "json"})
	require.Equal(t, exitHarness, code)
	require.Len(t, m.runs, 1)
	require.Empty(t, out.String())
	require.Contains(t, said.String(), "interrupted: what was measured by then is unknown\n")
}

// What a run cannot do is the harness's fault unless it says that it is the user's, and the others are told to stop.
func TestLoadThatFails(t *testing.T) {
	m := &measured{err: errors.New("no agenda")}
	code, _, said := loaded(t, m, "--rate", "10,20", "--workers", "1")
	require.Equal(t, exitHarness, code)
	require.Len(t, m.runs, 1)
	require.Contains(t, said, "could not do its work: conductor-3.17.0, seed 1, rate 10: no agenda\n")
	m = &measured{before: func(s *load.Setup, o load.Options) { // the first is stopped because the second fails
		if s.Servers == 1 {
			for !o.Stop() {
				time.Sleep(time.Millisecond)
			}
		}
	}}
	m.fails = func(s *load.Setup) error {
		if s.Servers == 1 {
			return load.ErrStopped
		}
		return fmt.Errorf("%w: too many operations", load.ErrHarness)
	}
	code, _, said = loaded(t, m, "--servers", "1,2", "--workers", "2")
	require.Equal(t, exitHarness, code)
	require.Contains(t, said, "could not do its work: conductor-3.17.0, seed 1, servers 2: too many operations\n")

	m = &measured{err: fmt.Errorf("%w: queue dyno: expected one that the lab has", load.ErrUsage)}
	code, _, said = loaded(t, m)
	require.Equal(t, exitUsage, code)
	require.Contains(t, said, "fermata: invalid --queue dyno: expected one that the lab has\n")
}

// Engines that cannot be driven by replies, step by step, are refused.
func TestLoadRefusesEngines(t *testing.T) {
	for said, change := range map[string]func(*sweeper.Engine){
		"it does not say that it may be remembered":         func(e *sweeper.Engine) { e.Memoisable = false },
		"it starts goroutines, and so runs in go test only": func(e *sweeper.Engine) { e.Goroutines = true },
	} {
		fork := conductor.Release3170()
		fork.Name = "a-fork"
		change(&fork)
		a, _, e := inProcess(t.Context())
		m := &measured{}
		a.extra, a.lab = []sweeper.Engine{fork}, lab{m.run, m.merge}
		require.Equal(t, exitUsage, a.main([]string{"load", "--engine", "a-fork"}))
		require.Contains(t, e.String(), "invalid --engine a-fork: "+said+": expected such as conductor-3.14.0, ")
		require.Empty(t, m.runs)
	}
}

// Without a terminal there is a line every few seconds: virtual time, its speed, and what is left of it.
func TestLoadProgressIsALineEveryFewSeconds(t *testing.T) {
	a, _, said := inProcess(t.Context())
	seconds := 0
	a.now = func() time.Time { seconds++; return time.Unix(int64(seconds), 0) }
	l := &loading{a: a, seeds: 2, rows: []loadRow{{setup: *load.Default()}}}
	p := l.progress(2)
	for i := range 10 {
		p.see(0, load.Progress{Now: int64(time.Duration(i) * time.Second * 12)})
	}
	p.end(0)
	p.see(1, load.Progress{Now: int64(time.Minute)})
	p.end(1)
	p.close()
	require.Equal(t, "load: 22 %, 1m0s of virtual time, 10 s a second, about 21s left; 0 of 2 runs\n"+
		"load: 72 %, 2m48s of virtual time, 14 s a second, about 5s left; 1 of 2 runs\n", said.String())
}

// On a terminal it is a bar, which leaves nothing behind on standard output.
func TestLoadProgressBar(t *testing.T) {
	a, out, said := inProcess(t.Context())
	a.bar = true
	m := &measured{}
	a.lab = lab{m.run, m.merge}
	require.Equal(t, exitClean, a.main([]string{"load", "--format", "csv"}))
	require.Contains(t, said.String(), "load: 1m0s of virtual time")
	require.NotContains(t, out.String(), "virtual time")
}
