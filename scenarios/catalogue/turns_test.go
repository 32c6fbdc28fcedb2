package catalogue

import (
	"slices"

	"fermata/sim"
	"fermata/sim/explore"
)

// Which cases the comparisons of searches take: all of them would be hours.

// inFull tells of the scenarios that are compared on every engine, and on every other part, whatever it takes; the
// others are in turn, and where the search without reductions comes to its end soon.
func inFull(s *Scenario) bool {
	return slices.Contains([]*Scenario{
		staleLookup, tornRepair, earlyRelease, repairInScheduleGap, missedCompletion, lockTakenAway, leaseExpiry,
	}, s)
}

// fewSchedules tells whether plain search comes to an end soon.
func (c *Case) fewSchedules() bool {
	m := sim.New(c.instance().system)
	defer m.Close()
	return explore.Plain(m, explore.Options{SchedulesMax: 3_000}).Exhausted
}

// fewStates tells whether a search that runs each trace class, once for each oracle, comes to an end soon.
func (c *Case) fewStates() bool {
	m := sim.NewMemo(c.instance().system)
	defer m.Close()
	return explore.Cached(m, explore.Options{StatesMax: 1_500}).Exhausted
}
