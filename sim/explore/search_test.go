package explore_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"fermata/sim"
	"fermata/sim/explore"
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

// programsPerCheck is how many programs one check draws: most are small.
const programsPerCheck = 10

// TestCachedSeesWhatPlainSees: on programs at random, every result, every end, in every order.
func TestCachedSeesWhatPlainSees(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		for range programsPerCheck {
			ps := drawPrograms(t)
			reference := plain(t, ps.system(), explore.Options{})
			require.True(t, reference.Exhausted)
			require.Equal(t, seen(reference), seen(cachedBy(t, ps.system(), (*sim.Machine).Key)))
		}
	})
}

// TestEveryFindRepeats: what any search finds is the schedule of a run that shows the violation at its end, and
// not before; and each oracle and object is found once.
func TestEveryFindRepeats(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		sc := drawScope(t)
		m := sim.New(sc.system())
		defer m.Close()
		for _, name := range []string{
			"plain", "bounded", "delayed", "dpor", "dpor, remembered", "dpor, bounded", "cached", "random", "pct",
		} {
			r := searches[name](sc.system, explore.Options{SchedulesMax: 50})
			names := seen(r)
			require.Equal(t, names, slices.Compact(slices.Clone(names)))
			for _, f := range r.Finds {
				vs, err := explore.Repeat(m, f.Choices)
				require.NoError(t, err, name)
				require.Contains(t, vs, f.Violation, name)
				require.Equal(t, f.AtRest, f.Violation.Oracle != "result", name)
				require.True(t, !f.AtRest || len(m.Choices(nil)) == 0, name)
			}
		}
	})
}

func cachedWithin(s *sim.System, o explore.Options) *explore.Result {
	m := sim.NewMemo(s)
	defer m.Close()
	return explore.Cached(m, o)
}

// searched runs a search on a machine of coroutines.
func searched(
	s func() *sim.System, o explore.Options, by func(*sim.Machine, explore.Options) *explore.Result,
) *explore.Result {
	m := sim.New(s())
	defer m.Close()
	return by(m, o)
}

func walk(s *sim.System, seed uint64, o explore.Options) *explore.Result {
	m := sim.New(s)
	defer m.Close()
	return explore.Walk(m, explore.NewRandom(seed), o)
}

// TestSeeds: a seed is a sequence of schedules, and another seed is another one.
func TestSeeds(t *testing.T) {
	for i, s := range everyStrategy(0) {
		t.Run(s.Name(), func(t *testing.T) {
			draw := func(seed uint64) (prints []uint64) {
				m := sim.New(workload(2, sweepOld, 1))
				defer m.Close()
				explore.Walk(m, everyStrategy(seed)[i], explore.Options{
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
