package explore_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"fermata/sim"
	"fermata/sim/explore"
)

func delayed(delays int) func(*sim.Machine, explore.Options) *explore.Result {
	return func(m *sim.Machine, o explore.Options) *explore.Result { return explore.DelayBounded(m, delays, o) }
}

// The counts of the bare scenario, lookup before lock, by hand. A goes first, so that what begins with B has
// a delay more than it has preemptions; the ten runs have as many preemptions as TestPreemptionCountsOfBare
// lists. Those that A begins have 0, 1, 1, 1 and 2 delays, of which the last three lose an update; those
// that B begins have 1, 2, 2, 2 and 3.
func TestDelayCountsOfBare(t *testing.T) {
	m := sim.New(bare(2, false))
	defer m.Close()
	var counts [][2]int
	for delays := range 5 {
		bad := 0
		r := explore.DelayBounded(m, delays, explore.Options{Ended: func(m *sim.Machine) {
			if m.System().Judge.(*verdict).bad {
				bad++
			}
		}})
		counts = append(counts, [2]int{int(r.Schedules), bad})
		require.Equal(t, delays >= 3, r.Exhausted, delays)
		require.Equal(t, delays < 3, r.DelaysCut, delays)
	}
	require.Equal(t, [][2]int{{1, 0}, {5, 2}, {9, 5}, {10, 6}, {10, 6}}, counts)
}

// Three actors of one step each, by the order that they take: in turn after each other without a delay; and
// a delay for each that is passed over, so that 0 2 1 has one, as it goes from 0 past 1; 1 2 0 has one, at
// its start; 1 0 2 has two, as it goes from 1 past 2; 2 0 1 has two, at its start; 2 1 0 has three.
func TestDelayCountsOfThree(t *testing.T) {
	m := sim.New(scope{programs: programs{{writeA}, {writeA}, {writeA}}}.system())
	defer m.Close()
	var runs [][]sim.ActorID
	for delays := range 4 {
		explore.DelayBounded(m, delays, explore.Options{Ended: func(m *sim.Machine) {
			var order []sim.ActorID
			for _, c := range m.Taken() {
				order = append(order, c.Actor)
			}
			if !slices.ContainsFunc(runs, func(o []sim.ActorID) bool { return slices.Equal(o, order) }) {
				runs = append(runs, order)
			}
		}})
	}
	require.Equal(t, [][]sim.ActorID{{0, 1, 2}, {0, 2, 1}, {1, 2, 0}, {1, 0, 2}, {2, 0, 1}, {2, 1, 0}}, runs)
}

// delaysIn counts, by going through the actors in turn, whom a run passes over that could have stepped.
func delaysIn(m *sim.Machine, choices []sim.Choice) (delays int) {
	m.Reset()
	at := 0 // whose turn it is
	for _, c := range choices {
		if c.Actor != sim.Clock && c.Fault == sim.NoFault {
			for ; at != int(c.Actor); at = (at + 1) % m.Actors() {
				if slices.Contains(m.Choices(nil), sim.Choice{Actor: sim.ActorID(at)}) {
					delays++
				}
			}
		}
		if c.Actor != sim.Clock && !c.Fault.Apart() {
			at = int(c.Actor)
		}
		m.Take(c)
	}
	return delays
}

// TestDelayBoundedIsByTheBook: exactly the runs that have no more delays, and with a bound that none reaches,
// all.
func TestDelayBoundedIsByTheBook(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		sc := drawTiny(t)
		again := sim.New(sc.system())
		defer again.Close()
		for _, bound := range []int{0, 1, 2, 3, 99} {
			var want, got [][]sim.Choice
			all := searched(sc.system, explore.Options{Ended: func(m *sim.Machine) {
				if taken := slices.Clone(m.Taken()); delaysIn(again, taken) <= bound {
					want = append(want, taken)
				}
			}}, explore.Plain)
			r := searched(sc.system, explore.Options{Ended: func(m *sim.Machine) {
				got = append(got, slices.Clone(m.Taken()))
			}}, delayed(bound))
			require.Equal(t, want, got, "bound %d", bound)
			require.Equal(t, len(got) == int(all.Schedules), r.Exhausted)
			require.Equal(t, r.Exhausted, !r.DelaysCut)
			require.Empty(t, r.Limit)
		}
	})
}
