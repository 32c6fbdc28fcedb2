package gallery

import "fermata/sim"

// bufferPrograms are programs of SCTBench over queues and buffers.
func bufferPrograms() []Program {
	return []Program{
		{
			Name: "CS/arithmetic_prog", Source: sct, File: directory + "arithmetic_prog_bad.c",
			Bug: Check, Always: true,
			Story:   "the sum of what was consumed is what it should be, and the check says that it is not",
			Buggy:   func() *sim.System { return arithmetic(3, false) },
			Correct: func() *sim.System { return arithmetic(4, true) },
		},
		{
			Name: "CS/circular_buffer", Source: sct, File: directory + "circular_buffer_bad.c", Bug: Assertion,
			Story:   "the receiver expects the number of its turn, and turns in which nothing came count too",
			Buggy:   func() *sim.System { return circularBuffer(false) },
			Correct: func() *sim.System { return circularBuffer(true) },
		},
		{
			Name: "CS/fsbench", Source: sct, File: directory + "fsbench_bad.c", Bug: Assertion, Always: true,
			Story:   "the last of 27 threads uses the 27th of 26 locks",
			Buggy:   func() *sim.System { return fileSystem(27) },
			Correct: func() *sim.System { return fileSystem(26) },
		},
		{
			Name: "CS/queue", Source: sct, File: directory + "queue_bad.c", Bug: Assertion,
			Story:   "the receiver compares what it takes with what was sent in the turn of that number",
			Buggy:   func() *sim.System { return queue() },
			Correct: func() *sim.System { return queueAtOnce() },
		},
	}
}

func arithmetic(n int32, equal bool) *sim.System {
	s := newSetup()
	m, empty, full, num, total := s.lock("m"), s.cond("empty"), s.cond("full"), s.cell("num", 0), s.cell("total", 0)
	s.thread(func(t Thread) {
		for range n {
			produce(t, m, empty, full, num)
		}
	})
	s.thread(func(t Thread) {
		for j := range n {
			t.Lock(m)
			for t.Load(num) == 0 {
				t.Wait(full, m)
			}
			t.Increment(total, j)
			t.Increment(num, -1)
			t.Unlock(m)
			t.Signal(empty)
		}
		t.Increment(total, n)
	})
	s.check = func(w *World) bool { return (w.Value(total) == n*(n+1)/2) == equal }
	return s.system()
}

// circularBuffer has a sender and a receiver with seven turns each; the correct one compares with what was sent last.
func circularBuffer(last bool) *sim.System {
	const size, turns = 10, 7
	s := newSetup()
	m, first, next, value := s.lock("m"), s.cell("first", 0), s.cell("next", 0), s.cell("value", 0)
	send, receive, buffer := s.cell("send", 1), s.cell("receive", 0), s.array("buffer", size)
	s.thread(func(t Thread) {
		for i := range int32(turns) {
			t.Lock(m)
			if t.Load(send) == 1 {
				if t.Load(next) < size {
					t.Store(buffer.At(t.Load(next)), i)
					t.Store(next, (t.Load(next)+1)%size)
				}
				if last {
					t.Store(value, i)
				}
				t.Store(send, 0)
				t.Store(receive, 1)
			}
			t.Unlock(m)
		}
	})
	s.thread(func(t Thread) {
		for i := range int32(turns) {
			t.Lock(m)
			if t.Load(receive) == 1 {
				got := int32(-1)
				if t.Load(next) > 0 && t.Load(first) < size {
					t.Increment(first, 1)
					got = t.Load(buffer.At(t.Load(first) - 1))
				}
				expected := i
				if last {
					expected = t.Load(value)
				}
				t.Assert(got == expected)
				t.Store(receive, 0)
				t.Store(send, 1)
			}
			t.Unlock(m)
		}
	})
	return s.system()
}

