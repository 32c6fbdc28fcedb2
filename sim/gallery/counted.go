package gallery

import (
	"fmt"

	"fermata/sim"
)

// Counted is a correct program whose trace classes are counted: runs that differ in the order of independent steps
// only are one. Runs that end blocked, in an await that is never met, are not.
type Counted struct {
	// Name is what GenMC calls it; N is its parameter, 0 if it has none.
	Name string
	N    int
	// Classes is how many there are.
	Classes int
	System  func() *sim.System
}

// String is the name with the parameter.
func (c *Counted) String() string {
	if c.N == 0 {
		return c.Name
	}
	return fmt.Sprintf("%s(%d)", c.Name, c.N)
}

// CountedPrograms are programs of GenMC 0.11.0 (tests/correct/synthetic), with the numbers of executions that it
// expects under sequential consistency. Those of sizes that it does not list follow from the closed formulas.
func CountedPrograms() []Counted {
	var all []Counted
	family := func(name string, system func(n int) *sim.System, counts map[int]int, sizes ...int) {
		for _, n := range sizes {
			all = append(all, Counted{name, n, counts[n], func() *sim.System { return system(n) }})
		}
	}
	factorials := map[int]int{2: 2, 3: 6, 4: 24, 5: 120, 6: 720, 7: 5040}
	squares := map[int]int{2: 4, 3: 36, 4: 576}
	family("readers", readers, map[int]int{2: 4, 8: 256, 13: 8192}, 2, 8, 13)
	family("lastzero", lastZero, map[int]int{2: 5, 3: 12, 5: 64, 10: 3328, 15: 147456}, 2, 3, 5, 10, 15)
	family("lockinc", func(n int) *sim.System { return lockedIncrements(n, 1) }, factorials, 2, 3, 4, 5, 6, 7)
	family("lock2inc", func(n int) *sim.System { return lockedIncrements(n, 2) }, factorials, 2, 3, 4, 5, 6, 7)
	family("ainc", func(n int) *sim.System { return increments(n, 1) }, factorials, 2, 3, 4, 5, 6, 7)
	family("binc", func(n int) *sim.System { return increments(n, 2) }, squares, 2, 3, 4)
	family("inc", plainIncrements, squares, 2, 3, 4)
	family("N-writers", writers, map[int]int{4: 720}, 4)
	family("lamport", lamport, map[int]int{2: 16}, 2)
	return append(all,
		Counted{"szymanski", 0, 6, szymanski},
		Counted{"fib_bench", 0, 218_243, fibonacci},
		Counted{"big0", 0, 69_112, func() *sim.System { return readsAndWrites("xyzwxyz", "xyz", "xyxyxy", "zwzwzw") }},
		Counted{"big1", 0, 1_820_474, func() *sim.System {
			return readsAndWrites("xyzwxyzw", "xyzwxy", "xyxyxy", "zwzwzw")
		}},
		Counted{"big2", 0, 5_284_890, func() *sim.System {
			return readsAndWrites("xyzxy", "xyzx", "xyzxyz", "xyzxyz")
		}})
}

func readers(n int) *sim.System {
	s := newSetup()
	x := s.cell("x", 0)
	s.thread(func(t Thread) { t.Store(x, 42) })
	s.times(n, func(t Thread, _ int32) { t.Load(x) })
	return s.system()
}

// lastZero has a reader that looks for the last zero of an array, and writers that each add one to what stands before.
func lastZero(n int) *sim.System {
	s := newSetup()
	array := s.array("array", n+1)
	s.thread(func(t Thread) {
		for i := int32(n); t.Load(array.At(i)) != 0; {
			i--
		}
	})
	s.times(n, func(t Thread, i int32) { t.Store(array.At(i+1), t.Load(array.At(i))+1) })
	return s.system()
}

