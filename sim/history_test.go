package sim_test

import (
	"reflect"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"fermata/sim"
	"fermata/sim/tiny"
)

// opID names an operation of a run: an actor's n-th.
type opID struct {
	actor sim.ActorID
	n     int
}

// precedence reads a history as what it means: what each operation was and answered, and which
// returned before which was called.
func precedence(h sim.History) (results map[opID]sim.Event, before map[[2]opID]bool) {
	results, before = map[opID]sim.Event{}, map[[2]opID]bool{}
	count := map[sim.ActorID]int{}
	var returned []opID
	for _, e := range h {
		id := opID{e.Actor, count[e.Actor]}
		if e.Kind == sim.Return {
			count[e.Actor]++
			returned = append(returned, id)
		} else {
			for _, r := range returned {
				before[[2]opID{r, id}] = true
			}
		}
		results[id] = e
	}
	return results, before
}

// opsSystem has three actors of two operations of up to three reads each.
func opsSystem(steps [3][2]int) *sim.System {
	s := &sim.System{World: tiny.New(1), Histories: true}
	for i := range steps {
		s.Actors = append(
			s.Actors,
			sim.ActorSpec{Name: "actor", Script: func(pos int, _ sim.Reply) (sim.Operation, bool) {
				if pos == 2 {
					return sim.Operation{}, false
				}
				return sim.Operation{
					Verb:   uint8(pos),
					Object: 1,
					Run: func(a *sim.Actor, _ *sim.Operation) (last sim.Reply) {
						for range steps[i][pos] {
							last = tiny.Do(a, tiny.Add, 1, 0)
						}
						return sim.Reply{Code: last.Code / 4} // few enough to be equal now and then
					},
				}, true
			}},
		)
	}
	return s
}

// equalHistories tells whether two histories are equal, which they must be if and only if they mean the
// same.
func equalHistories(t require.TestingT, one, two sim.History) bool {
	results, before := precedence(one)
	results2, before2 := precedence(two)
	same := reflect.DeepEqual(results, results2) && reflect.DeepEqual(before, before2)
	require.Equal(t, same, reflect.DeepEqual(one, two))
	return same
}

// Two runs have equal histories if and only if their operations, replies and return-before-call
// orders are equal. An operation without steps is called and returns at once.
func TestHistoriesAreCanonical(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var steps [3][2]int
		for i := range steps {
			for j := range steps[i] {
				steps[i][j] = rapid.IntRange(0, 3).Draw(t, "steps")
			}
		}
		m := rapid.SampledFrom(drivers).Draw(t, "driver").make(opsSystem(steps))
		defer m.Close()
		one := goOn(m, drawPicks(t)).History
		m.Reset()
		two := goOn(m, drawPicks(t)).History
		equalHistories(t, one, two)
		require.Len(t, one, 12)
	})
}

// Two operations of three steps each have 20 runs, of four histories: either of the two ends first, and then
// at the third step, before the other is called, or later. The replies of the latter are all 1, so that many
// runs differ only in the order of steps within operations that overlap anyway.
func TestHistoriesOfEveryRun(t *testing.T) {
	inBoth(t, func(t *testing.T, make func(*sim.System) *sim.Machine) {
		m := make(opsSystem([3][2]int{{3, 0}, {3, 0}, {0, 0}}))
		defer m.Close()
		var different []sim.History
		runs := 0
		everyRun(m, func(r run) {
			runs++
			known := false
			for _, h := range different {
				known = equalHistories(t, h, r.History) || known
			}
			if !known {
				different = append(different, r.History)
			}
		})
		require.Equal(t, []int{20, 4}, []int{runs, len(different)})
	})
}

func TestOperationsWithoutSteps(t *testing.T) {
	inBoth(t, func(t *testing.T, make func(*sim.System) *sim.Machine) {
		m := make(opsSystem([3][2]int{{0, 1}, {1, 0}, {0, 0}}))
		defer m.Close()
		require.Equal(t, []string{"actor add a", "actor add a"}, words(m))
		r := goOn(m, []int{1, 0})
		require.Equal(t, []bool{true, true}, []bool{r.Effects[0].First, r.Effects[0].Last})
		require.Equal(t, []int{0, 1}, []int{r.Effects[0].OpNumber, r.Effects[1].OpNumber})
		var text []string
		for _, e := range r.History {
			text = append(text, map[sim.EventKind]string{sim.Call: "call", sim.Return: "return"}[e.Kind]+
				" "+string('0'+rune(e.Actor))+"."+string('0'+rune(e.Verb)))
		}
		require.Equal(t, []string{
			"call 0.0", "return 0.0", // before the first step
			"call 2.0", "return 2.0", "call 2.1", "return 2.1",
			"call 1.0", "return 1.0", "call 1.1", "return 1.1", // at the end of the operation before
			"call 0.1", "return 0.1",
		}, text)
	})
}

// An operation that a crash or a deadlock leaves open has a call and no return.
func TestOpenOperations(t *testing.T) {
	inBoth(t, func(t *testing.T, make func(*sim.System) *sim.Machine) {
		m := make(
			&sim.System{World: tiny.New(2), Histories: true, Budget: sim.Budget{Faults: 1}, Actors: []sim.ActorSpec{
				{Name: "a", MayCrash: true, Script: single(write(1, 2))},
				{Name: "b", Script: single(func(a *sim.Actor) {
					tiny.Do(a, tiny.Lock, 2, 0)
					tiny.Do(a, tiny.Lock, 2, 0)
				})},
			}},
		)
		defer m.Close()
		take(t, m, "b lock b")
		take(t, m, "a write a")
		take(t, m, "fault crash a")
		require.Empty(t, m.Choices(nil))
		require.Equal(t, sim.History{
			{Kind: sim.Call, Actor: 0, Verb: 1}, {Kind: sim.Call, Actor: 1, Verb: 1},
		}, m.History(), "in canonical order")
	})
}

// Without Histories a machine records one only for a Judge, and a reply tree not even then.
func TestHistoriesAreOnRequest(t *testing.T) {
	system := func(judge sim.Judge) *sim.System {
		return &sim.System{World: tiny.New(1), Judge: judge, Actors: []sim.ActorSpec{
			{Name: "a", Script: single(write(1, 1))},
		}}
	}
	for _, c := range []struct {
		m    *sim.Machine
		want int
	}{
		{sim.New(system(nil)), 0}, {sim.New(system(&resting{})), 2}, {sim.NewMemo(system(&resting{})), 0},
	} {
		goOn(c.m, nil)
		require.Len(t, c.m.History(), c.want)
		c.m.Close()
	}
}