// fileSystem has threads that each find a block for an inode. A thread's number is read from what main wrote.
func fileSystem(threads int) *sim.System {
	const blocks = 26
	s := newSetup()
	args := s.array("arg", threads)
	inodes, inodeLocks := s.array("inode", blocks), s.locks("locki", blocks)
	busy, blockLocks := s.array("busy", blocks), s.locks("lockb", blocks)
	s.times(threads, func(t Thread, me int32) {
		i := t.Load(args.At(me)) + me
		t.Assert(i < blocks)
		t.Lock(inodeLocks[i])
		if t.Load(inodes.At(i)) == 0 {
			for b, tries := i*2%blocks, 0; tries < blocks/2; b, tries = (b+1)%blocks, tries+1 {
				t.Lock(blockLocks[b])
				free := t.Load(busy.At(b)) == 0
				if free {
					t.Store(busy.At(b), 1)
					t.Store(inodes.At(i), b+1)
				}
				t.Unlock(blockLocks[b])
				if free {
					break
				}
			}
		}
		t.Unlock(inodeLocks[i])
	})
	return s.system()
}

// fifo is the queue of SCTBench's queue, and what was put into it, by turn.
type fifo struct {
	head, tail, amount Cell
	element, stored    Array
	size               int32
}

func newFifo(s *setup, size int) fifo {
	return fifo{
		s.cell("head", 0), s.cell("tail", 0), s.cell("amount", 0),
		s.array("element", size+1), s.array("stored", size+1), int32(size),
	}
}

func (q *fifo) put(t Thread, x int32) {
	t.Store(q.element.At(t.Load(q.tail)), x)
	t.Increment(q.amount, 1)
	q.step(t, q.tail)
}

func (q *fifo) take(t Thread) int32 {
	x := t.Load(q.element.At(t.Load(q.head)))
	t.Increment(q.amount, -1)
	q.step(t, q.head)
	return x
}

// step moves an end; behind the last it goes to 1, as the original does.
func (q *fifo) step(t Thread, end Cell) {
	if t.Load(end) == q.size {
		t.Store(end, 1)
	} else {
		t.Increment(end, 1)
	}
}

// queue puts one item first and then takes turns: one puts where the other took, and takes where it put.
func queue() *sim.System {
	const size = 20
	s := newSetup()
	m, q, mayPut, mayTake := s.lock("m"), newFifo(s, size), s.cell("enqueue", 1), s.cell("dequeue", 0)
	s.thread(func(t Thread) {
		value := int32(0)
		t.Lock(m)
		q.put(t, value)
		t.Store(q.stored.At(0), value)
		t.Assert(t.Load(q.head) != t.Load(q.tail))
		t.Unlock(m)
		for i := range int32(size - 1) {
			t.Lock(m)
			if t.Load(mayPut) == 1 {
				value++
				q.put(t, value)
				t.Store(q.stored.At(i+1), value)
				t.Store(mayPut, 0)
				t.Store(mayTake, 1)
			}
			t.Unlock(m)
		}
	})
	s.thread(func(t Thread) {
		for i := range int32(size) {
			t.Lock(m)
			if t.Load(mayTake) == 1 {
				t.Assert(q.take(t) == t.Load(q.stored.At(i)))
				t.Store(mayTake, 0)
				t.Store(mayPut, 1)
			}
			t.Unlock(m)
		}
	})
	return s.system()
}

// queueAtOnce puts all and takes all, each in one turn.
func queueAtOnce() *sim.System {
	const size = 40
	s := newSetup()
	m, q, mayPut, mayTake := s.lock("m"), newFifo(s, size), s.cell("enqueue", 1), s.cell("dequeue", 0)
	s.thread(func(t Thread) {
		t.Lock(m)
		if t.Load(mayPut) == 1 {
			for i := range int32(size) {
				q.put(t, i+1)
				t.Store(q.stored.At(i), i+1)
			}
			t.Store(mayPut, 0)
			t.Store(mayTake, 1)
		}
		t.Unlock(m)
	})
	s.thread(func(t Thread) {
		t.Lock(m)
		if t.Load(mayTake) == 1 {
			for i := range int32(size) {
				if t.Load(q.head) != t.Load(q.tail) {
					t.Assert(q.take(t) == t.Load(q.stored.At(i)))
				}
			}
			t.Store(mayTake, 0)
			t.Store(mayPut, 1)
		}
		t.Unlock(m)
	})
	return s.system()
}
