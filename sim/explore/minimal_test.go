package explore_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"fermata/sim"
	"fermata/sim/explore"
)

// forced is a choice that the base scheduler would not have made: behind which actor, behind how many steps of
// it, and behind how often the base scheduler let time pass since.
type forced struct {
	behind  sim.ActorID
	steps   int
	advance int
	choice  sim.Choice
}

// baseOf is the choice of the base scheduler: the current actor until it blocks, then the lowest one.
func baseOf(m *sim.Machine, open []sim.Choice) sim.Choice {
	if mine := (sim.Choice{Actor: m.Current()}); slices.ContainsFunc(open, func(c sim.Choice) bool {
		return c == mine
	}) {
		return mine
	}
	return open[0]
}

// runBy runs a system by the base scheduler, where choose does not say otherwise, up to the violation. It gives
// the choices taken and those of them that were forced, and whether the run violates.
func runBy(s *sim.System, want sim.Violation, choose func(at forced, open []sim.Choice) sim.Choice) (
	taken []sim.Choice, all []forced, violates bool,
) {
	m := sim.New(s)
	defer m.Close()
	shows := func(vs []sim.Violation) bool {
		return slices.ContainsFunc(vs, func(v sim.Violation) bool {
			return v.Oracle == want.Oracle && v.Object == want.Object
		})
	}
	steps, advances := map[sim.ActorID]int{}, 0
	for {
		open := m.Choices(nil)
		if len(open) == 0 {
			return slices.Clone(m.Taken()), all, shows(m.AtRest())
		}
		base := baseOf(m, open)
		at := forced{m.Current(), steps[m.Current()], advances, base}
		c := choose(at, open)
		if at.choice = c; c != base {
			all = append(all, at)
		}
		switch {
		case c.Actor != sim.Clock && !c.Fault.Apart():
			steps[c.Actor]++
			advances = 0
		case c == base:
			advances++
		}
		if shows(m.Take(c)) {
			return slices.Clone(m.Taken()), all, true
		}
	}
}

// costOf measures a run by its definition.
func costOf(taken []sim.Choice, all []forced) explore.Cost {
	c := explore.Cost{Actors: actorsOf(taken), Steps: len(taken)}
	for _, x := range taken {
		if x.Fault != sim.NoFault {
			c.Faults++
		}
	}
	for _, f := range all {
		if f.choice.Fault == sim.NoFault {
			c.Switches++
		}
	}
	return c
}

// drawFind draws a scope and one of the things that random schedules find in it.
func drawFind(t *rapid.T) (scope, explore.Find) {
	for {
		sc := drawScope(t)
		r := walk(sc.system(), rapid.Uint64().Draw(t, "seed"), explore.Options{SchedulesMax: 50})
		if len(r.Finds) > 0 {
			return sc, rapid.SampledFrom(r.Finds).Draw(t, "find")
		}
	}
}

// TestShrunkIsMinimal: of whatever random schedules find in programs with faults and time, what is shrunk shows
// the same oracle and object, costs no more, is measured as it is, ends at the violation, and cannot do without
// any single one of its forced choices: the base scheduler with the others does not show the violation, or at no
// smaller cost.
func TestShrunkIsMinimal(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		sc, f := drawFind(t)
		s, err := explore.Shrink(f, one(sc.system))
		require.NoError(t, err)
		require.Equal(t, f.Violation.Oracle, s.Violation.Oracle)
		require.Equal(t, f.Violation.Object, s.Violation.Object)
		require.Zero(t, s.Variant)
		along := func(choices []sim.Choice) ([]sim.Choice, []forced, bool) {
			next := 0
			return runBy(sc.system(), f.Violation, func(_ forced, open []sim.Choice) sim.Choice {
				require.Contains(t, open, choices[next])
				next++
				return choices[next-1]
			})
		}
		taken, before, shows := along(f.Choices)
		require.True(t, shows)
		input := costOf(taken, before)
		taken, all, shows := along(s.Choices)
		require.True(t, shows)
		require.Equal(t, s.Choices, taken, "nothing follows the violation")
		require.Equal(t, costOf(taken, all), s.Cost)
		require.False(t, input.Less(s.Cost), "%v, then %v", input, s.Cost)
		for i := range all {
			rest := slices.Delete(slices.Clone(all), i, i+1)
			got, switches, shows := runBy(sc.system(), f.Violation, func(at forced, open []sim.Choice) sim.Choice {
				for j, r := range rest {
					if r.behind == at.behind && r.steps == at.steps && r.advance == at.advance &&
						slices.Contains(open, r.choice) {
						rest = slices.Delete(rest, j, j+1)
						return r.choice
					}
				}
				return at.choice
			})
			require.False(t, shows && costOf(got, switches).Less(s.Cost), "without %v", all[i])
		}
	})
}

// watched is a judge whose violations somebody else sees too.
type watched struct {
	sim.Judge
	saw func(vs []sim.Violation)
}

func (j *watched) Observe(t *sim.Transition) []sim.Violation {
	vs := j.Judge.Observe(t)
	j.saw(vs)
	return vs
}

func (j *watched) AtRest(r *sim.Rest) []sim.Violation {
	vs := j.Judge.AtRest(r)
	j.saw(vs)
	return vs
}

// TestShrunkHasTheFewestSwitches: of all the schedules of the same actors that show the violation, none has fewer
// forced switches.
func TestShrunkHasTheFewestSwitches(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ps := drawPrograms(t)
		r := walk(ps.system(), rapid.Uint64().Draw(t, "seed"), explore.Options{SchedulesMax: 50})
		f := rapid.SampledFrom(r.Finds).Draw(t, "find")
		s, err := explore.Shrink(f, one(ps.system))
		require.NoError(t, err)
		if s.Cost.Switches > 3 {
			return // more than every schedule is tried for
		}
		system := ps.system()
		judge := &watched{Judge: system.Judge}
		system.Judge = judge
		m, other := sim.New(system), sim.New(ps.system())
		defer m.Close()
		defer other.Close()
		met := false
		judge.saw = func(vs []sim.Violation) {
			for _, v := range vs {
				if v.Oracle == f.Violation.Oracle && v.Object == f.Violation.Object &&
					slices.Equal(actorsIn(m.Taken()), actorsIn(s.Choices)) {
					n := explore.Switches(other, m.Taken())
					require.LessOrEqual(t, s.Cost.Switches, n, "%v", m.Taken())
					met = met || n == s.Cost.Switches
				}
			}
		}
		require.True(t, explore.Plain(m, explore.Options{}).Exhausted)
		require.True(t, met)
	})
}
