package sim_test

import (
	"errors"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"

	"fermata/sim"
	"fermata/sim/tiny"
)

// What an actor acts through can break off: the operation ends there, and the run with it.
func TestBreakingOff(t *testing.T) {
	inBoth(t, func(t *testing.T, make func(*sim.System) *sim.Machine) {
		why := errors.New("the process has died")
		m := make(system(func(a *sim.Actor) {
			tiny.Do(a, tiny.Write, 1, 1)
			a.Break(why)
			tiny.Do(a, tiny.Write, 1, 2)
		}))
		defer m.Close()
		for range 2 { // the pool repeats it
			m.Reset()
			require.Nil(t, m.Failure())
			r := goOn(m, nil)
			require.Len(t, r.Effects, 1)
			require.Equal(t, &sim.Failure{Kind: sim.Broken, Actor: "hostile", Value: why}, m.Failure())
			require.EqualError(t, m.Failure(), "hostile broke off: the process has died")
			require.Empty(t, m.Choices(nil))
		}
	})
}

// The failure of a run is its first.
func TestTheFirstFailureIsKept(t *testing.T) {
	inBoth(t, func(t *testing.T, make func(*sim.System) *sim.Machine) {
		m := make(&sim.System{World: tiny.New(1), Actors: []sim.ActorSpec{
			{Name: "one", Script: single(func(*sim.Actor) { explode() })},
			{Name: "two", Script: single(func(*sim.Actor) { runtime.Goexit() })},
		}})
		require.EqualError(t, m.Failure(), "one panicked: the engine broke")
		m.Close()
		require.EqualError(t, m.Failure(), "one panicked: the engine broke")
	})
}

// An operation that never ends is one that always offers its next step: the machine goes on as long as it
// is asked to, and ends it like any other.
func TestEndlessOperations(t *testing.T) {
	endless := map[string]func(a *sim.Actor){
		"a loop over a step": func(a *sim.Actor) {
			for {
				tiny.Do(a, tiny.Add, 1, 0)
			}
		},
		"a wait for what never comes": func(a *sim.Actor) {
			for tiny.Do(a, tiny.Read, 3, 0).Code == 0 {
				continue
			}
		},
	}
	for name, code := range endless { //tidy:unordered each on its own
		t.Run(name, func(t *testing.T) {
			inBoth(t, func(t *testing.T, make func(*sim.System) *sim.Machine) {
				before := settled(0)
				m := make(system(code))
				for i := range 2 * sim.StepsDefault {
					require.Equal(t, i, m.Steps())
					m.Take(sim.Choice{Actor: 0})
				}
				require.Nil(t, m.Failure())
				require.NotEmpty(t, m.Choices(nil))
				m.Take(sim.Choice{Actor: 0, Fault: sim.Crash})
				require.Nil(t, m.Failure(), "it unwinds")
				m.Reset()
				require.Zero(t, m.Steps())
				m.Take(sim.Choice{Actor: 0})
				m.Close()
				require.Nil(t, m.Failure())
				require.LessOrEqual(t, settled(before), before)
			})
		})
	}
}

// A port answers its own actor's code only, and only while that is running: a call by another actor is how
// that one breaks out, and a call after the end is refused. Neither touches the world or a step.
func TestPortsOfOthers(t *testing.T) {
	inBoth(t, func(t *testing.T, make func(*sim.System) *sim.Machine) {
		var other *sim.Actor
		m := make(&sim.System{World: newTimed(3), Actors: []sim.ActorSpec{
			{Name: "honest", Script: single(func(a *sim.Actor) {
				other = a
				tiny.Do(a, tiny.Write, 1, 1)
			})},
			{Name: "thief", Script: single(func(a *sim.Actor) {
				tiny.Do(a, tiny.Write, 2, 1)
				tiny.Do(other, tiny.Write, 3, 1)
			})},
		}})
		held := *m.Pending(0)
		take(t, m, "thief write b")
		const refused = "sim: a port of honest is called outside its turn"
		require.EqualError(t, m.Failure(), "thief panicked: "+refused)
		require.Equal(t, held, *m.Pending(0))
		require.Equal(t, 1, m.System().World.(*timed).applied)
		m.Close()
		require.PanicsWithValue(t, refused, func() { tiny.Do(other, tiny.Write, 1, 7) })
		require.Equal(t, 1, m.System().World.(*timed).applied)
	})
}

