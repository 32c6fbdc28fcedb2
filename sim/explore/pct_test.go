package explore_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"fermata/sim"
	"fermata/sim/explore"
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
