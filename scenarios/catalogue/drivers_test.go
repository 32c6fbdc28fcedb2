package catalogue

import (
	"testing"

	"github.com/stretchr/testify/require"

	"fermata/sim"
	"fermata/sim/explore"
)

// TestBothDriversWalkAlike: what find walks along reply trees are the schedules that it would walk with the code
// running: the same choices, fingerprints and violations, and as many histories.
func TestBothDriversWalkAlike(t *testing.T) {
	type walked struct {
		prints    []uint64
		finds     []explore.Find
		steps     int64
		histories int
		reached   []string
	}
	walk := func(c *Case, drive func(*instance) *sim.Machine) (w walked) {
		in := c.instance()
		m := drive(in)
		defer m.Close()
		r := explore.Walk(m, explore.NewPortfolio(1), explore.Options{
			SchedulesMax: 200, Ended: func(m *sim.Machine) { w.prints = append(w.prints, m.Fingerprint()) },
		})
		require.Nil(t, r.Failure)
		require.NoError(t, m.Recheck())
		w.finds, w.steps = r.Finds, r.Transitions
		w.histories, _ = in.judge.histories()
		w.reached, _ = in.judge.sometimes()
		return w
	}
	for _, s := range Scenarios() {
		for _, e := range Engines() {
			t.Run(s.Name+"/"+e.Name, func(t *testing.T) {
				c := &Case{Scenario: s, Engine: e, Scope: s.Scope}
				c.Scope.Faults = 1
				require.Equal(t, walk(c, (*instance).coroutines), walk(c, (*instance).memo))
			})
		}
	}
}
