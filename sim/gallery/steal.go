package gallery

import "fermata/sim"

// stealPrograms are the work-stealing queues of CHESS: an owner pushes and pops at the tail, two thieves steal at the
// head, and each item must be had once.
func stealPrograms() []Program {
	const (
		resize = "two threads grow the table of call stacks that all write, and one of them cuts off the other's"
		full   = "a push believes a head that a thief has moved, and overwrites the item that the thief is to read"
	)
	return []Program{
		stealProgram("Chess/WorkStealQueue", full, Check, steal{loose: true}),
		stealProgram("Chess/InterlockedWorkStealQueue", full, Check, steal{loose: true}),
		stealProgram("Chess/InterlockedWorkStealQueueWithState", resize, Assertion, steal{notes: true, grows: true}),
		stealProgram("Chess/StateWorkStealQueue", resize, Assertion, steal{notes: true, grows: true, allFirst: true}),
	}
}

func stealProgram(name, story, bug string, wrong steal) Program {
	right := wrong
	right.loose, right.grows = false, false
	return Program{
		Name: name, Source: sct, File: "chess/" + name[len("Chess/"):] + ".cpp", Story: story, Bug: bug,
		Buggy: wrong.system, Correct: right.system,
	}
}

// steal is how the queues differ.
type steal struct {
	loose    bool // a push leaves no slot between head and tail
	notes    bool // every call and every access is noted on the thread's stack
	grows    bool // the table of stacks grows as threads come
	allFirst bool // the owner pushes all before it pops
}

const (
	stealItems    = 4
	stealAttempts = 2
	stealThieves  = 2
	stealSlots    = 30 // of arrays of 2, 4, 8 and 16
)

// deque is the queue. elems is where in slots its array begins; each array stands behind the one that it replaces.
type deque struct {
	steal
	guard                   Lock
	head, tail, mask, elems Cell
	slots                   Array
	stacks                  callStacks
}

func (c steal) system() *sim.System {
	s := newSetup()
	q := &deque{
		steal: c, guard: s.lock("guard"), head: s.cell("head", 0), tail: s.cell("tail", 0), mask: s.cell("mask", 1),
		elems: s.cell("elems", 0), slots: s.array("slot", stealSlots), stacks: newStacks(s, c),
	}
	had := s.array("had", stealItems)
	take := func(t Thread, item int32, ok bool) {
		if ok {
			t.Increment(had.At(item), 1)
		}
	}
	s.times(stealThieves, func(t Thread, i int32) {
		q.stacks.enter(t, i+1)
		for range stealAttempts {
			item, ok := q.steals(t, i+1)
			take(t, item, ok)
		}
		q.stacks.leave(t, i+1)
	})
	s.thread(func(t Thread) { q.own(t, take) })
	s.check = func(w *World) bool {
		for i := range int32(stealItems) {
			if w.Value(had.At(i)) != 1 {
				return false
			}
		}
		return true
	}
	return s.system()
}

// own is the owner: it pushes two and pops one, twice, and then pops the rest; or it pushes all and pops all.
func (q *deque) own(t Thread, take func(t Thread, item int32, ok bool)) {
	pops := stealItems / 2
	for i := range int32(stealItems) {
		q.push(t, i)
		if i%2 == 1 && !q.allFirst {
			item, ok := q.pop(t)
			take(t, item, ok)
		}
	}
	if q.allFirst {
		pops = stealItems
	}
	for range pops {
		item, ok := q.pop(t)
		take(t, item, ok)
	}
}

func (q *deque) steals(t Thread, who int32) (item int32, ok bool) {
	q.stacks.enter(t, who)
	q.acquire(t, who)
	h := q.read(t, who, q.head)
	q.write(t, who, q.head, h+1)
	if ok = h < q.read(t, who, q.tail); ok {
		item = q.element(t, h)
	} else {
		q.write(t, who, q.head, h)
	}
	q.release(t, who)
	q.stacks.leave(t, who)
	return item, ok
}

func (q *deque) pop(t Thread) (item int32, ok bool) {
	q.stacks.enter(t, owner)
	last := q.read(t, owner, q.tail) - 1
	q.write(t, owner, q.tail, last)
	if ok = q.read(t, owner, q.head) <= last; ok {
		item = q.element(t, last)
	} else {
		q.write(t, owner, q.tail, last+1)
		item, ok = q.popAlone(t)
	}
	q.stacks.leave(t, owner)
	return item, ok
}

// popAlone pops while no thief can steal.
func (q *deque) popAlone(t Thread) (item int32, ok bool) {
	q.stacks.enter(t, owner)
	q.acquire(t, owner)
	last := q.read(t, owner, q.tail) - 1
	q.write(t, owner, q.tail, last)
	if ok = q.read(t, owner, q.head) <= last; ok {
		item = q.element(t, last)
	} else {
		q.write(t, owner, q.tail, last+1)
	}
	if q.read(t, owner, q.head) > last {
		q.write(t, owner, q.head, 0)
		q.write(t, owner, q.tail, 0)
		ok = false
	}
	q.release(t, owner)
	q.stacks.leave(t, owner)
	return item, ok
}

func (q *deque) push(t Thread, item int32) {
	q.stacks.enter(t, owner)
	at := q.read(t, owner, q.tail)
	room := q.read(t, owner, q.head) + t.Load(q.mask)
	if q.loose {
		room++
	}
	if at < room {
		q.put(t, at, item)
		q.write(t, owner, q.tail, at+1)
	} else {
		q.pushAlone(t, item)
	}
	q.stacks.leave(t, owner)
}

// pushAlone pushes while no thief can steal, and doubles the array if that is full.
func (q *deque) pushAlone(t Thread, item int32) {
	q.stacks.enter(t, owner)
	q.acquire(t, owner)
	h := q.read(t, owner, q.head)
	count := q.read(t, owner, q.tail) - h
	h &= t.Load(q.mask)
	q.write(t, owner, q.head, h)
	q.write(t, owner, q.tail, h+count)
	if count >= t.Load(q.mask) {
		size := 2 * (t.Load(q.mask) + 1)
		for i := range count {
			t.Store(q.slots.At(size-2+i), q.element(t, h+i))
		}
		t.Store(q.elems, size-2)
		t.Store(q.mask, size-1)
		q.write(t, owner, q.head, 0)
		q.write(t, owner, q.tail, count)
	}
	t.Assert(count < t.Load(q.mask))
	at := q.read(t, owner, q.tail)
	q.put(t, at, item)
	q.write(t, owner, q.tail, at+1)
	q.release(t, owner)
	q.stacks.leave(t, owner)
}

// element reads what stands at an index, and put writes it.
func (q *deque) element(t Thread, i int32) int32 {
	i &= t.Load(q.mask)
	return t.Load(q.slots.At(t.Load(q.elems) + i))
}

func (q *deque) put(t Thread, i, item int32) {
	i &= t.Load(q.mask)
	t.Store(q.slots.At(t.Load(q.elems)+i), item)
}

func (q *deque) read(t Thread, who int32, c Cell) int32 {
	q.stacks.note(t, who)
	return t.Load(c)
}

func (q *deque) write(t Thread, who int32, c Cell, v int32) {
	q.stacks.note(t, who)
	t.Store(c, v)
}

func (q *deque) acquire(t Thread, who int32) {
	q.stacks.enter(t, who)
	q.stacks.note(t, who)
	t.Lock(q.guard)
	q.stacks.leave(t, who)
}

func (q *deque) release(t Thread, who int32) {
	q.stacks.enter(t, who)
	q.stacks.note(t, who)
	t.Unlock(q.guard)
	q.stacks.leave(t, who)
}
