package gallery

import "fermata/sim"

// otherPrograms are the rest of the published table.
func otherPrograms() []Program {
	return []Program{
		{
			Name: "CB/stringbuffer-jdk1.4", Source: sct, File: "conc-bugs/stringbuffer-jdk1.4", Bug: Assertion,
			Story:   "an append asks the other buffer for its length, which is erased before its characters are read",
			Buggy:   func() *sim.System { return stringBuffer(false) },
			Correct: func() *sim.System { return stringBuffer(true) },
		},
		{
			Name: "SafeStack", Source: sct, File: "safestack/SafeStack.cpp", Bug: Assertion,
			Story:   "the head was popped and pushed back, a pop takes it for unchanged, and two have one element",
			Buggy:   func() *sim.System { return safeStack(false) },
			Correct: func() *sim.System { return safeStack(true) },
		},
	}
}

// stringBuffer appends a shared buffer of three characters to one of its own while another thread erases and refills
// it. The correct append locks the other buffer from length to characters.
func stringBuffer(whole bool) *sim.System {
	s := newSetup()
	m, count, value := s.lock("m"), s.cell("count", 3), s.cell("value", 1)
	s.thread(func(t Thread) {
		t.Lock(m)
		length := t.Load(count)
		if !whole {
			t.Unlock(m)
			t.Lock(m)
		}
		t.Assert(length <= t.Load(count))
		t.Load(value)
		t.Unlock(m)
	})
	s.thread(func(t Thread) {
		t.Lock(m)
		t.Assert(t.Load(count) >= 3)
		t.Increment(count, -3)
		t.Unlock(m)
		t.Lock(m)
		longer := t.Load(count) + 3
		t.Load(count)
		t.Store(value, 1)
		t.Store(count, longer)
		t.Unlock(m)
	})
	return s.system()
}

// stackOfThree is the lock-free stack of three elements, by index: head is the top, next what is below each, -1 while
// somebody takes it. count is how many are free; the last is never taken.
type stackOfThree struct {
	guard       Lock
	head, count Cell
	next, value Array
}

const safeStackSize = 3

// safeStack has three threads, each of which twice pops an element, uses it alone, and pushes it back.
func safeStack(locked bool) *sim.System {
	s := newSetup()
	k := stackOfThree{
		guard: s.lock("guard"), head: s.cell("head", 0), count: s.cell("count", safeStackSize),
		next: s.array("next", safeStackSize), value: s.array("value", safeStackSize),
	}
	for i := range int32(safeStackSize) {
		s.world.start[k.next.At(i)-1] = i + 1
	}
	s.world.start[k.next.At(safeStackSize-1)-1] = -1
	pop, push := k.pop, k.push
	if locked {
		pop, push = k.popLocked, k.pushLocked
	}
	s.times(3, func(t Thread, me int32) {
		for range 2 {
			e := pop(t)
			t.Store(k.value.At(e), me)
			t.Assert(t.Load(k.value.At(e)) == me)
			push(t, e)
		}
	})
	s.hangs, s.steps = true, 400
	return s.system()
}

func (k *stackOfThree) pop(t Thread) int32 {
	for {
		t.AwaitLeast(k.count, 2)
		top := t.Load(k.head)
		below := t.Swap(k.next.At(top), -1)
		if below < 0 {
			continue
		}
		if t.CompareAndSwap(k.head, top, below) {
			t.Add(k.count, -1)
			return top
		}
		t.Swap(k.next.At(top), below)
	}
}

func (k *stackOfThree) push(t Thread, e int32) {
	for {
		top := t.Load(k.head)
		t.Store(k.next.At(e), top)
		if t.CompareAndSwap(k.head, top, e) {
			t.Add(k.count, 1)
			return
		}
	}
}

func (k *stackOfThree) popLocked(t Thread) int32 {
	for {
		t.AwaitLeast(k.count, 2)
		t.Lock(k.guard)
		if t.Load(k.count) > 1 {
			top := t.Load(k.head)
			t.Store(k.head, t.Swap(k.next.At(top), -1))
			t.Add(k.count, -1)
			t.Unlock(k.guard)
			return top
		}
		t.Unlock(k.guard)
	}
}

func (k *stackOfThree) pushLocked(t Thread, e int32) {
	t.Lock(k.guard)
	t.Store(k.next.At(e), t.Load(k.head))
	t.Store(k.head, e)
	t.Add(k.count, 1)
	t.Unlock(k.guard)
}
