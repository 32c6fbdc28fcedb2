package explore

import (
	"encoding/binary"

	"fermata/sim"
)

// Cached searches depth first through every state, each once. The machine must be made with
// sim.NewMemo. A state is the world, where each actor is, what is left of the budget, and the past:
// the canonical history and the judge's residual. So the judge sees every transition of every state,
// and every history is met at an end of a run.
//
// States that differ only in who is who are one where the system says which actors are alike. Of steps whose
// order matters to nobody, the judge included, one order is tried where that leads to every state. Options.Without
// leaves these reductions out.
func Cached(m *sim.Machine, o Options) *Result {
	return cached(m, o, variant{key: (*sim.Machine).OrbitKey})
}

// Reductions are what spares Cached states and transitions.
type Reductions uint8

const (
	// Symmetry takes states that differ only in who is who for one.
	Symmetry Reductions = 1 << iota
	// Sleep spares a step that comes to the same in another order: a sleep set, which is stored with each state.
	Sleep
)

// variant is how Cached tells states apart; the tests break it on purpose.
type variant struct {
	// key appends the state's key and gives the names that the actors have in it; nil if they keep their own.
	key func(*sim.Machine, []byte) ([]byte, []sim.ActorID)
	// whole tells that the key is no world with something behind.
	whole bool
	// careless takes a state that was seen for done, whatever was asleep then.
	careless bool
}

// byItself is a key in which every actor keeps its name.
func byItself(m *sim.Machine, dst []byte) ([]byte, []sim.ActorID) { return m.Key(dst), nil }

// state is a state on the path: how to come back to it, and what is still to be taken there.
type state struct {
	// saved is where its save begins, and open where its choices begin; next is the next of them.
	saved, open, next int
	// wide is how many choices are open in it, asleep or not.
	wide int
	// asleep are the steps that need not be taken here any more.
	asleep sleepers
	// several are the actors whose step has more than one reply.
	several uint64
}

type cachedSearch struct {
	variant
	m     *sim.Machine
	o     *Options
	r     *Result
	known *visited
	// worlds numbers the worlds of the states, which are far fewer: a state's key then begins with a number. nil
	// where worlds are so small that it would not pay.
	worlds *visited
	short  []byte
	sleep  *sleep // nil: every step is taken
	path   []state
	// saves and choices are those of the states on the path, one behind the other.
	saves   []byte
	choices []sim.Choice
	key     []byte
}

func cached(m *sim.Machine, o Options, v variant) *Result {
	if o.Without&Symmetry != 0 {
		v.key = byItself
	}
	s := &cachedSearch{variant: v, m: m, o: &o, r: &Result{}}
	m.Reset()
	note := 0
	if o.Without&Sleep == 0 {
		if s.sleep = newSleep(m.System()); s.sleep != nil {
			note = 2 * s.sleep.width
		}
	}
	room := &room{max: o.MemoryMiB << 20}
	s.known = newVisited(note, room)
	if len(m.System().World.Key(nil)) >= numberedFrom && !v.whole {
		s.worlds = newVisited(4, room)
	}
	s.r.frontier = s.frontier
	s.enter(sleepers{})
	if !s.r.cut(&o) {
		s.run()
	}
	s.r.Memory = int64(room.taken)
	return s.r
}

// numberedFrom is the size of a world's key from which on worlds are numbered.
const numberedFrom = 24

func (s *cachedSearch) run() {
	here := true // the machine is in the last state of the path
	for len(s.path) > 0 {
		top := &s.path[len(s.path)-1]
		if top.next == len(s.choices) {
			s.pop()
			here = false
			continue
		}
		if !here {
			s.m.Load(s.saves[top.saved:])
		}
		c := s.choices[top.next]
		top.next++
		s.r.take(s.m, c, top.wide, s.o)
		if s.r.cut(s.o) {
			return
		}
		var asleep sleepers
		if s.sleep != nil {
			asleep = s.sleep.after(s.m, top)
			s.sleep.done(s.m, top)
		}
		here = s.enter(asleep)
		if s.r.cut(s.o) {
			return
		}
	}
	s.r.Exhausted = true
}

// frontier counts the choices of the states on the path that are not taken yet.
func (s *cachedSearch) frontier() (depth, open int) {
	end := len(s.choices)
	for i := len(s.path) - 1; i >= 0; i-- {
		open += end - s.path[i].next
		end = s.path[i].open
	}
	return len(s.path), open
}

func (s *cachedSearch) pop() {
	top := s.path[len(s.path)-1]
	s.saves, s.choices = s.saves[:top.saved], s.choices[:top.open]
	s.path = s.path[:len(s.path)-1]
}

// enter looks at the state that the machine is in, and puts it on the path if something is to be taken there.
func (s *cachedSearch) enter(asleep sleepers) bool {
	var as []sim.ActorID
	s.key, as = s.variant.key(s.m, s.key[:0])
	note, fresh, full := s.find()
	switch {
	case full:
		s.r.Limit = "memory"
		return false
	case fresh:
		s.r.States++
		if s.sleep != nil {
			s.sleep.store(note, asleep.renamed(as))
		}
		return s.push(asleep, everyone)
	case s.sleep == nil || s.careless:
		return false
	}
	before := s.sleep.load(note).original(as)
	awake := before.steps &^ asleep.steps
	if awake == 0 {
		return false
	}
	asleep = asleep.and(before)
	s.sleep.store(note, asleep.renamed(as))
	return s.push(asleep, awake)
}

// find looks the key up in the set of known states.
func (s *cachedSearch) find() (note []byte, fresh, full bool) {
	if s.worlds == nil {
		return s.known.find(s.key)
	}
	cut := s.m.KeyedWorld()
	n, full := s.worlds.number(s.key[:cut])
	if full {
		return nil, true, true
	}
	s.short = append(binary.AppendUvarint(s.short[:0], uint64(n)), s.key[cut:]...)
	return s.known.find(s.short)
}

// push puts the machine's state on the path, with the choices of the actors that are meant, or judges it if it is
// the end of a run.
func (s *cachedSearch) push(asleep sleepers, meant uint64) bool {
	top := state{saved: len(s.saves), open: len(s.choices), next: len(s.choices), asleep: asleep}
	s.choices = s.m.Choices(s.choices)
	top.wide = len(s.choices) - top.open
	if top.wide == 0 {
		s.r.endRun(s.m, s.o)
		return false
	}
	if s.m.Steps() >= s.m.System().Limits.StepsMax {
		s.r.Limit = "steps"
		return false
	}
	if s.sleep != nil {
		s.choices = s.sleep.filter(s.choices, &top, meant)
	}
	if len(s.choices) == top.open {
		return false
	}
	if len(s.choices) > top.open+1 {
		s.saves = s.m.Save(s.saves) // with one choice there is no coming back
	}
	s.path = append(s.path, top)
	return true
}
