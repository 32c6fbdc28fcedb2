package load

import (
	"fmt"

	"fermata/sweeper"
)

// Default is a small deployment with the engine's own settings: what a figure is that nobody gave. The engine is to be
// set.
func Default() *Setup {
	s := &Setup{Settings: sweeper.DefaultSettings(), Seed: 1}
	for _, of := range [][2]string{
		{"rate", "poisson:20"}, {"for", "2m"}, {"drain", "10m"},
		{"servers", "3"}, {"sweeper-threads", "4"}, {"sweep-interval", "500ms"}, {"repair", "on"},
		{"lock", "redisson"}, {"queue", "orkes"}, {"store", "record"},
		{"tasks", "2"}, {"branches", "2"}, {"task-time", "lognormal:10s/40s"}, {"last-task-time", "same"},
		{"poll-delay", "uniform:0s..100ms"},
		{"response-timeout", "2m"}, {"retries", "3"},
		{"lock-latency", "lognormal:250us/1ms"}, {"queue-latency", "lognormal:250us/1ms"},
		{"store-latency", "lognormal:1ms/5ms"}, {"listener-latency", "lognormal:1ms/5ms"},
		{"think", "exponential:100us"}, {"wake", "lognormal:150us/600us"}, {"slow-factor", "1"},
	} {
		if err := FigureNamed(of[0]).Set(s, of[1], nil); err != nil {
			panic("load: " + err.Error())
		}
	}
	return s
}

// Check refuses figures that do not go together, and an engine that cannot be run. The error is ErrUsage.
func (s *Setup) Check() error {
	if err := s.check(); err != nil {
		return err
	}
	if s.Costs.SlowServers > s.Servers {
		return fmt.Errorf("%w: slow-servers %d: expected at most servers, which is %d", ErrUsage,
			s.Costs.SlowServers, s.Servers)
	}
	return nil
}
