package bubble

import (
	"sync"
	"testing"
	"time"

	"fermata/sim"
)

// Host is a sim.Host. Each Machine needs a test that is running for as long as the Machine is used.
type Host struct {
	t *testing.T
	// Patience is how long, by the wall clock, a run may take to come to rest before it is given up.
	Patience time.Duration

	mu   sync.Mutex
	runs map[string]*run // by the name of the bubble
}

// patience is the default.
const patience = 10 * time.Second

// New makes a Host for Machines that are used while the test runs. Until the test is over the process runs on one
// processor.
func New(t *testing.T) *Host {
	oneProcessor(t)
	return &Host{t: t, Patience: patience, runs: map[string]*run{}}
}

// Open makes what one Machine drives its runs through.
func (h *Host) Open(text func(*sim.Held) string) sim.Stage {
	return &stage{host: h, text: text, watch: time.NewTimer(time.Hour)}
}

// Lost ends the calling goroutine, and the run of its bubble: it called a port without the context of an operation.
func (h *Host) Lost(call string) {
	_, bubble := self()
	r := h.runOf(bubble)
	if r == nil {
		panic("bubble: a port was called outside of every run: " + call)
	}
	r.expel(call)
}

func (h *Host) runOf(bubble string) *run {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.runs[bubble]
}

func (h *Host) know(r *run) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.runs[r.name()] = r
}

func (h *Host) forget(r *run) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.runs, r.name())
}

// stage drives the runs of one Machine. Its methods are called by the Machine, from outside of the bubble.
type stage struct {
	host *Host
	text func(*sim.Held) string
	run  *run
	// port is held by the goroutine that does a port's work.
	port  sync.Mutex
	watch *time.Timer
	// stuck counts the runs of which goroutines remain that could not be ended.
	stuck int
}

func (s *stage) Begin(start func()) *sim.News {
	s.run = newRun(s)
	go s.run.live()
	return s.order(func() { s.run.begin(start) })
}

func (s *stage) Start(op *sim.Actor) *sim.News {
	return s.order(func() { s.run.start(op) })
}

func (s *stage) Answer(h *sim.Held, r sim.Reply) *sim.News {
	return s.order(func() { s.run.answer(h, r) })
}

func (s *stage) Pass(d time.Duration) *sim.News {
	return s.order(func() { time.Sleep(d) })
}

func (s *stage) Wait(d time.Duration) *sim.News {
	return s.order(func() { s.run.wait(d) })
}

func (s *stage) Crash(ids []sim.ActorID) *sim.News {
	return s.order(func() { s.run.crash(ids) })
}

// stuckMax is how many runs may leave goroutines that wait for ever for one that was ended with the run.
const stuckMax = 10_000

// End ends the run. Goroutines that wait for another that was ended with the run cannot be told to end: they are left,
// and cost no more than memory. What is left of a run that came to its own end is a leak.
func (s *stage) End(stop func()) *sim.Failure {
	r := s.run
	s.run = nil
	if r.abandoned {
		return nil
	}
	defer s.host.forget(r)
	f := s.orderOf(r, func() { r.end(stop) }).Failure
	if !r.abandoned {
		close(r.orders)
		if late := s.await(r, nil); f == nil {
			f = late
		}
	}
	if f != nil && !r.deadlocked || f == nil && !r.stuck {
		return f
	}
	if s.stuck++; r.wasCut() && s.stuck <= stuckMax {
		return nil
	}
	if f == nil {
		f = r.leak()
	}
	return f
}

// order has the driver do something, and waits until everything is at rest again.
func (s *stage) order(f func()) *sim.News { return s.orderOf(s.run, f) }

func (s *stage) orderOf(r *run, f func()) *sim.News {
	if r.abandoned {
		return &sim.News{}
	}
	s.port.Lock() // what the Machine did to the world happened before what any port does next
	//lint:ignore SA2001 the lock is for the order alone
	s.port.Unlock()
	r.orders <- f
	var n *sim.News
	if f := s.await(r, &n); f != nil {
		return &sim.News{Failure: f}
	}
	return n
}
