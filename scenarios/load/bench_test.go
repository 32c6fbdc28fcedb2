package load_test

import (
	"fmt"
	"testing"

	"fermata/scenarios/load"
)

// BenchmarkLoad is ten minutes of virtual time at 90 workflows a second: how much faster than real time it goes. What
// comes after the last arrival counts as cost and not as time.
func BenchmarkLoad(b *testing.B) {
	for _, bc := range []struct{ name, taskTime string }{{"short", "exp:1s"}, {"long", "exp:20s"}} {
		b.Run(bc.name, func(b *testing.B) {
			faster(b, chain(b, "rate", "90", "for", "10m", "task-time", bc.taskTime))
		})
	}
	b.Run("report", func(b *testing.B) { faster(b, report(b, "conductor-3.17.0", "rate", "90", "for", "2m")) })
}

// BenchmarkScale is what a workflow costs by rate and servers.
func BenchmarkScale(b *testing.B) {
	for _, rate := range []int{10, 30, 100, 300, 1000} {
		for _, servers := range []int{1, 10, 30, 100} {
			b.Run(fmt.Sprintf("rate=%d/servers=%d", rate, servers), func(b *testing.B) {
				faster(b, chain(b, "rate", fmt.Sprint(rate), "servers", fmt.Sprint(servers), "for", "2m",
					"task-time", "exp:20s"))
			})
		}
	}
}

// chain is a chain of two tasks on 30 servers that look every 25 ms.
func chain(b *testing.B, figures ...string) *load.Setup {
	s := with(b, "conductor-3.17.0",
		"servers", "30", "sweeper-threads", "8", "sweep-interval", "25ms", "poll-timeout", "25ms", "branches", "0",
		"tasks", "2", "response-timeout", "off", "drain", "1h", "think", "20us",
		"lock-latency", "lognormal:80us/400us", "queue-latency", "lognormal:80us/400us",
		"store-latency", "lognormal:500us/5ms", "listener-latency", "1ms")
	put(b, s, figures...)
	return s
}

func faster(b *testing.B, s *load.Setup) {
	var started int64
	for b.Loop() {
		started += run(b, s).Counts.Started
	}
	took := b.Elapsed()
	b.ReportMetric(s.For.Seconds()*float64(b.N)/took.Seconds(), "x-real-time")
	b.ReportMetric(float64(took.Nanoseconds())/float64(started), "ns/workflow")
}
