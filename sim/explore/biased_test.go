package explore_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"fermata/sim"
	"fermata/sim/explore"
	"fermata/sim/tiny"
)

// partisan is a world in which whoever touches cell b with the lock sets cell a, unless it is the last of those who
// are alike. It tells that it is biased, unless it is sly.
type partisan struct {
	*tiny.World
	biased, sly bool
}

func (w *partisan) Apply(a sim.ActorID, s *sim.Step, alt int) sim.Reply {
	if s.Verb == tiny.Touch {
		w.biased = true
		if w.Cell[lockL] == 1 {
			w.Cell[cellA] = 1
		}
	}
	return w.World.Apply(a, s, alt)
}

func (w *partisan) Biased() bool { return w.biased && !w.sly }

// partisanEnds are what cell a is at the ends that a search sees.
func partisanEnds(t *testing.T, sly bool) (ends map[byte]bool, r *explore.Result) {
	w := &partisan{World: tiny.New(int(cellsAll)), sly: sly}
	w.Locks = []sim.Object{lockL}
	try := onceOnly(func(a *sim.Actor) {
		if tiny.Do(a, tiny.TryLock, lockL, 0).Code == 1 {
			tiny.Do(a, tiny.Touch, cellB, 0)
		}
	})
	m := sim.NewMemo(&sim.System{
		World: w, Alike: [][]sim.ActorID{{0, 1}},
		Actors: []sim.ActorSpec{{Name: "one", Script: try}, {Name: "other", Script: try}},
	})
	defer m.Close()
	require.True(t, m.Renames())
	ends = map[byte]bool{}
	r = explore.Cached(m, explore.Options{Ended: func(*sim.Machine) { ends[w.Cell[cellA]] = true }})
	require.True(t, r.Exhausted)
	require.Empty(t, r.Limit)
	require.Equal(t, sly, m.Renames())
	return ends, r
}

// TestBiasedWorldsAreSearchedByName: once the world has decided something by who is who, the search begins again with
// everybody under his own name. One that is not told misses an end.
func TestBiasedWorldsAreSearchedByName(t *testing.T) {
	ends, r := partisanEnds(t, false)
	require.Equal(t, map[byte]bool{0: true, 1: true}, ends)
	missed, fewer := partisanEnds(t, true)
	require.Len(t, missed, 1)
	require.Less(t, fewer.States, r.States)
}
