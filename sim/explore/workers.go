package explore

import (
	"encoding/binary"
	"math"
	"runtime"
	"sync"
	"sync/atomic"

	"fermata/sim"
)

// This is the one file with goroutines and locks. Each worker has a system, a machine and a judge of its own; they
// share the set of known states, numbers, what is to be done, and what came of it.

// NewNumbers makes numbers for systems that are searched together.
func NewNumbers() sim.Numbers { return &numbers{spaces: map[string]map[any]int{}} }

type numbers struct {
	mu     sync.Mutex
	spaces map[string]map[any]int
}

// Number gives a key its number.
func (n *numbers) Number(space string, key any) int {
	n.mu.Lock()
	defer n.mu.Unlock()
	known := n.spaces[space]
	if known == nil {
		known = map[any]int{}
		n.spaces[space] = known
	}
	number, ok := known[key]
	if !ok {
		number = len(known)
		known[key] = number
	}
	return number
}

// room is how many bytes the sets of a search take, and how many they may; 0 means no limit.
type room struct {
	mu         sync.Mutex
	taken, max int
}

// take tells whether so many bytes more may be taken, and takes them.
func (r *room) take(n int) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.max > 0 && r.taken+n > r.max {
		return false
	}
	r.taken += n
	return true
}

// give gives bytes back.
func (r *room) give(n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.taken -= n
}

func (r *room) size() int64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	return int64(r.taken)
}

// entered is the states that were entered, in shards of which each has a lock.
type entered struct {
	room   *room
	states []shard
	// worlds numbers the worlds of the states, which are far fewer: a state's key then begins with a number. Empty
	// where worlds are so small that it would not pay.
	worlds []shard
	// many is how many worlds there are.
	many atomic.Uint32
	note int
}

type shard struct {
	mu  sync.Mutex
	set *visited
	_   [48]byte // to the end of a cache line
}

// meet looks a state up that is entered with a set asleep, and leaves with it what is asleep in it however it was
// entered. It gives what was before.
func (k *entered) meet(key []byte, s *sleep, asleep sleepers) (before sleepers, fresh, full bool) {
	hash := hashOf(key)
	at := &k.states[shardOf(k.states, hash)]
	at.mu.Lock()
	defer at.mu.Unlock()
	note, fresh, full := at.set.find(hash, key)
	switch {
	case full || s == nil:
	case fresh:
		s.store(note, asleep)
	default:
		before = s.load(note)
		s.store(note, before.and(asleep))
	}
	return before, fresh, full
}

// world numbers a world.
func (k *entered) world(key []byte) (n uint32, full bool) {
	hash := hashOf(key)
	at := &k.worlds[shardOf(k.worlds, hash)]
	at.mu.Lock()
	defer at.mu.Unlock()
	note, fresh, full := at.set.find(hash, key)
	switch {
	case full:
		return 0, true
	case fresh:
		binary.LittleEndian.PutUint32(note, k.many.Add(1)-1)
	}
	return binary.LittleEndian.Uint32(note), false
}

// news is what a worker tells the goroutine that called: what it covered since it last told, or that it ended.
type news struct {
	covered  covered
	who      int
	frontier frontier
	ended    bool
	panicked any
	exited   bool    // by runtime.Goexit
	walked   *walked // a stream that was gone through
}

// frontier is how far a worker's path goes, and how many choices along it are still to be taken.
type frontier struct{ depth, open int }

type covered struct{ schedules, transitions, states int64 }

// hub is where workers meet. Who called takes the news, and alone calls Stop and Progress.
type hub struct {
	news   chan news
	halted atomic.Bool
	// starving tells that somebody waits for a job.
	starving atomic.Bool

	mu      sync.Mutex
	jobs    []job
	waiting int
	size    int
	over    bool
	wake    sync.Cond
}

func newHub(size int) *hub {
	h := &hub{news: make(chan news), size: size}
	h.wake.L = &h.mu
	return h
}

func (h *hub) hungry() bool { return h.starving.Load() }

func (h *hub) give(j job) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.jobs = append(h.jobs, j)
	h.starving.Store(h.waiting > len(h.jobs))
	h.wake.Signal()
}

// take waits for a job. There is none once all wait.
func (h *hub) take() (j job, ok bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.waiting++
	for len(h.jobs) == 0 && !h.over {
		if h.waiting == h.size {
			h.over = true
			h.wake.Broadcast()
			break
		}
		h.starving.Store(true)
		h.wake.Wait()
	}
	if h.over {
		return j, false
	}
	h.waiting--
	last := len(h.jobs) - 1
	j, h.jobs = h.jobs[last], h.jobs[:last]
	h.starving.Store(h.waiting > len(h.jobs))
	return j, true
}

// halt ends everybody's work.
func (h *hub) halt() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.halted.Store(true)
	h.over = true
	h.wake.Broadcast()
}

