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
		smaller := findOn(variant(), best.Violation)
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

// findOn looks for the violation on a smaller system.
func findOn(s *sim.System, want sim.Violation) *Find {
	m := sim.New(s)
	defer m.Close()
	walk := &Result{}
	random := NewRandom(1)
	var open []sim.Choice
	for range walksPerVariant {
		m.Reset()
		open = walkOnce(m, random, walk, &Options{}, open)
		for i := range walk.Finds {
			if same(walk.Finds[i].Violation, want) {
				return &walk.Finds[i]
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
	s := &shrinker{m: m, want: f.Violation, known: map[string]bool{}}
	if !s.adopt(f.Choices) {
		return nil, ErrFlaky
	}
	for again := true; again && s.tried < triesMax; {
		before := s.cost
		s.reduce()
		s.pairs()
		s.commute()
		s.shift()
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

// deviation is a choice that the base scheduler would not have made: taken when the actor that went
// last had taken that many steps.
type deviation struct {
	after   sim.ActorID
	ordinal int
	choice  sim.Choice
}

// adopt makes a schedule the best one, as the list of its deviations, if it violates.
func (s *shrinker) adopt(choices []sim.Choice) bool {
	devs := s.deviations(choices)
	return devs != nil && s.try(devs)
}

// deviations compares a schedule with the base scheduler.
func (s *shrinker) deviations(choices []sim.Choice) []deviation {
	devs := []deviation{}
	ordinals := map[sim.ActorID]int{}
	var open []sim.Choice
	s.m.Reset()
	for _, c := range choices {
		if open = s.m.Choices(open[:0]); !contains(open, c) {
			return nil
		}
		if at := s.m.Current(); open[base(s.m, open)] != c {
			devs = append(devs, deviation{at, ordinals[at], c})
		}
		ordinals[c.Actor]++
		s.m.Take(c)
	}
	return devs
}

// try runs the base scheduler with the deviations, and keeps the run if it violates and is smaller
// than the best so far.
func (s *shrinker) try(devs []deviation) bool {
	key := fmt.Sprint(devs)
	if s.known[key] || s.tried >= triesMax {
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

func (s *shrinker) run(devs []deviation) (Find, bool) {
	waiting := append([]deviation(nil), devs...)
	ordinals := map[sim.ActorID]int{}
	var open []sim.Choice
	s.m.Reset()
	for s.m.Steps() < s.m.System().Limits.StepsMax {
		if open = s.m.Choices(open[:0]); len(open) == 0 {
			return s.found(s.m.AtRest(), true)
		}
		at := s.m.Current()
		c := open[base(s.m, open)]
		for i, d := range waiting {
			if d.after == at && d.ordinal == ordinals[at] && contains(open, d.choice) {
				c = d.choice
				waiting = slices.Delete(waiting, i, i+1)
				break
			}
		}
		ordinals[c.Actor]++
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

// costOf measures a schedule. The first choice is no switch, and neither is the clock.
func (s *shrinker) costOf(choices []sim.Choice) Cost {
	c := Cost{Steps: len(choices)}
	actors := map[sim.ActorID]bool{}
	for _, x := range choices {
		if x.Fault != sim.NoFault {
			c.Faults++
		}
		if x.Actor != sim.Clock && !actors[x.Actor] {
			actors[x.Actor] = true
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
// base scheduler would not have made.
func Switches(m *sim.Machine, choices []sim.Choice) int {
	s := &shrinker{m: m}
	return s.costOf(choices).Switches
}
