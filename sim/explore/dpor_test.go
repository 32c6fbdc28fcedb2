package explore_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"fermata/sim"
	"fermata/sim/explore"
	"fermata/sim/tiny"
)

// classwise reports every result and every end of a run as a violation of its own, and nothing that
// runs of one trace class do not share.
type classwise struct{ world *tiny.World }

func (*classwise) Reset() {}

func (*classwise) Observe(t *sim.Transition) []sim.Violation {
	if !t.Last {
		return nil
	}
	return []sim.Violation{{Oracle: "result", Object: fmt.Sprint(t.Choice.Actor, t.Result.Code), Judging: true}}
}

func (j *classwise) AtRest(r *sim.Rest) []sim.Violation {
	return []sim.Violation{{
		Oracle: "end", Object: fmt.Sprint(j.world.Cell[1:], r.Blocked, r.Crashed), Judging: true,
	}}
}

func (*classwise) Save(dst []byte) []byte { return dst }
func (*classwise) Load(src []byte) []byte { return src }

// bare of what a class does not tell: the scope's system, judged by classwise.
func (sc scope) byClass() *sim.System {
	s := sc.system()
	s.Histories = false
	s.Judge = &classwise{s.World.(*clocked).World}
	return s
}

// traces is what the complete runs of a search were, by class.
type traces struct {
	result  *explore.Result
	seen    []string
	classes map[[2]uint64]int // how many runs
}

// traced searches a system, each run from its start, and tells the classes of the runs.
func traced(s *sim.System, o explore.Options, by func(*sim.Machine, explore.Options) *explore.Result) traces {
	m := sim.New(s)
	defer m.Close()
	var class explore.Class
	class.Reset()
	all := traces{classes: map[[2]uint64]int{}}
	o.Entered = func(m *sim.Machine, _ int) {
		if m.Steps() == 1 {
			class.Reset()
		}
		class.Add(m.Transition())
	}
	o.Ended = func(*sim.Machine) { all.classes[class.Sum]++ }
	all.result = by(m, o)
	all.seen = seen(all.result)
	return all
}

// remembered is traced along reply trees: the classes are those of the schedules, made again.
func remembered(s func() *sim.System, by func(*sim.Machine, explore.Options) *explore.Result) traces {
	m, again := sim.NewMemo(s()), sim.New(s())
	defer m.Close()
	defer again.Close()
	var class explore.Class
	all := traces{classes: map[[2]uint64]int{}}
	all.result = by(m, explore.Options{Ended: func(m *sim.Machine) {
		again.Reset()
		class.Reset()
		for _, c := range m.Taken() {
			again.Take(c)
			class.Add(again.Transition())
		}
		all.classes[class.Sum]++
	}})
	all.seen = seen(all.result)
	return all
}

// once tells that no class was met more than once.
func (all traces) once() bool {
	for _, n := range all.classes { //tidy:unordered all of them
		if n != 1 {
			return false
		}
	}
	return true
}

func names(classes map[[2]uint64]int) (names [][2]uint64) {
	for c := range classes { //tidy:unordered sorted below
		names = append(names, c)
	}
	slices.SortFunc(names, func(a, b [2]uint64) int { return slices.Compare(a[:], b[:]) })
	return names
}

// drawTraced draws a scope, with the classes that plain search meets in it.
func drawTraced(t *rapid.T, draw func(t *rapid.T) scope) (scope, traces) {
	for {
		sc := draw(t)
		all := traced(sc.byClass(), explore.Options{SchedulesMax: schedulesMax}, explore.Plain)
		require.Nil(t, all.result.Failure)
		if all.result.Exhausted {
			return sc, all
		}
	}
}

// drawDeep draws a scope as drawScope does, with up to two faults.
func drawDeep(t *rapid.T) scope {
	sc := drawScope(t)
	sc.budget.Faults = rapid.IntRange(0, 2).Draw(t, "more faults")
	return sc
}

// drawLocks draws actors that lock, unlock and write, without faults or time.
func drawLocks(t *rapid.T) scope { return scope{programs: drawPrograms(t)} }

// TestDPORMeetsEachClassOnce: on programs at random, each class that plain search meets is met by exactly
// one complete run, and so every result and every end is seen; of each kind of machine.
func TestDPORMeetsEachClassOnce(t *testing.T) {
	for name, draw := range map[string]func(*rapid.T) scope{ //tidy:unordered each on its own
		"locks": drawLocks, "faults and time": drawDeep,
	} {
		t.Run(name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				for range programsPerCheck {
					sc, all := drawTraced(t, draw)
					for _, got := range []traces{
						traced(sc.byClass(), explore.Options{}, explore.DPOR), remembered(sc.byClass, explore.DPOR),
					} {
						require.True(t, got.result.Exhausted)
						require.Equal(t, all.seen, got.seen)
						require.Equal(t, names(all.classes), names(got.classes))
						require.True(t, got.once())
						require.EqualValues(t, len(all.classes), got.result.Schedules)
						require.EqualValues(t, len(all.classes), got.result.Classes)
					}
				}
			})
		})
	}
}
