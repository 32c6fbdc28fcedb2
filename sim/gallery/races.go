package gallery

import (
	"fmt"

	"fermata/sim"
)

// racePrograms are the programs of SCTBench that the published table has, but for deadlock01.
func racePrograms() []Program {
	all := []Program{
		{
			Name: "CS/account", Source: sct, File: directory + "account_bad.c", Bug: Assertion,
			Story:   "the check expects a deposit to be taken off, and sees both only when it comes last",
			Buggy:   func() *sim.System { return account(-5) },
			Correct: func() *sim.System { return account(-1) },
		},
		{
			Name: "CS/bluetooth_driver", Source: sct, File: directory + "bluetooth_driver_bad.c", Bug: Assertion,
			Story:   "a stop between a request's look at the flag and its count frees what the request uses",
			Buggy:   func() *sim.System { return bluetooth(false) },
			Correct: func() *sim.System { return bluetooth(true) },
		},
		{
			Name: "CS/lazy01", Source: sct, File: directory + "lazy01_bad.c", Bug: Assertion,
			Story:   "the third thread sees what both others added",
			Buggy:   func() *sim.System { return lazy(true) },
			Correct: func() *sim.System { return lazy(false) },
		},
		{
			Name: "CS/stack", Source: sct, File: directory + "stack_bad.c", Bug: Assertion,
			Story:   "a flag that says that something was pushed once is taken to say that something is there",
			Buggy:   func() *sim.System { return stack(true) },
			Correct: func() *sim.System { return stack(false) },
		},
		{
			Name: "CS/token_ring", Source: sct, File: directory + "token_ring_bad.c", Bug: Assertion,
			Story:   "three threads are to pass a token in order, and nothing keeps the order",
			Buggy:   func() *sim.System { return tokenRing(false) },
			Correct: func() *sim.System { return tokenRing(true) },
		},
	}
	type split struct{ setters, readers int }
	for _, c := range []split{{1, 1}, {10, 10}, {40, 10}, {99, 1}} {
		all = append(all, twoStageProgram(c.setters, c.readers))
	}
	for _, c := range []split{{2, 1}, {3, 1}, {4, 1}, {9, 1}, {10, 10}, {40, 10}, {99, 1}} {
		all = append(all, reorderProgram(c.setters, c.readers))
	}
	for _, n := range []int{7, 3} {
		all = append(all, wrongLockProgram(n))
	}
	return all
}

func twoStageProgram(setters, readers int) Program {
	name := "CS/twostage"
	if n := setters + readers; n > 2 {
		name = fmt.Sprintf("CS/twostage_%d", n)
	}
	return Program{
		Name: name, Source: sct, File: directory + "twostage_bad.c, twostage_100_bad.c", Bug: Assertion,
		Story:   "the second value follows from the first, under another lock, and a reader comes between",
		Buggy:   func() *sim.System { return twoStage(setters, readers, false) },
		Correct: func() *sim.System { return twoStage(setters, readers, true) },
	}
}

func reorderProgram(setters, checkers int) Program {
	n := setters + checkers
	return Program{
		Name: fmt.Sprintf("CS/reorder_%d", n), Source: sct, File: fmt.Sprintf(directory+"reorder_%d_bad.c", n),
		Bug:     Assertion,
		Story:   "a checker looks between the stores of the first setter; any other setter that is through hides it",
		Buggy:   func() *sim.System { return reorder(setters, checkers, false) },
		Correct: func() *sim.System { return reorder(setters, checkers, true) },
	}
}

func wrongLockProgram(n int) Program {
	name := "CS/wronglock"
	if n != 7 {
		name = fmt.Sprintf("CS/wronglock_%d", n)
	}
	return Program{
		Name: name, Source: sct, File: directory + name[len("CS/"):] + "_bad.c", Bug: Assertion,
		Story:   "one thread's increment is guarded by another lock than the rest's",
		Buggy:   func() *sim.System { return wrongLock(n, false) },
		Correct: func() *sim.System { return wrongLock(n, true) },
	}
}

// account starts at 1, deposits 2 and withdraws 4.
func account(expected int32) *sim.System {
	s := newSetup()
	m, balance, done := s.lock("m"), s.cell("balance", 1), s.array("done", 2)
	s.thread(func(t Thread) {
		t.Lock(m)
		if t.Load(done.At(0)) == 1 && t.Load(done.At(1)) == 1 {
			t.Assert(t.Load(balance) == expected)
		}
		t.Unlock(m)
	})
	s.times(2, func(t Thread, i int32) {
		t.Lock(m)
		t.Increment(balance, 2-6*i)
		t.Store(done.At(i), 1)
		t.Unlock(m)
	})
	return s.system()
}

// bluetooth has a thread that stops the driver and one that makes a request; the correct one counts itself before it
// looks.
func bluetooth(countFirst bool) *sim.System {
	s := newSetup()
	atomic, pending := s.lock("atomic"), s.cell("pending", 1)
	stopping, event, stopped := s.cell("stopping", 0), s.cell("event", 0), s.cell("stopped", 0)
	leave := func(t Thread) {
		t.Lock(atomic)
		t.Increment(pending, -1)
		left := t.Load(pending)
		t.Unlock(atomic)
		if left == 0 {
			t.Store(event, 1)
		}
	}
	enter := func(t Thread) bool {
		if !countFirst && t.Load(stopping) == 1 {
			return false
		}
		t.Lock(atomic)
		t.Increment(pending, 1)
		t.Unlock(atomic)
		return !countFirst || t.Load(stopping) == 0
	}
	s.thread(func(t Thread) {
		t.Store(stopping, 1)
		leave(t)
		if t.Load(event) == 1 {
			t.Store(stopped, 1)
		}
	})
	s.thread(func(t Thread) {
		if enter(t) {
			t.Assert(t.Load(stopped) == 0)
		}
		leave(t)
	})
	return s.system()
}

