package explore_test

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"fermata/sim"
	"fermata/sim/explore"
	"fermata/sim/tiny"
)

// numbered gives systems that share their numbers.
func numbered(s func() *sim.System) func() *sim.System {
	numbers := explore.NewNumbers()
	return func() *sim.System {
		s := s()
		s.Numbers = numbers
		return s
	}
}

// drawnBy draws turns from one draw: a draw for each would make rapid's logs long.
func drawnBy(t *rapid.T) func(n int) int {
	return rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "turns"), 0)).IntN
}

// TestWhoSearchesDoesNotMatter: searchers whose turns are drawn, and who give work away at any moment, enter the states
// that one enters alone, meet every end once, and find what it finds: with each of the reductions and without. They run
// on one goroutine, so that a failure comes again.
func TestWhoSearchesDoesNotMatter(t *testing.T) {
	more := 0
	rapid.Check(t, func(t *rapid.T) {
		for range 3 {
			tw := drawTwins(t)
			for without := range neither + 1 {
				o := explore.Options{Without: without}
				alone := cachedWithin(tw.system(), o)
				workers := rapid.IntRange(2, 4).Draw(t, "workers")
				r := explore.StatesInTurns(numbered(tw.system), workers, o, false, drawnBy(t))
				require.Nil(t, r.Failure)
				require.Equal(t, seen(alone), seen(r))
				if !tw.named() || without&explore.Symmetry != 0 {
					require.Equal(t, alone.States, r.States, "without %d", without)
					require.Equal(t, alone.Schedules, r.Schedules, "without %d", without)
				}
				if without&explore.Sleep != 0 && (!tw.named() || without&explore.Symmetry != 0) {
					require.Equal(t, alone.Transitions, r.Transitions)
				} else if r.Transitions > alone.Transitions {
					more++
				}
			}
		}
	})
	require.Positive(t, more, "no state was ever entered again with something awake: nothing was tested")
}

// TestTogetherWhatSleptMustBeKept: searchers who take a state that was entered for done, whatever slept in it then,
// miss states, though one alone misses none: what sleeps in a state is then not always gone through before.
func TestTogetherWhatSleptMustBeKept(t *testing.T) {
	s := func() *sim.System { return workload(2, sweepOld, 1) }
	alone := cachedWithin(s(), explore.Options{})
	missed := 0
	for seed := range uint64(20) {
		rng := rand.New(rand.NewPCG(seed, 0))
		careless := explore.StatesInTurns(numbered(s), 3, explore.Options{}, true, rng.IntN)
		if careless.States < alone.States {
			missed++
		}
		kept := explore.StatesInTurns(numbered(s), 3, explore.Options{}, false, rng.IntN)
		require.Equal(t, alone.States, kept.States)
	}
	require.Positive(t, missed)
}

// TestTeamsFindTheSame: however many search, and on real goroutines, the states, the ends and the finds are the same,
// to the choice.
func TestTeamsFindTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tw := drawTwins(t)
		o := explore.Options{FirstOnly: rapid.Bool().Draw(t, "first only")}
		one := statesBy(1, tw.system, 0, o)
		require.Empty(t, one.NotLeast)
		for _, workers := range []int{2, 3, 8} {
			r := statesBy(workers, tw.system, int64(rapid.IntRange(0, 20).Draw(t, "alone")), o)
			require.Equal(t, one.Finds, r.Finds)
			require.Equal(t, one.Exhausted, r.Exhausted)
			require.Empty(t, r.Limit)
			if !tw.named() {
				require.Equal(t, one.States, r.States)
				require.Equal(t, one.Schedules, r.Schedules)
			}
		}
	})
}

// TestTeamsOnWorkload: the same on W, right and wrong.
func TestTeamsOnWorkload(t *testing.T) {
	for name, s := range map[string]func() *sim.System{ //tidy:unordered each on its own
		"right": func() *sim.System { return workload(4, sweepFixed, 1) },
		"wrong": func() *sim.System { return workload(3, sweepOld, 1) },
		"two":   func() *sim.System { return workload(2, sweepFixed, 2) },
	} {
		t.Run(name, func(t *testing.T) {
			for _, o := range []explore.Options{{}, {FirstOnly: true}} {
				one := statesBy(1, s, 0, o)
				require.Equal(t, name == "wrong", one.Judging() != nil)
				for _, workers := range []int{2, 3, 8} {
					r := statesBy(workers, s, 1000, o)
					require.Equal(t, one.Finds, r.Finds)
					require.Equal(t, one.States, r.States)
					require.Equal(t, one.Schedules, r.Schedules)
					require.Equal(t, one.Exhausted, r.Exhausted)
				}
			}
		})
	}
}

// statesBy searches with so many workers of whom the first is alone for a while.
func statesBy(workers int, s func() *sim.System, alone int64, o explore.Options) *explore.Result {
	member := numbered(s)
	m := sim.NewMemo(member())
	defer m.Close()
	return explore.StatesAtOnce(m, explore.Team{Workers: workers, Member: member, Recheck: true}, alone, o)
}

