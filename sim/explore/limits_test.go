package explore_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"fermata/sim"
	"fermata/sim/explore"
	"fermata/sim/tiny"
)

// search is a search of a system that is made for it.
type search func(s func() *sim.System, o explore.Options) *explore.Result

var searches = map[string]search{
	"plain": func(s func() *sim.System, o explore.Options) *explore.Result {
		return searched(s, o, explore.Plain)
	},
	"bounded": func(s func() *sim.System, o explore.Options) *explore.Result {
		return searched(s, o, bounded(2))
	},
	"delayed": func(s func() *sim.System, o explore.Options) *explore.Result {
		return searched(s, o, delayed(3))
	},
	"dpor": func(s func() *sim.System, o explore.Options) *explore.Result {
		return searched(s, o, explore.DPOR)
	},
	"dpor, remembered": func(s func() *sim.System, o explore.Options) *explore.Result {
		m := sim.NewMemo(s())
		defer m.Close()
		return explore.DPOR(m, o)
	},
	"dpor, bounded": func(s func() *sim.System, o explore.Options) *explore.Result {
		return searched(s, o, boundedDPOR(2))
	},
	"cached": func(s func() *sim.System, o explore.Options) *explore.Result {
		return cachedWithin(s(), o)
	},
	"random": func(s func() *sim.System, o explore.Options) *explore.Result {
		return walk(s(), 1, o)
	},
	"pct":       walkedBy(1),
	"portfolio": walkedBy(0),
	"lockstep": func(s func() *sim.System, o explore.Options) *explore.Result {
		r, err := lockstep(s(), s(), o)
		if err != nil {
			panic(err)
		}
		return r
	},
}

func walks(name string) bool { return name == "random" || name == "pct" || name == "portfolio" }

// walkedBy walks by one of everyStrategy.
func walkedBy(i int) search {
	return func(s func() *sim.System, o explore.Options) *explore.Result {
		return searched(s, o, func(m *sim.Machine, o explore.Options) *explore.Result {
			return explore.Walk(m, everyStrategy(1)[i], o)
		})
	}
}

// TestLimits: each limit ends each search, is named, and leaves it not exhausted.
func TestLimits(t *testing.T) {
	many := func() *sim.System { return workload(4, sweepFixed, 1) }
	endless := func() *sim.System {
		s := scope{programs: programs{{{tiny.Add, cellA, 0}}}}.system()
		s.Actors[0].Script = onceOnly(func(a *sim.Actor) {
			for {
				tiny.Do(a, tiny.Add, cellA, 0)
			}
		})
		s.Limits.StepsMax = 40
		return s
	}
	for name, search := range searches { //tidy:unordered each on its own
		for limit, c := range map[string]struct { //tidy:unordered each on its own
			of func() *sim.System
			o  explore.Options
		}{
			"schedules":   {many, explore.Options{SchedulesMax: 2}},
			"transitions": {many, explore.Options{TransitionsMax: 100}},
			"stopped":     {many, explore.Options{Stop: func() bool { return true }}},
			"steps":       {endless, explore.Options{}},
			"states":      {many, explore.Options{StatesMax: 50}},
		} {
			statesOnly := limit == "states"
			if statesOnly && name != "cached" && name != "lockstep" {
				continue // it does not tell states apart
			}
			t.Run(name+" "+limit, func(t *testing.T) {
				r := search(c.of, c.o)
				require.Equal(t, limit, r.Limit)
				require.False(t, r.Exhausted)
				require.Nil(t, r.Failure)
				switch limit {
				case "schedules":
					require.EqualValues(t, 2, r.Schedules)
				case "transitions":
					require.GreaterOrEqual(t, r.Transitions, int64(100))
				case "states":
					require.EqualValues(t, 50, r.States)
				case "steps":
					require.Zero(t, r.Schedules, "a run that was cut is none")
					require.Empty(t, r.Finds, "nor is it judged")
				}
			})
		}
	}
}

// TestMemory: the states that are known stay within the limit, and where they cannot the search has none to tell of.
func TestMemory(t *testing.T) {
	s := func() *sim.System { return workload(2, sweepFixed, 2) }
	whole := cachedWithin(s(), explore.Options{})
	require.True(t, whole.Exhausted)
	require.Greater(t, whole.Memory, int64(2<<20))
	cut := cachedWithin(s(), explore.Options{MemoryMiB: 2})
	require.Equal(t, "memory", cut.Limit)
	require.False(t, cut.Exhausted)
	require.LessOrEqual(t, cut.Memory, int64(2<<20))
	require.Less(t, cut.States, whole.States)
	enough := cachedWithin(s(), explore.Options{MemoryMiB: 2 * int(whole.Memory>>20)})
	require.True(t, enough.Exhausted)
	require.Equal(t, whole.States, enough.States)
}

// onceOnly is a script of one operation that answers nothing.
func onceOnly(code func(a *sim.Actor)) sim.Script {
	return func(pos int, _ sim.Reply) (sim.Operation, bool) {
		return sim.Operation{Verb: 1, Run: func(a *sim.Actor, _ *sim.Operation) (r sim.Reply) {
			code(a)
			return r
		}}, pos == 0
	}
}

