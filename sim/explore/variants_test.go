package explore_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"fermata/sim"
	"fermata/sim/explore"
	"fermata/sim/tiny"
)

// lostWithout is lost(n) without the actor of that number: the others keep their names, and go by other numbers.
func lostWithout(n, gone int) func() *sim.System {
	return func() *sim.System {
		s := lost(n)
		w := s.World.(*tiny.World)
		s.Actors = slices.Delete(s.Actors, gone, gone+1)
		s.Judge = &verdict{object: "a", badEnd: func() bool { return int(w.Cell[1]) < n-1 }}
		return s
	}
}

// TestCarriedByName: a find goes over to a system without its first actor by the names of the others.
func TestCarriedByName(t *testing.T) {
	three := func() *sim.System { return lost(3) }
	lines := schedule(
		t,
		"actor-3 read a\nactor-2 read a\nactor-3 write a\nactor-2 write a\nactor-1 read a\nactor-1 write a",
	)
	m := sim.New(three())
	defer m.Close()
	_, err := explore.Follow(m, lines, false, nil)
	require.NoError(t, err)
	f := explore.Find{Violation: m.AtRest()[0], Choices: slices.Clone(m.Taken()), AtRest: true}
	for gone, want := range map[int][]string{ //tidy:unordered each on its own
		0: {"actor-2", "actor-3"}, 1: {"actor-1", "actor-3"}, 2: {"actor-1", "actor-2"},
	} {
		smaller := lostWithout(3, gone)
		s, err := explore.Shrink(f, []func() *sim.System{three, smaller})
		require.NoError(t, err)
		require.Equal(t, 1, s.Variant)
		require.Equal(t, explore.Cost{Actors: 2, Switches: 1, Steps: 4}, s.Cost)
		require.True(t, violates(t, smaller(), f, s.Choices))
		on := sim.New(smaller())
		var names []string
		for _, l := range told(on, s.Choices) {
			names = append(names, l.Actor)
		}
		on.Close()
		slices.Sort(names)
		require.Equal(t, want, slices.Compact(names))
	}
}

// TestAVariantWithoutTheViolationIsPassedOver, also one whose runs do not end, and one of which nobody of the
// find is.
func TestAVariantWithoutTheViolationIsPassedOver(t *testing.T) {
	three, two := func() *sim.System { return lost(3) }, func() *sim.System { return lost(2) }
	alone := func() *sim.System { return lost(1) }
	strangers := func() *sim.System {
		s := lost(1)
		s.Actors[0].Name = "somebody"
		return s
	}
	endless := func() *sim.System {
		s := lost(2)
		s.Limits.StepsMax = 50
		s.Actors[0].Script = onceOnly(func(a *sim.Actor) {
			for {
				tiny.Do(a, tiny.Write, cellA, 0)
			}
		})
		return s
	}
	f, ok := find(t, three(), 1)
	require.True(t, ok)
	for name, c := range map[string]struct { //tidy:unordered each on its own
		variants []func() *sim.System
		want     int
	}{
		"none is":             {[]func() *sim.System{three, alone, strangers}, 0},
		"the last is not":     {[]func() *sim.System{three, two, alone}, 1},
		"the first is not":    {[]func() *sim.System{three, alone, two}, 2},
		"one that has no end": {[]func() *sim.System{three, endless}, 0},
		"the same once more":  {[]func() *sim.System{two, two}, 1},
		"a larger one":        {[]func() *sim.System{two, three}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			f, ok := f, true
			if len(c.variants[0]().Actors) == 2 {
				f, ok = find(t, two(), 1)
			}
			require.True(t, ok)
			s, err := explore.Shrink(f, c.variants)
			require.NoError(t, err)
			require.Equal(t, c.want, s.Variant)
			require.True(t, violates(t, c.variants[s.Variant](), f, s.Choices))
			first, err := explore.Shrink(f, c.variants[:1])
			require.NoError(t, err)
			require.False(t, first.Cost.Less(s.Cost))
			require.LessOrEqual(t, first.Tried, s.Tried, "what was tried on other systems counts")
		})
	}
}

// TestLookedForAfreshWhereItCannotBeCarried: the actors of the variant have other names, so that nothing of the
// find goes over, and the violation is looked for at random.
func TestLookedForAfreshWhereItCannotBeCarried(t *testing.T) {
	three := func() *sim.System { return lost(3) }
	renamed := func() *sim.System {
		s := lost(2)
		s.Actors[0].Name, s.Actors[1].Name = "this", "that"
		return s
	}
	f, ok := find(t, three(), 1)
	require.True(t, ok)
	s, err := explore.Shrink(f, []func() *sim.System{three, renamed})
	require.NoError(t, err)
	require.Equal(t, 1, s.Variant)
	require.Equal(t, explore.Cost{Actors: 2, Switches: 1, Steps: 4}, s.Cost)
}

// TestFaultsAreLeftOutWhereTheyCan: a fault stays in what is shrunk only if the violation needs it.
func TestFaultsAreLeftOutWhereTheyCan(t *testing.T) {
	system := func(bad byte) func() *sim.System {
		return func() *sim.System {
			s := scope{
				programs: programs{
					{{tiny.Write, cellA, 1}, {tiny.Write, cellA, 2}}, {{tiny.Write, cellB, 1}},
				},
				budget: sim.Budget{Faults: 2}, fail: []bool{true, true}, crash: []bool{true, true},
			}.system()
			w := s.World.(*clocked)
			s.Judge = &verdict{object: "a", badEnd: func() bool { return w.Cell[cellA] == bad }}
			return s
		}
	}
	// The last write is lost to an error before it, or to a crash.
	f, ok := find(t, system(1)(), 1)
	require.True(t, ok)
	s, err := explore.Shrink(f, one(system(1)))
	require.NoError(t, err)
	require.Equal(t, 1, s.Cost.Faults)
	require.Zero(t, s.Cost.Switches)

	// Nothing needs to fail for the end that the program means.
	for seed := range uint64(20) {
		f, ok = find(t, system(2)(), seed)
		require.True(t, ok)
		s, err = explore.Shrink(f, one(system(2)))
		require.NoError(t, err)
		require.Equal(t, explore.Cost{Actors: 2, Steps: 3}, s.Cost)
	}
}

