package explore_test

import (
	"encoding/binary"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"fermata/sim"
	"fermata/sim/explore"
	"fermata/sim/tiny"
)

const neither = explore.Symmetry | explore.Sleep

// reduced are the four searches that leave out no reduction, one, the other, and both.
func reduced(t require.TestingT, s func() *sim.System) (by map[explore.Reductions]*explore.Result) {
	by = map[explore.Reductions]*explore.Result{}
	for without := range neither + 1 {
		r := cachedWithin(s(), explore.Options{Without: without})
		require.Nil(t, r.Failure)
		require.True(t, r.Exhausted)
		by[without] = r
	}
	return by
}

// checkReduced holds the four searches against plain search and against one another: up to names, all see every
// result, every end and every history; sleep sets leave every state.
// Where replies name actors, states are taken for one until the first such reply, and no longer: how many there are
// then depends on the order.
func checkReduced(t require.TestingT, s func() *sim.System, named bool) map[explore.Reductions]*explore.Result {
	want := seen(plain(t, s(), explore.Options{}))
	by := reduced(t, s)
	for without := range neither + 1 {
		require.Equal(t, want, seen(by[without]), "without %d", without)
	}
	for _, without := range []explore.Reductions{0, explore.Symmetry} {
		awake := by[without|explore.Sleep]
		if named && without == 0 {
			continue
		}
		require.Equal(t, awake.States, by[without].States, "without %d", without)
		require.Equal(t, awake.Schedules, by[without].Schedules, "without %d", without)
		require.LessOrEqual(t, by[without].Transitions, awake.Transitions)
	}
	return by
}

// TestReductionsSeeWhatPlainSees: on programs at random of which some actors are alike, with errors, crashes, time
// and replies that the schedule chooses.
func TestReductionsSeeWhatPlainSees(t *testing.T) {
	fewer, spared := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		for range programsPerCheck {
			tw := drawTwins(t)
			if !plain(t, tw.system(), explore.Options{SchedulesMax: schedulesMax}).Exhausted {
				continue
			}
			by := checkReduced(t, tw.system, tw.named())
			if by[0].States < by[explore.Symmetry].States {
				fewer++
			}
			if by[explore.Symmetry].Transitions < by[neither].Transitions {
				spared++
			}
		}
	})
	require.Positive(t, fewer, "no two states differed in names alone: nothing was tested")
	require.Positive(t, spared, "no step ever slept: nothing was tested")
}

// TestReductionsOnWorkload: the same on W, where plain search ends.
func TestReductionsOnWorkload(t *testing.T) {
	checkReduced(t, func() *sim.System { return workload(1, sweepFixed, 1) }, false)
	checkReduced(t, func() *sim.System { return workload(1, sweepOld, 1) }, false)
	checkReduced(t, func() *sim.System { return bare(3, false) }, false)
	if !testing.Short() {
		checkReduced(t, func() *sim.System { return workload(2, sweepFixed, 1) }, false)
	}
	old := reduced(t, func() *sim.System { return workload(3, sweepOld, 1) })
	for without := range neither + 1 {
		require.Equal(t, seen(old[neither]), seen(old[without]))
	}
}

// TestFindsOfReducedSearchesRepeat: what is found is the schedule of a run as it is, with nobody renamed.
func TestFindsOfReducedSearchesRepeat(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tw := drawTwins(t)
		m := sim.New(tw.system())
		defer m.Close()
		for _, f := range cachedWithin(tw.system(), explore.Options{SchedulesMax: 50}).Finds {
			vs, err := explore.Repeat(m, f.Choices)
			require.NoError(t, err)
			require.Contains(t, vs, f.Violation)
		}
	})
}

// holders are two actors who lease the lock, one after the other, and then wait for it; one may crash, as long as a
// third has something to do.
var holders = twins{alike: 2, scope: scope{
	programs: programs{{{lease, lockL, 1}, {tiny.Lock, lockL, 0}}, nil, {{tiny.Write, cellA, 1}}},
	budget:   sim.Budget{Advances: 1, Faults: 1}, crash: []bool{true, true},
}}

