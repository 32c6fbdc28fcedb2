package explore

import (
	"slices"

	"fermata/sim"
)

// exhaustMax is up to how many forced switches every schedule is tried.
const exhaustMax = 2

// exhaust tries every schedule with fewer forced switches than the best, as long as that is at most
// exhaustMax and within the bound on candidates: what comes out of it then has the fewest there are
// for its actors. Schedules with faults are left as they are.
func (s *shrinker) exhaust() {
	for n := 0; n < s.cost.Switches && n <= exhaustMax && s.cost.Faults == 0; n++ {
		if s.deviate(nil, n) {
			return
		}
	}
}

// deviate lets the run go on by the base scheduler after the prefix, then from each of its steps on
// another way, as often as is left. It tells whether a smaller schedule came out.
func (s *shrinker) deviate(prefix []sim.Choice, left int) bool {
	if s.tried >= s.most {
		return false
	}
	s.tried++
	taken, open, f := s.goOn(prefix)
	if left == 0 {
		return f != nil && s.adopt(f.Choices)
	}
	for i := len(prefix); i < len(taken); i++ {
		for _, c := range open[i] {
			if c == taken[i] || c.Fault != sim.NoFault {
				continue
			}
			if s.deviate(append(slices.Clone(taken[:i]), c), left-1) {
				return true
			}
		}
	}
	return false
}

// goOn takes the prefix and goes on by the base scheduler. It gives the choices taken and what was open
// at each, up to the violation if there is one, and the find then.
func (s *shrinker) goOn(prefix []sim.Choice) (taken []sim.Choice, open [][]sim.Choice, f *Find) {
	s.m.Reset()
	for s.m.Steps() < s.m.System().Limits.StepsMax && s.m.Failure() == nil {
		here := s.m.Choices(nil)
		if len(here) == 0 {
			if f, ok := s.found(s.m.AtRest(), true); ok {
				return taken, open, &f
			}
			break
		}
		c := here[Base(s.m, here)]
		if n := len(taken); n < len(prefix) {
			c = prefix[n]
		}
		open, taken = append(open, here), append(taken, c)
		if f, ok := s.found(s.m.Take(c), false); ok {
			return taken, open, &f
		}
	}
	return taken, open, nil
}