// TestTimeIsLetPassOnlyWhereItMust: a lease that must end under its holder, and two switches around it.
func TestTimeIsLetPassOnlyWhereItMust(t *testing.T) {
	system := func() *sim.System {
		s := scope{
			programs: programs{
				{{lease, lockL, 1}, {tiny.Write, cellA, 1}, {tiny.Unlock, lockL, 0}},
				{{lease, lockL, 1}, {tiny.Write, cellA, 2}, {tiny.Unlock, lockL, 0}},
			},
			budget: sim.Budget{Advances: 2},
		}.system()
		w := s.World.(*clocked)
		s.Judge = &overlap{world: w}
		return s
	}
	f := plain(t, system(), explore.Options{FirstOnly: true}).Judging()
	require.NotNil(t, f)
	s, err := explore.Shrink(*f, one(system))
	require.NoError(t, err)
	require.Equal(t, explore.Cost{Actors: 2, Switches: 3, Steps: 4}, s.Cost)
	m := sim.New(system())
	defer m.Close()
	text := (&sim.Schedule{Lines: told(m, s.Choices)}).Text()
	require.Equal(t, "fermata schedule 1\n"+
		"actor-1  lease 1 d => 0\n"+
		"clock    advance 1 => 0\n"+
		"actor-2  lease 1 d => 0\n"+
		"actor-1  write a => 0\n", text)
}

// overlap sees an actor that writes a while another has the lock.
type overlap struct{ world *clocked }

func (*overlap) Reset() {}

func (j *overlap) Observe(t *sim.Transition) []sim.Violation {
	owner := j.world.Cell[lockL]
	if t.Step != nil && t.Step.Verb == tiny.Write && owner != 0 && owner != byte(t.Choice.Actor)+1 {
		return []sim.Violation{{Oracle: "overlap", Object: "a", Judging: true}}
	}
	return nil
}

func (*overlap) AtRest(*sim.Rest) []sim.Violation { return nil }
func (*overlap) Save(dst []byte) []byte           { return dst }
func (*overlap) Load(src []byte) []byte           { return src }

// restless is a world whose replies have another digest each time.
type restless struct {
	*tiny.World
	n uint64
}

func (w *restless) Digest(a sim.ActorID, s *sim.Step, r sim.Reply) uint64 {
	w.n++
	return w.World.Digest(a, s, r) + w.n
}

// TestShrinkRefusesAnotherFingerprint: the same violation along another run is no repetition either.
func TestShrinkRefusesAnotherFingerprint(t *testing.T) {
	f, ok := find(t, lost(2), 1)
	require.True(t, ok)
	_, err := explore.Shrink(f, one(func() *sim.System {
		s := lost(2)
		w := &restless{World: s.World.(*tiny.World)}
		s.World = w
		return s
	}))
	require.ErrorIs(t, err, explore.ErrFlaky)
	require.EqualError(t, err, "explore: the violation does not repeat: replay 2 has another fingerprint")
}

// TestCostOrder: fewer actors before fewer faults before fewer switches before fewer steps.
func TestCostOrder(t *testing.T) {
	order := []explore.Cost{
		{1, 0, 0, 9},
		{1, 0, 1, 5},
		{1, 0, 1, 6},
		{1, 1, 0, 1},
		{2, 0, 0, 1},
		{2, 0, 0, 2},
	}
	for i := range order {
		for j := range order {
			require.Equal(t, i < j, order[i].Less(order[j]), "%v, %v", order[i], order[j])
		}
	}
}

// TestSwitches counts what the base scheduler would not have done, but for faults.
func TestSwitches(t *testing.T) {
	m := sim.New(scope{
		programs: programs{{{tiny.Write, cellA, 1}, {tiny.Write, cellA, 1}}, {{lease, lockL, 1}}},
		budget:   sim.Budget{Advances: 1, Faults: 1}, fail: []bool{true}, crash: []bool{true},
	}.system())
	defer m.Close()
	clock := sim.Choice{Actor: sim.Clock}
	for name, c := range map[string]struct { //tidy:unordered each on its own
		choices []sim.Choice
		want    int
	}{
		"none":                             {nil, 0},
		"the lowest, then the next":        {[]sim.Choice{{}, {}, {Actor: 1}, clock}, 0},
		"another first, back when it ends": {[]sim.Choice{{Actor: 1}, {}, {}, clock}, 1},
		"in between, and back":             {[]sim.Choice{{}, {Actor: 1}, {}}, 1},
		"time before anybody must wait":    {[]sim.Choice{{Actor: 1}, clock, {}}, 2},
		"a fault":                          {[]sim.Choice{{Fault: sim.ErrorAfter}, {}}, 0},
		"a crash, and another then":        {[]sim.Choice{{}, {Fault: sim.Crash}, {Actor: 1}}, 0},
		"what is no schedule":              {[]sim.Choice{{Actor: 1}, {Actor: 1}, {}}, 0},
	} {
		require.Equal(t, c.want, explore.Switches(m, c.choices), name)
	}
}
