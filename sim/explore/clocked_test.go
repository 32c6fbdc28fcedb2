package explore_test

import (
	"fmt"
	"slices"

	"fermata/sim"
	"fermata/sim/tiny"
)

// The verbs of clocked, after those of tiny.
const (
	lease     sim.Verb = 20 + iota // takes the lock for as long as its value says; blocked while another holds it
	pick                           // answers 0 or 1, as the schedule likes
	advance                        // the clock's
	pause                          // the time passes to the end of an actor's lease
	redeliver                      // a cell that is not 0 is 0 again
)

const oTime sim.Object = 100

// clocked is a tiny world with time in it: a lease ends when its time has come, whoever has it.
type clocked struct {
	*tiny.World
	now byte
	due [cellsAll + 1]byte // when the object's lease ends, 0 if there is none
}

func newClocked() *clocked { return &clocked{World: tiny.New(int(cellsAll))} }

func (w *clocked) Reset() {
	w.World.Reset()
	w.now, w.due = 0, [cellsAll + 1]byte{}
}

func (w *clocked) Enabled(a sim.ActorID, s *sim.Step) bool {
	if s.Verb == lease {
		return w.Cell[s.Object] == 0
	}
	return w.World.Enabled(a, s)
}

func (w *clocked) Alternatives(_ sim.ActorID, s *sim.Step, _ int) int {
	if s.Verb == pick {
		return 2
	}
	return 1
}

func (w *clocked) AltReply(_ sim.ActorID, _ *sim.Step, alt int) sim.Reply {
	return sim.Reply{Code: uint16(alt)}
}

// next is when the next lease ends; 0 if none does.
func (w *clocked) next() (next byte) {
	for _, due := range w.due {
		if due != 0 && (next == 0 || due < next) {
			next = due
		}
	}
	return next
}

func (w *clocked) NextAdvance(s *sim.Step) bool {
	next := w.next()
	if next == 0 {
		return false
	}
	*s = sim.Step{Verb: advance, A: int64(next - w.now)}
	s.Touch(oTime, sim.Write)
	for o, due := range w.due {
		if due == next {
			s.Touch(sim.Object(o), sim.Write)
		}
	}
	return true
}

// FaultStep is a pause to the end of the lease that an actor has, or the redelivery of a cell that is not 0: what is
// open changes with what the actors do.
func (w *clocked) FaultStep(k sim.FaultKind, a sim.ActorID, alt int, s *sim.Step) bool {
	*s = sim.Step{}
	if k == sim.Redeliver {
		for o := cellA; o <= cellC; o++ {
			if w.Cell[o] == 0 || w.due[o] != 0 {
				continue
			}
			if alt--; alt < 0 {
				s.Verb, s.Object = redeliver, o
				s.Touch(o, sim.Write)
				return true
			}
		}
		return false
	}
	for o, due := range w.due {
		if due != 0 && w.Cell[o] == byte(a)+1 {
			s.Verb, s.A = pause, int64(due-w.now)
			s.Touch(oTime, sim.Write)
			return true
		}
	}
	return false
}

func (w *clocked) pass(to byte) sim.Reply {
	w.now = to
	for o, due := range w.due {
		if due != 0 && due <= w.now {
			w.Cell[o], w.due[o] = 0, 0
		}
	}
	return sim.Reply{}
}

func (w *clocked) Apply(a sim.ActorID, s *sim.Step, alt int) sim.Reply {
	switch s.Verb {
	case lease:
		w.Cell[s.Object] = byte(a) + 1
		w.due[s.Object] = w.now + byte(s.A)
		return sim.Reply{}
	case pick:
		return w.AltReply(a, s, alt)
	case advance:
		return w.pass(w.next())
	case pause:
		return w.pass(w.now + byte(s.A))
	case redeliver:
		w.Cell[s.Object] = 0
		return sim.Reply{}
	case tiny.Unlock:
		w.due[s.Object] = 0
	}
	return w.World.Apply(a, s, alt)
}

func (w *clocked) Save(dst []byte) []byte {
	return append(append(w.World.Save(dst), w.now), w.due[:]...)
}

func (w *clocked) Load(src []byte) []byte {
	src = w.World.Load(src)
	w.now = src[0]
	return src[1+copy(w.due[:], src[1:]):]
}

func (w *clocked) Key(dst []byte) []byte {
	dst = w.World.Key(dst)
	for _, due := range w.due {
		dst = append(dst, due-min(w.now, due))
	}
	return dst
}

func (w *clocked) StepText(a sim.ActorID, s *sim.Step) string {
	switch s.Verb {
	case lease:
		return fmt.Sprintf("lease %d %s", s.A, w.ObjectName(s.Object))
	case pick:
		return "pick"
	case advance:
		return fmt.Sprintf("advance %d", s.A)
	case redeliver:
		return "redeliver " + w.ObjectName(s.Object)
	}
	return w.World.StepText(a, s)
}

func knownVerb(word string) bool {
	return tiny.KnownVerb(word) || slices.Contains([]string{"lease", "pick", "advance"}, word)
}
