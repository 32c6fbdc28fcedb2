package gallery

import (
	"math"

	"fermata/sim"
)

// Cell is a shared variable, Lock a mutex and Cond a condition variable. Array is cells that stand side by side.
type (
	Cell  sim.Object
	Lock  sim.Object
	Cond  sim.Object
	Array struct {
		first Cell
		len   int
	}
)

// At is a cell of the array.
func (a Array) At(i int32) Cell {
	if i < 0 || int(i) >= a.len {
		panic("gallery: an index beyond its array")
	}
	return a.first + Cell(i)
}

// Thread is an actor as its program sees it. Each method but Assert is one step, and Wait is two.
type Thread struct{ actor *sim.Actor }

// do takes a step that reads its object only, or also writes it.
func (t Thread) do(kind sim.AccessKind, s sim.Step) int32 {
	s.Touch(s.Object, kind)
	if s.Other != 0 {
		s.Touch(s.Other, sim.Write)
	}
	return int32(t.actor.Do(&s).N)
}

// Load reads a cell.
func (t Thread) Load(c Cell) int32 {
	return t.do(sim.Read, sim.Step{Verb: load, Object: sim.Object(c)})
}

// Store writes a cell.
func (t Thread) Store(c Cell, v int32) {
	t.do(sim.Write, sim.Step{Verb: store, Object: sim.Object(c), A: int64(v)})
}

// Add adds to a cell, atomically, and gives the sum.
func (t Thread) Add(c Cell, n int32) int32 {
	return t.do(sim.Write, sim.Step{Verb: add, Object: sim.Object(c), A: int64(n)})
}

// Swap writes a cell and gives what it was, atomically.
func (t Thread) Swap(c Cell, v int32) int32 {
	return t.do(sim.Write, sim.Step{Verb: swap, Object: sim.Object(c), A: int64(v)})
}

// CompareAndSwap writes a cell if it has the old value, and tells whether it had.
func (t Thread) CompareAndSwap(c Cell, old, then int32) bool {
	return t.do(sim.Write, sim.Step{Verb: cas, Object: sim.Object(c), A: int64(old), B: int64(then)}) == 1
}

// Await reads a cell once its value lies within least and most: it is a loop that reads until then, without the reads
// that change nothing.
func (t Thread) Await(c Cell, least, most int32) int32 {
	return t.do(sim.Read, sim.Step{Verb: await, Object: sim.Object(c), A: int64(least), B: int64(most)})
}

// AwaitLeast is Await with no upper bound.
func (t Thread) AwaitLeast(c Cell, least int32) int32 { return t.Await(c, least, math.MaxInt32) }

// Lock takes a mutex; it blocks while anyone has it, the thread itself included.
func (t Thread) Lock(l Lock) { t.do(sim.Write, sim.Step{Verb: lock, Object: sim.Object(l)}) }

// Unlock frees a mutex.
func (t Thread) Unlock(l Lock) { t.do(sim.Write, sim.Step{Verb: unlock, Object: sim.Object(l)}) }

// Wait frees the mutex and sleeps, in one step, and takes the mutex again once a signal has chosen the thread.
func (t Thread) Wait(c Cond, l Lock) {
	t.do(sim.Write, sim.Step{Verb: sleep, Object: sim.Object(c), Other: sim.Object(l)})
	t.do(sim.Write, sim.Step{Verb: wake, Object: sim.Object(c), Other: sim.Object(l)})
}

// Signal wakes one sleeper; without one it is lost.
func (t Thread) Signal(c Cond) { t.do(sim.Write, sim.Step{Verb: signal, Object: sim.Object(c)}) }

// Increment is c++ on a plain variable: a read and a write.
func (t Thread) Increment(c Cell, n int32) { t.Store(c, t.Load(c)+n) }

// broken is what a failed assertion panics with.
type broken struct{}

// Assert ends the thread as an assertion that fails does the process, if it does not hold. It is no step.
func (t Thread) Assert(holds bool) {
	if !holds {
		panic(broken{})
	}
}

// failed is the code that an operation returns whose assertion failed.
const failed = 1

// run runs a thread's body as an operation.
func run(body func(t Thread)) func(*sim.Actor, *sim.Operation) sim.Reply {
	return func(a *sim.Actor, _ *sim.Operation) (r sim.Reply) {
		defer func() {
			switch v := recover().(type) {
			case nil:
			case broken:
				r.Code = failed
			default:
				panic(v)
			}
		}()
		body(Thread{a})
		return r
	}
}
