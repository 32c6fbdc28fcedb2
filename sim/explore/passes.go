package explore

import (
	"slices"

	"fermata/sim"
)

// reduce is delta debugging over the deviations (Zeller's ddmin): it takes out ever smaller chunks
// until no single deviation can go.
func (s *shrinker) reduce() {
	for size := max(len(s.best)/2, 1); ; {
		removed := false
		for at := 0; at < len(s.best); {
			candidate := slices.Delete(slices.Clone(s.best), at, min(at+size, len(s.best)))
			if s.try(candidate) {
				removed = true
			} else {
				at += size
			}
		}
		if size == 1 && !removed {
			return
		}
		if !removed {
			size = max(size/2, 1)
		}
	}
}

// leaveOut tries to do without each actor: what the others did, as far as it is still open, and then the
// base scheduler among them.
func (s *shrinker) leaveOut() {
	for id := range s.m.System().Actors {
		s.without(sim.ActorID(id))
	}
}

func (s *shrinker) without(id sim.ActorID) {
	left := func(c sim.Choice) bool { return s.m.System().OwnerOf(c.Actor) == id }
	rest := slices.DeleteFunc(slices.Clone(s.result.Choices), left)
	if len(rest) == len(s.result.Choices) || s.tried >= s.most {
		return
	}
	s.tried++
	var open []sim.Choice
	s.m.Reset()
	for s.m.Steps() < s.m.System().Limits.StepsMax && s.m.Failure() == nil {
		open = slices.DeleteFunc(s.m.Choices(open[:0]), left)
		if len(open) == 0 {
			return
		}
		c := open[Base(s.m, open)]
		for len(rest) > 0 {
			next := rest[0]
			rest = rest[1:]
			if contains(open, next) {
				c = next
				break
			}
		}
		if f, ok := s.found(s.m.Take(c), false); ok {
			s.adopt(f.Choices)
			return
		}
	}
}

// pairs takes out two deviations at a time, for violations that are not monotone.
func (s *shrinker) pairs() {
	for i := 0; i < len(s.best); i++ {
		for j := i + 1; j < len(s.best); j++ {
			candidate := slices.Delete(slices.Clone(s.best), j, j+1)
			if s.try(slices.Delete(candidate, i, i+1)) {
				i, j = 0, 0
			}
		}
	}
}

// shift moves each deviation to every other ordinal of the actor that it interrupts.
func (s *shrinker) shift() {
	for i := 0; i < len(s.best); i++ {
		for ordinal := 0; ordinal <= len(s.result.Choices) && i < len(s.best); ordinal++ {
			candidate := slices.Clone(s.best)
			candidate[i].ordinal = ordinal
			if s.try(candidate) {
				ordinal = 0
			}
		}
	}
}

// commute joins two blocks of one actor where all that stands between is independent of one of
// them: the trace class, and with it the verdict, stays as it is.
func (s *shrinker) commute() {
	for moved := true; moved; {
		moved = false
		steps := s.stepsOf(s.result.Choices)
		for _, b := range blocks(steps) {
			if s.join(steps, b) {
				moved = true
				break
			}
		}
	}
}

// block is steps[from:to], all of one actor; back is the end of that actor's block before, 0 if
// there is none.
type block struct{ from, to, back, backFrom int }

func blocks(steps []takenStep) []block {
	var bs []block
	last := map[sim.ActorID]block{}
	for from := 0; from < len(steps); {
		to := from + 1
		for to < len(steps) && steps[to].choice.Actor == steps[from].choice.Actor {
			to++
		}
		before := last[steps[from].choice.Actor]
		b := block{from, to, before.to, before.from}
		if b.back > 0 {
			bs = append(bs, b)
		}
		last[steps[from].choice.Actor] = b
		from = to
	}
	return bs
}

// join moves a block up to the one before it, or that one down to it.
func (s *shrinker) join(steps []takenStep, b block) bool {
	between := steps[b.back:b.from]
	if independent(steps[b.from:b.to], between) &&
		s.adopt(choicesOf(slices.Concat(steps[:b.back], steps[b.from:b.to], between, steps[b.to:]))) {
		return true
	}
	return independent(steps[b.backFrom:b.back], between) &&
		s.adopt(choicesOf(slices.Concat(steps[:b.backFrom], between, steps[b.backFrom:b.back], steps[b.from:])))
}

func independent(a, b []takenStep) bool {
	for i := range a {
		for j := range b {
			if a[i].choice.Fault.Apart() || b[j].choice.Fault.Apart() ||
				sim.Dependent(&a[i].step, &b[j].step) {
				return false
			}
		}
	}
	return true
}

type takenStep struct {
	choice sim.Choice
	step   sim.Step
}

func (s *shrinker) stepsOf(choices []sim.Choice) []takenStep {
	steps := make([]takenStep, 0, len(choices))
	s.m.Reset()
	for _, c := range choices {
		s.m.Take(c)
		t := takenStep{choice: c}
		if step := s.m.Transition().Step; step != nil {
			t.step = *step
		}
		steps = append(steps, t)
	}
	return steps
}

func choicesOf(steps []takenStep) []sim.Choice {
	choices := make([]sim.Choice, len(steps))
	for i := range steps {
		choices[i] = steps[i].choice
	}
	return choices
}
