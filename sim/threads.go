package sim

import (
	"cmp"
	"fmt"
	"runtime"
	"slices"
	"strconv"
	"strings"
)

// ThreadsDefault is how many goroutines of one actor can be held at once if a System with a Host does not say.
const ThreadsDefault = 8

// threads is how many actors there are for each that has a script, itself included.
func (s *System) threads() int {
	switch {
	case s.Host == nil:
		return 1
	case s.Threads == 0:
		return ThreadsDefault
	}
	return s.Threads
}

// Slots is how many actors can be held at a step: those with a script and, behind them, the threads of each that a
// Host may give to goroutines of its operations.
func (s *System) Slots() int { return len(s.Actors) * s.threads() }

// OwnerOf is the actor with a script that another is a thread of: for whom it acts. It is its own owner else.
func (s *System) OwnerOf(id ActorID) ActorID {
	if n := len(s.Actors); int(id) >= n && int(id) < s.Slots() {
		return ActorID((int(id) - n) / (s.threads() - 1))
	}
	return id
}

// NameOf is an actor's name in schedules; a thread has a number, from 2, behind its owner's.
func (s *System) NameOf(id ActorID) string {
	switch n := len(s.Actors); {
	case id == Clock:
		return clockActor
	case int(id) < n:
		return s.Actors[id].Name
	default:
		return s.Actors[s.OwnerOf(id)].Name + "." + strconv.Itoa((int(id)-n)%(s.threads()-1)+2)
	}
}

// Named finds an actor by its name in schedules; Nobody if there is none.
func (s *System) Named(name string) ActorID {
	if name == clockActor {
		return Clock
	}
	for i := range s.Slots() {
		if s.NameOf(ActorID(i)) == name {
			return ActorID(i)
		}
	}
	return Nobody
}

// makeActors numbers the actors: those with a script, then their threads.
func (m *Machine) makeActors() {
	s := m.sys
	if s.Slots() >= int(Clock) {
		panic("sim: a system has more actors than can be numbered")
	}
	m.actors = make([]Actor, s.Slots())
	for i := range m.actors {
		id := ActorID(i)
		owner := s.OwnerOf(id)
		spec := &s.Actors[owner]
		if owner != id {
			thread := *spec
			thread.Name, thread.Script = s.NameOf(id), nil
			spec = &thread
		}
		m.actors[i] = Actor{id: id, owner: owner, spec: spec, wary: s.Suspicious}
	}
}

// fresh is the actor as it is at first.
func (a *Actor) fresh() *Actor {
	return &Actor{id: a.id, owner: a.owner, spec: a.spec, sites: a.sites, wary: a.wary}
}

// seat puts the goroutines that are held since the last step into the actors' places. The same goroutines get the
// same places in whichever order they came: an operation's own goroutine is the actor itself; the one that was held
// as the actor who took the last step, if it is back, is that actor again; all others take the lowest places that are
// free, ordered by what they are about to do and where.
func (m *Machine) seat(held []*Held, last *Actor, goroutine uint64) {
	if len(held) > 1 {
		m.sortHeld(held)
	}
	for _, h := range held {
		if last != nil && goroutine != 0 && h.Goroutine == goroutine && last.owner == h.Op.id {
			m.put(h, last)
		}
	}
	for _, h := range held {
		switch a := m.freeFor(h); {
		case last != nil && last.held == h:
		case a == nil:
			m.fail(&Failure{Kind: TooManyGoroutines, Actor: h.Op.spec.Name, Value: m.sys.threads()})
		default:
			m.put(h, a)
		}
	}
}

// freeFor is where a goroutine is to be seen; nil if there is no place.
func (m *Machine) freeFor(h *Held) *Actor {
	n, each := len(m.sys.Actors), m.sys.threads()-1
	if own := &m.actors[h.Op.id]; h.Own && own.state == waiting {
		return own
	}
	first := n + int(h.Op.id)*each
	for i := range m.actors[first : first+each] {
		if a := &m.actors[first+i]; a.held == nil {
			return a
		}
	}
	return nil
}

func (m *Machine) put(h *Held, a *Actor) {
	a.held, a.task, a.pending, a.state = h, h.Op, &h.Step, parked
	a.op, a.pos = &h.Op.doing, h.Op.pos
}

// vacate takes the goroutine out of an actor's place.
func (m *Machine) vacate(a *Actor) {
	a.held, a.pending, a.state = nil, nil, finished
	if a.id == a.owner {
		a.state = waiting
	}
}

func (m *Machine) sortHeld(held []*Held) {
	slices.SortFunc(held, func(g, h *Held) int {
		if c := cmp.Compare(g.Op.id, h.Op.id); c != 0 {
			return c
		}
		if c := strings.Compare(m.heldText(g), m.heldText(h)); c != 0 {
			return c
		}
		return cmp.Or(
			cmp.Compare(m.world.Digest(g.Op.id, &g.Step, Reply{}), m.world.Digest(h.Op.id, &h.Step, Reply{})),
			strings.Compare(siteText(g.Site), siteText(h.Site)),
			cmp.Compare(g.Goroutine, h.Goroutine),
		)
	})
}

// heldText is the step that a goroutine is held at, in words.
func (m *Machine) heldText(h *Held) string { return m.world.StepText(h.Op.id, &h.Step) }

// siteText is a call stack in words that are the same in every process.
func siteText(pcs []uintptr) string {
	var b strings.Builder
	frames := runtime.CallersFrames(pcs)
	for {
		f, more := frames.Next()
		fmt.Fprintf(&b, "%s:%d\n", f.Function, f.Line)
		if !more {
			return b.String()
		}
	}
}
