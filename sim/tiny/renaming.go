package tiny

import "fermata/sim"

// KeyAs appends the cells with the owners of locks renamed. False if no lock is known.
func (w *World) KeyAs(dst []byte, as []sim.ActorID) ([]byte, bool) {
	begin := len(dst)
	dst = append(dst, w.Cell...)
	for _, o := range w.Locks {
		owner := &dst[begin+int(o)]
		if int(*owner) > len(as) {
			return dst, false
		}
		if *owner > 0 {
			*owner = byte(as[*owner-1]) + 1
		}
	}
	return dst, len(w.Locks) > 0
}

// About tells which locks the actor holds.
func (w *World) About(dst []byte, a sim.ActorID) []byte {
	for i, o := range w.Locks {
		if w.Cell[o] == byte(a)+1 {
			dst = append(dst, byte(i))
		}
	}
	return dst
}

// Names is true for a reply that shows a lock's cell.
func (w *World) Names(s *sim.Step, _ sim.Reply) bool {
	if s.Verb != Read && s.Verb != Add {
		return false
	}
	for _, o := range w.Locks {
		if s.Object == o || s.Other == o {
			return true
		}
	}
	return false
}

// Alike is of no use here: nothing is decided by names.
func (w *World) Alike([][]sim.ActorID) {}

// ObjectAs is the object as it is: none names an actor.
func (w *World) ObjectAs(o sim.Object, _ []sim.ActorID) sim.Object { return o }

// ReplyAs is the reply as it is: Names says which replies name an actor.
func (w *World) ReplyAs(r sim.Reply, _ []sim.ActorID) sim.Reply { return r }

// StepAs is the step as it is: none names an actor.
func (w *World) StepAs(s sim.Step, _ []sim.ActorID) sim.Step { return s }

// Biased is false.
func (w *World) Biased() bool { return false }