// TestLimitsOfTeams: a limit cuts a search that is shared too, soon after it is reached.
func TestLimitsOfTeams(t *testing.T) {
	s := func() *sim.System { return workload(3, sweepFixed, 2) }
	stops := 0
	for limit, o := range map[string]explore.Options{ //tidy:unordered each on its own
		"states": {StatesMax: 20_000}, "transitions": {TransitionsMax: 20_000}, "schedules": {SchedulesMax: 3},
		"memory":  {MemoryMiB: 2},
		"stopped": {Stop: func() bool { stops++; return stops > 5 }},
	} {
		t.Run(limit, func(t *testing.T) {
			var told []int64
			o.Progress = func(r *explore.Result) { told = append(told, r.Transitions) }
			r := statesBy(3, s, 100, o)
			require.Equal(t, limit, r.Limit)
			require.False(t, r.Exhausted)
			require.Less(t, r.States, int64(500_000))
			if limit != "memory" {
				require.NotEmpty(t, told)
			}
			require.IsIncreasing(t, append([]int64{-1}, told...))
		})
	}
}

// TestBreakingOutInATeam: code that breaks out ends the search of everybody, and a panic comes out where the search was
// called.
func TestBreakingOutInATeam(t *testing.T) {
	s := func() *sim.System {
		s := lost(2)
		s.Actors[1].Script = onceOnly(func(a *sim.Actor) {
			if tiny.Do(a, tiny.Read, cellA, 0).Code == 1 {
				panic("out of luck")
			}
		})
		return s
	}
	r := statesBy(3, s, 0, explore.Options{})
	require.EqualError(t, r.Failure, "actor-2 panicked: out of luck")
	require.False(t, r.Exhausted)
	require.PanicsWithValue(t, "seen enough", func() {
		statesBy(3, func() *sim.System { return workload(2, sweepFixed, 1) }, 10, explore.Options{
			Entered: func(*sim.Machine, int) { panic("seen enough") },
		})
	})
	came, back := make(chan struct{}), false
	go func() {
		defer close(came)
		statesBy(3, func() *sim.System { return workload(2, sweepFixed, 1) }, 10, explore.Options{
			Entered: func(m *sim.Machine, _ int) {
				if m.Steps() > 5 {
					runtime.Goexit()
				}
			},
		})
		back = true
	}()
	<-came
	require.False(t, back, "a goroutine that ends a worker ends the one that called")
}

// reported is a judge that keeps what it reported last.
type reported struct {
	sim.Judge
	last []sim.Violation
}

func (j *reported) Observe(t *sim.Transition) []sim.Violation {
	j.last = j.Judge.Observe(t)
	return j.last
}

func (j *reported) AtRest(r *sim.Rest) []sim.Violation {
	j.last = j.Judge.AtRest(r)
	return j.last
}

// leastByPlain is the least violation of each oracle and object, by looking at all violations of all schedules.
func leastByPlain(t require.TestingT, s *sim.System) map[string][]sim.Choice {
	all := map[string][]sim.Choice{}
	j := &reported{Judge: s.Judge}
	s.Judge = j
	note := func(m *sim.Machine) {
		for _, v := range j.last {
			name := fmt.Sprint(v.Oracle, " ", v.Object)
			if have, ok := all[name]; !ok || explore.Before(m.Taken(), have) {
				all[name] = append([]sim.Choice(nil), m.Taken()...)
			}
		}
	}
	r := plain(t, s, explore.Options{Entered: func(m *sim.Machine, _ int) { note(m) }, Ended: note})
	require.True(t, r.Exhausted)
	return all
}

// TestFindsAreTheLeast of all violations of all schedules, for every oracle and object, and with FirstOnly of all; that
// which a search depth first meets first is often not.
func TestFindsAreTheLeast(t *testing.T) {
	others := 0
	rapid.Check(t, func(t *rapid.T) {
		tw := drawTwins(t)
		if !plain(t, tw.system(), explore.Options{SchedulesMax: schedulesMax}).Exhausted {
			return
		}
		want, got := leastByPlain(t, tw.system()), map[string][]sim.Choice{}
		for _, f := range statesBy(1, tw.system, 0, explore.Options{}).Finds {
			got[f.Violation.Oracle+" "+f.Violation.Object] = f.Choices
		}
		require.Equal(t, want, got)
		first := statesBy(2, tw.system, 0, explore.Options{FirstOnly: true}).Judging()
		require.NotNil(t, first)
		for _, choices := range want { //tidy:unordered each on its own
			require.False(t, explore.Before(choices, first.Choices))
		}
		for _, f := range cachedWithin(tw.system(), explore.Options{}).Finds {
			if explore.Before(want[f.Violation.Oracle+" "+f.Violation.Object], f.Choices) {
				others++
			}
		}
	})
	require.Positive(t, others)
}

// TestWhereTheLeastCannotBeLookedFor the finds stay as they were met, and the result says so.
func TestWhereTheLeastCannotBeLookedFor(t *testing.T) {
	s := func() *sim.System { return workload(3, sweepOld, 1) }
	whole := cachedWithin(s(), explore.Options{})
	for _, workers := range []int{1, 3} {
		r := statesBy(workers, s, 1<<20, explore.Options{TransitionsMax: whole.Transitions + 1})
		require.Equal(t, "transitions", r.NotLeast)
		require.Empty(t, r.Limit)
		require.True(t, r.Exhausted)
		require.Equal(t, seen(whole), seen(r))
		require.Empty(t, statesBy(workers, s, 1<<20, explore.Options{}).NotLeast)
	}
}
