package explore

import "fermata/sim"

// Event names a step apart from the run it is in: the how-manieth, from 1, of its actor with its verb on its object.
// The zero value is the start of the run.
type Event struct {
	Actor  sim.ActorID
	Verb   sim.Verb
	Object sim.Object
	Nth    uint16
}

// ReadsFrom tells that a step touched an object as another had left it, which was the last to write it before, or the
// start of the run. A step that declares a write counts as one that reads too: most of them do, as a lock's.
type ReadsFrom struct {
	On       sim.Object
	From, To Event
}

// sources follow a run, and tell who reads from whom. An error in place of the effect touches nothing.
type sources struct {
	counts map[Event]uint16 // by event without its number
	last   map[sim.Object]Event
	// pairs are those of the last step.
	pairs []ReadsFrom
}

func (s *sources) begin() {
	if s.counts == nil {
		s.counts, s.last = map[Event]uint16{}, map[sim.Object]Event{}
	}
	clear(s.counts)
	clear(s.last)
}

// next names the step that an actor would take.
func (s *sources) next(actor sim.ActorID, step *sim.Step) Event {
	e := Event{Actor: actor, Verb: step.Verb, Object: step.Object}
	e.Nth = s.counts[e] + 1
	return e
}

// add adds a transition and names its step; its pairs are then in s.pairs.
func (s *sources) add(t *sim.Transition) Event {
	s.pairs = s.pairs[:0]
	if t.Step == nil || t.Choice.Fault == sim.ErrorBefore {
		return Event{}
	}
	e := s.next(t.Choice.Actor, t.Step)
	kind := e
	kind.Nth = 0
	s.counts[kind] = e.Nth
	for i, a := range t.Step.Access[:t.Step.Accesses] {
		if !touchedBefore(t.Step, i) {
			s.pairs = append(s.pairs, ReadsFrom{a.Object, s.last[a.Object], e})
		}
	}
	for _, a := range t.Step.Access[:t.Step.Accesses] {
		if a.Kind == sim.Write {
			s.last[a.Object] = e
		}
	}
	return e
}
