package sim

import "fmt"

// Machine runs a System, one choice at a time. Make it with New or NewMemo, and Close it.
type Machine struct {
	sys    *System
	world  World
	judge  Judge
	actors []Actor
	quick  QuickWorld   // nil if the World is none
	trees  []*replyTree // nil where actors run as coroutines
	hosted *hosted      // nil unless a Host runs their code

	renaming *renaming // nil unless actors can be renamed
	named    bool      // a reply of this run named an actor
	keyed    int       // bytes of the last key that are the world's

	left    Budget
	current ActorID // who took the last step, not the clock
	steps   int
	history history
	print   uint64
	taken   []Choice
	failure *Failure

	clock      Step // what the clock would do
	fault      Step // what a fault would do
	advanced   Step // what it did last
	returned   Operation
	transition Transition
	rest       Rest
}

// New makes a Machine that drives the system's actors as coroutines, or as goroutines of the Host if there is one,
// and resets it.
func New(sys *System) *Machine {
	m := newMachine(sys)
	if sys.Host != nil {
		m.open()
	} else {
		for i := range m.actors {
			m.actors[i].co = newCoroutine(&m.actors[i])
		}
	}
	m.Reset()
	return m
}

// NewMemo makes a Machine that drives the system's actors along reply trees, and resets it. It can
// Save and Load a run. The system's code must keep nothing between operations outside the World.
func NewMemo(sys *System) *Machine {
	if sys.Host != nil {
		panic("sim: code that a Host runs cannot be driven along a reply tree: " +
			"what it does next is no function of its replies")
	}
	m := newMachine(sys)
	m.history.off = !sys.Histories
	if sys.Histories {
		m.history.index, m.history.shared = map[Event]uint16{}, sys.Numbers
	}
	m.world.Reset()
	if sys.Start != nil {
		sys.Start()
	}
	m.renaming = newRenaming(sys)
	m.grow()
	m.Reset()
	return m
}

func newMachine(sys *System) *Machine {
	if sys.Limits.StepsMax == 0 {
		sys.Limits.StepsMax = StepsDefault
	}
	if b := sys.Budget; min(b.Advances, b.Faults) < 0 || max(b.Advances, b.Faults) > budgetMax {
		panic(fmt.Sprintf("sim: a budget of %+v is not within 0 and %d", b, budgetMax))
	}
	m := &Machine{sys: sys, world: sys.World, quick: quick(sys.World), judge: sys.Judge}
	m.history.off = !sys.Histories && sys.Judge == nil
	m.makeActors()
	return m
}

// budgetMax bounds a budget: it stands in a state's key as two bytes.
const budgetMax = 1<<16 - 1

// System is what the Machine runs.
func (m *Machine) System() *System { return m.sys }

// RecordSites has every transition from the next Reset on tell where in the code its step was made, at the cost of a
// walk up the stack for each. Only a Machine made with New can: a reply tree runs no code.
func (m *Machine) RecordSites() {
	for i := range m.actors {
		m.actors[i].sites = &[2][]uintptr{}
	}
}

// Reset ends the run in progress without further effect and begins a new one. If an actor breaks out
// while its run is ended, the new run has that Failure.
func (m *Machine) Reset() {
	broke := m.park()
	m.world.Reset()
	if m.judge != nil {
		m.judge.Reset()
	}
	if m.sys.Start != nil && m.hosted == nil {
		m.sys.Start()
	}
	m.left, m.current, m.steps, m.print = m.sys.Budget, Nobody, 0, 0
	m.taken, m.failure, m.named = m.taken[:0], broke, false
	m.transition = Transition{}
	m.history.reset()
	if m.hosted != nil {
		m.beginHosted()
		return
	}
	for i := range m.actors {
		a := &m.actors[i]
		if m.trees != nil {
			m.follow(a, &m.trees[i].start)
		} else {
			m.begin(a, 0, Reply{})
		}
	}
	m.intruders()
}

// park brings every coroutine to the end of its operation, replaces those that are lost, and tells
// how the first of them broke out meanwhile.
func (m *Machine) park() (broke *Failure) {
	if m.hosted != nil {
		return m.endHosted()
	}
	if m.sys.Suspicious {
		defer func() {
			if f := m.forgive(); broke == nil {
				broke = f
			}
		}()
	}
	if m.trees != nil {
		return nil
	}
	for i := range m.actors {
		a := &m.actors[i]
		if a.state == parked {
			if f := a.co.abandon(); broke == nil {
				broke = f
			}
		}
		if a.co.failure != nil {
			a.co.close()
			a.co = newCoroutine(a)
		}
		a.state = finished
	}
	return broke
}

// Close ends the run in progress as Reset does and gives the Machine's coroutines back. Coroutines
// that are not closed are never collected. Afterwards the Machine only answers Failure.
func (m *Machine) Close() {
	broke := m.park()
	for _, t := range m.trees {
		if f := t.close(); broke == nil {
			broke = f
		}
	}
	if m.trees == nil && m.hosted == nil {
		for i := range m.actors {
			m.actors[i].co.close()
		}
	}
	if m.failure == nil {
		m.failure = broke
	}
}

// Recheck runs the code again to every step that the reply trees remember, and tells the first
// difference as a *Failure: code that keeps something between operations must not be driven along
// a reply tree. Where actors are renamed, any two who are alike must do the same under each other's names. It is nil
// for a Machine made with New.
func (m *Machine) Recheck() error {
	for _, t := range m.trees {
		if f := t.recheck(); f != nil {
			return f
		}
	}
	return m.recheckAlike()
}
