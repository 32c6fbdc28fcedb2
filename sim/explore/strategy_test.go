package explore_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"fermata/sim"
	"fermata/sim/explore"
	"fermata/sim/tiny"
)

// chances gives each schedule of a system with the chance that a random walk takes it.
func chances(s *sim.System) map[string]float64 {
	all, chance := map[string]float64{}, 1.0
	m := sim.New(s)
	defer m.Close()
	explore.Plain(m, explore.Options{
		Entered: func(m *sim.Machine, open int) {
			if m.Steps() == 1 {
				chance = 1
			}
			chance /= float64(open)
		},
		Ended: func(m *sim.Machine) { all[fmt.Sprint(m.Taken())] = chance },
	})
	return all
}

// TestRandomWalksAreFair: of many walks as many take each schedule as its chance says: a run of choices each of
// which is as likely as any other that is open. The bound is five standard deviations.
func TestRandomWalksAreFair(t *testing.T) {
	const runs = 20_000
	sc := scope{
		programs: programs{{{pick, 0, 0}, {tiny.Write, cellA, 1}}, {{lease, lockL, 1}}},
		budget:   sim.Budget{Advances: 1, Faults: 1}, fail: []bool{true}, crash: []bool{true, true}, together: true,
	}
	want := chances(sc.system())
	require.Greater(t, len(want), 20)
	m := sim.New(sc.system())
	defer m.Close()
	got, sum := map[string]int{}, 0.0
	explore.Walk(m, explore.NewRandom(7), explore.Options{
		SchedulesMax: runs, Ended: func(m *sim.Machine) { got[fmt.Sprint(m.Taken())]++ },
	})
	for schedule, chance := range want { //tidy:unordered each on its own
		n := chance * runs
		require.InDelta(t, n, got[schedule], 5*math.Sqrt(max(1, n)), schedule)
		sum += chance
	}
	require.InDelta(t, 1, sum, 1e-9)
	require.LessOrEqual(t, len(got), len(want))
}

// TestPCTPreemptsLessThanItsDepth: among actors that never block, a run of depth d is one of whole actors, but
// for at most d-1 change points; and some run uses all of them.
func TestPCTPreemptsLessThanItsDepth(t *testing.T) {
	for depth := 1; depth <= 4; depth++ {
		most := 0
		m := sim.New(lost(4))
		explore.Walk(m, explore.NewPCT(1, depth), explore.Options{
			SchedulesMax: 2000,
			Ended: func(m *sim.Machine) {
				n := switches(m.Taken()) - (len(m.System().Actors) - 1)
				require.LessOrEqual(t, n, depth-1)
				most = max(most, n)
			},
		})
		m.Close()
		require.Equal(t, depth-1, most)
	}
}

// switches counts the changes of the actor.
func switches(choices []sim.Choice) (n int) {
	for i := 1; i < len(choices); i++ {
		if choices[i].Actor != choices[i-1].Actor {
			n++
		}
	}
	return n
}

// TestStrategiesTakeWhatIsOpen: every run that a strategy makes is a run of the system, to its end.
func TestStrategiesTakeWhatIsOpen(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		sc, seed := drawScope(t), rapid.Uint64().Draw(t, "seed")
		depth := rapid.IntRange(0, 6).Draw(t, "depth")
		strategy := rapid.SampledFrom(append(everyStrategy(seed), explore.NewPCT(seed, depth))).Draw(t, "strategy")
		m, again := sim.New(sc.system()), sim.New(sc.system())
		defer m.Close()
		defer again.Close()
		r := explore.Walk(m, strategy, explore.Options{SchedulesMax: 20, Ended: func(m *sim.Machine) {
			_, err := explore.Repeat(again, m.Taken())
			require.NoError(t, err)
			require.Empty(t, again.Choices(nil))
			require.Equal(t, m.Fingerprint(), again.Fingerprint())
		}})
		require.EqualValues(t, 20, r.Schedules)
		require.Equal(t, "schedules", r.Limit)
		require.False(t, r.Exhausted, "a walk never knows whether it has been everywhere")
		for _, f := range r.Finds {
			vs, err := explore.Repeat(again, f.Choices)
			require.NoError(t, err)
			require.Contains(t, vs, f.Violation)
		}
	})
}

// TestDepthsInTurn: without a depth, PCT goes through them, so that its runs are those of each depth's kind.
func TestDepthsInTurn(t *testing.T) {
	m := sim.New(lost(4))
	defer m.Close()
	var most [5]int
	run := 0
	explore.Walk(m, explore.NewPCT(1, 0), explore.Options{
		SchedulesMax: 5000,
		Ended: func(m *sim.Machine) {
			n := switches(m.Taken()) - (len(m.System().Actors) - 1)
			most[run%5] = max(most[run%5], n)
			run++
		},
	})
	require.Equal(t, [5]int{0, 1, 2, 3, 4}, most)
}

// everyStrategy makes one of each from a seed.
func everyStrategy(seed uint64) []explore.Strategy {
	return []explore.Strategy{
		explore.NewPortfolio(seed), explore.NewPCT(seed, 0), explore.NewPOS(seed), explore.NewURW(seed),
		explore.NewSURW(seed), explore.NewRFF(seed), explore.NewRandom(seed),
	}
}

// TestStrategyNames are those of the command line.
func TestStrategyNames(t *testing.T) {
	var names []string
	for _, s := range everyStrategy(1) {
		names = append(names, s.Name())
	}
	require.Equal(t, []string{"portfolio", "pct", "pos", "urw", "surw", "rff", "random"}, names)
}
