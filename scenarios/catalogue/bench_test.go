package catalogue

import (
	"testing"

	"fermata/sim/explore"
	"fermata/sweeper/conductor"
)

// BenchmarkWalk walks stale-lookup on 3.17.0 at random with everything judged: every oracle, the
// histories by porcupine, and settling at each new end.
func BenchmarkWalk(b *testing.B) {
	in := (&Case{Scenario: staleLookup, Engine: conductor.Release3170(), Scope: staleLookup.Scope}).instance()
	in.system.Histories = true
	m := in.memo()
	defer m.Close()
	b.ResetTimer()
	r := explore.Walk(m, explore.NewRandom(1), explore.Options{SchedulesMax: int64(b.N)})
	b.ReportMetric(float64(r.Transitions)/b.Elapsed().Seconds(), "steps/s")
	b.ReportMetric(float64(r.Schedules)/b.Elapsed().Seconds(), "schedules/s")
}
