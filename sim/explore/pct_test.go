package explore_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"fermata/sim"
	"fermata/sim/explore"
	"fermata/sim/tiny"
)

// The bare race of two sweepers needs one constraint that a change point must make: read before the
// other's write, write after it. Each run has 8 steps. PCT's bound for depth 2 is 1/(n·k) = 1/16;
// samples of another implementation gave 0.25 at depth 2 and 0.46 at depth 3 (n counts no clock there).
func TestPCTMeetsItsBound(t *testing.T) {
	const runs = 20_000
	for depth, want := range map[int]float64{1: 0, 2: 0.25, 3: 0.46} { //tidy:unordered each on its own
		s := bare(2, false)
		m := sim.New(s)
		defer m.Close()
		p := explore.NewPCT(1, depth)
		bad := 0
		explore.Walk(m, p, explore.Options{SchedulesMax: runs, Ended: func(*sim.Machine) {
			if s.Judge.(*verdict).bad {
				bad++
			}
		}})
		t.Logf("depth %d: %.3f", depth, float64(bad)/runs)
		require.InDelta(t, want, float64(bad)/runs, 0.05)
		if depth > 1 {
			require.Greater(t, float64(bad)/runs, 1.0/(2*8))
		}
	}
}

// TestPCTIsFair: one actor waits in a loop for what the other does. Without a guard a run in which the first has the
// higher priority never ends: every other one. What changes at change points is not enough; here there are none.
func TestPCTIsFair(t *testing.T) {
	w := tiny.New(1)
	s := &sim.System{World: w, OperationName: func(uint8) string { return "run" }, Limits: sim.Limits{StepsMax: 400}}
	wait := func(a *sim.Actor, _ sim.Object) uint16 {
		for tiny.Do(a, tiny.Read, 1, 0).Code == 0 {
		}
		return 0
	}
	set := func(a *sim.Actor, _ sim.Object) uint16 { return tiny.Do(a, tiny.Write, 1, 1).Code }
	s.Actors = []sim.ActorSpec{
		{Name: "waits", Script: on(0, wait)}, {Name: "waits-too", Script: on(0, wait)},
		{Name: "sets", Script: on(0, set)},
	}
	m := sim.New(s)
	defer m.Close()
	long := 0
	for _, depth := range []int{1, 3} {
		r := explore.Walk(m, explore.NewPCT(1, depth), explore.Options{
			SchedulesMax: 200, Ended: func(m *sim.Machine) { long += min(1, m.Steps()/50) },
		})
		require.EqualValues(t, 200, r.Schedules)
		require.Equal(t, "schedules", r.Limit)
	}
	require.Greater(t, long, 100, "in most of the runs somebody had to fall")
}

// TestPCTGuarantee: the bare race has two actors and the clock, and eight steps a run.
func TestPCTGuarantee(t *testing.T) {
	m := sim.New(bare(2, false))
	defer m.Close()
	for _, depth := range []int{0, 2} {
		p := explore.NewPCT(1, depth)
		require.Zero(t, p.Guarantee(2))
		explore.Walk(m, p, explore.Options{SchedulesMax: 20})
		got := []float64{p.Guarantee(1), p.Guarantee(2), p.Guarantee(3)}
		require.Equal(t, []float64{1.0 / 3, 1.0 / 24, 1.0 / 192}, got)
	}
}