// employ starts a goroutine that works, and tells when it ended, if by a panic with what.
func (h *hub) employ(work func()) {
	go func() {
		n := news{ended: true, exited: true}
		defer func() {
			if n.panicked = recover(); n.exited {
				h.halt() // others may wait for it
			}
			h.news <- n
		}()
		work()
		n.exited = false
	}()
}

// since gives what a result covers beyond what was told of it, and tells it.
func (told *covered) since(r *Result) (more covered) {
	now := covered{r.Schedules, r.Transitions, r.States}
	more = covered{now.schedules - told.schedules, now.transitions - told.transitions, now.states - told.states}
	*told = now
	return more
}

// watch gives a worker options with which it tells what it covered beyond what is told, and stops when everybody does.
// Limits are of all together.
func (h *hub) watch(o Options, told *covered, who int) *Options {
	o.SchedulesMax, o.StatesMax, o.TransitionsMax = 0, 0, 0
	o.Progress = func(r *Result) {
		n := news{covered: told.since(r), who: who}
		n.frontier.depth, n.frontier.open = r.Frontier()
		h.news <- n
	}
	o.Stop = h.halted.Load
	return &o
}

// listen takes the news until everybody has ended, adds up what is covered, and notes the limit that cut the work.
func (h *hub) listen(o *Options, all *Result, done func(walked)) {
	var broke news
	frontiers := make([]frontier, h.size)
	all.frontier = func() (depth, open int) {
		for _, f := range frontiers {
			depth, open = max(depth, f.depth), open+f.open
		}
		return depth, open
	}
	for left := h.size; left > 0; {
		n := <-h.news
		if n.ended {
			if left--; n.exited {
				broke = n
			}
			continue
		}
		if n.walked != nil {
			done(*n.walked)
		}
		frontiers[n.who] = n.frontier
		all.Schedules += n.covered.schedules
		all.Transitions += n.covered.transitions
		all.States += n.covered.states
		all.looked = all.Transitions - checkEvery
		if all.Limit == "" && all.cut(o) {
			h.halt()
		}
	}
	switch {
	case broke.panicked != nil:
		panic(broke.panicked)
	case broke.exited:
		runtime.Goexit() // as any t.FailNow does
	}
}

// together goes on with a search that the first has begun, and gives what all covered and found.
func together(all []*searcher, o *Options) *Result {
	first := all[0]
	h := newHub(len(all))
	sofar := &Result{Schedules: first.r.Schedules, Transitions: first.r.Transitions, States: first.r.States}
	for i, s := range all {
		s.crew, s.o = h, h.watch(*o, &covered{s.r.Schedules, s.r.Transitions, s.r.States}, i)
		h.employ(func() { h.work(s, i == 0) })
	}
	h.listen(o, sofar, nil)
	sum := &Result{Limit: sofar.Limit, Exhausted: !h.halted.Load()}
	for _, s := range all {
		sum.add(s.r)
	}
	return sum
}

// work searches on, and takes jobs until there are none.
func (h *hub) work(s *searcher, begun bool) {
	for {
		if begun {
			if s.r.Exhausted = false; s.run(endless) && !s.r.Exhausted {
				h.halt()
				return
			}
		}
		j, ok := h.take()
		if !ok {
			return
		}
		s.start(j)
		begun = true
	}
}

// together goes through the streams from one on. Their results are counted in their order.
func (w *walks) together(machines []*sim.Machine, from int) {
	h := newHub(len(machines))
	var next, last atomic.Int64 // last is the first stream after which none counts
	next.Store(int64(from))
	last.Store(math.MaxInt64)
	work := func(m *sim.Machine) {
		for n := next.Add(1) - 1; n <= last.Load() && w.length(int(n)) > 0 && !h.halted.Load(); n = next.Add(1) - 1 {
			told := &covered{}
			o := h.watch(*w.o, told, 0)
			o.TransitionsMax = w.o.TransitionsMax
			o.Stop = func() bool { return h.halted.Load() || n > last.Load() }
			done := w.through(m, int(n), *o)
			h.news <- news{covered: told.since(done.r), walked: &done}
		}
	}
	for _, m := range machines {
		h.employ(func() { work(m) })
	}
	waiting := map[int]walked{}
	sofar := &Result{Schedules: w.sum.Schedules, Transitions: w.sum.Transitions}
	h.listen(&Options{Stop: w.o.Stop, Progress: w.o.Progress}, sofar, func(done walked) {
		waiting[done.n] = done
		if done.r.Limit == limitStopped {
			return
		}
		if w.ends(done.r) {
			last.Store(min(last.Load(), int64(done.n)))
		}
		for ; !w.over; from++ {
			done, ok := waiting[from]
			if !ok || done.r.Limit == limitStopped {
				return
			}
			delete(waiting, from)
			w.count(done)
		}
		h.halt()
	})
	w.stopped(waiting)
}
