package sim_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"fermata/sim"
	"fermata/sim/tiny"
)

func TestBothDriversGiveTheSameRun(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		system := drawSystem(t)
		m, memo := sim.New(system()), sim.NewMemo(system())
		defer m.Close()
		defer memo.Close()
		for range 3 {
			picks := drawPicks(t)
			m.Reset()
			memo.Reset()
			require.Equal(t, goOn(m, picks), goOn(memo, picks))
			require.Nil(t, m.Failure())
		}
		require.NoError(t, memo.Recheck())
	})
}

// A pooled machine repeats a run exactly, whatever was aborted between.
func TestResetRepeats(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		system := drawSystem(t)
		make := rapid.SampledFrom(drivers).Draw(t, "driver").make
		m := make(system())
		defer m.Close()
		picks := drawPicks(t)
		first := goOn(m, picks)
		for range rapid.IntRange(0, 3).Draw(t, "aborted") {
			m.Reset()
			for range rapid.IntRange(0, 4).Draw(t, "steps") {
				if open := m.Choices(nil); len(open) > 0 {
					m.Take(open[len(open)-1])
				}
			}
		}
		m.Reset()
		require.Equal(t, first, goOn(m, picks))
		fresh := make(system())
		defer fresh.Close()
		require.Equal(t, first, goOn(fresh, picks))
	})
}

func TestGoingOnFromALoadedStateIsGoingOn(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := sim.NewMemo(drawSystem(t)())
		defer m.Close()
		for range rapid.IntRange(0, 6).Draw(t, "steps before") {
			if open := m.Choices(nil); len(open) > 0 {
				m.Take(open[rapid.IntRange(0, len(open)-1).Draw(t, "choice")])
			}
		}
		save, key := m.Save(nil), m.Key(nil)
		taken := append([]sim.Choice(nil), m.Taken()...)
		picks := drawPicks(t)
		first := goOn(m, picks)
		m.Load(save)
		require.Equal(t, save, m.Save(nil))
		require.Equal(t, key, m.Key(nil))
		require.Equal(t, taken, append([]sim.Choice(nil), m.Taken()...))
		goOn(m, drawPicks(t))
		m.Load(save)
		require.Equal(t, first, goOn(m, picks))
	})
}

// A program that keeps a count in a variable of Go takes other steps when it is run again.
func TestRecheckFindsCodeThatKeepsState(t *testing.T) {
	calls := 0
	cheat := func(a *sim.Actor) {
		calls++
		for range 1 + calls%2 {
			tiny.Do(a, tiny.Touch, 1, 0)
		}
	}
	m := sim.NewMemo(&sim.System{World: tiny.New(2), Actors: []sim.ActorSpec{
		{Name: "honest", Script: single(write(1, 2))},
		{Name: "cheat", Script: single(cheat)},
	}})
	defer m.Close()
	goOn(m, nil)
	err := m.Recheck()
	var f *sim.Failure
	require.ErrorAs(t, err, &f)
	require.Equal(t, sim.Diverged, f.Kind)
	require.EqualError(t, err, "cheat does not repeat: in operation 0, on equal replies, it first "+
		"took touch a and then returned; does it keep something between operations?")
}

func TestRecheckNamesBothSteps(t *testing.T) {
	calls := 0
	m := sim.NewMemo(&sim.System{World: tiny.New(2), Actors: []sim.ActorSpec{
		{Name: "cheat", Script: single(func(a *sim.Actor) {
			calls++
			tiny.Do(a, tiny.Touch, sim.Object(1+calls%2), 0)
		})},
	}})
	defer m.Close()
	require.ErrorContains(t, m.Recheck(), "it first took touch b and then took touch a")
}

func TestRecheckComparesResults(t *testing.T) {
	calls := uint16(0)
	m := sim.NewMemo(&sim.System{World: tiny.New(1), Actors: []sim.ActorSpec{{
		Name: "cheat",
		Script: func(pos int, _ sim.Reply) (sim.Operation, bool) {
			return sim.Operation{Run: func(a *sim.Actor, _ *sim.Operation) sim.Reply {
				calls++
				tiny.Do(a, tiny.Touch, 1, 0)
				return sim.Reply{Code: calls}
			}}, pos == 0
		},
	}}})
	defer m.Close()
	goOn(m, nil)
	require.ErrorContains(t, m.Recheck(), "it first returned {1 0 0 0} and then returned {2 0 0 0}")
}

// A tree that runs the code again to grow notices by itself.
func TestGrowingNoticesCodeThatKeepsState(t *testing.T) {
	calls := 0
	cheat := func(a *sim.Actor) {
		calls++
		tiny.Do(a, tiny.Read, sim.Object(1+calls%2), 0)
		tiny.Do(a, tiny.Touch, 1, 0)
	}
	m := sim.NewMemo(&sim.System{World: tiny.New(2), Actors: []sim.ActorSpec{
		{Name: "cheat", Script: single(cheat)},
		{Name: "writer", Script: single(func(a *sim.Actor) {
			tiny.Do(a, tiny.Write, 1, 1)
			tiny.Do(a, tiny.Write, 2, 1)
		})},
	}})
	defer m.Close()
	goOn(m, nil)
	m.Reset()
	goOn(m, []int{1, 1, 0}) // the cheat reads another value, at a step that the code now takes elsewhere
	require.NotNil(t, m.Failure())
	require.Equal(t, sim.Diverged, m.Failure().Kind)
	require.Empty(t, m.Choices(nil))
}

func TestRecheckOfCoroutinesIsEmpty(t *testing.T) {
	m := sim.New(&sim.System{World: tiny.New(1), Actors: []sim.ActorSpec{{Name: "a", Script: single(write(1, 1))}}})
	defer m.Close()
	require.NoError(t, m.Recheck())
	require.PanicsWithValue(t, "sim: only a Machine made with NewMemo can save a run", func() { m.Save(nil) })
}

// An operation without a verb is not taken for the end of a script, and a step that answers many
// different things finds its way by each.
func TestTreeEdges(t *testing.T) {
	reads := 0
	system := func() *sim.System {
		return &sim.System{World: tiny.New(1), Histories: true, Actors: []sim.ActorSpec{
			{Name: "reader", Script: func(pos int, last sim.Reply) (sim.Operation, bool) {
				return sim.Operation{Run: func(a *sim.Actor, _ *sim.Operation) sim.Reply {
					reads++
					return tiny.Do(a, tiny.Read, 1, 0)
				}}, pos == 0 || pos == 1 && last.Code > 10
			}},
			{Name: "writer", Script: single(write(1, 20))},
		}}
	}
	m, memo := sim.New(system()), sim.NewMemo(system())
	defer m.Close()
	defer memo.Close()
	for _, rounds := range []int{0, 1} {
		before := reads
		for after := range 20 {
			picks := make([]int, after+1)
			for i := range after {
				picks[i] = 1
			}
			memo.Reset()
			byTree := goOn(memo, picks)
			if rounds == 0 {
				m.Reset()
				require.Equal(t, goOn(m, picks), byTree)
			}
		}
		if rounds == 1 {
			require.Equal(t, before, reads, "the tree ran code that it knows")
		}
	}
}
