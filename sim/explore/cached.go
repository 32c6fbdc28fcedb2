package explore

import (
	"encoding/binary"
	"math"

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
	return byNames(o, func(o Options) *Result { return cached(m, o, variant{key: (*sim.Machine).OrbitKey}) })
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
	// saved is where its save begins, and open where its choices begin; those from next to end are still to be taken.
	saved, open, next, end int
	// steps is how many choices lead to it.
	steps int
	// wide is how many choices are open in it, asleep or not.
	wide int
	// asleep are the steps that need not be taken here any more.
	asleep sleepers
	// several are the actors whose step has more than one reply.
	several uint64
}

// searcher goes depth first through the states that nobody has entered yet.
type searcher struct {
	variant
	m     *sim.Machine
	o     *Options
	r     *Result
	known *entered
	short []byte
	sleep *sleep // nil: every step is taken
	crew  crew   // nil: nobody else searches
	path  []state
	// renames tells that states that differ in names alone are one.
	renames bool
	// saves and choices are those of the states on the path, one behind the other.
	saves   []byte
	choices []sim.Choice
	key     []byte
	here    bool // the machine is in the last state of the path
}

func cached(m *sim.Machine, o Options, v variant) *Result {
	s := newSearcher(m, &o, v, nil)
	s.begin()
	s.run(endless)
	s.r.Memory = s.known.room.size()
	return s.r
}

// newSearcher makes one who shares what is known with another; with nil, the first.
func newSearcher(m *sim.Machine, o *Options, v variant, other *searcher) *searcher {
	if o.Without&Symmetry != 0 {
		v.key = byItself
	}
	s := &searcher{variant: v, m: m, o: o, r: &Result{}}
	s.r.frontier = s.frontier
	s.renames = !v.whole && o.Without&Symmetry == 0 && m.Renames()
	if o.Without&Sleep == 0 {
		s.sleep = newSleep(m.System())
	}
	if other != nil {
		s.known = other.known
		return s
	}
	m.Reset()
	numbered := len(m.System().World.Key(nil)) >= numberedFrom && !v.whole
	s.known = newEntered(s.sleep.note(), numbered, o.MemoryMiB)
	return s
}

// numberedFrom is the size of a world's key from which on worlds are numbered.
const numberedFrom = 24

// endless is no bound on transitions.
const endless = math.MaxInt64

// begin enters the start.
func (s *searcher) begin() {
	s.m.Reset()
	s.here = s.enter(sleepers{})
}

// run searches on until the path is at its end, which it tells, the search is cut, or so many transitions are taken.
func (s *searcher) run(until int64) (over bool) {
	for !s.r.cut(s.o) {
		if len(s.path) == 0 {
			s.r.Exhausted = !s.biased() // by the last end, too
			return true
		}
		if s.r.Transitions >= until {
			return false
		}
		if s.crew != nil && s.crew.hungry() {
			s.share()
		}
		s.step()
	}
	return true
}

// step takes the next choice of the last state of the path, or leaves the state.
func (s *searcher) step() {
	top := &s.path[len(s.path)-1]
	if top.next == top.end {
		s.saves, s.choices = s.saves[:top.saved], s.choices[:top.open]
		s.path = s.path[:len(s.path)-1]
		s.here = false
		return
	}
	if !s.here {
		s.m.Load(s.saves[top.saved:])
	}
	c := s.choices[top.next]
	top.next++
	s.r.take(s.m, c, top.wide, s.o)
	if s.r.decided(s.o) {
		return
	}
	var asleep sleepers
	if s.sleep != nil {
		asleep = s.sleep.after(s.m, top)
		s.sleep.done(s.m, top)
	}
	s.here = s.enter(asleep)
}

// frontier counts the choices of the states on the path that are not taken yet.
func (s *searcher) frontier() (depth, open int) {
	for i := range s.path {
		open += s.path[i].end - s.path[i].next
	}
	return len(s.path), open
}

// enter looks at the state that the machine is in, and puts it on the path if something is to be taken there.
func (s *searcher) enter(asleep sleepers) bool {
	var as []sim.ActorID
	if s.biased() {
		return false
	}
	s.key, as = s.variant.key(s.m, s.key[:0])
	before, fresh, full := s.meet(asleep.renamed(as))
	switch {
	case full:
		s.r.Limit = "memory"
		return false
	case fresh:
		s.r.States++
		return s.push(asleep, everyone)
	case s.sleep == nil || s.careless:
		return false
	}
	before = before.original(as)
	awake := before.steps &^ asleep.steps
	if awake == 0 {
		return false
	}
	return s.push(asleep.and(before), awake)
}

// meet looks the key up in the set of known states, and leaves there what is asleep.
func (s *searcher) meet(asleep sleepers) (before sleepers, fresh, full bool) {
	key := s.key
	if s.known.numbered() {
		cut := s.m.KeyedWorld()
		n, full := s.known.world(s.key[:cut])
		if full {
			return sleepers{}, true, true
		}
		s.short = append(binary.AppendUvarint(s.short[:0], uint64(n)), s.key[cut:]...)
		key = s.short
	}
	return s.known.meet(key, s.sleep, asleep)
}

// push puts the machine's state on the path, with the choices of the actors that are meant, or judges it if it is
// the end of a run.
func (s *searcher) push(asleep sleepers, meant uint64) bool {
	top := state{saved: len(s.saves), open: len(s.choices), next: len(s.choices), steps: s.m.Steps(), asleep: asleep}
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
	return s.place(top)
}

// place puts a state on the path whose choices are there already.
func (s *searcher) place(top state) bool {
	if top.end = len(s.choices); top.end == top.open {
		return false
	}
	if top.end > top.open+1 {
		s.saves = s.m.Save(s.saves) // with one choice there is no coming back
	}
	s.path = append(s.path, top)
	return true
}