func lazy(asserting bool) *sim.System {
	s := newSetup()
	m, data := s.lock("m"), s.cell("data", 0)
	s.thread(func(t Thread) {
		t.Lock(m)
		seen := t.Load(data)
		t.Assert(!asserting || seen < 3)
		t.Unlock(m)
	})
	s.times(2, func(t Thread, i int32) {
		t.Lock(m)
		t.Increment(data, i+1)
		t.Unlock(m)
	})
	return s.system()
}

// stack has a thread that pushes ten and one that pops ten times, if it sees something to pop.
func stack(byFlag bool) *sim.System {
	const size = 10
	s := newSetup()
	m, top, flag, items := s.lock("m"), s.cell("top", 0), s.cell("flag", 0), s.array("item", size)
	s.times(1, func(t Thread, _ int32) {
		for i := range int32(size) {
			t.Lock(m)
			t.Assert(t.Load(top) != size)
			t.Store(items.At(t.Load(top)), i)
			t.Increment(top, 1)
			if byFlag {
				t.Store(flag, 1)
			}
			t.Unlock(m)
		}
	})
	pop := func(t Thread) {
		t.Assert(t.Load(top) != 0)
		t.Increment(top, -1)
		t.Load(items.At(t.Load(top)))
	}
	s.thread(func(t Thread) {
		for range size {
			t.Lock(m)
			if byFlag && t.Load(flag) == 1 || !byFlag && t.Load(top) > 0 {
				pop(t)
			}
			t.Unlock(m)
		}
	})
	return s.system()
}

func tokenRing(inOrder bool) *sim.System {
	s := newSetup()
	atomic, x, flags := s.lock("atomic"), s.array("x", 3), s.array("flag", 3)
	start := [...]int32{1, 2, 1}
	copy(s.world.start, append([]int32{0}, start[:]...))
	s.times(3, func(t Thread, i int32) {
		if inOrder && i > 0 {
			t.Await(flags.At(i-1), 1, 1)
		}
		t.Lock(atomic)
		v := t.Load(x.At((i + 2) % 3))
		if i == 0 {
			v = (v + 1) % 4
		}
		t.Store(x.At(i), v)
		t.Store(flags.At(i), 1)
		t.Unlock(atomic)
	})
	s.thread(func(t Thread) {
		t.Lock(atomic)
		if t.Load(flags.At(0)) == 1 && t.Load(flags.At(1)) == 1 && t.Load(flags.At(2)) == 1 {
			t.Assert(t.Load(x.At(0)) == t.Load(x.At(1)) && t.Load(x.At(1)) == t.Load(x.At(2)))
		}
		t.Unlock(atomic)
	})
	return s.system()
}

// twoStage has that many threads that set both values, and that many that read them. The correct ones hold the first
// lock over both stages.
func twoStage(setters, readers int, together bool) *sim.System {
	s := newSetup()
	l, data := s.locks("lock", 2), s.array("data", 2)
	s.times(setters, func(t Thread, _ int32) {
		t.Lock(l[0])
		t.Store(data.At(0), 1)
		if !together {
			t.Unlock(l[0])
		}
		t.Lock(l[1])
		t.Store(data.At(1), t.Load(data.At(0))+1)
		t.Unlock(l[1])
		if together {
			t.Unlock(l[0])
		}
	})
	s.times(readers, func(t Thread, _ int32) {
		t.Lock(l[0])
		if t.Load(data.At(0)) == 0 {
			t.Unlock(l[0])
			return
		}
		first := t.Load(data.At(0))
		t.Unlock(l[0])
		t.Lock(l[1])
		second := t.Load(data.At(1))
		t.Unlock(l[1])
		t.Assert(second == first+1)
	})
	return s.system()
}

// reorder has setters, which set a to 1 and b to -1, and checkers, which want both or neither. The correct ones take a
// lock.
func reorder(setters, checkers int, locked bool) *sim.System {
	s := newSetup()
	m, a, b := s.lock("m"), s.cell("a", 0), s.cell("b", 0)
	guarded := func(t Thread, do func()) {
		if locked {
			t.Lock(m)
		}
		do()
		if locked {
			t.Unlock(m)
		}
	}
	s.times(setters, func(t Thread, _ int32) {
		guarded(t, func() {
			t.Store(a, 1)
			t.Store(b, -1)
		})
	})
	s.times(checkers, func(t Thread, _ int32) {
		guarded(t, func() {
			t.Assert(t.Load(a) == 0 && t.Load(b) == 0 || t.Load(a) == 1 && t.Load(b) == -1)
		})
	})
	return s.system()
}

// wrongLock has one thread that increments and looks, and others that increment under a lock of their own, or the
// same.
func wrongLock(others int, same bool) *sim.System {
	s := newSetup()
	l, data := s.locks("lock", 2), s.cell("data", 0)
	s.thread(func(t Thread) {
		t.Lock(l[0])
		x := t.Load(data)
		t.Increment(data, 1)
		t.Assert(t.Load(data) == x+1)
		t.Unlock(l[0])
	})
	s.times(others, func(t Thread, _ int32) {
		theirs := l[1]
		if same {
			theirs = l[0]
		}
		t.Lock(theirs)
		t.Increment(data, 1)
		t.Unlock(theirs)
	})
	return s.system()
}
