package gallery

import (
	"fmt"

	"fermata/sim"
)

// setup lays out a program: its world, its threads, and what must hold at the end.
type setup struct {
	world   *World
	threads []sim.ActorSpec
	sleeps  bool
	check   func(w *World) bool
	steps   int  // in a run, at most; 0 for the default
	hangs   bool // who is blocked at the end is a loop that never ends, which is not what is looked for
}

func newSetup() *setup { return &setup{world: &World{}} }

func (s *setup) cell(name string, start int32) Cell { return Cell(s.world.add(name, start)) }

func (s *setup) lock(name string) Lock { return Lock(s.world.add(name, 0)) }

func (s *setup) cond(name string) Cond {
	s.sleeps = true
	return Cond(s.world.add(name, 0))
}

// array lays out cells that are all 0, and locks that many locks.
func (s *setup) array(name string, n int) Array {
	a := Array{Cell(len(s.world.names) + 1), n}
	for i := range n {
		s.cell(fmt.Sprintf("%s[%d]", name, i), 0)
	}
	return a
}

func (s *setup) locks(name string, n int) (ls []Lock) {
	for i := range n {
		ls = append(ls, s.lock(fmt.Sprintf("%s[%d]", name, i)))
	}
	return ls
}

// thread adds a thread that runs the body once.
func (s *setup) thread(body func(t Thread)) {
	op := sim.Operation{Verb: 1, Run: run(body)}
	s.threads = append(s.threads, sim.ActorSpec{
		Name: fmt.Sprintf("t%d", len(s.threads)+1), Script: once(op),
	})
}

// times adds that many threads of one body, which is told its number from 0.
func (s *setup) times(n int, body func(t Thread, i int32)) {
	for i := range int32(n) {
		s.thread(func(t Thread) { body(t, i) })
	}
}

// system is the program, with the judge that knows its bugs.
func (s *setup) system() *sim.System {
	if s.sleeps && len(s.threads) > sleepersMax {
		panic("gallery: too many threads for a condition variable")
	}
	return &sim.System{
		World: s.world, Actors: s.threads, Limits: sim.Limits{StepsMax: s.steps},
		Judge:         &judge{world: s.world, check: s.check, hangs: s.hangs},
		OperationName: func(uint8) string { return "run" },
	}
}

// The oracles.
const (
	Assertion = "assertion" // an assertion of a thread failed
	Deadlock  = "deadlock"  // nobody can go on, and not all are through
	Check     = "check"     // all are through, and what main asserts behind its joins does not hold
)

// judge reports the first bug of a run. What comes after an assertion that failed is not looked at: the process is
// over.
type judge struct {
	world *World
	check func(w *World) bool
	hangs bool
	over  bool
}

func (j *judge) Reset() { j.over = false }

func (j *judge) Observe(t *sim.Transition) []sim.Violation {
	if j.over || !t.Last || t.Result.Code != failed {
		return nil
	}
	j.over = true
	return found(Assertion)
}

func (j *judge) AtRest(r *sim.Rest) []sim.Violation {
	switch {
	case j.over:
		return nil
	case len(r.Blocked) > 0 && j.hangs:
		return nil
	case len(r.Blocked) > 0:
		return found(Deadlock)
	case j.check != nil && !j.check(j.world):
		return found(Check)
	}
	return nil
}

func found(oracle string) []sim.Violation {
	return []sim.Violation{{Oracle: oracle, Object: "program", Judging: true}}
}

func (j *judge) Save(dst []byte) []byte {
	if j.over {
		return append(dst, 1)
	}
	return append(dst, 0)
}

func (j *judge) Load(src []byte) []byte {
	j.over = src[0] == 1
	return src[1:]
}