// Code under test can ask who it is and how far.
func TestActorsKnowThemselves(t *testing.T) {
	inBoth(t, func(t *testing.T, make func(*sim.System) *sim.Machine) {
		type self struct {
			id        sim.ActorID
			name      string
			operation int
		}
		var seen []self
		script := func(pos int, _ sim.Reply) (sim.Operation, bool) {
			return sim.Operation{Run: func(a *sim.Actor, _ *sim.Operation) (r sim.Reply) {
				seen = append(seen, self{a.ID(), a.Name(), a.Operation()})
				tiny.Do(a, tiny.Touch, 1, 0)
				return r
			}}, pos < 2
		}
		m := make(&sim.System{World: tiny.New(1), Actors: []sim.ActorSpec{
			{Name: "a", Script: script}, {Name: "b", Script: script},
		}})
		defer m.Close()
		goOn(m, nil)
		require.Equal(t, []self{{0, "a", 0}, {1, "b", 0}, {0, "a", 1}, {1, "b", 1}}, seen)
	})
}

// Each way in which code can do otherwise than it did, with what it says then.
func TestRecheckTellsHowItDiffers(t *testing.T) {
	for name, c := range map[string]struct { //tidy:unordered each on its own
		again func(a *sim.Actor)
		want  string
	}{
		"it breaks out": {
			func(*sim.Actor) { explode() },
			"it first returned {0 0 0 0} and then broke out: hostile panicked: the engine broke",
		},
		"it takes one step more": {
			func(a *sim.Actor) { tiny.Do(a, tiny.Lock, 2, 0) },
			"it first returned {0 0 0 0} and then took lock b",
		},
	} {
		t.Run(name, func(t *testing.T) {
			runs := 0
			m := sim.NewMemo(system(func(a *sim.Actor) {
				runs++
				first := runs == 1
				tiny.Do(a, tiny.Write, 1, 1)
				if !first {
					c.again(a)
				}
			}))
			defer m.Close()
			goOn(m, nil)
			require.Nil(t, m.Failure())
			require.ErrorContains(t, m.Recheck(), c.want)
		})
	}
}

// Code that broke out once is not asked to do so again, and a failure in the middle is told as one.
func TestRecheckOfCodeThatBreaksOut(t *testing.T) {
	m := sim.NewMemo(system(func(a *sim.Actor) {
		tiny.Do(a, tiny.Write, 1, 1)
		explode()
	}))
	defer m.Close()
	goOn(m, nil)
	require.NoError(t, m.Recheck(), "it broke out, but always there")

	runs := 0
	late := sim.NewMemo(system(func(a *sim.Actor) {
		runs++
		if runs > 1 {
			explode()
		}
		tiny.Do(a, tiny.Write, 1, 1)
		tiny.Do(a, tiny.Write, 1, 2)
	}))
	defer late.Close()
	goOn(late, nil)
	require.ErrorContains(t, late.Recheck(), "hostile panicked: the engine broke")
}

// The words for code that goes on for ever.
func TestNotUnwindingIsTold(t *testing.T) {
	m := sim.New(system(breakers[0].hostile))
	m.Close()
	require.EqualError(t, m.Failure(),
		"hostile does not unwind: it went on calling ports after its run had ended")
}

// Start is called at the start of each run, behind the world's reset, and before any code runs.
func TestStart(t *testing.T) {
	inBoth(t, func(t *testing.T, make func(*sim.System) *sim.Machine) {
		w := tiny.New(1)
		starts := 0
		m := make(&sim.System{World: w, Actors: []sim.ActorSpec{
			{Name: "a", Script: single(func(a *sim.Actor) {
				require.Positive(t, starts)
				tiny.Do(a, tiny.Add, 1, 0)
			})},
		}, Start: func() {
			require.Zero(t, w.Cell[1])
			w.Cell[1] = 7
			starts++
		}})
		defer m.Close()
		for range 3 {
			before := starts
			m.Reset()
			require.Equal(t, before+1, starts)
			m.Take(sim.Choice{Actor: 0})
			require.Equal(t, "8", m.DescribeTaken().Reply)
		}
		require.Nil(t, m.AtRest(), "nobody judges")
		require.Nil(t, m.Failure())
	})
}
