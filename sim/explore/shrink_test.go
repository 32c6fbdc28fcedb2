package explore_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"fermata/sim"
	"fermata/sim/explore"
	"fermata/sim/tiny"
)

// find draws schedules until one violates.
func find(t require.TestingT, s *sim.System, seed uint64) (explore.Find, bool) {
	r := walk(s, seed, explore.Options{SchedulesMax: 2000, FirstOnly: true})
	require.Nil(t, r.Failure)
	if f := r.Judging(); f != nil {
		return *f, true
	}
	return explore.Find{}, false
}

func one(s func() *sim.System) []func() *sim.System { return []func() *sim.System{s} }

// violates tells whether the choices show the find's violation.
func violates(t require.TestingT, s *sim.System, f explore.Find, choices []sim.Choice) bool {
	m := sim.New(s)
	defer m.Close()
	vs, err := explore.Repeat(m, choices)
	if err != nil {
		return false
	}
	return slices.ContainsFunc(vs, func(v sim.Violation) bool {
		return v.Oracle == f.Violation.Oracle && v.Object == f.Violation.Object
	})
}

// TestShrunkStillViolates: on workload W, on the bare scenario and on programs at random, what is shrunk
// shows the same oracle and object, costs no more, repeats, and shrinks no further.
func TestShrunkStillViolates(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ps := drawPrograms(t)
		systems := map[string]func() *sim.System{
			"W":    func() *sim.System { return workload(1, sweepOld, 1) },
			"bare": func() *sim.System { return bare(3, false) },
			"any":  ps.system,
		}
		system := systems[rapid.SampledFrom([]string{"W", "bare", "any"}).Draw(t, "system")]
		f, ok := find(t, system(), rapid.Uint64().Draw(t, "seed"))
		require.True(t, ok)
		s, err := explore.Shrink(f, one(system))
		require.NoError(t, err)
		require.Equal(t, f.Violation.Oracle, s.Violation.Oracle)
		require.Equal(t, f.Violation.Object, s.Violation.Object)
		require.True(t, violates(t, system(), f, s.Choices))
		m := sim.New(system())
		defer m.Close()
		before := explore.Cost{
			Actors: actorsOf(f.Choices), Switches: explore.Switches(m, f.Choices), Steps: len(f.Choices),
		}
		require.False(t, before.Less(s.Cost), "%v, then %v", before, s.Cost)
		again, err := explore.Shrink(s.Find, one(system))
		require.NoError(t, err)
		require.False(t, again.Cost.Less(s.Cost), "it shrinks further: %v, %v", s.Cost, again.Cost)
	})
}

// actorsIn lists the actors of a schedule. The clock is none.
func actorsIn(choices []sim.Choice) (actors []sim.ActorID) {
	for _, c := range choices {
		if c.Actor != sim.Clock {
			actors = append(actors, c.Actor)
		}
	}
	slices.Sort(actors)
	return slices.Compact(actors)
}

func actorsOf(choices []sim.Choice) int { return len(actorsIn(choices)) }

// TestNoSwitchCanGo: of all schedules of W that show the violation, none has fewer actors than what is
// shrunk, and none with as few has fewer forced switches: so none of its switches can go.
func TestNoSwitchCanGo(t *testing.T) {
	system := func() *sim.System { return workload(1, sweepOld, 1) }
	fewest := fewestSwitches(t, system)
	for seed := range uint64(20) {
		f, ok := find(t, system(), seed)
		require.True(t, ok)
		s, err := explore.Shrink(f, one(system))
		require.NoError(t, err)
		least := explore.Cost{Actors: s.Cost.Actors, Switches: s.Cost.Switches}
		require.Equal(t, fewest[f.Violation.Oracle], least, "seed %d: %s", seed, f.Violation.Oracle)
	}
}

// fewestSwitches gives for each oracle the fewest actors and forced switches of any schedule that violates
// it.
func fewestSwitches(t *testing.T, system func() *sim.System) map[string]explore.Cost {
	m, other := sim.New(system()), sim.New(system())
	defer m.Close()
	defer other.Close()
	fewest := map[string]explore.Cost{}
	look := func(oracle string) {
		c := explore.Cost{Actors: actorsOf(m.Taken()), Switches: explore.Switches(other, m.Taken())}
		if least, known := fewest[oracle]; !known || c.Less(least) {
			fewest[oracle] = c
		}
	}
	judge := m.System().Judge.(*verdict)
	r := explore.Plain(m, explore.Options{
		Entered: func(m *sim.Machine, _ int) {
			if m.Transition().Last && m.Transition().Result.Code == 1 {
				look("observed")
			}
		},
		Ended: func(*sim.Machine) {
			if judge.badEnd() {
				look("at-rest")
			}
		},
	})
	require.True(t, r.Exhausted)
	require.Len(t, fewest, 2)
	require.Positive(t, fewest["observed"].Switches)
	return fewest
}

// TestShrinkTakesActorsOut: a race of two among three is shrunk onto the system of two.
func TestShrinkTakesActorsOut(t *testing.T) {
	three, two := func() *sim.System { return lost(3) }, func() *sim.System { return lost(2) }
	f, ok := find(t, three(), 1)
	require.True(t, ok)
	s, err := explore.Shrink(f, []func() *sim.System{three, two})
	require.NoError(t, err)
	require.Equal(t, 1, s.Variant)
	require.Equal(t, explore.Cost{Actors: 2, Switches: 1, Steps: 4}, s.Cost)
}

// lost is n actors that each add one by a read and a write, and a judge that sees a lost update.
func lost(n int) *sim.System {
	w := tiny.New(1)
	s := &sim.System{World: w, OperationName: func(uint8) string { return "run" }}
	for i := range n {
		s.Actors = append(s.Actors, sim.ActorSpec{
			Name: fmt.Sprintf("actor-%d", i+1),
			Script: on(0, func(a *sim.Actor, _ sim.Object) uint16 {
				tiny.Do(a, tiny.Write, 1, int64(tiny.Do(a, tiny.Read, 1, 0).Code)+1)
				return 0
			}),
		})
	}
	s.Judge = &verdict{object: "a", badEnd: func() bool { return int(w.Cell[1]) < n }}
	return s
}

// flaky judges by a count that outlives the run.
type flaky struct {
	verdict
	runs int
}

func (j *flaky) AtRest(r *sim.Rest) []sim.Violation {
	if j.runs++; j.runs%2 == 1 {
		return nil
	}
	return j.verdict.AtRest(r)
}

// TestShrinkRefusesWhatIsFlaky, and a find that is none.
func TestShrinkRefusesWhatIsFlaky(t *testing.T) {
	system := func() *sim.System {
		s := lost(2)
		s.Judge = &flaky{verdict: *s.Judge.(*verdict)}
		return s
	}
	f, ok := find(t, lost(2), 1)
	require.True(t, ok)
	_, err := explore.Shrink(f, one(system))
	require.ErrorIs(t, err, explore.ErrFlaky)
	require.ErrorContains(t, err, "replay 1 shows no at-rest of a")

	f.Choices = append(slices.Clone(f.Choices), f.Choices[0])
	_, err = explore.Shrink(f, one(func() *sim.System { return lost(2) }))
	require.ErrorIs(t, err, explore.ErrFlaky)
	require.ErrorContains(t, err, "choice 5 is not open")
}
