package explore_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"fermata/sim"
	"fermata/sim/explore"
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
