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

// seen lists what a search reported, in order.
func seen(r *explore.Result) []string {
	var all []string
	for _, f := range r.Finds {
		all = append(all, f.Violation.Oracle+" "+f.Violation.Object)
	}
	slices.Sort(all)
	return all
}

func plain(t require.TestingT, s *sim.System, o explore.Options) *explore.Result {
	m := sim.New(s)
	defer m.Close()
	r := explore.Plain(m, o)
	require.Nil(t, r.Failure)
	return r
}

type key = func(*sim.Machine, []byte) []byte

func cachedBy(t require.TestingT, s *sim.System, by key) *explore.Result {
	m := sim.NewMemo(s)
	defer m.Close()
	r := explore.CachedBy(m, explore.Options{}, by)
	require.Nil(t, r.Failure)
	require.True(t, r.Exhausted)
	return r
}

// TestCachedSeesWhatPlainSees: on programs at random, every result, every end, in every order.
func TestCachedSeesWhatPlainSees(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ps := drawPrograms(t)
		reference := plain(t, ps.system(), explore.Options{})
		require.True(t, reference.Exhausted)
		require.Equal(t, seen(reference), seen(cachedBy(t, ps.system(), (*sim.Machine).Key)))
	})
}

// The parts of a key, each of which a broken search forgets.
func worldOnly(m *sim.Machine, dst []byte) []byte { return m.System().World.Key(dst) }

func withoutWorld(m *sim.Machine, dst []byte) []byte {
	return append(dst, m.Key(nil)[len(m.System().World.Key(nil)):]...)
}

func withoutJudge(m *sim.Machine, dst []byte) []byte {
	whole := m.Key(nil)
	return append(dst, whole[:len(whole)-len(m.System().Judge.Save(nil))]...)
}

// TestBrokenVisitedTestsMiss: a search whose test for known states forgets a part of the state misses
// something that plain search sees, on a program made for it.
func TestBrokenVisitedTestsMiss(t *testing.T) {
	for name, c := range map[string]struct { //tidy:unordered each on its own
		forget key
		on     programs
	}{
		"where actors are": {worldOnly, programs{
			{{tiny.Read, cellA, 0}, {tiny.Write, cellB, 1}}, {{tiny.Write, cellA, 1}, {tiny.Write, cellA, 0}},
		}},
		"the world": {withoutWorld, programs{
			{{tiny.Write, cellA, 1}}, {{tiny.Write, cellA, 2}, {tiny.Read, cellB, 0}},
		}},
		"the residual": {withoutJudge, programs{{{tiny.Write, cellA, 1}}, {{tiny.Write, cellB, 1}}}},
	} {
		t.Run(name, func(t *testing.T) {
			all := seen(plain(t, c.on.system(), explore.Options{}))
			missed := seen(cachedBy(t, c.on.system(), c.forget))
			require.Subset(t, all, missed)
			require.Less(t, len(missed), len(all))
			require.Equal(t, all, seen(cachedBy(t, c.on.system(), (*sim.Machine).Key)))
		})
	}
}

// TestBrokenTwinMissesTheRace: on workload W with an old sweeper, the search that forgets where actors
// are proves what is false.
func TestBrokenTwinMissesTheRace(t *testing.T) {
	require.NotNil(t, cachedBy(t, workload(1, sweepOld, 1), (*sim.Machine).Key).Judging())
	require.Nil(t, cachedBy(t, bare(2, false), worldOnly).Judging())
	require.NotNil(t, cachedBy(t, bare(2, false), (*sim.Machine).Key).Judging())
}

// TestPreemptionBound: with as many preemptions as there are steps it is plain search; with fewer it
// runs exactly the schedules that have no more.
func TestPreemptionBound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ps := drawPrograms(t)
		byCount := map[int]int64{}
		m := sim.New(ps.system())
		defer m.Close()
		all := explore.Plain(m, explore.Options{
			Ended: func(m *sim.Machine) { byCount[preemptionsOf(t, ps, m.Taken())]++ },
		})
		var upTo int64
		for bound := range 5 {
			upTo += byCount[bound]
			r := explore.PreemptionBounded(m, bound, explore.Options{})
			require.Equal(t, upTo, r.Schedules, "bound %d", bound)
			require.Equal(t, upTo == all.Schedules, r.Exhausted)
		}
		r := explore.PreemptionBounded(m, 99, explore.Options{})
		require.Equal(t, all.Schedules, r.Schedules)
		require.Equal(t, seen(all), seen(r))
	})
}

