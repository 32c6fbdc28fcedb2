package explore

import (
	"errors"
	"fmt"
	"slices"

	"fermata/sim"
)

// ErrFlaky tells that a find did not show its violation again, or not with the same fingerprint.
var ErrFlaky = errors.New("explore: the violation does not repeat")

// Shrunk is the smallest schedule found that still shows a violation of the same oracle about the
// same object.
type Shrunk struct {
	Find
	// Variant is the index of the system that it runs on.
	Variant int
	Cost    Cost
	// Tried is how many candidate runs it took.
	Tried int
}

// Cost orders schedules: fewest actors, then faults, then switches, then steps.
type Cost struct{ Actors, Faults, Switches, Steps int }

// Less tells whether c is the smaller one.
func (c Cost) Less(d Cost) bool {
	return slices.Compare([]int{c.Actors, c.Faults, c.Switches, c.Steps},
		[]int{d.Actors, d.Faults, d.Switches, d.Steps}) < 0
}

// triesMax bounds the candidate runs of one shrinking.
const triesMax = 20_000

// walksPerVariant is how many random schedules look for the violation on a smaller system.
const walksPerVariant = 5_000

// hostedShare is by how much less is tried where a Host runs the code: a run takes so much longer.
const hostedShare = 10

// bounded is a bound on runs of the system.
func bounded(runs int, s *sim.System) int {
	if s.Host != nil {
		return runs / hostedShare
	}
	return runs
}

// Shrink makes a find smaller. The systems are made afresh by variants, the first of which is the
// one that the find is of; the others are smaller, in any order: fewer actors or a smaller budget.
// A find that does not repeat three times with one fingerprint is ErrFlaky.
func Shrink(f Find, variants []func() *sim.System) (*Shrunk, error) {
	best, err := shrinkOn(variants[0](), f)
	if err != nil {
		return nil, err
	}
	tried := best.Tried
	for i, variant := range variants[1:] {
		smaller := carry(variants[best.Variant](), variant(), best.Find)
		if smaller == nil {
			smaller = findOn(variant(), best.Violation)
		}
		if smaller == nil {
			continue
		}
		s, err := shrinkOn(variant(), *smaller)
		if err != nil {
			return nil, err
		}
		tried += s.Tried
		if s.Cost.Less(best.Cost) || !best.Cost.Less(s.Cost) {
			s.Variant = i + 1
			best = s
		}
	}
	best.Tried = tried
	return best, nil
}

// carry takes a find over to a smaller system: each choice by the name of its actor, without those
// that are not open there, and then on to the end by the base scheduler.
func carry(from, to *sim.System, f Find) *Find {
	m := sim.New(to)
	defer m.Close()
	m.Reset()
	var found *Find
	look := func(vs []sim.Violation, atRest bool) {
		for _, v := range vs {
			if found == nil && same(v, f.Violation) {
				found = &Find{v, slices.Clone(m.Taken()), atRest}
			}
		}
	}
	var open []sim.Choice
	for _, c := range f.Choices {
		c.Actor = renumber(from, to, c.Actor)
		if open = m.Choices(open[:0]); contains(open, c) {
			look(m.Take(c), false)
		}
	}
	if Finish(m, func(vs []sim.Violation) { look(vs, false) }) {
		look(m.AtRest(), true)
	}
	return found
}

// renumber gives the number that an actor of one system has in another; Nobody if it is not there.
func renumber(from, to *sim.System, id sim.ActorID) sim.ActorID {
	if id == sim.Clock {
		return id
	}
	return to.Named(from.NameOf(id))
}

// findOn looks for the violation on a smaller system; nil if it is not met.
func findOn(s *sim.System, want sim.Violation) *Find {
	m := sim.New(s)
	defer m.Close()
	random := NewRandom(1)
	r := &Result{}
	var open []sim.Choice
	for range bounded(walksPerVariant, s) {
		m.Reset()
		open = walkOnce(m, random, r, &Options{}, open)
		for i := range r.Finds {
			if same(r.Finds[i].Violation, want) {
				return &r.Finds[i]
			}
		}
	}
	return nil
}

// shrinker shrinks on one system.
type shrinker struct {
	m      *sim.Machine
	want   sim.Violation
	tried  int
	most   int             // candidates
	known  map[string]bool // candidates that do not violate
	best   []deviation
	result Find
	cost   Cost
}

func shrinkOn(sys *sim.System, f Find) (*Shrunk, error) {
	m := sim.New(sys)
	defer m.Close()
	if err := Confirm(m, f); err != nil {
		return nil, err
	}
	s := &shrinker{m: m, want: f.Violation, most: bounded(triesMax, sys), known: map[string]bool{}}
	if !s.adopt(f.Choices) {
		return nil, ErrFlaky
	}
	for again := true; again && s.tried < s.most; {
		before := s.cost
		s.leaveOut()
		s.reduce()
		s.pairs()
		s.commute()
		s.shift()
		s.exhaust()
		again = s.cost.Less(before)
	}
	if err := Confirm(m, s.result); err != nil {
		return nil, err
	}
	return &Shrunk{Find: s.result, Cost: s.cost, Tried: s.tried}, nil
}

