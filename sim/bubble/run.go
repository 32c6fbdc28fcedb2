package bubble

import (
	"context"
	"fmt"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"fermata/sim"
)

// run is one run in a bubble of its own.
type run struct {
	stage  *stage
	orders chan func()    // made outside of the bubble: the time stands still while the driver waits for one
	news   chan *sim.News // of one order at a time
	done   chan struct{}  // closed when the bubble is no more
	woken  chan struct{}  // made in the bubble: somebody is held or returned

	mu       sync.Mutex
	bubble   string // as stack traces name it
	held     []*call
	arrived  []*sim.Held
	returned []*sim.Actor
	failure  *sim.Failure
	ops      []*operation
	names    map[uint64]string // of goroutines
	ending   bool

	passed time.Duration
	// cut tells that something was in progress when the run was ended; stuck that goroutines remain, and why is what
	// the runtime said of it.
	cut, stuck bool
	why        string
	abandoned  bool
	deadlocked bool // that is why
}

// operation is one that is in progress.
type operation struct {
	actor  *sim.Actor
	cancel context.CancelFunc
	over   bool
	dead   bool
}

// engineName is who did what no actor did.
const engineName = "the engine"

func newRun(s *stage) *run {
	return &run{
		stage: s, orders: make(chan func()), news: make(chan *sim.News, 1), done: make(chan struct{}),
		names: map[uint64]string{},
	}
}

// live is the life of the bubble, seen from outside.
func (r *run) live() {
	defer close(r.done)
	defer func() {
		if v := recover(); v != nil {
			if r.why = fmt.Sprint(v); !strings.HasPrefix(r.why, "deadlock:") {
				panic(v)
			}
			r.stuck = true
		}
	}()
	synctest.Test(r.stage.host.t, func(*testing.T) { r.drive() })
}

// drive is the bubble's main goroutine.
func (r *run) drive() {
	for order := range r.orders {
		from := time.Now()
		order()
		synctest.Wait()
		r.passed = time.Since(from)
		r.news <- r.tell()
	}
}

func (r *run) tell() *sim.News {
	r.mu.Lock()
	defer r.mu.Unlock()
	n := &sim.News{Held: r.arrived, Returned: r.returned, Passed: r.passed, Failure: r.failure}
	r.arrived, r.returned, r.failure = nil, nil, nil
	return n
}

// wasCut tells whether something was in progress when the run was ended. What then waits for ever does so by our doing.
func (r *run) wasCut() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.cut
}

// startMax is how long, by the bubble's time, the code that begins or ends a run may take.
const startMax = time.Hour

// begin runs the code that begins the run; the run's time counts from its end.
func (r *run) begin(start func()) {
	_, bubble := self()
	r.mu.Lock()
	r.bubble = bubble
	r.mu.Unlock()
	r.stage.host.know(r)
	r.woken = make(chan struct{}, 1)
	r.aside("the start of the run", start)
}

func (r *run) name() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.bubble
}

// aside runs a function on a goroutine of its own, since it may end the one that it runs on, and waits for it.
func (r *run) aside(what string, f func()) {
	if f == nil {
		return
	}
	over := make(chan struct{})
	go func() {
		defer close(over)
		attempt(what, f, r.fail)
	}()
	limit := time.NewTimer(startMax)
	defer limit.Stop()
	select {
	case <-over:
	case <-limit.C:
		if !r.wasCut() {
			r.fail(&sim.Failure{Kind: sim.Uncontrolled, Actor: what, Value: "does not return"})
		}
	}
}

// attempt runs code, and notes how it breaks out.
func attempt(name string, f func(), note func(*sim.Failure)) {
	over := false
	defer func() {
		switch v := recover(); {
		case v != nil:
			note(&sim.Failure{Kind: sim.Panicked, Actor: name, Value: v, Stack: string(debug.Stack())})
		case !over:
			note(&sim.Failure{Kind: sim.ExitedGoroutine, Actor: name})
		}
	}()
	f()
	over = true
}

// fail notes the first failure of a run.
func (r *run) fail(f *sim.Failure) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.failure == nil {
		r.failure = f
	}
}

// failOf notes how an operation broke out, unless that is our doing, since it was to end.
func (r *run) failOf(op *operation, f *sim.Failure) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.failure == nil && !r.ending && !op.dead {
		r.failure = f
		r.wakeLocked()
	}
}

// start begins an operation.
func (r *run) start(actor *sim.Actor) {
	ctx, cancel := context.WithCancel(context.Background())
	op := &operation{actor: actor, cancel: cancel}
	r.mu.Lock()
	r.ops = append(r.ops, op)
	r.mu.Unlock()
	go r.operate(op, ctx)
}

// operate runs an operation on the goroutine that is its own. Its name in a call stack tells that goroutine.
//
//go:noinline
func (r *run) operate(op *operation, ctx context.Context) {
	id, _ := self()
	r.mu.Lock()
	r.names[id] = op.actor.Name()
	r.mu.Unlock()
	attempt(op.actor.Name(), func() { op.actor.Attend(ctx, r) }, func(f *sim.Failure) { r.failOf(op, f) })
	r.mu.Lock()
	defer r.mu.Unlock()
	op.over = true
	if !op.dead && !r.ending {
		r.returned = append(r.returned, op.actor)
		r.wakeLocked()
	}
}

// wakeLocked ends the driver's wait.
func (r *run) wakeLocked() {
	if len(r.woken) == 0 {
		r.woken <- struct{}{}
	}
}

// wait lets the time pass until somebody is held or an operation returns.
func (r *run) wait(d time.Duration) {
	if len(r.woken) > 0 {
		<-r.woken
	}
	limit := time.NewTimer(d)
	defer limit.Stop()
	select {
	case <-r.woken:
	case <-limit.C:
	}
}

// crash ends what the actors do.
func (r *run) crash(ids []sim.ActorID) {
	r.mu.Lock()
	r.cut = true
	var calls []*call
	var cancels []context.CancelFunc
	for _, op := range r.ops {
		if slices.Contains(ids, op.actor.ID()) {
			op.dead = true
			cancels = append(cancels, op.cancel)
		}
	}
	r.held = slices.DeleteFunc(r.held, func(c *call) bool {
		if !slices.Contains(ids, c.Op.ID()) {
			return false
		}
		calls = append(calls, c)
		return true
	})
	r.mu.Unlock()
	r.release(cancels, calls)
}

// release ends contexts, so that who looks at them goes of its own accord, and then the goroutines in port calls.
func (r *run) release(cancels []context.CancelFunc, calls []*call) {
	for _, cancel := range cancels {
		cancel()
	}
	synctest.Wait()
	for _, c := range calls {
		close(c.back)
		synctest.Wait()
	}
}

// drain is how long, by the bubble's time, goroutines that are asleep when a run ends have to end.
const drain = 10 * time.Minute

// end ends the run.
func (r *run) end(stop func()) {
	r.mu.Lock()
	r.ending = true
	calls := r.held
	r.held = nil
	var cancels []context.CancelFunc
	for _, op := range r.ops {
		r.cut = r.cut || !op.over
		cancels = append(cancels, op.cancel)
	}
	r.cut = r.cut || len(calls) > 0
	r.mu.Unlock()
	r.release(cancels, calls)
	r.aside("the end of the run", stop)
	time.Sleep(drain)
}