// TestABudgetIsNoLimit: a search that comes to the end of every schedule is exhausted, though each of them
// spends all that the scope allows; with more to spend it comes further.
func TestABudgetIsNoLimit(t *testing.T) {
	of := func(budget sim.Budget) func() *sim.System {
		return scope{
			programs: programs{
				{{lease, lockL, 1}, {tiny.Write, cellA, 1}}, {{lease, lockL, 2}, {tiny.Write, cellA, 2}},
			},
			budget: budget, fail: []bool{true, true}, crash: []bool{true, true},
		}.system
	}
	for name, search := range searches { //tidy:unordered each on its own
		if walks(name) {
			continue // they are never exhausted
		}
		t.Run(name, func(t *testing.T) {
			var last int64
			for _, budget := range []sim.Budget{{}, {Advances: 1}, {Advances: 1, Faults: 1}, {Advances: 2, Faults: 2}} {
				r := search(of(budget), explore.Options{})
				require.Empty(t, r.Limit)
				require.Equal(t, !r.PreemptionsCut && !r.DelaysCut, r.Exhausted)
				require.Greater(t, r.Schedules, last)
				last = r.Schedules
			}
		})
	}
}

// TestFirstOnly: the search ends at the first violation that judges, and has its schedule up to there.
func TestFirstOnly(t *testing.T) {
	for name, search := range searches { //tidy:unordered each on its own
		if name == "lockstep" {
			continue // it compares, and does not judge
		}
		t.Run(name, func(t *testing.T) {
			s := func() *sim.System { return workload(1, sweepOld, 1) }
			r := search(s, explore.Options{FirstOnly: true})
			require.Len(t, r.Finds, 1)
			require.Empty(t, r.Limit)
			require.False(t, r.Exhausted)
			f := r.Judging()
			require.NotNil(t, f)
			require.True(t, violates(t, s(), *f, f.Choices))
			require.False(t, violates(t, s(), *f, f.Choices[:len(f.Choices)-1]), "nothing follows the violation")
		})
	}
}

// TestAlsoSeenDoesNotEnd: a violation that does not judge is kept and ends nothing.
func TestAlsoSeenDoesNotEnd(t *testing.T) {
	s := lost(2)
	s.Judge = &alsoSeen{*s.Judge.(*verdict)}
	r := plain(t, s, explore.Options{FirstOnly: true})
	require.True(t, r.Exhausted)
	require.EqualValues(t, 6, r.Schedules)
	require.Len(t, r.Finds, 1)
	require.Nil(t, r.Judging())
}

// alsoSeen judges nothing.
type alsoSeen struct{ verdict }

func (j *alsoSeen) AtRest(r *sim.Rest) []sim.Violation {
	vs := j.verdict.AtRest(r)
	for i := range vs {
		vs[i].Judging = false
	}
	return vs
}

// TestProgress is told now and then, with counts that rise, and not at every step.
func TestProgress(t *testing.T) {
	for name, search := range searches { //tidy:unordered each on its own
		t.Run(name, func(t *testing.T) {
			var told []int64
			r := search(func() *sim.System { return workload(3, sweepFixed, 2) }, explore.Options{
				TransitionsMax: 10_000,
				Progress:       func(r *explore.Result) { told = append(told, r.Transitions) },
			})
			require.Equal(t, "transitions", r.Limit)
			require.NotEmpty(t, told)
			require.LessOrEqual(t, len(told), 5)
			require.IsIncreasing(t, told)
		})
	}
}

// TestCodeThatBreaksOutEndsASearch: as a Failure, with no verdict on the run in which it did.
func TestCodeThatBreaksOutEndsASearch(t *testing.T) {
	s := func() *sim.System {
		s := lost(2)
		s.Actors[1].Script = onceOnly(func(a *sim.Actor) {
			if tiny.Do(a, tiny.Read, cellA, 0).Code == 1 {
				panic("out of luck")
			}
		})
		return s
	}
	for name, search := range searches { //tidy:unordered each on its own
		t.Run(name, func(t *testing.T) {
			r := search(s, explore.Options{SchedulesMax: 1000})
			require.NotNil(t, r.Failure)
			require.EqualError(t, r.Failure, "actor-2 panicked: out of luck")
			require.False(t, r.Exhausted)
			require.Empty(t, r.Limit)
		})
	}
}

// TestCodeThatDoesNotRepeat: a search that makes each run from its start notices that a run is not what it was,
// and one that goes along reply trees that the code does otherwise than they say.
func TestCodeThatDoesNotRepeat(t *testing.T) {
	s := func() *sim.System {
		s := lost(2)
		calls := 0
		s.Actors[1].Script = onceOnly(func(a *sim.Actor) {
			calls++
			tiny.Do(a, tiny.Write, cellA, int64(calls))
			tiny.Do(a, tiny.Read, cellA, 0)
			tiny.Do(a, tiny.Touch, cellA, 0)
		})
		return s
	}
	for _, search := range []func(*sim.Machine, explore.Options) *explore.Result{explore.Plain, explore.DPOR} {
		r := searched(s, explore.Options{}, search)
		require.Equal(t, sim.Diverged, r.Failure.Kind)
		require.False(t, r.Exhausted)
		require.Regexp(t, `^actor-[12] does not repeat: choice \d of a schedule had another effect than before$`,
			r.Failure.Error())
	}

	r := cachedWithin(s(), explore.Options{})
	require.NotNil(t, r.Failure)
	require.Equal(t, sim.Diverged, r.Failure.Kind)
	require.False(t, r.Exhausted)
}
