package explore

import (
	"slices"

	"fermata/sim"
)

// Flipped is a schedule that shares its beginning with one that violates, and violates nothing that judges.
type Flipped struct {
	// Choices run to the end of the run; the first At of them are those of the violating schedule, and the next is not.
	Choices []sim.Choice
	At      int
}

// Flip looks for a passing schedule near one that violates: it shares a beginning, as long as can be, then makes one
// other choice, and goes on with what is left of the violating schedule as far as that is open, and then by the base
// scheduler. Of several with the same beginning it is the one that keeps most of what was left, and of those the first
// in the order in which choices are offered. Faults are not put in where there were none. False if no single choice
// does it.
func Flip(m *sim.Machine, violating []sim.Choice) (Flipped, bool) {
	opens := openAt(m, violating)
	for at := len(violating) - 1; at >= 0; at-- {
		best, most := Flipped{}, -1
		for _, c := range opens[at] {
			if c == violating[at] || c.Fault != sim.NoFault {
				continue
			}
			if taken, kept, ok := passes(m, violating, at, c); ok && kept > most {
				best, most = Flipped{taken, at}, kept
			}
		}
		if most >= 0 {
			return best, true
		}
	}
	return Flipped{}, false
}

// openAt gives what was open before each of the choices.
func openAt(m *sim.Machine, choices []sim.Choice) [][]sim.Choice {
	opens := make([][]sim.Choice, 0, len(choices))
	m.Reset()
	for _, c := range choices {
		opens = append(opens, m.Choices(nil))
		m.Take(c)
	}
	return opens
}

// passes takes the choices up to one, another in its place, what is left of them, and goes on to the end. It tells how
// many of those left were taken, and whether nothing that judges was violated.
func passes(m *sim.Machine, choices []sim.Choice, at int, other sim.Choice) (taken []sim.Choice, kept int, ok bool) {
	ok = true
	look := func(vs []sim.Violation) {
		ok = ok && !slices.ContainsFunc(vs, func(v sim.Violation) bool { return v.Judging })
	}
	m.Reset()
	for _, c := range choices[:at] {
		look(m.Take(c))
	}
	look(m.Take(other))
	left := slices.Clone(choices[at:])
	if i := slices.Index(left, other); i >= 0 {
		left = slices.Delete(left, i, i+1)
	}
	var open []sim.Choice
	for _, c := range left {
		if open = m.Choices(open[:0]); ok && contains(open, c) {
			look(m.Take(c))
			kept++
		}
	}
	over := Finish(m, look)
	if over {
		look(m.AtRest())
	}
	return slices.Clone(m.Taken()), kept, ok && over
}
