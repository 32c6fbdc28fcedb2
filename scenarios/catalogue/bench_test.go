package catalogue

import (
	"testing"

	"fermata/sim"
	"fermata/sim/explore"
	"fermata/sweeper/conductor"
)

// BenchmarkWalk walks stale-lookup on 3.17.0 at random with everything judged: every oracle, every history, and where
// each end settles. The shares are of the verdicts on histories, of which each run has one for each specification.
func BenchmarkWalk(b *testing.B) {
	c := &Case{Scenario: staleLookup, Engine: conductor.Release3170(), Scope: staleLookup.Scope}
	for _, driver := range []struct {
		name string
		make func(*instance) *sim.Machine
	}{
		{"tree", (*instance).memo},
		{"coroutines", (*instance).coroutines},
	} {
		b.Run(driver.name, func(b *testing.B) {
			in := c.instance()
			m := driver.make(in)
			defer m.Close()
			b.ResetTimer()
			r := explore.Walk(m, explore.NewRandom(1), explore.Options{SchedulesMax: int64(b.N)})
			b.ReportMetric(float64(r.Transitions)/b.Elapsed().Seconds(), "steps/s")
			b.ReportMetric(float64(r.Schedules)/b.Elapsed().Seconds(), "schedules/s")
			checks := in.judge.checks()
			all := float64(checks.Cached + checks.Witness + checks.Porcupine)
			b.ReportMetric(100*float64(checks.Cached)/all, "%cached")
			b.ReportMetric(100*float64(checks.Witness)/all, "%witness")
			b.ReportMetric(100*float64(checks.Porcupine)/all, "%porcupine")
		})
	}
}
