package explore_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"fermata/sim"
	"fermata/sim/explore"
	"fermata/sim/tiny"
)

var (
	writeA = instruction{tiny.Write, cellA, 1}
	writeB = instruction{tiny.Write, cellB, 1}
	readA  = instruction{tiny.Read, cellA, 0}
	try    = instruction{tiny.TryLock, lockL, 0}
	readB  = instruction{tiny.Read, cellB, 0}
	lock   = instruction{tiny.Lock, lockL, 0}
	unlock = instruction{tiny.Unlock, lockL, 0}
	leaseL = instruction{lease, lockL, 1}
	either = instruction{pick, 0, 0}
)

// dporCases are small programs with their classes, listed by hand: A and B are the actors, c the clock, X a
// crash.
var dporCases = map[string]struct {
	of      scope
	classes int
}{
	"nothing in common":                 {scope{programs: programs{{writeA}, {writeB}}}, 1},
	"a write and a read: A B, B A":      {scope{programs: programs{{writeA}, {readA}}}, 2},
	"two reads":                         {scope{programs: programs{{readA}, {readA}}}, 1},
	"either reply, and a write besides": {scope{programs: programs{{either}, {writeA}}}, 2},
	// The other order of the acquires is found though they are never open together.
	"a lock: A A B B, B B A A":         {scope{programs: programs{{lock, unlock}, {lock, unlock}}}, 2},
	"a lock that is never freed: A, B": {scope{programs: programs{{lock}, {lock}}}, 2},
	// B's arrival at the lock is no step, and what it does before is in common with nothing.
	"a lock after something else": {scope{programs: programs{{lock, unlock}, {writeB, lock, unlock}}}, 2},
	// A try-lock sees whether the lock is held, and so races with the release too.
	"a try-lock: B A A, A B A, A A B":           {scope{programs: programs{{try, unlock}, {try}}}, 3},
	"a try-lock at a lock: B A A, A B A, A A B": {scope{programs: programs{{lock, unlock}, {try}}}, 3},
	// B's lease waits until A's is over: A c B, B c A.
	"a lease": {scope{programs: programs{{leaseL}, {leaseL}}, budget: sim.Budget{Advances: 1}}, 2},
	// A c B, A B: what A gives back is no longer there to end.
	"a lease that is given back": {scope{programs: programs{{leaseL, unlock}}, budget: sim.Budget{Advances: 1}}, 2},
	// No error, or one of two in A or in B. The budget has only one, but no two of them can be reversed.
	"an error: 1 + 2 + 2": {scope{
		programs: programs{{writeA}, {writeB}}, budget: sim.Budget{Faults: 1}, fail: []bool{true, true},
	}, 5},
	"two errors: 3 * 3": {scope{
		programs: programs{{writeA}, {writeB}}, budget: sim.Budget{Faults: 2}, fail: []bool{true, true},
	}, 9},
	// A crash of A after B is another than before B, though they have nothing in common.
	"a crash: A B, X B, B X": {scope{
		programs: programs{{writeA}, {writeB}}, budget: sim.Budget{Faults: 1}, crash: []bool{true},
	}, 3},
	// A is in common with nobody, and B is needed for the redelivery of what it writes, which must not be the end.
	"a redelivery: A B, B r A": {scope{
		programs: programs{{readB}, {writeA}}, budget: sim.Budget{Faults: 1}, redelivers: true,
	}, 2},
	// A has nothing to stand still with before its lease, nor at its end.
	"a pause: A A B, B, A p A B, A B p A": {scope{
		programs: programs{{leaseL, readB}, {try}}, budget: sim.Budget{Faults: 1}, pause: []bool{true},
	}, 4},
	// Before each of A's four steps, and before, between or after those of B.
	"a restart: 1 + 4 * 3": {scope{
		programs: programs{{writeA, writeA}, {writeB}}, budget: sim.Budget{Faults: 1},
		restart: []bool{true}, twice: true,
	}, 13},
	// Who is crashed in A's name races with nothing any more: A B, X, A, B X.
	"a crash of both: A B, X, B X": {scope{
		programs: programs{{writeA}, {writeB}}, budget: sim.Budget{Faults: 1}, crash: []bool{true}, together: true,
	}, 3},
}

func TestDPORCases(t *testing.T) {
	for name, c := range dporCases { //tidy:unordered each on its own
		t.Run(name, func(t *testing.T) {
			all := traced(c.of.byClass(), explore.Options{}, explore.Plain)
			require.Len(t, all.classes, c.classes)
			for _, got := range []traces{
				traced(c.of.byClass(), explore.Options{}, explore.DPOR), remembered(c.of.byClass, explore.DPOR),
			} {
				require.Equal(t, names(all.classes), names(got.classes))
				require.EqualValues(t, c.classes, got.result.Schedules)
				require.Equal(t, all.seen, got.seen)
			}
		})
	}
}

