package gallery

import "fermata/sim"

// inspectPrograms are the two programs of Inspect that the published table has.
func inspectPrograms() []Program {
	return []Program{
		{
			Name: "Inspect/boundedBuffer", Source: "PERIOD", File: "Inspect_benchmarks/boundedBuffer", Bug: Assertion,
			Story:   "a consumer that has seen an item lets go of the lock before it takes it, and another takes it",
			Buggy:   func() *sim.System { return boundedBuffer(true) },
			Correct: func() *sim.System { return boundedBuffer(false) },
		},
		{
			Name: "Inspect/qsort_mt", Source: sct, File: "inspect_benchmarks/qsort_mt.c", Bug: Check,
			Story:   "a thread of the pool sees that it has work before it is told which, does none, and sleeps",
			Buggy:   func() *sim.System { return sortingPool(4, false) },
			Correct: func() *sim.System { return sortingPool(4, true) },
		},
	}
}

// boundedBuffer has two producers and two consumers of four items each, and room for two: a ring of three.
func boundedBuffer(letsGo bool) *sim.System {
	const ring, items = 3, 4
	s := newSetup()
	m, notFull, notEmpty := s.lock("m"), s.cond("not-full"), s.cond("not-empty")
	head, rear, buffer := s.cell("head", 0), s.cell("rear", 0), s.array("buffer", ring)
	producers, consumers := s.cell("producers-waiting", 0), s.cell("consumers-waiting", 0)
	full := func(t Thread) bool { return (t.Load(rear)+1)%ring == t.Load(head) }
	empty := func(t Thread) bool { return t.Load(head) == t.Load(rear) }
	await := func(t Thread, not func(Thread) bool, waiting Cell, c Cond) {
		if !not(t) {
			return
		}
		t.Increment(waiting, 1)
		for not(t) {
			t.Wait(c, m)
		}
		t.Increment(waiting, -1)
	}
	tell := func(t Thread, waiting Cell, c Cond) {
		if t.Load(waiting) > 0 {
			t.Signal(c)
		}
		t.Unlock(m)
	}
	s.times(2, func(t Thread, i int32) {
		for j := range int32(items) {
			t.Lock(m)
			await(t, full, producers, notFull)
			t.Store(buffer.At(t.Load(rear)), items*i+j)
			t.Store(rear, (t.Load(rear)+1)%ring)
			tell(t, consumers, notEmpty)
		}
	})
	s.times(2, func(t Thread, _ int32) {
		for range items {
			t.Lock(m)
			await(t, empty, consumers, notEmpty)
			if letsGo {
				t.Unlock(m)
				t.Lock(m)
			}
			t.Assert(!empty(t))
			t.Load(buffer.At(t.Load(head)))
			t.Store(head, (t.Load(head)+1)%ring)
			tell(t, producers, notFull)
		}
	})
	return s.system()
}

// pool is the threads that sort, of which each has a lock and a condition of its own. What is sorted is the first 32
// numbers of rand, modulo 32, with at least five numbers for a thread: the first job is all 32, of which the left 24
// are the second, of which the left 18 are the third, which is not divided. Only jobs are modelled: what is sorted
// twice is sorted. A thread has job 0 before it was ever told one: nothing.
type pool struct {
	guarded            bool // a thread's state is written under its own lock
	all                Lock // guards idle, and who is chosen
	own                []Lock
	told               []Cond
	idle               Cell
	state, job, sorted Array
}

// The states of a thread of the pool.
const (
	idle = iota
	working
	over
)

const jobs = 3

func sortingPool(threads int, guarded bool) *sim.System {
	s := newSetup()
	p := &pool{guarded: guarded, all: s.lock("all"), own: s.locks("own", threads), idle: s.cell("idle", 0)}
	for range threads {
		p.told = append(p.told, s.cond("told"))
	}
	p.state, p.job, p.sorted = s.array("state", threads), s.array("job", threads), s.array("sorted", jobs+1)
	s.times(threads, p.run)
	s.thread(func(t Thread) {
		t.Store(p.idle, int32(threads))
		t.Lock(p.own[0])
		t.Store(p.job.At(0), 1)
		t.Store(p.state.At(0), working)
		t.Increment(p.idle, -1)
		t.Signal(p.told[0])
		t.Unlock(p.own[0])
	})
	s.check = func(w *World) bool {
		for j := range int32(jobs) {
			if w.Value(p.sorted.At(j+1)) == 0 {
				return false
			}
		}
		return true
	}
	return s.system()
}

// run is a thread of the pool, until it is told that all is over.
func (p *pool) run(t Thread, me int32) {
	for {
		t.Lock(p.own[me])
		for t.Load(p.state.At(me)) == idle {
			t.Wait(p.told[me], p.own[me])
		}
		t.Unlock(p.own[me])
		if t.Load(p.state.At(me)) == over {
			return
		}
		t.Assert(t.Load(p.state.At(me)) == working)
		p.sort(t, me)
		t.Lock(p.all)
		t.Store(p.state.At(me), idle)
		t.Increment(p.idle, 1)
		if t.Load(p.idle) == int32(len(p.own)) {
			p.end(t, me)
			t.Unlock(p.all)
			return
		}
		t.Unlock(p.all)
	}
}

// sort does a thread's job: it gives the left part to another if one is idle, else does it first, and does the rest.
func (p *pool) sort(t Thread, me int32) {
	job := t.Load(p.job.At(me))
	if job == 0 {
		return
	}
	if job < jobs {
		if who, ok := p.choose(t); ok {
			t.Store(p.job.At(who), job+1)
			t.Signal(p.told[who])
			t.Unlock(p.own[who])
		} else {
			t.Store(p.job.At(me), job+1)
			p.sort(t, me)
		}
	}
	t.Store(p.sorted.At(job), 1)
}

// choose takes the first idle thread, with its lock.
func (p *pool) choose(t Thread) (who int32, ok bool) {
	t.Lock(p.all)
	defer t.Unlock(p.all)
	for who := range int32(len(p.own)) {
		if t.Load(p.state.At(who)) != idle {
			continue
		}
		if p.guarded {
			t.Lock(p.own[who])
		}
		t.Increment(p.idle, -1)
		t.Store(p.state.At(who), working)
		if !p.guarded {
			t.Lock(p.own[who])
		}
		return who, true
	}
	return 0, false
}

// end tells all others that it is over.
func (p *pool) end(t Thread, me int32) {
	for who := range int32(len(p.own)) {
		if who == me {
			continue
		}
		t.Lock(p.own[who])
		t.Store(p.state.At(who), over)
		t.Signal(p.told[who])
		t.Unlock(p.own[who])
	}
}
