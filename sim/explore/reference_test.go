package explore_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"fermata/sim"
	"fermata/sim/explore"
	"fermata/sim/tiny"
)

// made is a complete run: its schedule, where it ended, and how many preemptions it has.
type made struct {
	schedule, end string
	preemptions   int
}

func madeBy(m *sim.Machine, preemptions int) made {
	return made{fmt.Sprint(m.Taken()), fmt.Sprint(m.System().World.(*clocked).Cell, m.History()), preemptions}
}

func sorted(all []made) []made {
	slices.SortFunc(all, func(a, b made) int { return strings.Compare(a.schedule, b.schedule) })
	return all
}

// ends lists the different ends of runs.
func endsOf(all []made) (ends []string) {
	for _, r := range all {
		ends = append(ends, r.end)
	}
	slices.Sort(ends)
	return slices.Compact(ends)
}

// byTheBook makes every run of a system in the dullest way, each from its start on a machine of its own, as
// far as the choices that open gives.
func byTheBook(sc scope, open func(m *sim.Machine) []sim.Choice) (all []made) {
	var visit func(taken []sim.Choice, preemptions int)
	visit = func(taken []sim.Choice, preemptions int) {
		m := sim.New(sc.system())
		defer m.Close()
		for _, c := range taken {
			m.Take(c)
		}
		choices := open(m)
		if len(choices) == 0 {
			all = append(all, madeBy(m, preemptions))
		}
		for _, c := range choices {
			n := preemptions
			if preempts(m, taken, c) {
				n++
			}
			visit(append(slices.Clone(taken), c), n)
		}
	}
	visit(nil, 0)
	return sorted(all)
}

func allOpen(m *sim.Machine) []sim.Choice { return m.Choices(nil) }

// preempts tells whether a choice switches away from an actor that could go on. The clock and faults do not.
func preempts(m *sim.Machine, taken []sim.Choice, c sim.Choice) bool {
	if c.Actor == sim.Clock || c.Fault != sim.NoFault {
		return false
	}
	for _, last := range slices.Backward(taken) {
		if last.Actor != sim.Clock && !last.Fault.Apart() {
			return c.Actor != last.Actor && slices.Contains(m.Choices(nil), sim.Choice{Actor: last.Actor})
		}
	}
	return false
}

// by gives the runs that a search makes.
func by(sc scope, search func(*sim.Machine, explore.Options) *explore.Result) ([]made, *explore.Result) {
	m := sim.New(sc.system())
	defer m.Close()
	var all []made
	r := search(m, explore.Options{Ended: func(m *sim.Machine) { all = append(all, madeBy(m, 0)) }})
	return sorted(all), r
}

func bounded(preemptions int) func(*sim.Machine, explore.Options) *explore.Result {
	return func(m *sim.Machine, o explore.Options) *explore.Result {
		return explore.PreemptionBounded(m, preemptions, o)
	}
}

// tinyMax bounds the searches by the book.
const tinyMax = 100

func drawTiny(t *rapid.T) scope {
	for {
		sc := drawScope(t)
		if r := plain(t, sc.system(), explore.Options{SchedulesMax: tinyMax}); r.Exhausted {
			return sc
		}
	}
}

// within leaves the runs with at most that many preemptions, and forgets how many they have.
func within(all []made, preemptions int) (some []made) {
	for _, r := range all {
		if r.preemptions <= preemptions {
			r.preemptions = 0
			some = append(some, r)
		}
	}
	return some
}

// TestSearchesAreByTheBook: plain search makes every run, once; with a bound it makes exactly the runs that
// have no more preemptions, and with a bound that no run reaches it is plain search.
func TestSearchesAreByTheBook(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		sc := drawTiny(t)
		all := byTheBook(sc, allOpen)
		got, reference := by(sc, explore.Plain)
		require.Equal(t, within(all, 99), got)
		require.True(t, reference.Exhausted)
		require.Len(t, got, int(reference.Schedules))
		for _, bound := range []int{0, 1, 2, 3, 99} {
			got, r := by(sc, bounded(bound))
			want := within(all, bound)
			require.Equal(t, want, got, "bound %d", bound)
			require.Equal(t, len(want) == len(all), r.Exhausted)
			require.Equal(t, len(want) < len(all), r.PreemptionsCut)
			require.Empty(t, r.Limit, "a bound is no limit")
			if r.Exhausted {
				require.Equal(t, seen(reference), seen(r))
			}
		}
	})
}

