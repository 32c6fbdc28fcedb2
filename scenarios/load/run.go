package load

import (
	"errors"
	"fmt"
	"time"
)

// ErrStopped is a run that was asked to stop, and ErrHarness one that could not be made.
var (
	ErrStopped = errors.New("stopped")
	ErrHarness = errors.New("the harness could not do its work")
)

// Progress is how far a run is, in nanoseconds of virtual time.
type Progress struct {
	Seed     uint64
	Now, End int64
	Started  int64
}

// Options are what a caller wants to know and to stop.
type Options struct {
	Stop     func() bool
	Progress func(Progress)
}

// Run runs one setup. Errors are ErrUsage, for what cannot be run, ErrStopped or ErrHarness.
func Run(s *Setup, o Options) (*Result, error) {
	if err := s.check(); err != nil {
		return nil, err
	}
	r := &Result{Setup: s, Seeds: []uint64{s.Seed}}
	l := newLab(s, o)
	defer l.close()
	if err := l.slow(r, o); err != nil || r.Overloaded != "" {
		return r, err
	}
	if err := l.run(); err != nil {
		return nil, err
	}
	r.Counts, r.Durations, r.Lives = l.counts, l.durations, l.lives
	r.PerSeed, r.Virtual = []Counts{l.counts}, time.Duration(l.now)
	return r, nil
}

// check refuses what cannot be run.
func (s *Setup) check() error {
	e := &s.Engine
	switch {
	case !e.Memoisable:
		return fmt.Errorf("%w: engine %s: expected one that keeps nothing between operations (Memoisable)",
			ErrUsage, e.Name)
	case s.Parts.Lock == "local" && s.Servers > 1:
		return fmt.Errorf("%w: lock local is within one process: expected servers 1, not %d", ErrUsage, s.Servers)
	case s.Arrivals == nil || s.For <= 0 || s.Servers <= 0:
		return fmt.Errorf("%w: a run needs arrivals, a time and servers", ErrUsage)
	}
	parts, err := s.Parts.Named()
	if err != nil {
		return fmt.Errorf("%w: %w", ErrUsage, err)
	}
	if parts.Queue == "dyno" {
		return fmt.Errorf("%w: queue dyno: it pops in several commands, and others between: expected orkes or sql",
			ErrUsage)
	}
	s.Parts = parts
	return s.able()
}

// pilotWorkflows is how many workflows tell what one of them asks of the store, the queue and the lock.
const pilotWorkflows = 300

// slow works out how much slower calls are because of the load, where a capacity is given: a service that is used to
// the share u takes 1/(1-u) times as long (M/M/1). What is used is measured in a short run without a capacity.
func (l *lab) slow(r *Result, o Options) error {
	c := &l.setup.Costs
	if c.StoreCapacity == 0 && c.RedisCapacity == 0 {
		return nil
	}
	pilot := *l.setup
	pilot.Costs.StoreCapacity, pilot.Costs.RedisCapacity = 0, 0
	rate := l.setup.Arrivals.Rate()
	pilot.For = min(l.setup.For, time.Duration(pilotWorkflows/rate*float64(time.Second)))
	p := newLab(&pilot, Options{Stop: o.Stop})
	defer p.close()
	if err := p.run(); err != nil {
		return err
	}
	n := float64(max(p.counts.Started, 1))
	store := float64(p.counts.StoreCalls) / n * rate
	redis := float64(p.counts.LockCalls+p.counts.QueueCalls-p.looks)/n*rate +
		float64(p.looks)/time.Duration(max(p.now, 1)).Seconds()
	use := func(what string, calls, capacity float64, used, factor *float64) {
		if capacity == 0 {
			return
		}
		if *used = calls / capacity; *used >= 1 {
			r.Overloaded = fmt.Sprintf("%s: %.0f calls a second are asked of %.0f", what, calls, capacity)
			return
		}
		*factor = 1 / (1 - *used)
	}
	use("store", store, c.StoreCapacity, &r.StoreUsed, &l.storeFactor)
	use("queue and lock", redis, c.RedisCapacity, &r.RedisUsed, &l.redisFactor)
	return nil
}

// Merge is one result of several runs of one setup with different seeds, in the order given.
func Merge(results []*Result) *Result {
	m := *results[0]
	m.Seeds, m.PerSeed, m.Lives = nil, nil, nil
	m.Counts, m.Virtual = Counts{}, 0
	for i := range m.Durations {
		m.Durations[i] = newHistogram()
	}
	for _, r := range results {
		m.Seeds, m.PerSeed = append(m.Seeds, r.Seeds...), append(m.PerSeed, r.PerSeed...)
		m.Lives = append(m.Lives, r.Lives...)
		m.Counts.add(&r.Counts)
		m.Virtual += r.Virtual
		for i, h := range r.Durations {
			if h != nil {
				m.Durations[i].Merge(h)
			}
		}
		if m.Overloaded == "" {
			m.Overloaded = r.Overloaded
		}
	}
	m.Lives = worst(m.Lives, m.Setup.Cutout)
	return &m
}
