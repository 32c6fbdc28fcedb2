package explore_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"fermata/sim"
	"fermata/sim/explore"
	"fermata/sim/tiny"
)

// bareChance is the chance that a run of PCT by the book violates the bare race of two sweepers, by going through all
// that it can draw: who is first, and where each of the depth-1 change points is among the 8 steps. The i-th sets
// priority i.
func bareChance(depth int) float64 {
	bad, all := 0, 0
	var points func(change map[int]int)
	points = func(change map[int]int) {
		if low := len(change) + 1; low < depth {
			for at := 1; at <= 8; at++ {
				if change[at] == 0 {
					change[at] = low
					points(change)
					delete(change, at)
				}
			}
			return
		}
		for first := range 2 {
			all++
			bad += bareRun(first, depth, change)
		}
	}
	points(map[int]int{})
	return float64(bad) / float64(all)
}

// bareRun is 1 if the run violates: a sweeper reads, locks, writes one more than it read, unlocks.
func bareRun(first, depth int, change map[int]int) int {
	priority, at, read, version, locked := [2]int{depth, depth}, [2]int{}, [2]int{}, 0, false
	priority[first]++
	next := func() int {
		can := func(i int) bool { return at[i] < 4 && (at[i] != 1 || !locked) }
		if can(0) && (!can(1) || priority[0] > priority[1]) {
			return 0
		}
		return 1
	}
	for step := 1; step <= 8; step++ {
		if low := change[step]; low > 0 {
			priority[next()] = low
		}
		who := next()
		switch at[who] {
		case 0:
			read[who] = version
		case 1, 3:
			locked = !locked
		case 2:
			version = read[who] + 1
		}
		at[who]++
	}
	return min(1, 2-version)
}

// TestPCTMeetsItsBound: the bare race of two sweepers needs one constraint that a change point must make: read before
// the other's write, write after it. Each run has 8 steps. By the book a run of depth 2 violates with a chance of 1/4,
// of depth 3 with 3/7; PCT's bound for depth 2 is 1/(n·k) = 1/16 (n counts no clock there). Samples of another
// implementation, whose later change points always fall lower, gave 0.25 and 0.46. A depth of 10 has four change
// points, every other step: were all eight steps change points there would be two runs in all.
func TestPCTMeetsItsBound(t *testing.T) {
	const runs = 20_000
	require.Equal(t, []float64{0, 0.25, 3.0 / 7}, []float64{bareChance(1), bareChance(2), bareChance(3)})
	for depth, want := range map[int]float64{ //tidy:unordered each on its own
		1: 0, 2: 0.25, 3: 3.0 / 7, 5: bareChance(5),
	} {
		p := explore.NewPCT(1, depth)
		require.InDelta(t, want, bareShare(p, runs), 5*math.Sqrt(0.25/runs), "depth %d", depth)
	}
	require.Greater(t, bareShare(explore.NewPCT(1, 2), runs), 1.0/(2*8))
	require.InDelta(t, bareChance(5), bareShare(explore.NewPCT(1, 10), runs), 0.05, "four change points both")
}

// bareShare is the share of runs that violate the bare race.
func bareShare(p *explore.PCT, runs int64) float64 {
	s := bare(2, false)
	m := sim.New(s)
	defer m.Close()
	bad := 0
	explore.Walk(m, p, explore.Options{SchedulesMax: runs, Ended: func(*sim.Machine) {
		if s.Judge.(*verdict).bad {
			bad++
		}
	}})
	return float64(bad) / float64(runs)
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
		require.Positive(t, p.Guarantee(5), "four change points in eight steps")
		require.Zero(t, p.Guarantee(6))
	}
}
