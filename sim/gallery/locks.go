package gallery

import (
	"fmt"

	"fermata/sim"
)

// lockPrograms are those whose bug is in the use of locks and condition variables.
func lockPrograms() []Program {
	all := []Program{
		{
			Name: "CS/carter01", Source: sct, File: directory + "carter01_bad.c", Bug: Deadlock,
			Story:   "a class waits for the shared lock and holds the counters' lock, which the other needs to leave",
			Buggy:   func() *sim.System { return carter(false) },
			Correct: func() *sim.System { return carter(true) },
		},
		{
			Name: "CS/deadlock01", Source: sct, File: directory + "deadlock01_bad.c", Bug: Deadlock,
			Story:   "two locks are taken in opposite orders",
			Buggy:   func() *sim.System { return twoLocks(true) },
			Correct: func() *sim.System { return twoLocks(false) },
		},
		{
			Name: "CS/phase01", Source: sct, File: directory + "phase01_bad.c", Bug: Deadlock, Always: true,
			Story:   "a lock is taken a second time and never freed",
			Buggy:   func() *sim.System { return phase(false) },
			Correct: func() *sim.System { return phase(true) },
		},
		{
			Name: "CS/sync01", Source: sct, File: directory + "sync01_bad.c", Bug: Deadlock, Always: true,
			Story:   "the producer waits for room that the consumer never makes",
			Buggy:   func() *sim.System { return handOver(1, 1, false) },
			Correct: func() *sim.System { return handOver(1, 0, true) },
		},
		{
			Name: "CS/sync02", Source: sct, File: directory + "sync02_bad.c", Bug: Deadlock, Always: true,
			Story:   "two items are there at first, and the consumer takes two of four",
			Buggy:   func() *sim.System { return handOver(2, 2, true) },
			Correct: func() *sim.System { return handOver(2, 0, true) },
		},
	}
	for n := 2; n <= 7; n++ {
		all = append(all, Program{
			Name: fmt.Sprintf("CS/din_phil%d", n), Source: sct, File: fmt.Sprintf(directory+"din_phil%d_sat.c", n),
			Bug:   Assertion,
			Story: "who sees that all have eaten asserts that nobody does; a lost update of the count hides it",
			Buggy: func() *sim.System { return philosophers(n, true) }, Correct: func() *sim.System {
				return philosophers(n, false)
			},
		})
	}
	return all
}

// carter has two classes of operations that exclude one another: the first in takes l for its class, the last out frees
// it. The counters of both are guarded by m, or each by its own lock.
func carter(apart bool) *sim.System {
	s := newSetup()
	m, l := s.locks("m", 2), s.lock("l")
	if !apart {
		m[1] = m[0]
	}
	count := s.array("count", 2)
	s.times(2, func(t Thread, i int32) {
		guard, c := m[i], count.At(i)
		t.Lock(guard)
		t.Increment(c, 1)
		if t.Load(c) == 1 {
			t.Lock(l)
		}
		t.Unlock(guard)
		t.Lock(guard)
		t.Increment(c, -1)
		if t.Load(c) == 0 {
			t.Unlock(l)
		}
		t.Unlock(guard)
	})
	return s.system()
}

func twoLocks(opposite bool) *sim.System {
	s := newSetup()
	a, b, counter := s.lock("a"), s.lock("b"), s.cell("counter", 1)
	s.times(2, func(t Thread, i int32) {
		first, second := a, b
		if opposite && i == 1 {
			first, second = b, a
		}
		t.Lock(first)
		t.Lock(second)
		t.Increment(counter, 1-2*i)
		t.Unlock(second)
		t.Unlock(first)
	})
	return s.system()
}

func phase(free bool) *sim.System {
	s := newSetup()
	x, y := s.lock("x"), s.lock("y")
	s.times(2, func(t Thread, _ int32) {
		t.Lock(x)
		t.Unlock(x)
		t.Lock(x)
		if free {
			t.Unlock(x)
		}
		t.Lock(y)
		t.Unlock(y)
		t.Lock(y)
		t.Unlock(y)
	})
	return s.system()
}

// handOver is a producer and a consumer of n items with room for one; so many are there at first, and the consumer
// takes what it sees or leaves it.
func handOver(n, first int32, takes bool) *sim.System {
	s := newSetup()
	m, empty, full, num := s.lock("m"), s.cond("empty"), s.cond("full"), s.cell("num", first)
	s.thread(func(t Thread) {
		for range n {
			produce(t, m, empty, full, num)
		}
	})
	s.thread(func(t Thread) {
		for range n {
			t.Lock(m)
			for t.Load(num) == 0 {
				t.Wait(full, m)
			}
			if takes {
				t.Increment(num, -1)
			}
			t.Unlock(m)
			t.Signal(empty)
		}
	})
	return s.system()
}

// produce waits for room and fills it.
func produce(t Thread, m Lock, empty, full Cond, num Cell) {
	t.Lock(m)
	for t.Load(num) > 0 {
		t.Wait(empty, m)
	}
	t.Increment(num, 1)
	t.Unlock(m)
	t.Signal(full)
}

// philosophers take both forks under one lock, which the original stands for an atomic block, and then count
// themselves, or do not.
func philosophers(n int, counting bool) *sim.System {
	s := newSetup()
	atomic, forks, eaten := s.lock("atomic"), s.locks("fork", n), s.cell("eaten", 0)
	s.times(n, func(t Thread, i int32) {
		left, right := forks[i], forks[(int(i)+1)%n]
		t.Lock(atomic)
		t.Lock(right)
		t.Lock(left)
		t.Unlock(left)
		t.Unlock(right)
		t.Unlock(atomic)
		if counting {
			t.Increment(eaten, 1)
			t.Assert(t.Load(eaten) != int32(n))
		}
	})
	return s.system()
}
