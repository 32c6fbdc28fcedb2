package explore_test

import (
	"testing"

	"fermata/sim"
	"fermata/sim/explore"
)

func TestX(t *testing.T) {
	for n := 1; n <= 4; n++ {
		m := sim.NewMemo(workload(n, sweepFixed, 1))
		r := explore.DPOR(m, explore.Options{})
		m.Close()
		t.Log(n, r.Schedules, r.SleepBlocked, r.Classes, r.Transitions, r.Exhausted, len(r.Finds))
	}
	m := sim.New(workload(1, sweepOld, 1))
	r := explore.DPOR(m, explore.Options{})
	t.Log("S", r.Schedules, r.SleepBlocked, r.Classes, r.Transitions, r.Exhausted, len(r.Finds))
}
