package sim_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"fermata/sim"
)

// worldOf is the state of the world.
func worldOf(m *sim.Machine) string { return string(m.System().World.Save(nil)) }

// dies lists the actors that a crash of one ends: those of its server that have a step left.
func dies(m *sim.Machine, id sim.ActorID) (all []sim.ActorID) {
	actors := m.System().Actors
	for i, a := range actors {
		other := sim.ActorID(i)
		if m.Pending(other) != nil && (other == id || a.Server != "" && a.Server == actors[id].Server) {
			all = append(all, other)
		}
	}
	return all
}

// Every budget is spent one by one, what is spent is not offered again, and a fault hits only those whom the
// scope names.
func TestBudgetsAreKept(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := rapid.SampledFrom(drivers).Draw(t, "driver").make(drawSystem(t)())
		defer m.Close()
		s := m.System()
		left := s.Budget
		for {
			open := m.Choices(nil)
			require.Equal(t, left, m.Left())
			steps := 0
			for _, c := range open {
				require.False(t, c.Actor == sim.Clock && c.Fault == sim.NoFault && left.Advances == 0)
				require.False(t, c.Fault != sim.NoFault && left.Faults == 0)
				require.False(t, c.Fault == sim.Crash && !s.Actors[c.Actor].MayCrash)
				require.False(t, c.Fault == sim.Restart && !s.Actors[c.Actor].MayRestart)
				require.False(t, c.Fault == sim.Pause && !s.Actors[c.Actor].MayPause)
				require.False(t, c.Fault == sim.Redeliver && (!s.Redelivers || c.Actor != sim.Clock))
				if c.Fault == sim.NoFault {
					steps++
				} else if !c.Fault.Apart() {
					require.True(t, s.Actors[c.Actor].MayFail && s.World.MayFail(m.Pending(c.Actor), c.Fault))
					require.Contains(t, open, sim.Choice{Actor: c.Actor}, "only what can be done can fail")
				}
			}
			if len(open) == 0 {
				return
			}
			require.Positive(t, steps, "a run in which only faults are left is over")
			c := rapid.SampledFrom(open).Draw(t, "choice")
			if c.Fault != sim.NoFault {
				left.Faults--
			} else if c.Actor == sim.Clock {
				left.Advances--
			}
			m.Take(c)
		}
	})
}

// A crash ends the actors of the server and touches nothing, and nobody hears of them again.
func TestNothingComesAfterACrash(t *testing.T) {
	crashes := 0
	check := func(t require.TestingT, m *sim.Machine, choose func(open []sim.Choice) sim.Choice) {
		j := m.System().Judge.(*resting)
		var dead []sim.ActorID
		for {
			open := m.Choices(nil)
			for _, c := range open {
				require.NotContains(t, dead, c.Actor)
			}
			if len(open) == 0 {
				m.AtRest()
				require.ElementsMatch(t, dead, j.rest.Crashed)
				return
			}
			c := choose(open)
			if c.Fault != sim.Crash {
				m.Take(c)
				continue
			}
			before, dying := worldOf(m), dies(m, c.Actor)
			applied := m.System().World.(*timed).applied
			m.Take(c)
			crashes++
			dead = append(dead, dying...)
			require.Equal(t, before, worldOf(m))
			require.Equal(t, applied, m.System().World.(*timed).applied)
			require.Equal(t, dead, m.System().World.(*timed).crashed, "the world hears of each, once")
			for _, id := range dead {
				require.Nil(t, m.Pending(id))
				require.Zero(t, m.PendingDigest(id))
			}
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		s := drawSystem(t)()
		s.Judge = &resting{}
		m := rapid.SampledFrom(drivers).Draw(t, "driver").make(s)
		defer m.Close()
		check(t, m, func(open []sim.Choice) sim.Choice { return rapid.SampledFrom(open).Draw(t, "choice") })
	})
	m := sim.New(&sim.System{
		World: newTimed(cells), Judge: &resting{}, Budget: sim.Budget{Faults: 2}, Actors: []sim.ActorSpec{
			{Name: "a", Server: "server-1", MayCrash: true, Script: single(write(1, 2))},
			{Name: "b", Server: "server-1", Script: single(write(2, 2))},
			{Name: "c", MayCrash: true, Script: single(write(3, 2))},
			{Name: "d", Script: single(write(3, 2))},
		},
	})
	defer m.Close()
	crashes = 0
	check(t, m, func(open []sim.Choice) sim.Choice { return open[len(open)-1] })
	require.Equal(t, 2, crashes)
}

