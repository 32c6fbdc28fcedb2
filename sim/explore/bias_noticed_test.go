package explore_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"fermata/sim"
	"fermata/sim/explore"
	"fermata/sim/tiny"
)

// unset judges ends at which cell a is 0 although b's touch is over.
type unset struct{ w *partisan }

func (unset) Reset()                                         {}
func (unset) Observe(*sim.Transition) []sim.Violation        { return nil }
func (unset) Save(dst []byte) []byte                         { return dst }
func (unset) Load(src []byte) []byte                         { return src }
func (unset) KeyAs(d []byte, _ []sim.ActorID) ([]byte, bool) { return d, true }
func (unset) About(d []byte, _ sim.ActorID) []byte           { return d }
func (j unset) AtRest(*sim.Rest) []sim.Violation {
	if j.w.Cell[cellA] == 0 {
		return []sim.Violation{{Oracle: "unset", Object: "a", Judging: true}}
	}
	return nil
}

func partisanSystem() *sim.System {
	w := &partisan{World: tiny.New(int(cellsAll))}
	w.Locks = []sim.Object{lockL}
	try := onceOnly(func(a *sim.Actor) {
		if tiny.Do(a, tiny.TryLock, lockL, 0).Code == 1 {
			tiny.Do(a, tiny.Touch, cellB, 0)
		}
	})
	return &sim.System{
		World: w, Judge: unset{w}, Alike: [][]sim.ActorID{{0, 1}},
		Actors: []sim.ActorSpec{{Name: "one", Script: try}, {Name: "other", Script: try}},
	}
}

// TestLeastNoticesBias: the search for the least, which may come where the search before it has not been (FirstOnly,
// or another worker found it), begins again by names too where the world turns out to be biased. It loses the find.
func TestLeastNoticesBias(t *testing.T) {
	m := sim.NewMemo(partisanSystem())
	defer m.Close()
	// What another worker, whose world is another, found: the other takes the lock and touches, then one tries.
	find := explore.Find{
		Violation: sim.Violation{Oracle: "unset", Object: "a", Judging: true},
		Choices:   []sim.Choice{{Actor: 1}, {Actor: 1}, {Actor: 0}}, AtRest: true,
	}
	require.True(t, m.Renames())
	r := explore.LeastOf(m, explore.Options{FirstOnly: true}, &explore.Result{Finds: []explore.Find{find}})
	require.Empty(t, r.NotLeast)
	require.Len(t, r.Finds, 1, "a find is lost")
}

// late is a world that is biased only when an end is judged: as a world is whose settling decides by a name.
type late struct{ unset }

func (j late) AtRest(r *sim.Rest) []sim.Violation {
	j.w.biased = true
	if j.w.Cell[lockL] == 2 {
		return []sim.Violation{{Oracle: "late", Object: "a", Judging: true}}
	}
	return nil
}

func lateSystem() *sim.System {
	s := partisanSystem()
	w := s.World.(*partisan)
	s.Judge = late{unset{w}}
	try := onceOnly(func(a *sim.Actor) { tiny.Do(a, tiny.TryLock, lockL, 0) })
	for i := range s.Actors {
		s.Actors[i].Script = try
	}
	return s
}

// TestBiasAtTheLastEndIsNoticed: two searchers; the last end that one of them judges turns out to be biased, after the
// other has taken a state for known. The search must begin again.
func TestBiasAtTheLastEndIsNoticed(t *testing.T) {
	alone := explore.Cached(newMemo(t, lateSystem()), explore.Options{})
	require.Len(t, alone.Finds, 1)
	r := explore.TwoAtOnce(lateSystem, explore.Options{Without: explore.Sleep})
	require.True(t, r.Exhausted)
	require.Len(t, r.Finds, 1, "a violation is missed and the search says that it is exhausted")
}

func newMemo(t *testing.T, s *sim.System) *sim.Machine {
	m := sim.NewMemo(s)
	t.Cleanup(m.Close)
	return m
}
