package load_test

import (
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"fermata/scenarios/catalogue"
	"fermata/scenarios/load"
	"fermata/sim/world"
	"fermata/testdata"
)

// fataler is a test, a benchmark or a drawn case.
type fataler interface {
	require.TestingT
	Helper()
}

// with is the default setup of an engine with figures changed, by name and text in turns.
func with(t fataler, engine string, figures ...string) *load.Setup {
	t.Helper()
	s := load.Default()
	put(t, s, figures...)
	var err error
	s.Engine, err = catalogue.EngineNamed(engine)
	require.NoError(t, err)
	return s
}

func put(t fataler, s *load.Setup, figures ...string) {
	t.Helper()
	for i := 0; i < len(figures); i += 2 {
		f := load.FigureNamed(figures[i])
		require.NotNil(t, f, figures[i])
		require.NoError(t, f.Set(s, figures[i+1], nil))
	}
}

// report is the preset of the reports.
func report(t fataler, engine string, figures ...string) *load.Setup {
	t.Helper()
	text, err := testdata.Load.ReadFile("load/report.preset")
	require.NoError(t, err)
	p, err := load.ParsePreset("report", string(text))
	require.NoError(t, err)
	s, err := p.Setup(nil)
	require.NoError(t, err)
	put(t, s, figures...)
	s.Engine, err = catalogue.EngineNamed(engine)
	require.NoError(t, err)
	return s
}

func run(t fataler, s *load.Setup) *load.Result {
	t.Helper()
	r, err := load.Run(s, load.Options{})
	require.NoError(t, err)
	return r
}

// slow are figures under which a sweep on two of three servers takes half a second, and a task of two is short: what
// goes wrong in the releases goes wrong often.
var slow = []string{
	"rate", "60", "for", "3m", "drain", "2h", "servers", "30", "sweeper-threads", "8", "sweep-interval", "25ms",
	"poll-timeout", "25ms", "tasks", "1", "branches", "2", "task-time", "lognormal:15s/60s", "response-timeout", "off",
	"poll-delay", "uniform:0s..20ms", "lock-latency", "lognormal:200us/2ms", "queue-latency", "lognormal:200us/2ms",
	"store-latency", "lognormal:1ms/20ms", "slow-servers", "20", "slow-factor", "50",
}

// drawn is a small setup of anything.
func drawn(t *rapid.T) *load.Setup {
	one := func(label string, of ...string) string { return rapid.SampledFrom(of).Draw(t, label) }
	s := with(t, one("engine", engines()...),
		"rate", one("rate", "5", "constant:20", "bursts:20/10"), "for", "1s", "drain", "20s",
		"servers", one("servers", "1", "2", "5"), "sweeper-threads", one("threads", "1", "3"),
		"sweep-interval", one("interval", "1ms", "25ms", "500ms"),
		"poll-timeout", one("timeout", "default", "0s", "20ms"), "sweep-batch", one("batch", "1", "2", "5"),
		"offset-timeout", one("offset", "0s", "1s", "3s"),
		"lock", one("lock", "redisson", "postgres", "postgres-reentrant", "noop"),
		"lock-lease", one("lease", "60s", "50ms"), "lock-try", one("try", "500ms", "0s", "10ms"),
		"queue", one("queue", "orkes", "sql"), "store", one("store", world.Stores()...),
		"repair", one("repair", "on", "off"),
		"tasks", one("tasks", "1", "2", "3"), "branches", one("branches", "0", "2", "3"),
		"task-time", one("task", "exponential:1s", "5ms", "uniform:0s..2s"),
		"poll-delay", one("delay", "1ms", "uniform:0s..100ms"),
		"response-timeout", one("response", "off", "1s", "3s"), "failures", one("failures", "0", "0.2"),
		"retries", one("retries", "0", "2"),
		"store-latency", one("store latency", "1ms", "lognormal:1ms/50ms"),
		"think", one("think", "0s", "exponential:1ms"),
		"queue-latency", one("queue latency", "200us", "lognormal:1ms/20ms"),
		"slow-servers", one("slow", "0", "1"), "slow-factor", "30",
		"pauses", one("pauses", "none", "100ms every 1s"), "stalls", one("stalls", "none", "50ms every 500ms"),
		"audit", one("audit", "off", "2s"), "audit-remove", one("remove", "on", "off"),
		"audit-tasks", one("tasks too", "on", "off"),
	)
	s.Seed = rapid.Uint64().Draw(t, "seed")
	return s
}

func engines() []string {
	var names []string
	for _, e := range catalogue.Engines() {
		names = append(names, e.Name)
	}
	return append(names, "lock-first", "remove-first", "conductor-3.31.2+remove-first")
}