// Confirm replays a find three times, and is ErrFlaky unless each shows the violation with the same
// fingerprint.
func Confirm(m *sim.Machine, f Find) error {
	var print uint64
	for i := range 3 {
		vs, err := Repeat(m, f.Choices)
		if err != nil {
			return fmt.Errorf("%w: %w", ErrFlaky, err)
		}
		if !slices.ContainsFunc(vs, func(v sim.Violation) bool { return same(v, f.Violation) }) {
			return fmt.Errorf("%w: replay %d shows no %s of %s", ErrFlaky, i+1, f.Violation.Oracle, f.Violation.Object)
		}
		if i > 0 && m.Fingerprint() != print {
			return fmt.Errorf("%w: replay %d has another fingerprint", ErrFlaky, i+1)
		}
		print = m.Fingerprint()
	}
	return nil
}

// deviation is a choice that the base scheduler would not have made, and where: after that many steps
// of the actor that went last, and after the base scheduler let time pass that often since.
type deviation struct {
	after   sim.ActorID
	ordinal int
	waits   int
	choice  sim.Choice
}

// place counts what a deviation is found again by.
type place struct {
	ordinals map[sim.ActorID]int
	waits    int
}

func newPlace() *place { return &place{ordinals: map[sim.ActorID]int{}} }

// of gives the deviation that the choice is in the machine's state.
func (p *place) of(m *sim.Machine, c sim.Choice) deviation {
	return deviation{m.Current(), p.ordinals[m.Current()], p.waits, c}
}

// pass counts a choice that is about to be taken.
func (p *place) pass(c sim.Choice, deviates bool) {
	switch {
	case c.Actor != sim.Clock && !c.Fault.Apart():
		p.ordinals[c.Actor]++
		p.waits = 0
	case !deviates:
		p.waits++
	}
}

// adopt makes a schedule the best one, as the list of its deviations, if it violates.
func (s *shrinker) adopt(choices []sim.Choice) bool {
	devs := s.deviations(choices)
	return devs != nil && s.try(devs)
}

// deviations compares a schedule with the base scheduler; nil if it is not one of the system.
func (s *shrinker) deviations(choices []sim.Choice) []deviation {
	devs := []deviation{}
	at := newPlace()
	var open []sim.Choice
	s.m.Reset()
	for _, c := range choices {
		if open = s.m.Choices(open[:0]); !contains(open, c) {
			return nil
		}
		deviates := open[Base(s.m, open)] != c
		if deviates {
			devs = append(devs, at.of(s.m, c))
		}
		at.pass(c, deviates)
		s.m.Take(c)
	}
	return devs
}

// try runs the base scheduler with the deviations, and keeps the run if it violates and is smaller
// than the best so far.
func (s *shrinker) try(devs []deviation) bool {
	key := fmt.Sprint(devs)
	if s.known[key] || s.tried >= s.most {
		return false
	}
	s.known[key] = true
	s.tried++
	f, ok := s.run(devs)
	if !ok {
		return false
	}
	cost := s.costOf(f.Choices)
	if s.result.Choices != nil && !cost.Less(s.cost) {
		return false
	}
	s.result, s.cost = f, cost
	s.best = s.deviations(f.Choices)
	return true
}

// run is the base scheduler with the deviations, as far as they are met and open, up to the violation.
func (s *shrinker) run(devs []deviation) (Find, bool) {
	waiting := slices.Clone(devs)
	at := newPlace()
	var open []sim.Choice
	s.m.Reset()
	for s.m.Steps() < s.m.System().Limits.StepsMax && s.m.Failure() == nil {
		if open = s.m.Choices(open[:0]); len(open) == 0 {
			return s.found(s.m.AtRest(), true)
		}
		c := open[Base(s.m, open)]
		i := slices.IndexFunc(waiting, func(d deviation) bool {
			return d == at.of(s.m, d.choice) && contains(open, d.choice)
		})
		if i >= 0 {
			c = waiting[i].choice
			waiting = slices.Delete(waiting, i, i+1)
		}
		at.pass(c, i >= 0)
		if f, ok := s.found(s.m.Take(c), false); ok {
			return f, true
		}
	}
	return Find{}, false
}

func (s *shrinker) found(vs []sim.Violation, atRest bool) (Find, bool) {
	for _, v := range vs {
		if same(v, s.want) {
			return Find{v, append([]sim.Choice(nil), s.m.Taken()...), atRest}, true
		}
	}
	return Find{}, false
}

// costOf measures a schedule. The clock is no actor, and a thread none of its own.
func (s *shrinker) costOf(choices []sim.Choice) Cost {
	c := Cost{Steps: len(choices)}
	actors := map[sim.ActorID]bool{}
	for _, x := range choices {
		if x.Fault != sim.NoFault {
			c.Faults++
		}
		if owner := s.m.System().OwnerOf(x.Actor); owner != sim.Clock && !actors[owner] {
			actors[owner] = true
			c.Actors++
		}
	}
	for _, d := range s.deviations(choices) {
		if d.choice.Fault == sim.NoFault {
			c.Switches++
		}
	}
	return c
}

// Switches is the number of forced switches of a schedule: choices, other than faults, that the
// base scheduler would not have made. It is 0 for choices that are no schedule of the system.
func Switches(m *sim.Machine, choices []sim.Choice) int {
	s := &shrinker{m: m}
	return s.costOf(choices).Switches
}
