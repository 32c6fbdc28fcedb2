package explore_test

import (
	"encoding/binary"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"fermata/sim"
	"fermata/sim/explore"
	"fermata/sim/tiny"
)

// schedulesMax bounds the plain searches of scopes at random: what has more schedules is drawn again.
const schedulesMax = 10_000

// drawSmall draws a scope, with all that plain search sees in it.
func drawSmall(t *rapid.T) (scope, *explore.Result) {
	for {
		sc := drawScope(t)
		r := plain(t, sc.system(), explore.Options{SchedulesMax: schedulesMax})
		if r.Exhausted {
			return sc, r
		}
	}
}

// TestCachedSeesWhatPlainSeesOfScopes: on programs at random with errors, crashes, time and replies that the
// schedule chooses, every result, every end, every order and every history.
func TestCachedSeesWhatPlainSeesOfScopes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		for range programsPerCheck {
			sc, reference := drawSmall(t)
			require.Equal(t, seen(reference), seen(cachedBy(t, sc.system(), (*sim.Machine).Key)))
		}
	})
}

// parts takes a machine's key apart.
func parts(m *sim.Machine) map[string][]byte {
	key, all := m.Key(nil), map[string][]byte{}
	cut := func(name string, n int) {
		all[name], key = key[:n], key[n:]
	}
	cut("the world", len(m.System().World.Key(nil)))
	width := func(n int) (bytes int) {
		for rest := key; n > 0; n-- {
			_, w := binary.Uvarint(rest)
			rest, bytes = rest[w:], bytes+w
		}
		return bytes
	}
	cut("where an actor is", width(1))
	cut("where the others are", width(len(m.System().Actors)-1))
	cut("the advances left", width(1))
	cut("the faults left", width(1))
	cut("the history", len(key)-len(m.System().Judge.Save(nil)))
	cut("the residual", len(key))
	return all
}

var partNames = []string{
	"the world", "where an actor is", "where the others are", "the advances left", "the faults left", "the history",
	"the residual",
}

// without is a key that forgets a part of the state.
func without(part string) key {
	return func(m *sim.Machine, dst []byte) []byte {
		all := parts(m)
		for _, name := range partNames {
			if name != part {
				dst = append(dst, all[name]...)
			}
		}
		return dst
	}
}

// TestBrokenVisitedTestsMiss: a search whose test for known states forgets any part of the state misses
// something that plain search sees, on a program made for it.
func TestBrokenVisitedTestsMiss(t *testing.T) {
	yes := []bool{true, true}
	for part, sc := range map[string]scope{ //tidy:unordered each on its own
		"the world": {
			programs: programs{{{tiny.Write, cellA, 1}}, {{tiny.Write, cellA, 2}, {tiny.Read, cellB, 0}}},
		},
		"where an actor is": {
			programs: programs{
				{{tiny.Read, cellC, 0}, {lease, cellC, 1}}, {{tiny.Unlock, lockL, 0}},
			},
			budget: sim.Budget{Advances: 2},
		},
		"where the others are": {
			programs: programs{{{tiny.Write, cellC, 2}}, {{lease, cellC, 1}}},
			budget:   sim.Budget{Faults: 1}, fail: []bool{true, false}, crash: []bool{false, true},
		},
		"the advances left": {
			programs: programs{{{lease, lockL, 1}, {tiny.Unlock, lockL, 0}}, {{lease, lockL, 1}}},
			budget:   sim.Budget{Advances: 1},
		},
		"the faults left": {
			programs: programs{{{tiny.Write, cellB, 1}, {tiny.TryLock, lockL, 0}}, {{tiny.Write, cellB, 2}}},
			budget:   sim.Budget{Faults: 1}, fail: []bool{false, true}, crash: yes, together: true,
		},
		"the history":  {programs: programs{{{pick, 0, 0}}, {{tiny.Write, cellC, 1}}}, histories: true},
		"the residual": {programs: programs{{{tiny.Write, cellA, 1}}, {{tiny.Write, cellB, 1}}}},
	} {
		t.Run(part, func(t *testing.T) {
			all := seen(plain(t, sc.system(), explore.Options{}))
			missed := seen(cachedBy(t, sc.system(), without(part)))
			require.Subset(t, all, missed)
			require.Less(t, len(missed), len(all))
			require.Equal(t, all, seen(cachedBy(t, sc.system(), without("nothing"))))
		})
	}
}

// timeless is a world whose key forgets when leases end.
type timeless struct{ *clocked }

func (w timeless) Key(dst []byte) []byte { return w.World.Key(dst) }

// TestAKeyWithoutDeadlinesMisses: the same for a part of the world.
func TestAKeyWithoutDeadlinesMisses(t *testing.T) {
	sc := scope{
		programs: programs{
			{{lease, lockL, 2}, {lease, cellC, 3}, {lease, lockL, 1}}, {{tiny.Write, cellB, 1}},
		},
		budget: sim.Budget{Advances: 2},
	}
	all := seen(plain(t, sc.system(), explore.Options{}))
	s := sc.system()
	s.World = timeless{s.World.(*clocked)}
	missed := seen(cachedBy(t, s, (*sim.Machine).Key))
	require.Subset(t, all, missed)
	require.Less(t, len(missed), len(all))
}

func worldOnly(m *sim.Machine, dst []byte) []byte { return m.System().World.Key(dst) }

// TestBrokenTwinMissesTheRace: on the bare scenario with an old sweeper, the search that knows the world
// only proves what is false.
func TestBrokenTwinMissesTheRace(t *testing.T) {
	require.NotNil(t, cachedBy(t, workload(1, sweepOld, 1), (*sim.Machine).Key).Judging())
	require.Nil(t, cachedBy(t, bare(2, false), worldOnly).Judging())
	require.NotNil(t, cachedBy(t, bare(2, false), (*sim.Machine).Key).Judging())
}
