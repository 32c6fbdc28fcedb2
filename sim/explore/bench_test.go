package explore_test

import (
	"fmt"
	"testing"

	"fermata/sim"
	"fermata/sim/explore"
)

// BenchmarkWalk walks workload W with four fixed sweepers at random, unchecked: along reply trees, and by coroutines.
func BenchmarkWalk(b *testing.B) {
	for _, driver := range []struct {
		name string
		make func(*sim.System) *sim.Machine
	}{{"tree", sim.NewMemo}, {"coroutines", sim.New}} {
		b.Run(driver.name, func(b *testing.B) {
			s := workload(4, sweepFixed, 1)
			s.Judge = nil
			m := driver.make(s)
			defer m.Close()
			b.ResetTimer()
			r := explore.Walk(m, explore.NewRandom(1), explore.Options{SchedulesMax: int64(b.N)})
			b.ReportMetric(float64(r.Transitions)/b.Elapsed().Seconds(), "steps/s")
			b.ReportMetric(float64(r.Schedules)/b.Elapsed().Seconds(), "schedules/s")
		})
	}
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

// BenchmarkVerify searches every state of workload W: one to four fixed sweepers on one workflow, and two to four
// on two, with the reductions and without.
func BenchmarkVerify(b *testing.B) {
	for _, c := range []struct{ workflows, sweepers int }{{1, 1}, {1, 2}, {1, 3}, {1, 4}, {2, 2}, {2, 3}, {2, 4}} {
		for without, name := range []string{"", "/no-symmetry", "/no-sleep", "/neither"} {
			without := explore.Reductions(without)
			if without&explore.Symmetry != 0 && c.workflows == 2 && c.sweepers > 2 {
				continue // millions of states
			}
			b.Run(fmt.Sprintf("W=%d/F=%d%s", c.workflows, c.sweepers, name), func(b *testing.B) {
				var r *explore.Result
				for b.Loop() {
					m := sim.NewMemo(workload(c.sweepers, sweepFixed, c.workflows))
					r = explore.Cached(m, explore.Options{Without: without})
					m.Close()
				}
				b.ReportMetric(float64(r.States), "states")
				b.ReportMetric(float64(r.Transitions), "transitions")
				b.ReportMetric(float64(r.Memory)/(1<<20), "MiB")
			})
		}
	}
}

// BenchmarkPlain runs every schedule of workload W with one and two fixed sweepers, for comparison.
func BenchmarkPlain(b *testing.B) {
	for sweepers := 1; sweepers <= 2; sweepers++ {
		b.Run(fmt.Sprintf("F=%d", sweepers), func(b *testing.B) {
			var r *explore.Result
			for b.Loop() {
				m := sim.New(workload(sweepers, sweepFixed, 1))
				r = explore.Plain(m, explore.Options{})
				m.Close()
			}
			b.ReportMetric(float64(r.Schedules), "schedules")
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

// BenchmarkVerifyParallel searches every state of workload W with four fixed sweepers on two workflows, 1,499,540 of
// them, with one worker and with two.
func BenchmarkVerifyParallel(b *testing.B) {
	for workers := 1; workers <= 2; workers++ {
		b.Run(fmt.Sprintf("workers=%d", workers), func(b *testing.B) {
			var r *explore.Result
			for b.Loop() {
				r = searchedBy(workers, func() *sim.System { return workload(4, sweepFixed, 2) }, explore.Options{})
			}
			b.ReportMetric(float64(r.States), "states")
			b.ReportMetric(float64(r.Transitions), "transitions")
			b.ReportMetric(float64(r.Memory)/(1<<20), "MiB")
		})
	}
}

// searchedBy searches states by so many workers.
func searchedBy(workers int, s func() *sim.System, o explore.Options) *explore.Result {
	numbers := explore.NewNumbers()
	member := func() *sim.System {
		s := s()
		s.Numbers = numbers
		return s
	}
	m := sim.NewMemo(member())
	defer m.Close()
	return explore.States(m, explore.Team{Workers: workers, Member: member}, o)
}

// BenchmarkWalkParallel walks workload W with four fixed sweepers at random, unchecked, by one worker and by two.
func BenchmarkWalkParallel(b *testing.B) {
	for workers := 1; workers <= 2; workers++ {
		b.Run(fmt.Sprintf("workers=%d", workers), func(b *testing.B) {
			member := func() *sim.System {
				s := workload(4, sweepFixed, 1)
				s.Judge = nil
				return s
			}
			m := sim.New(member())
			defer m.Close()
			random := func(seed uint64) explore.Strategy { return explore.NewRandom(seed) }
			b.ResetTimer()
			r := explore.Walks(m, explore.Team{Workers: workers, Member: member},
				explore.Streams{Seed: 1, Strategy: random}, explore.Options{SchedulesMax: int64(b.N)})
			b.ReportMetric(float64(r.Transitions)/b.Elapsed().Seconds(), "steps/s")
			b.ReportMetric(float64(r.Schedules)/b.Elapsed().Seconds(), "schedules/s")
		})
	}
}