// preemptionsOf counts the switches away from an actor that could go on.
func preemptionsOf(t *rapid.T, ps programs, taken []sim.Choice) (n int) {
	m := sim.New(ps.system())
	defer m.Close()
	m.Reset()
	for i, c := range taken {
		open := m.Choices(nil)
		require.Contains(t, open, c)
		if i > 0 && c.Actor != taken[i-1].Actor &&
			slices.ContainsFunc(open, func(o sim.Choice) bool { return o.Actor == taken[i-1].Actor }) {
			n++
		}
		m.Take(c)
	}
	return n
}

// TestLimits: each limit ends a search, is named, and leaves it not exhausted.
func TestLimits(t *testing.T) {
	stop := func() bool { return true }
	searches := map[string]func(o explore.Options) *explore.Result{
		"plain":  func(o explore.Options) *explore.Result { return plain(t, workload(1, sweepFixed, 1), o) },
		"cached": func(o explore.Options) *explore.Result { return cachedWithin(workload(4, sweepFixed, 1), o) },
		"walk":   func(o explore.Options) *explore.Result { return walk(workload(1, sweepFixed, 1), 1, o) },
	}
	for name, search := range searches { //tidy:unordered each on its own
		t.Run(name, func(t *testing.T) {
			for limit, o := range map[string]explore.Options{ //tidy:unordered each on its own
				"schedules":   {SchedulesMax: 2},
				"transitions": {TransitionsMax: 100},
				"stopped":     {Stop: stop},
			} {
				r := search(o)
				require.Equal(t, limit, r.Limit)
				require.False(t, r.Exhausted)
			}
		})
	}
	r := cachedWithin(workload(4, sweepFixed, 1), explore.Options{StatesMax: 50})
	require.Equal(t, "states", r.Limit)
	require.EqualValues(t, 50, r.States)

	s := workload(1, sweepFixed, 1)
	s.Limits.StepsMax = 5
	require.Equal(t, "steps", plain(t, s, explore.Options{}).Limit)
}

func cachedWithin(s *sim.System, o explore.Options) *explore.Result {
	m := sim.NewMemo(s)
	defer m.Close()
	return explore.Cached(m, o)
}

func walk(s *sim.System, seed uint64, o explore.Options) *explore.Result {
	m := sim.New(s)
	defer m.Close()
	return explore.Walk(m, explore.NewRandom(seed), o)
}

// TestSeeds: a seed is a sequence of schedules, and another seed is another one.
func TestSeeds(t *testing.T) {
	strategies := map[string]func(seed uint64) explore.Strategy{
		"random": func(seed uint64) explore.Strategy { return explore.NewRandom(seed) },
		"pct":    func(seed uint64) explore.Strategy { return explore.NewPCT(seed, 0) },
	}
	for name, strategy := range strategies { //tidy:unordered each on its own
		t.Run(name, func(t *testing.T) {
			draw := func(seed uint64) (prints []uint64) {
				m := sim.New(workload(2, sweepOld, 1))
				defer m.Close()
				explore.Walk(m, strategy(seed), explore.Options{
					SchedulesMax: 50, Ended: func(m *sim.Machine) { prints = append(prints, m.Fingerprint()) },
				})
				return prints
			}
			require.Len(t, draw(1), 50)
			require.Equal(t, draw(1), draw(1))
			require.NotEqual(t, draw(1), draw(2))
		})
	}
}

// TestLockstep: equal programs are equal under every schedule, and two that differ part at the step
// that differs.
func TestLockstep(t *testing.T) {
	lockstep := func(a, b *sim.System) (*explore.Result, error) {
		m, n := sim.NewMemo(a), sim.NewMemo(b)
		defer m.Close()
		defer n.Close()
		return explore.Lockstep(m, n, explore.Options{})
	}
	rapid.Check(t, func(t *rapid.T) {
		ps := drawPrograms(t)
		r, err := lockstep(ps.system(), ps.system())
		require.NoError(t, err)
		require.True(t, r.Exhausted)
		other := slices.Clone(ps)
		last := len(ps) - 1
		other[last] = append(slices.Clone(ps[last]), instruction{tiny.Add, cellA, 0})
		if _, err = lockstep(ps.system(), other.system()); err == nil {
			// Only a program that never gets to its end hides what stands there.
			require.True(t, slices.ContainsFunc(ps[last], func(in instruction) bool { return in.verb == tiny.Lock }))
		}
	})
	_, err := lockstep(bare(2, false), bare(2, true))
	require.EqualError(t, err,
		`explore: after 0 steps one offers ["sweeper-1 read a" "sweeper-2 read a"] `+
			`and the other ["sweeper-1 lock b" "sweeper-2 lock b"]`)
}
