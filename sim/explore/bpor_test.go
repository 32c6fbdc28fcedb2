package explore_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"fermata/sim"
	"fermata/sim/explore"
	"fermata/sim/tiny"
)

func boundedDPOR(preemptions int) func(*sim.Machine, explore.Options) *explore.Result {
	return func(m *sim.Machine, o explore.Options) *explore.Result {
		return explore.PreemptionBoundedDPOR(m, preemptions, o)
	}
}

// TestBoundedDPORSeesWhatBoundedSees: on programs at random, with the same bound, every result and every end of
// the runs within it, and nothing else; and with a bound that no run reaches, every class.
func TestBoundedDPORSeesWhatBoundedSees(t *testing.T) {
	for name, draw := range map[string]func(*rapid.T) scope{ //tidy:unordered each on its own
		"locks": drawLocks, "faults and time": drawDeep,
	} {
		t.Run(name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				for range programsPerCheck {
					sc, all := drawTraced(t, draw)
					for n := range 4 {
						want := traced(sc.byClass(), explore.Options{}, bounded(n))
						for _, got := range []traces{
							traced(sc.byClass(), explore.Options{}, boundedDPOR(n)),
							remembered(sc.byClass, boundedDPOR(n)),
						} {
							require.Equal(t, want.seen, got.seen, "bound %d", n)
							require.Subset(t, names(want.classes), names(got.classes))
							require.LessOrEqual(t, got.result.Schedules, want.result.Schedules)
							require.False(t, want.result.Exhausted && !got.result.Exhausted)
						}
					}
					got := traced(sc.byClass(), explore.Options{}, boundedDPOR(99))
					require.True(t, got.result.Exhausted)
					require.Equal(t, names(all.classes), names(got.classes))
				}
			})
		})
	}
}

// TestBoundedDPORNeedsItsExtraPoints: A reads a and then b, B writes b. Without a preemption there are A A B and
// B A A. The race is at A's second step, where a switch to B is one too many; it has to be reversed where
// A's turn began.
func TestBoundedDPORNeedsItsExtraPoints(t *testing.T) {
	sc := scope{programs: programs{{readA, {tiny.Read, cellB, 0}}, {writeB}}}
	all := traced(sc.byClass(), explore.Options{}, bounded(0))
	require.Len(t, all.classes, 2)
	got := traced(sc.byClass(), explore.Options{}, boundedDPOR(0))
	require.Equal(t, all.seen, got.seen)
	require.EqualValues(t, 2, got.result.Schedules)
	require.False(t, got.result.Exhausted)

	careless := traced(sc.byClass(), explore.Options{}, explore.CarelessBoundedDPOR(0))
	require.Len(t, careless.classes, 1)
	require.Less(t, len(careless.seen), len(all.seen))
	require.True(t, careless.result.PreemptionsCut)
}

// TestBoundedDPORKnowsThatTheClockIsFree: without a preemption C takes the lease, waits for it once more, lets A
// step, and has the clock let it go on, when it is B's turn. A has nothing in common with anybody.
func TestBoundedDPORKnowsThatTheClockIsFree(t *testing.T) {
	sc := scope{programs: programs{{either}, {leaseL}, {leaseL, lock}}, budget: sim.Budget{Advances: 1}}
	all := traced(sc.byClass(), explore.Options{}, bounded(0))
	require.Contains(t, all.seen, "end [0 0 0 2] [2] []")
	require.Equal(t, all.seen, traced(sc.byClass(), explore.Options{}, boundedDPOR(0)).seen)
}

// TestBoundedDPORCounts: runs of workload W with a fixed sweeper, and with an old one, for each bound, beside
// those of the search that reduces nothing.
func TestBoundedDPORCounts(t *testing.T) {
	for _, c := range []struct {
		sweep       func(*sim.Actor, sim.Object) uint16
		plain, dpor []int64
	}{
		{sweepFixed, []int64{6, 88, 390, 1151}, []int64{6, 50, 150, 279}},
		{sweepOld, []int64{6, 84, 542, 2363}, []int64{6, 51, 211, 562}},
	} {
		var all, some []int64
		for n := range 4 {
			w := func() *sim.System { return workload(1, c.sweep, 1) }
			want, got := searched(w, explore.Options{}, bounded(n)), searched(w, explore.Options{}, boundedDPOR(n))
			all, some = append(all, want.Schedules), append(some, got.Schedules)
			require.Equal(t, seen(want), seen(got))
		}
		require.Equal(t, c.plain, all)
		require.Equal(t, c.dpor, some)
	}
}