// The counts of the bare scenario, lookup before lock, by hand. The five runs that A begins, of the ten, are
// RA LA WA UA RB LB WB UB without a preemption; RA LA WA|RB UA LB WB UB and, with a lost update,
// RA LA|RB WA UA LB WB UB and RA|RB LB WB UB LA WA UA with one; and RA|RB|LA WA UA LB WB UB with two.
func TestPreemptionCountsOfBare(t *testing.T) {
	m := sim.New(bare(2, false))
	defer m.Close()
	var counts [][2]int
	for bound := range 4 {
		bad := 0
		r := explore.PreemptionBounded(m, bound, explore.Options{Ended: func(m *sim.Machine) {
			if m.System().Judge.(*verdict).bad {
				bad++
			}
		}})
		counts = append(counts, [2]int{int(r.Schedules), bad})
		require.Equal(t, bound >= 2, r.Exhausted, bound)
	}
	require.Equal(t, [][2]int{{2, 0}, {8, 4}, {10, 6}, {10, 6}}, counts)
}

// lossy is a world that keeps the last reply of those that a step leaves open to itself.
type lossy struct{ *clocked }

func (w lossy) Alternatives(a sim.ActorID, s *sim.Step, advances int) int {
	return max(1, w.clocked.Alternatives(a, s, advances)-1)
}

// TestBrokenSearchesMiss: a search that leaves something out misses an end of a program made for it.
func TestBrokenSearchesMiss(t *testing.T) {
	for name, c := range map[string]struct { //tidy:unordered each on its own
		on    scope
		leave func(m *sim.Machine, c sim.Choice) bool
		bound int
	}{
		"the last of the open choices": {
			scope{programs: programs{{{tiny.Write, cellA, 1}}, {{tiny.Write, cellA, 2}}}},
			func(m *sim.Machine, c sim.Choice) bool {
				open := m.Choices(nil)
				return c == open[len(open)-1] && len(open) > 1
			}, 99,
		},
		"the clock, as long as anybody can step": {
			scope{programs: programs{{{lease, lockL, 1}, {tiny.Read, lockL, 0}}}, budget: sim.Budget{Advances: 1}},
			func(m *sim.Machine, c sim.Choice) bool { return c.Actor == sim.Clock && m.Pending(0) != nil }, 99,
		},
		"a crash in the middle of an operation": {
			scope{
				programs: programs{{{tiny.Lock, lockL, 0}, {tiny.Unlock, lockL, 0}}, {{tiny.Lock, lockL, 0}}},
				budget:   sim.Budget{Faults: 1}, crash: []bool{true},
			},
			func(m *sim.Machine, c sim.Choice) bool {
				_, first := m.PendingOp(0)
				return c.Fault == sim.Crash && !first
			}, 99,
		},
		"with no preemption allowed, what follows on a switch away from an actor that is blocked": {
			scope{programs: programs{
				{{tiny.Lock, lockL, 0}, {tiny.Lock, lockL, 0}, {tiny.Write, cellA, 1}}, {{tiny.Unlock, lockL, 0}},
			}},
			func(m *sim.Machine, c sim.Choice) bool {
				return m.Current() != sim.Nobody && c.Actor != m.Current()
			}, 0,
		},
	} {
		t.Run(name, func(t *testing.T) {
			all, _ := by(c.on, bounded(c.bound))
			broken := byTheBook(c.on, func(m *sim.Machine) []sim.Choice {
				return slices.DeleteFunc(m.Choices(nil), func(o sim.Choice) bool { return c.leave(m, o) })
			})
			require.NotSubset(t, endsOf(broken), endsOf(all))
			require.Equal(t, within(byTheBook(c.on, allOpen), c.bound), all)
		})
	}
	t.Run("the last of the open replies", func(t *testing.T) {
		picks := scope{programs: programs{{{pick, 0, 0}}}}
		s := picks.system()
		s.World = lossy{s.World.(*clocked)}
		require.NotSubset(t, seen(plain(t, s, explore.Options{})), seen(plain(t, picks.system(), explore.Options{})))
	})
}