// sortedByNode is a key that sorts the actors that are alike by where they are, and says of the lock only that
// somebody has it.
func sortedByNode(m *sim.Machine, dst []byte) []byte {
	all := parts(m)
	nodes := slices.Concat(all["where an actor is"], all["where the others are"])
	var numbers []uint64
	for range m.System().Actors {
		n, width := binary.Uvarint(nodes)
		numbers, nodes = append(numbers, n), nodes[width:]
	}
	slices.Sort(numbers[:len(m.System().Alike[0])])
	world := slices.Clone(all["the world"])
	world[lockL] = min(world[lockL], 1)
	dst = append(dst, world...)
	for _, n := range numbers {
		dst = binary.AppendUvarint(dst, n)
	}
	return slices.Concat(dst, all["the advances left"], all["the faults left"], all["the history"], all["the residual"])
}

// TestSortingByNodeAloneMisses: of two actors of whom one has the lock and the other had it, either may be the one
// that crashes. A search that renames the actors and not the lock's owner takes the two for one.
func TestSortingByNodeAloneMisses(t *testing.T) {
	all := seen(plain(t, holders.system(), explore.Options{}))
	missed := seen(cachedBy(t, holders.system(), sortedByNode))
	require.Subset(t, all, missed)
	require.Less(t, len(missed), len(all))
	by := checkReduced(t, holders.system, false)
	require.Less(t, by[0].States, by[explore.Symmetry].States)
}

// TestWhatWasAsleepIsCoveredBefore: a search that takes a state for done, whatever was asleep when it was met first,
// misses nothing here: no actor goes back, so that no state is met again on its own path, and what sleeps in one
// was gone through to the end before. The sets are stored so that no verdict rests on that.
func TestWhatWasAsleepIsCoveredBefore(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tw := drawTwins(t)
		by := reduced(t, tw.system)
		m := sim.NewMemo(tw.system())
		defer m.Close()
		careless := explore.CachedCareless(m, explore.Options{}, (*sim.Machine).Key)
		require.True(t, careless.Exhausted)
		require.Equal(t, by[explore.Symmetry].States, careless.States)
		require.Equal(t, seen(by[explore.Symmetry]), seen(careless))
		require.LessOrEqual(t, careless.Transitions, by[explore.Symmetry].Transitions)
	})
}

// hasty is a judge that lets every two steps change places.
type hasty struct{ orbits }

func (*hasty) Commutes(_, _ *sim.Transition) bool { return true }

// TestSleepingThroughWhatIsJudgedMisses: the order in which two operations end is judged, though they share nothing.
func TestSleepingThroughWhatIsJudgedMisses(t *testing.T) {
	apart := twins{alike: 1, scope: scope{programs: programs{{{tiny.Write, cellA, 1}}, {{tiny.Write, cellB, 1}}}}}
	checkReduced(t, apart.system, false)
	s := apart.system()
	s.Judge = &hasty{*s.Judge.(*orbits)}
	all, missed := seen(plain(t, apart.system(), explore.Options{})), seen(cachedWithin(s, explore.Options{}))
	require.Subset(t, all, missed)
	require.Less(t, len(missed), len(all))
}

// TestSleepingThroughAConflictMisses: a step that does not declare what it touches sleeps where it must not.
func TestSleepingThroughAConflictMisses(t *testing.T) {
	system := func(declared bool) func() *sim.System {
		return func() *sim.System {
			s := twins{alike: 1, scope: scope{programs: programs{{{verb: pick}}, {{verb: pick}}}}}.system()
			for i := range s.Actors {
				s.Actors[i].Script = onceOnly(func(a *sim.Actor) {
					write := sim.Step{Verb: tiny.Write, Object: cellA, A: int64(i) + 1}
					if declared {
						write.Touch(cellA, sim.Write)
					}
					a.Do(&write)
					a.Do(&sim.Step{Verb: tiny.Touch, Object: cellB})
				})
			}
			return s
		}
	}
	checkReduced(t, system(true), false)
	all := seen(plain(t, system(false)(), explore.Options{}))
	missed := seen(cachedWithin(system(false)(), explore.Options{}))
	require.Subset(t, all, missed)
	require.Less(t, len(missed), len(all))
}
