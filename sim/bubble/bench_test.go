package bubble_test

import (
	"testing"

	"fermata/sim"
	"fermata/sim/explore"
)

// BenchmarkWalk is a random walk over actors of one goroutine and of three.
func BenchmarkWalk(b *testing.B) {
	for _, c := range []struct {
		name  string
		codes []code
	}{
		{"three actors", []code{sequential(oA, oB), sequential(oB, oA), sequential(oA, oA)}},
		{"two goroutines each", []code{two, two, two}},
	} {
		b.Run(c.name, func(b *testing.B) {
			var r *explore.Result
			testIn(b, func(t *testing.T) {
				m := sim.New(system(t, c.codes...))
				defer m.Close()
				r = explore.Walk(m, explore.NewRandom(1), explore.Options{SchedulesMax: int64(b.N)})
			})
			b.ReportMetric(float64(r.Schedules)/b.Elapsed().Seconds(), "schedules/s")
			b.ReportMetric(float64(r.Transitions)/b.Elapsed().Seconds(), "steps/s")
		})
	}
}

// testIn runs a function with a test that is running, which a bubble needs and a benchmark does not have.
func testIn(b *testing.B, f func(t *testing.T)) {
	testing.RunTests(func(string, string) (bool, error) { return true, nil },
		[]testing.InternalTest{{Name: b.Name(), F: f}})
}
