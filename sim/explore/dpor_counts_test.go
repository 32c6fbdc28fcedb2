package explore_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"fermata/sim"
	"fermata/sim/explore"
	"fermata/sim/tiny"
)

// code is what one actor of a small program does.
type code func(a *sim.Actor)

// small is a program over that many cells, each actor with one operation.
func small(cells int, actors ...code) *sim.System {
	s := &sim.System{World: tiny.New(cells), OperationName: func(uint8) string { return "run" }}
	for i, c := range actors {
		s.Actors = append(s.Actors, sim.ActorSpec{Name: fmt.Sprintf("actor-%d", i+1), Script: onceOnly(c)})
	}
	return s
}

// each is n actors that do the same.
func each(n int, c code) (all []code) {
	for range n {
		all = append(all, c)
	}
	return all
}

func does(v sim.Verb, o sim.Object) code { return func(a *sim.Actor) { tiny.Do(a, v, o, 1) } }

func then(steps ...code) code {
	return func(a *sim.Actor) {
		for _, s := range steps {
			s(a)
		}
	}
}

// The programs of the synthetic tests of GenMC whose counts are known. Reading and writing are steps of their
// own; adding is one.
var (
	readers = func(n int) *sim.System { return small(1, append(each(n, does(tiny.Read, 1)), does(tiny.Write, 1))...) }
	ainc    = func(n int) *sim.System { return small(1, each(n, does(tiny.Add, 1))...) }
	binc    = func(n int) *sim.System { return small(2, each(n, then(does(tiny.Add, 1), does(tiny.Add, 2)))...) }
	lockinc = func(n int) *sim.System { return small(2, each(n, locked(increment(1)))...) }
	// lock2inc increments two cells under the lock.
	lock2inc = func(n int) *sim.System { return small(3, each(n, locked(then(increment(1), increment(3))))...) }
)

func locked(inside code) code { return then(does(tiny.Lock, 2), inside, does(tiny.Unlock, 2)) }

func increment(o sim.Object) code {
	return func(a *sim.Actor) { tiny.Do(a, tiny.Write, o, int64(tiny.Do(a, tiny.Read, o, 0).Code)+1) }
}

// lastzero has n actors, each of which writes into a cell what stands in the one before it plus one, and
// one that looks for the last cell that is zero.
func lastzero(n int) *sim.System {
	actors := []code{func(a *sim.Actor) {
		for o := n + 1; o > 1 && tiny.Do(a, tiny.Read, sim.Object(o), 0).Code != 0; {
			o--
		}
	}}
	for i := range n {
		actors = append(actors, func(a *sim.Actor) {
			v := tiny.Do(a, tiny.Read, sim.Object(i+1), 0).Code
			tiny.Do(a, tiny.Write, sim.Object(i+2), int64(v)+1)
		})
	}
	return small(n+1, actors...)
}

// fib is two actors that add, n times, the cell of the other to their own, and one that reads both.
func fib(n int) *sim.System {
	adds := func(own, other sim.Object) code {
		return func(a *sim.Actor) {
			v := int64(1)
			for range n {
				v += int64(tiny.Do(a, tiny.Read, other, 0).Code)
				tiny.Do(a, tiny.Write, own, v)
			}
		}
	}
	return small(2, adds(1, 2), adds(2, 1), then(does(tiny.Read, 1), does(tiny.Read, 2)))
}

func byClass(t *testing.T, s *sim.System) *explore.Result {
	t.Helper()
	m := sim.NewMemo(s)
	defer m.Close()
	r := explore.DPOR(m, explore.Options{})
	require.True(t, r.Exhausted)
	require.Equal(t, r.Schedules, r.Classes, "each class is met once")
	return r
}

// TestDPORCountsOfSyntheticPrograms: one run for each execution that GenMC expects of its synthetic tests
// under sequential consistency: 2^n for n readers of what one writes, (n+3)2^(n-2) for lastzero, n! for
// what increments a cell, by a step or under a lock, (n!)^2 for two cells.
func TestDPORCountsOfSyntheticPrograms(t *testing.T) {
	for _, c := range []struct {
		name    string
		program func(n int) *sim.System
		counts  map[int]int64
	}{
		{"readers", readers, map[int]int64{2: 4, 8: 256, 13: 8192}},
		{"lastzero", lastzero, map[int]int64{5: 64, 10: 3328}},
		{"ainc", ainc, map[int]int64{2: 2, 3: 6, 4: 24, 5: 120, 6: 720, 7: 5040}},
		{"lockinc", lockinc, map[int]int64{2: 2, 3: 6, 4: 24, 5: 120, 6: 720, 7: 5040}},
		{"lock2inc", lock2inc, map[int]int64{2: 2, 3: 6, 4: 24, 5: 120, 6: 720, 7: 5040}},
		{"binc", binc, map[int]int64{2: 4, 3: 36, 4: 576}},
	} {
		for n, want := range c.counts { //tidy:unordered each on its own
			require.Equal(t, want, byClass(t, c.program(n)).Schedules, "%s(%d)", c.name, n)
		}
	}
}

func TestDPORCountsOfFib(t *testing.T) {
	if testing.Short() {
		t.Skip("218,243 classes: left out by -short")
	}
	require.EqualValues(t, 218_243, byClass(t, fib(5)).Schedules)
}

// TestDPORCountsOfWorkload: the classes are those of an independent search, and no more than a few runs are
// begun in vain. Four fixed sweepers have 386,184 of them.
func TestDPORCountsOfWorkload(t *testing.T) {
	for _, c := range []struct {
		sweepers       int
		classes, vains int64
	}{
		{1, 30, 1}, {2, 476, 3}, {3, 11_376, 17}, {4, 386_184, 867},
	} {
		if testing.Short() && c.sweepers == 4 {
			continue
		}
		r := byClass(t, workload(c.sweepers, sweepFixed, 1))
		require.Equal(t, []int64{c.classes, c.vains}, []int64{r.Schedules, r.SleepBlocked})
		require.Empty(t, r.Finds)
	}
	old := byClass(t, workload(1, sweepOld, 1))
	require.EqualValues(t, 78, old.Schedules)
	require.Equal(t, []string{"at-rest w", "observed w"}, seen(old))
}

// TestDPORCountsOfBare: (n!)^2 classes when the lookup comes first, n! when the lock does, and as many of them
// bad as plain search counts.
func TestDPORCountsOfBare(t *testing.T) {
	for _, c := range []struct {
		n            int
		lockFirst    bool
		classes, bad int
	}{
		{2, false, 4, 2}, {3, false, 36, 30}, {2, true, 2, 0}, {3, true, 6, 0},
	} {
		s, bad := bare(c.n, c.lockFirst), 0
		m := sim.New(s)
		r := explore.DPOR(m, explore.Options{Ended: func(*sim.Machine) {
			if s.Judge.(*verdict).bad {
				bad++
			}
		}})
		m.Close()
		require.True(t, r.Exhausted)
		require.Equal(t, []int{c.classes, c.classes, c.bad}, []int{int(r.Schedules), int(r.Classes), bad})
	}
}
