package explore_test

import (
	"testing"
	"fmt"

	"fermata/sim"
	"fermata/sim/explore"
	"fermata/sim/tiny"
)

func TestX(t *testing.T) {
	sc := scope{programs: programs{{{tiny.TryLock, lockL, 0}}, {{tiny.Lock, lockL, 0}}}}
	for _, mk := range []func(*sim.System) *sim.Machine{sim.New, sim.NewMemo} {
		m := mk(sc.byClass())
		r := explore.DPOR(m, explore.Options{Entered: func(m *sim.Machine, n int) { fmt.Println(m.Taken(), m.Transition().Result, m.Transition().Last) }})
		fmt.Println(seen(r), r.Schedules)
	}
}