// An error before the effect leaves the world alone, one after it does to the world what the step does;
// both answer the same, and the actor goes on from there.
func TestErrorsAreBeforeOrAfter(t *testing.T) {
	errors := 0
	check := func(t require.TestingT, m *sim.Machine, choose func(open []sim.Choice) sim.Choice) {
		for {
			open := m.Choices(nil)
			if len(open) == 0 {
				return
			}
			here, before := m.Save(nil), worldOf(m)
			for _, c := range open {
				if c.Fault != sim.ErrorBefore {
					continue
				}
				errors++
				pending := *m.Pending(c.Actor)
				m.Take(sim.Choice{Actor: c.Actor})
				plain := worldOf(m)
				m.Load(here)
				m.Take(c)
				require.Equal(t, before, worldOf(m))
				lost, print := m.Transition().Reply, m.Fingerprint()
				next := m.PendingDigest(c.Actor)
				m.Load(here)
				m.Take(sim.Choice{Actor: c.Actor, Fault: sim.ErrorAfter})
				require.Equal(t, plain, worldOf(m))
				require.Equal(t, lost, m.Transition().Reply)
				require.Equal(t, m.System().World.FaultReply(&pending), lost)
				require.Equal(t, pending, *m.Transition().Step)
				require.Equal(t, next, m.PendingDigest(c.Actor))
				require.NotEqual(t, print, m.Fingerprint())
				m.Load(here)
			}
			m.Take(choose(open))
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		m := sim.NewMemo(drawSystem(t)())
		defer m.Close()
		check(t, m, func(open []sim.Choice) sim.Choice { return rapid.SampledFrom(open).Draw(t, "choice") })
	})
	m := sim.NewMemo(&sim.System{World: newTimed(cells), Budget: sim.Budget{Faults: 1}, Actors: []sim.ActorSpec{
		{Name: "a", MayFail: true, Script: single(write(1, 3))},
	}})
	defer m.Close()
	errors = 0
	check(t, m, func(open []sim.Choice) sim.Choice { return open[0] })
	require.Equal(t, 3, errors)
}

// Steps that are not dependent commute: the two orders lead to one world, and to the same next steps.
func TestIndependentStepsCommute(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := sim.NewMemo(drawSystem(t)())
		defer m.Close()
		for {
			open := m.Choices(nil)
			if len(open) == 0 {
				return
			}
			here := m.Save(nil)
			for _, c := range open {
				for _, d := range open {
					if c.Actor >= d.Actor || d.Actor == sim.Clock || c.Fault != sim.NoFault || d.Fault != sim.NoFault ||
						sim.Dependent(m.Pending(c.Actor), m.Pending(d.Actor)) {
						continue
					}
					after := func(one, two sim.Choice) []any {
						m.Load(here)
						m.Take(one)
						require.Contains(t, m.Choices(nil), two)
						m.Take(two)
						return []any{worldOf(m), m.PendingDigest(c.Actor), m.PendingDigest(d.Actor)}
					}
					require.Equal(t, after(c, d), after(d, c))
					m.Load(here)
				}
			}
			m.Take(rapid.SampledFrom(open).Draw(t, "choice"))
		}
	})
}

// Two steps are dependent if they share an object that at least one of them writes, whoever asks whom.
func TestDependent(t *testing.T) {
	step := func(accesses ...sim.Access) (s sim.Step) {
		for _, a := range accesses {
			s.Touch(a.Object, a.Kind)
		}
		return s
	}
	readA, writeA := sim.Access{Object: 1, Kind: sim.Read}, sim.Access{Object: 1, Kind: sim.Write}
	readB, writeB := sim.Access{Object: 2, Kind: sim.Read}, sim.Access{Object: 2, Kind: sim.Write}
	for name, c := range map[string]struct { //tidy:unordered each on its own
		one, two sim.Step
		want     bool
	}{
		"both read":                 {step(readA), step(readA), false},
		"one writes":                {step(readA), step(writeA), true},
		"both write":                {step(writeA), step(writeA), true},
		"other objects":             {step(writeA), step(writeB), false},
		"the last of each":          {step(readB, writeA), step(readB, readA), true},
		"one touches nothing":       {step(), step(writeA), false},
		"a write beside many reads": {step(slices.Repeat([]sim.Access{readA}, 7)...), step(readA, writeB), false},
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, c.want, sim.Dependent(&c.one, &c.two))
			require.Equal(t, c.want, sim.Dependent(&c.two, &c.one))
		})
	}
	var left sim.Step
	left.Touch(1, sim.Write)
	left.Accesses = 0
	require.False(t, sim.Dependent(&left, &left), "what is not counted is not declared")
}

// A fault is found by its word, and nothing by any other.
func TestFaultWords(t *testing.T) {
	for k := sim.ErrorBefore; k <= sim.Redeliver; k++ {
		require.Equal(t, k, sim.FaultNamed(k.String()))
	}
	require.Equal(t, sim.NoFault, sim.FaultNamed(""))
	require.Equal(t, sim.NoFault, sim.FaultNamed("error"))
	require.Empty(t, sim.NoFault.String())
}