func lockedIncrements(n, cells int) *sim.System {
	s := newSetup()
	m, x := s.lock("m"), s.array("x", cells)
	s.times(n, func(t Thread, _ int32) {
		t.Lock(m)
		for i := range int32(cells) {
			t.Increment(x.At(i), 1)
		}
		t.Unlock(m)
	})
	return s.system()
}

func increments(n, cells int) *sim.System {
	s := newSetup()
	x := s.array("x", cells)
	s.times(n, func(t Thread, _ int32) {
		for i := range int32(cells) {
			t.Add(x.At(i), 1)
		}
	})
	return s.system()
}

func plainIncrements(n int) *sim.System {
	s := newSetup()
	x := s.cell("x", 0)
	s.times(n, func(t Thread, i int32) { t.Increment(x, 1<<i) })
	return s.system()
}

// writers are one more than n, as in the original, and a reader.
func writers(n int) *sim.System {
	s := newSetup()
	x := s.cell("x", 0)
	s.thread(func(t Thread) { t.Load(x) })
	s.times(n+1, func(t Thread, i int32) { t.Store(x, i) })
	return s.system()
}

func fibonacci() *sim.System {
	s := newSetup()
	x := s.array("x", 2)
	s.world.start[0], s.world.start[1] = 1, 1
	s.times(2, func(t Thread, i int32) {
		for range 5 {
			first := t.Load(x.At(0))
			t.Store(x.At(i), first+t.Load(x.At(1)))
		}
	})
	s.thread(func(t Thread) { t.Assert(t.Load(x.At(0)) <= 144 && t.Load(x.At(1)) <= 144) })
	return s.system()
}

// readsAndWrites has two threads that read cells in the order given, and two that write.
func readsAndWrites(reads1, reads2, writes1, writes2 string) *sim.System {
	s := newSetup()
	cells := s.array("cell", 4) // w, x, y, z
	for _, reads := range []string{reads1, reads2} {
		s.thread(func(t Thread) {
			for _, c := range reads {
				t.Load(cells.At(c - 'w'))
			}
		})
	}
	for i, writes := range []string{writes1, writes2} {
		s.thread(func(t Thread) {
			for j, c := range writes {
				t.Store(cells.At(c-'w'), int32(10*i+j+1))
			}
		})
	}
	return s.system()
}

// lamport is Lamport's fast mutex, each thread in and out once.
func lamport(n int) *sim.System {
	s := newSetup()
	x, y, b := s.cell("x", 0), s.cell("y", 0), s.array("b", n+1)
	enter := func(t Thread, me int32) {
		for {
			t.Store(b.At(me), 1)
			t.Store(x, me)
			if t.Load(y) != 0 {
				t.Store(b.At(me), 0)
				t.Await(y, 0, 0)
				continue
			}
			t.Store(y, me)
			if t.Load(x) == me {
				return
			}
			t.Store(b.At(me), 0)
			for j := range int32(n) {
				t.Await(b.At(j+1), 0, 0)
			}
			if t.Load(y) == me {
				return
			}
			t.Await(y, 0, 0)
		}
	}
	s.times(n, func(t Thread, i int32) {
		enter(t, i+1)
		t.Store(y, 0)
		t.Store(b.At(i+1), 0)
	})
	return s.system()
}

// szymanski is Szymanski's mutex for two threads, each in and out once.
func szymanski() *sim.System {
	s := newSetup()
	x, flags := s.cell("x", 0), s.array("flag", 2)
	s.times(2, func(t Thread, me int32) {
		mine, other := flags.At(me), flags.At(1-me)
		t.Store(mine, 1)
		t.Await(other, 0, 2)
		t.Store(mine, 3)
		if t.Load(other) == 1 {
			t.Store(mine, 2)
			t.Await(other, 4, 4)
		}
		t.Store(mine, 4)
		t.Await(other, 0, 1)
		t.Store(x, me)
		t.Load(x)
		t.Assert(t.Load(x) == me)
		if t.Load(other) >= 2 {
			t.AwaitLeast(other, 4)
		}
		t.Store(mine, 0)
	})
	return s.system()
}
