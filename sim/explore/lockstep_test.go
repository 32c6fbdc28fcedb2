package explore_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"fermata/sim"
	"fermata/sim/explore"
	"fermata/sim/tiny"
)

func lockstep(a, b *sim.System, o explore.Options) (*explore.Result, error) {
	m, n := sim.NewMemo(a), sim.NewMemo(b)
	defer m.Close()
	defer n.Close()
	return explore.Lockstep(m, n, o)
}

// TestEqualProgramsAreInLockstep: equal programs are equal under every schedule.
func TestEqualProgramsAreInLockstep(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		sc := drawScope(t)
		r, err := lockstep(sc.system(), sc.system(), explore.Options{})
		require.NoError(t, err)
		require.True(t, r.Exhausted)
		require.Nil(t, r.Failure)
	})
}

// TestLockstepTellsProgramsApart: of two programs of which one goes on where the other ends, it tells that they
// differ, unless plain search never sees that end.
func TestLockstepTellsProgramsApart(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ps := drawPrograms(t)
		i := rapid.IntRange(0, len(ps)-1).Draw(t, "actor")
		more := slices.Clone(ps)
		more[i] = append(slices.Clone(ps[i]), instruction{
			rapid.SampledFrom([]sim.Verb{tiny.Add, tiny.Lock}).Draw(t, "verb"), lockL, 0,
		})
		ends := false
		plain(t, ps.system(), explore.Options{Ended: func(m *sim.Machine) {
			ends = ends || m.Pending(sim.ActorID(i)) == nil
		}})
		_, err := lockstep(ps.system(), more.system(), explore.Options{})
		require.Equal(t, ends, err != nil)
		_, err = lockstep(more.system(), ps.system(), explore.Options{})
		require.Equal(t, ends, err != nil)
	})
}

// TestLockstepNamesTheDifference, each kind of it.
func TestLockstepNamesTheDifference(t *testing.T) {
	add := programs{{{tiny.Add, cellA, 0}}, {{tiny.Lock, lockL, 0}}}.system
	from := func(start byte) func() *sim.System {
		return func() *sim.System {
			s := add()
			s.World.(*tiny.World).Start[cellA] = start
			return s
		}
	}
	oneMore := func() *sim.System {
		return programs{{{tiny.Add, cellA, 0}}, {{tiny.Lock, lockL, 0}}, {{tiny.Add, cellA, 0}}}.system()
	}
	stuck := programs{{{tiny.Add, cellA, 0}}, {{tiny.Lock, lockL, 0}, {tiny.Lock, lockL, 0}}}.system
	picks := func(first ...instruction) func() *sim.System {
		return scope{programs: programs{append(first, instruction{pick, 0, 0})}}.system
	}
	for name, c := range map[string]struct { //tidy:unordered each on its own
		a, b func() *sim.System
		want string
	}{
		"another step": {
			func() *sim.System { return bare(2, false) }, func() *sim.System { return bare(2, true) },
			`after 0 steps one offers ["sweeper-1 read a" "sweeper-2 read a"] ` +
				`and the other ["sweeper-1 lock b" "sweeper-2 lock b"]`,
		},
		"another reply": {
			from(0), from(7), "after 1 steps one did actor-1 add a => 1 and the other actor-1 add a => 8",
		},
		"an actor more": {
			add, oneMore,
			`after 0 steps one offers ["actor-1 add a" "actor-2 lock d"] ` +
				`and the other ["actor-1 add a" "actor-2 lock d" "actor-3 add a"]`,
		},
		"an argument that the words do not have": {
			programs{{{tiny.Write, cellA, 1}}}.system, programs{{{tiny.Write, cellA, 2}}}.system,
			"after 0 steps actor-1 is held at write a in one and at write a in the other",
		},
		"an actor that is blocked where the other has come to its end": {
			add, stuck,
			"after 2 steps actor-2 is held at nothing in one and at lock d in the other",
		},
		"fewer replies to choose from": {
			picks(), func() *sim.System {
				s := picks()()
				s.World = lossy{s.World.(*clocked)}
				return s
			},
			`after 0 steps one offers ["actor-1 pick => 0" "actor-1 pick => 1"] and the other ["actor-1 pick"]`,
		},
		"another budget": {
			scope{programs: programs{{{lease, lockL, 1}}}, budget: sim.Budget{Advances: 1}}.system,
			scope{programs: programs{{{lease, lockL, 1}}}}.system,
			`after 1 steps one offers ["clock advance 1"] and the other []`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := lockstep(c.a(), c.b(), explore.Options{})
			require.EqualError(t, err, "explore: "+c.want)
			_, err = lockstep(c.b(), c.a(), explore.Options{})
			require.Error(t, err, "whichever comes first")
			r, err := lockstep(c.a(), c.a(), explore.Options{})
			require.NoError(t, err)
			require.True(t, r.Exhausted)
		})
	}
}

// TestLockstepSeesFailures: code that breaks out is no agreement, also if it does so in both, in the middle of
// the search.
func TestLockstepSeesFailures(t *testing.T) {
	breaks := func() *sim.System {
		s := programs{{{tiny.Add, cellA, 0}}, {{tiny.Read, cellA, 0}}}.system()
		s.Actors[0].Script = onceOnly(func(a *sim.Actor) {
			if tiny.Do(a, tiny.Read, cellB, 0); tiny.Do(a, tiny.Read, cellA, 0).Code == 0 {
				panic("out of luck")
			}
		})
		return s
	}
	quiet := func() *sim.System {
		s := breaks()
		s.Actors[0].Script = onceOnly(func(a *sim.Actor) {
			tiny.Do(a, tiny.Read, cellB, 0)
			tiny.Do(a, tiny.Read, cellA, 0)
		})
		return s
	}
	for _, pair := range [][2]*sim.System{{breaks(), breaks()}, {breaks(), quiet()}, {quiet(), breaks()}} {
		r, err := lockstep(pair[0], pair[1], explore.Options{})
		require.NoError(t, err)
		require.EqualError(t, r.Failure, "actor-1 panicked: out of luck", "whichever it is in")
		require.False(t, r.Exhausted)
	}
}
