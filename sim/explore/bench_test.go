package explore_test

import (
	"fmt"
	"testing"

	"fermata/sim"
	"fermata/sim/explore"
)

// BenchmarkWalk walks workload W with four fixed sweepers at random, unchecked.
func BenchmarkWalk(b *testing.B) {
	s := workload(4, sweepFixed, 1)
	s.Judge = nil
	m := sim.New(s)
	defer m.Close()
	b.ResetTimer()
	r := explore.Walk(m, explore.NewRandom(1), explore.Options{SchedulesMax: int64(b.N)})
	b.ReportMetric(float64(r.Transitions)/b.Elapsed().Seconds(), "steps/s")
	b.ReportMetric(float64(r.Schedules)/b.Elapsed().Seconds(), "schedules/s")
}

// BenchmarkStrategies walks the same by each strategy, and at random with its coverage counted.
func BenchmarkStrategies(b *testing.B) {
	for i, name := range []string{"portfolio", "pct", "pos", "urw", "surw", "rff", "random", "random with coverage"} {
		b.Run(name, func(b *testing.B) {
			s := workload(4, sweepFixed, 1)
			s.Judge = nil
			m := sim.New(s)
			defer m.Close()
			all := everyStrategy(1)
			o := explore.Options{SchedulesMax: int64(b.N), Coverage: i >= len(all)}
			b.ResetTimer()
			r := explore.Walk(m, all[min(i, len(all)-1)], o)
			b.ReportMetric(float64(r.Transitions)/b.Elapsed().Seconds(), "steps/s")
		})
	}
}

// BenchmarkVerify searches every state of workload W, one to four fixed sweepers.
func BenchmarkVerify(b *testing.B) {
	for sweepers := 1; sweepers <= 4; sweepers++ {
		b.Run(fmt.Sprintf("F=%d", sweepers), func(b *testing.B) {
			var r *explore.Result
			for b.Loop() {
				m := sim.NewMemo(workload(sweepers, sweepFixed, 1))
				r = explore.Cached(m, explore.Options{})
				m.Close()
			}
			b.ReportMetric(float64(r.States), "states")
			b.ReportMetric(float64(r.Transitions), "transitions")
		})
	}
}

// BenchmarkDPOR searches every trace class of workload W with four fixed sweepers, 386,184 of them.
func BenchmarkDPOR(b *testing.B) {
	var r *explore.Result
	for b.Loop() {
		m := sim.NewMemo(workload(4, sweepFixed, 1))
		r = explore.DPOR(m, explore.Options{})
		m.Close()
	}
	b.ReportMetric(float64(r.Classes), "classes")
	b.ReportMetric(float64(r.SleepBlocked), "sleep-blocked")
	b.ReportMetric(float64(r.Transitions), "transitions")
	b.ReportMetric(float64(r.Classes)*float64(b.N)/b.Elapsed().Seconds(), "classes/s")
}
