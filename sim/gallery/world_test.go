package gallery_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"fermata/sim"
	"fermata/sim/explore"
	"fermata/sim/gallery"
)

// orders gives the orders in which sleepers woke, over all schedules, and whether some run ended with one asleep.
func orders(t *testing.T, sleepers, signals int) (all []int32, asleep bool) {
	t.Helper()
	m := sim.New(gallery.SleepersAndSignals(sleepers, signals))
	defer m.Close()
	r := explore.Plain(m, explore.Options{Ended: func(m *sim.Machine) {
		all = append(all, gallery.Order(m.System().World))
	}})
	require.True(t, r.Exhausted)
	slices.Sort(all)
	return slices.Compact(all), r.Judging() != nil
}

// TestSignals: a signal wakes one of those who sleep, any of them, and is lost where nobody does. Each sleeper wakes by
// a signal of its own.
func TestSignals(t *testing.T) {
	for _, c := range []struct {
		sleepers, signals int
		orders            []int32
	}{
		{1, 0, []int32{0}},
		{1, 1, []int32{0, 1}}, // 0: the signal came first
		{2, 1, []int32{0, 1, 2}},
		{2, 2, []int32{0, 1, 2, 12, 21}},
	} {
		got, asleep := orders(t, c.sleepers, c.signals)
		require.Equal(t, c.orders, got)
		require.True(t, asleep, "a signal may be lost")
	}
}

// TestSearchesAgree: the search that saves and loads states finds what plain search finds.
func TestSearchesAgree(t *testing.T) {
	for _, c := range [][2]int{{1, 1}, {2, 1}, {2, 2}} {
		ends := map[int32]bool{}
		m := sim.NewMemo(gallery.SleepersAndSignals(c[0], c[1]))
		defer m.Close()
		r := explore.Cached(m, explore.Options{Ended: func(m *sim.Machine) {
			ends[gallery.Order(m.System().World)] = true
		}})
		require.True(t, r.Exhausted)
		want, _ := orders(t, c[0], c[1])
		for _, end := range want {
			require.True(t, ends[end], end)
		}
		require.Len(t, ends, len(want))
	}
}

// TestWords: a run told in words is the same run.
func TestWords(t *testing.T) {
	for _, p := range gallery.Programs() {
		if p.Actors() > 30 {
			continue
		}
		m := sim.New(p.Buggy())
		defer m.Close()
		for seed := range uint64(3) {
			var lines []sim.Line
			explore.Walk(m, explore.NewRandom(seed), explore.Options{
				SchedulesMax: 1, Entered: func(m *sim.Machine, _ int) { lines = append(lines, m.DescribeTaken()) },
			})
			first := m.Fingerprint()
			for i := range lines {
				lines[i].Number = i + 1
			}
			_, err := explore.Follow(m, lines, false, nil)
			require.NoError(t, err, p.Name)
			require.Equal(t, first, m.Fingerprint())
		}
	}
}

// TestVerbs are the words of schedules.
func TestVerbs(t *testing.T) {
	require.True(t, gallery.KnownVerb("signal"))
	require.False(t, gallery.KnownVerb(""))
	require.False(t, gallery.KnownVerb("push"))
}
