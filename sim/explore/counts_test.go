package explore_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"fermata/sim"
	"fermata/sim/explore"
)

// tally counts schedules and trace classes, all and bad, and the chance that a random walk ends bad.
type tally struct {
	schedules, bad     int
	classes, badClases int
	chance             float64
}

// count runs plain search over every schedule.
func count(t *testing.T, s *sim.System) tally {
	t.Helper()
	m := sim.New(s)
	defer m.Close()
	var n tally
	var class explore.Class
	classes := map[[2]uint64]bool{}
	chance := 1.0
	r := explore.Plain(m, explore.Options{
		Entered: func(m *sim.Machine, open int) {
			if m.Steps() == 1 {
				class.Reset()
				chance = 1
			}
			class.Add(m.Transition())
			chance /= float64(open)
		},
		Ended: func(*sim.Machine) {
			bad := s.Judge.(*verdict).bad
			n.schedules++
			classes[class.Sum] = bad
			if bad {
				n.bad++
				n.chance += chance
			}
		},
	})
	require.True(t, r.Exhausted)
	require.Nil(t, r.Failure)
	for _, bad := range classes { //tidy:unordered counting
		n.classes++
		if bad {
			n.badClases++
		}
	}
	return n
}

// The counts are those of a model checker and of brute force, derived apart from this code.
func TestPlainCountsOfWorkload(t *testing.T) {
	one := count(t, workload(1, sweepFixed, 1))
	require.Equal(t, tally{schedules: 2438, classes: 30}, one)

	old := count(t, workload(1, sweepOld, 1))
	require.Equal(t, 49225, old.schedules)
	require.Equal(t, 17760, old.bad)
	require.Equal(t, 78, old.classes)
}

func TestPlainCountsOfTwoFixedSweepers(t *testing.T) {
	if testing.Short() {
		t.Skip("356,712 schedules: left out by -short")
	}
	n := count(t, workload(2, sweepFixed, 1))
	require.Equal(t, tally{schedules: 356712, classes: 476}, n)
}

// The exact columns of the bare scenario: (n!)^2 classes when the lookup comes first, n! when the
// lock does.
func TestBareCounts(t *testing.T) {
	two := count(t, bare(2, false))
	require.Equal(t, []int{10, 6, 4, 2}, []int{two.schedules, two.bad, two.classes, two.badClases})
	require.InDelta(t, 0.750, two.chance, 0.0005)

	three := count(t, bare(3, false))
	require.Equal(t, []int{270, 246, 36, 30}, []int{three.schedules, three.bad, three.classes, three.badClases})
	require.InDelta(t, 53.0/54, three.chance, 1e-9) // the published 0.982 is this, rounded up

	for n, want := range map[int]int{2: 2, 3: 6} { //tidy:unordered each on its own
		fixed := count(t, bare(n, true))
		require.Equal(t, tally{schedules: want, classes: want}, fixed)
	}
}

// The states of the cached search lie between those of hand-written step functions, which forget what an
// actor read as soon as it needs it no more, and those of Spin, which counts the ends of processes too.
func TestCachedStatesOfWorkload(t *testing.T) {
	for _, c := range []struct {
		sweepers int
		// With alike sweepers as one, and without; the transitions of each with sleep sets, and without.
		alike, alikeSpared, alikeAll int64
		states, spared, all          int64
		byHandAlike, byHand, bySpin  int64
	}{
		{1, 203, 313, 417, 203, 313, 417, 195, 195, 351},
		{2, 660, 1185, 1699, 1172, 2125, 3058, 590, 1048, 2128},
		{3, 1431, 2975, 4526, 5560, 11795, 18069, 1225, 4722, 9816},
		{4, 2516, 5964, 9526, 23368, 57720, 91792, 2100, 19136, 35796},
	} {
		by := reduced(t, func() *sim.System { return workload(c.sweepers, sweepFixed, 1) })
		for without, want := range map[explore.Reductions][2]int64{ //tidy:unordered each on its own
			0: {c.alike, c.alikeSpared}, explore.Sleep: {c.alike, c.alikeAll},
			explore.Symmetry: {c.states, c.spared}, neither: {c.states, c.all},
		} {
			require.Equal(t, want, [2]int64{by[without].States, by[without].Transitions}, "without %d", without)
			require.Empty(t, by[without].Finds)
		}
		require.Less(t, c.byHandAlike, c.alike)
		require.Less(t, c.byHand, c.states)
		require.Less(t, c.states, c.bySpin)
	}
	m := sim.NewMemo(workload(1, sweepOld, 1))
	defer m.Close()
	r := explore.Cached(m, explore.Options{})
	require.EqualValues(t, 453, r.States)
	require.True(t, r.Exhausted)
	require.Equal(t, []string{"at-rest w", "observed w"}, seen(r))
}
