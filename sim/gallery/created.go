package gallery

import (
	"fmt"

	"fermata/sim"
)

// Created is the program with a main that creates its threads, in order and each in a step, as the originals have it;
// a thread's first step is then its start. Programs have all their threads from the start without it.
func Created(s *sim.System) *sim.System {
	w := s.World.(*World)
	created := make([]Cell, len(s.Actors))
	for i := range s.Actors {
		c := Cell(w.add(fmt.Sprintf("created[%d]", i), 0))
		created[i] = c
		op, _ := s.Actors[i].Script(0, sim.Reply{})
		body := op.Run
		op.Run = func(a *sim.Actor, op *sim.Operation) sim.Reply {
			Thread{a}.Await(c, 1, 1)
			return body(a, op)
		}
		s.Actors[i].Script = once(op)
	}
	create := run(func(t Thread) {
		for _, c := range created {
			t.Store(c, 1)
		}
	})
	s.Actors = append(s.Actors, sim.ActorSpec{Name: "main", Script: once(sim.Operation{Verb: 1, Run: create})})
	return s
}

// once is the script of one operation.
func once(op sim.Operation) sim.Script {
	return func(pos int, _ sim.Reply) (sim.Operation, bool) { return op, pos == 0 }
}