// TestDPORWithoutItsParts: without the reversal of races it makes one run of what has more; without racing
// blocked acquires it misses the other order of two locks; without sleep sets it meets classes again; without what
// others may bring about it misses a redelivery.
func TestDPORWithoutItsParts(t *testing.T) {
	locks := dporCases["a lock: A A B B, B B A A"].of
	races := dporCases["a write and a read: A B, B A"].of
	require.Equal(t, 1, len(traced(races.byClass(), explore.Options{}, explore.DPORWithout("reversals")).classes))
	require.Equal(t, 1, len(traced(locks.byClass(), explore.Options{}, explore.DPORWithout("blocked")).classes))

	redelivered := dporCases["a redelivery: A B, B r A"].of
	require.Equal(t, 1, len(traced(redelivered.byClass(), explore.Options{}, explore.DPORWithout("coming")).classes))

	for name, c := range map[string]struct { //tidy:unordered each on its own
		of   *sim.System
		more bool // than the classes
	}{
		"reversals": {bare(2, false), false},
		"blocked":   {bare(2, true), false},
		"sleep":     {workload(1, sweepFixed, 1), true},
	} {
		whole := traced(c.of, explore.Options{}, explore.DPOR)
		got := traced(c.of, explore.Options{}, explore.DPORWithout(name))
		require.True(t, got.result.Exhausted)
		if c.more {
			require.Equal(t, names(whole.classes), names(got.classes), name)
			require.Greater(t, got.result.Schedules, got.result.Classes, name)
		} else {
			require.Subset(t, names(whole.classes), names(got.classes), name)
			require.Less(t, len(got.classes), len(whole.classes), name)
		}
	}
	require.NotNil(t, traced(bare(2, false), explore.Options{}, explore.DPOR).result.Judging())
	require.Nil(t, traced(bare(2, false), explore.Options{}, explore.DPORWithout("reversals")).result.Judging())
}

// ghostly looks at the order of all steps, and says so.
type ghostly struct{ *everything }

func (ghostly) GhostAccesses(*sim.Step) []sim.Access {
	return []sim.Access{{Object: 90, Kind: sim.Write}}
}

// TestGhostAccesses: an oracle that sees in which order operations return misses an end of two that have
// nothing in common, unless it says what it looks at, or the caller does.
func TestGhostAccesses(t *testing.T) {
	s := programs{{writeA}, {writeB}}.system
	all := plain(t, s(), explore.Options{})
	require.Len(t, all.Finds, 4)
	require.Len(t, traced(s(), explore.Options{}, explore.DPOR).seen, 3)

	said := s()
	said.Judge = ghostly{said.Judge.(*everything)}
	for _, got := range []traces{
		traced(said, explore.Options{}, explore.DPOR),
		traced(s(), explore.Options{GhostAccesses: ghostly{}.GhostAccesses}, explore.DPOR),
	} {
		require.Equal(t, seen(all), got.seen)
		require.Equal(t, []int64{2, 1}, []int64{got.result.Schedules, got.result.Classes})
	}
}

// TestGhostAccessesAtRandom: where every step conflicts with every other, DPOR is plain search.
func TestGhostAccessesAtRandom(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		sc := drawTiny(t)
		s := sc.system()
		s.Judge = ghostly{s.Judge.(*everything)}
		all, got := plain(t, sc.system(), explore.Options{}), traced(s, explore.Options{}, explore.DPOR)
		require.Equal(t, seen(all), got.seen)
		require.Equal(t, all.Schedules, got.result.Schedules)
	})
}

// jittery is a world in which a step leaves its reply open only as long as the clock can advance.
type jittery struct{ *clocked }

func (w jittery) Alternatives(a sim.ActorID, s *sim.Step, advances int) int {
	if s.Verb == pick && advances == 0 {
		return 1
	}
	return w.clocked.Alternatives(a, s, advances)
}

// TestAlternativesThatEndWithTheClock: such a step races with the clock, though it touches nothing.
func TestAlternativesThatEndWithTheClock(t *testing.T) {
	check := func(t require.TestingT, sc scope) {
		system := func() *sim.System {
			s := sc.byClass()
			s.World = jittery{s.World.(*clocked)}
			return s
		}
		all := traced(system(), explore.Options{SchedulesMax: schedulesMax}, explore.Plain)
		if all.result.Exhausted {
			got := traced(system(), explore.Options{}, explore.DPOR)
			require.Equal(t, all.seen, got.seen)
			require.Equal(t, names(all.classes), names(got.classes))
		}
	}
	check(t, scope{programs: programs{{leaseL}, {either}}, budget: sim.Budget{Advances: 1}})
	rapid.Check(t, func(t *rapid.T) { check(t, drawScope(t)) })
}

// TestClassesOfTheClock: which of two leases has ended is another class, also where every step stands at the
// same level. A leases c for three and B the lock for one; B gives it back before the clock or after.
func TestClassesOfTheClock(t *testing.T) {
	sc := scope{
		programs: programs{{{lease, cellC, 3}}, {leaseL, writeA, unlock}},
		budget:   sim.Budget{Advances: 1},
	}
	a, b, c := sim.Choice{}, sim.Choice{Actor: 1}, sim.Choice{Actor: sim.Clock}
	var sums [][2]uint64
	for _, choices := range [][]sim.Choice{{a, b, b, b, c}, {a, b, c, b, b}} {
		m := sim.New(sc.byClass())
		var class explore.Class
		class.Reset()
		for _, c := range choices {
			m.Take(c)
			class.Add(m.Transition())
		}
		m.Close()
		sums = append(sums, class.Sum)
	}
	require.NotEqual(t, sums[0], sums[1])
	got := traced(sc.byClass(), explore.Options{}, explore.DPOR)
	require.Subset(t, names(got.classes), slices.Clone(sums))
}

// TestDPORRefusesWhatItDoesNotKnow: code that a Host runs, and more actors than a word has bits.
func TestDPORRefusesWhatItDoesNotKnow(t *testing.T) {
	s := workload(1, sweepFixed, 1)
	m := sim.New(s)
	defer m.Close()
	refuses := func() { require.Panics(t, func() { explore.DPOR(m, explore.Options{}) }) }
	s.Host = struct{ sim.Host }{}
	refuses()
	s.Host = nil
	for range 64 {
		s.Actors = append(s.Actors, s.Actors[0])
	}
	refuses()
}
