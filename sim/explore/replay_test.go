package explore_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"fermata/sim"
	"fermata/sim/explore"
	"fermata/sim/tiny"
)

// schedule reads the lines of a schedule of a tiny world.
func schedule(t require.TestingT, text string) []sim.Line {
	s, err := sim.ParseSchedule(strings.NewReader("fermata schedule 1\n"+text), "text",
		sim.Vocabulary{Verb: knownVerb})
	require.NoError(t, err)
	return s.Lines
}

// told is the schedule of a run, in words.
func told(m *sim.Machine, choices []sim.Choice) []sim.Line {
	var lines []sim.Line
	m.Reset()
	for _, c := range choices {
		m.Take(c)
		lines = append(lines, m.DescribeTaken())
	}
	return lines
}

// drawRun makes a run at random.
func drawRun(t *rapid.T, m *sim.Machine) []sim.Choice {
	explore.Walk(m, explore.NewRandom(rapid.Uint64().Draw(t, "seed")), explore.Options{SchedulesMax: 1})
	return slices.Clone(m.Taken())
}

// TestEveryRunCanBeFollowed: the words of a run, written and read, lead through the same run again, and so do
// its choices.
func TestEveryRunCanBeFollowed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := sim.New(drawScope(t).system())
		defer m.Close()
		choices := drawRun(t, m)
		print := m.Fingerprint()
		text := (&sim.Schedule{Lines: told(m, choices)}).Text()
		seen := 0
		_, lines, _ := strings.Cut(text, "\n")
		f, err := explore.Follow(m, schedule(t, lines), false, func([]sim.Violation) { seen++ })
		require.NoError(t, err, text)
		require.Empty(t, f.Changes)
		require.Equal(t, print, m.Fingerprint())
		require.Equal(t, choices, slices.Clone(m.Taken()))
		require.Len(t, choices, seen)
		_, err = explore.Repeat(m, choices)
		require.NoError(t, err)
		require.Equal(t, print, m.Fingerprint())
	})
}

// TestRepeatTellsWhatTheRunTells: what the last choice violates, and the end if that is one.
func TestRepeatTellsWhatTheRunTells(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := sim.New(drawScope(t).system())
		defer m.Close()
		choices := drawRun(t, m)
		choices = choices[:rapid.IntRange(0, len(choices)).Draw(t, "length")]
		var want []sim.Violation
		m.Reset()
		for _, c := range choices {
			want = slices.Clone(m.Take(c))
		}
		if len(m.Choices(nil)) == 0 {
			want = append(want, m.AtRest()...)
		}
		got, err := explore.Repeat(m, choices)
		require.NoError(t, err)
		require.Equal(t, len(want), len(got))
		for i := range want {
			require.Equal(t, want[i], got[i])
		}
	})
}

// TestRepairMakesARun: of the words of a run with lines taken out, doubled or moved, a repair makes a run of the
// system, and tells each line that it skipped, each step that it filled in and each reply that differs.
func TestRepairMakesARun(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := sim.New(drawScope(t).system())
		defer m.Close()
		choices := drawRun(t, m)
		lines := told(m, choices)
		for range rapid.IntRange(0, 3).Draw(t, "edits") {
			if len(lines) == 0 {
				break
			}
			i, j := rapid.IntRange(0, len(lines)-1).Draw(t, "from"), rapid.IntRange(0, len(lines)-1).Draw(t, "to")
			switch rapid.IntRange(0, 2).Draw(t, "edit") {
			case 0:
				lines = slices.Delete(lines, i, i+1)
			case 1:
				lines = slices.Insert(lines, j, lines[i])
			case 2:
				lines[i], lines[j] = lines[j], lines[i]
			}
		}
		_, drift := explore.Follow(m, lines, false, nil)
		seen := 0
		f, err := explore.Follow(m, lines, true, func([]sim.Violation) { seen++ })
		require.NoError(t, err)
		require.Equal(t, drift == nil, len(f.Changes) == 0, "%v, %v", drift, f.Changes)
		count := func(prefix string) (n int) {
			for _, c := range f.Changes {
				if strings.HasPrefix(c, prefix) {
					n++
				}
			}
			return n
		}
		skipped, filled, other := count("skipped line "), count("before line "), count("line ")
		require.Len(t, f.Changes, skipped+filled+other)
		require.Len(t, m.Taken(), len(lines)-skipped+filled)
		require.Len(t, m.Taken(), seen)
		print := m.Fingerprint()
		_, err = explore.Repeat(m, slices.Clone(m.Taken()))
		require.NoError(t, err)
		require.Equal(t, print, m.Fingerprint())
	})
}

// TestDrift: a line that does not fit any more is refused, with what was open instead; and mended if
// that is asked for.
func TestDrift(t *testing.T) {
	for name, c := range map[string]struct { //tidy:unordered each on its own
		lines   string
		drift   string
		changes []string
	}{
		"a step of another object": {
			"actor-1  read b\nactor-1 read a\nactor-1 write a",
			"line 2: actor-1 read b: not open; open were: actor-1 read a | actor-2 read a",
			[]string{"skipped line 2: actor-1 read b"},
		},
		"a step that is missing": {
			"actor-1  write a\nactor-2 read a",
			"line 2: actor-1 write a: not open; open were: actor-1 read a | actor-2 read a",
			[]string{"before line 2: actor-1 read a"},
		},
		"another reply": {
			"actor-1  read a => 7\nactor-1 write a",
			`line 2: actor-1 read a => 7: the reply was "0"`,
			[]string{"line 2: the reply is 0 now"},
		},
		"a step after the end": {
			"actor-1  read a\nactor-1 write a\nactor-2 read a\nactor-2 write a\nactor-2 write a",
			"line 6: actor-2 write a: the run was over",
			[]string{"skipped line 6: actor-2 write a"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			m := sim.New(lost(2))
			defer m.Close()
			_, err := explore.Follow(m, schedule(t, c.lines), false, nil)
			var drift *explore.Drift
			require.ErrorAs(t, err, &drift)
			require.EqualError(t, err, c.drift)
			f, err := explore.Follow(m, schedule(t, c.lines), true, nil)
			require.NoError(t, err)
			require.Equal(t, c.changes, f.Changes)
		})
	}
}

// TestDriftOfFaultsAndTime: the same for the lines that no actor of the system takes.
func TestDriftOfFaultsAndTime(t *testing.T) {
	sc := scope{
		programs: programs{{{lease, lockL, 5}, {tiny.Write, cellA, 1}}, {{pick, 0, 0}}},
		budget:   sim.Budget{Advances: 1, Faults: 1}, fail: []bool{true}, crash: []bool{true},
	}
	const atStart = "actor-1 lease 5 d | actor-2 pick => 0 | actor-2 pick => 1 | fault crash actor-1"
	for name, c := range map[string]struct { //tidy:unordered each on its own
		lines   string
		drift   string
		changes []string
	}{
		"a crash of somebody who is not there": {
			"fault  crash actor-3",
			"line 2: fault crash actor-3: not open; open were: " + atStart,
			[]string{"skipped line 2: fault crash actor-3"},
		},
		"an error that the scope does not allow": {
			"fault  actor-1 lease 5 d error-before\nactor-1 lease 5 d",
			"line 2: fault actor-1 lease 5 d error-before: not open; open were: " + atStart,
			[]string{"skipped line 2: fault actor-1 lease 5 d error-before"},
		},
		"a second fault where the budget is one": {
			"actor-1 lease 5 d\nfault  actor-1 write a error-after\nfault  crash actor-1",
			"line 4: fault crash actor-1: not open; open were: " +
				"actor-2 pick => 0 | actor-2 pick => 1 | clock advance 5",
			[]string{"skipped line 4: fault crash actor-1"},
		},
		"time that does not pass yet": {
			"clock  advance 5\nactor-1 lease 5 d",
			"line 2: clock advance 5: not open; open were: " + atStart,
			[]string{"skipped line 2: clock advance 5"},
		},
		"a reply that is none of those to choose from": {
			"actor-2  pick => 2",
			"line 2: actor-2 pick: not open; open were: " + atStart,
			[]string{"skipped line 2: actor-2 pick"},
		},
		"a step after the crash": {
			"fault  crash actor-1\nactor-1 write a",
			"line 3: actor-1 write a: not open; open were: actor-2 pick => 0 | actor-2 pick => 1",
			[]string{"skipped line 3: actor-1 write a"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			m := sim.New(sc.system())
			defer m.Close()
			_, err := explore.Follow(m, schedule(t, c.lines), false, nil)
			require.EqualError(t, err, c.drift)
			f, err := explore.Follow(m, schedule(t, c.lines), true, nil)
			require.NoError(t, err)
			require.Equal(t, c.changes, f.Changes)
		})
	}
}

// TestALineWithoutAReplyTakesTheFirst: a line without a reply takes the first.
func TestALineWithoutAReplyTakesTheFirst(t *testing.T) {
	m := sim.New(scope{programs: programs{{{pick, 0, 0}}}}.system())
	defer m.Close()
	for text, alt := range map[string]uint8{ //tidy:unordered each on its own
		"actor-1 pick": 0, "actor-1 pick => 0": 0, "actor-1 pick => 1": 1,
	} {
		_, err := explore.Follow(m, schedule(t, text), false, nil)
		require.NoError(t, err)
		require.Equal(t, []sim.Choice{{Alt: alt}}, m.Taken())
	}
}

// TestFillingEnds: a repair lets an actor go on for twenty steps and no more, and then has done nothing.
func TestFillingEnds(t *testing.T) {
	far := func(steps int) *sim.System {
		p := slices.Repeat([]instruction{{tiny.Add, cellA, 0}}, steps)
		return programs{append(p, instruction{tiny.Write, cellB, 1})}.system()
	}
	near := sim.New(far(20))
	defer near.Close()
	f, err := explore.Follow(near, schedule(t, "actor-1 write b"), true, nil)
	require.NoError(t, err)
	require.Len(t, f.Changes, 20)
	require.Equal(t, "before line 2: actor-1 add a", f.Changes[0])
	require.Len(t, near.Taken(), 21)

	m := sim.New(far(21))
	defer m.Close()
	f, err = explore.Follow(m, schedule(t, "actor-1 write b"), true, nil)
	require.NoError(t, err)
	require.Equal(t, []string{"skipped line 2: actor-1 write b"}, f.Changes)
	require.Empty(t, m.Taken())
}

// TestFinish lets everybody go on, the current actor first, time only when nobody else can, and no fault.
func TestFinish(t *testing.T) {
	m := sim.New(lost(3))
	defer m.Close()
	_, err := explore.Follow(m, schedule(t, "actor-2  read a"), false, nil)
	require.NoError(t, err)
	require.True(t, explore.Finish(m, nil))
	var actors []sim.ActorID
	for _, c := range m.Taken() {
		actors = append(actors, c.Actor)
	}
	require.Equal(t, []sim.ActorID{1, 1, 0, 0, 2, 2}, actors)
	require.Empty(t, m.AtRest())

	timed := sim.New(scope{
		programs: programs{{{lease, lockL, 5}}, {{lease, lockL, 5}, {tiny.Write, cellA, 1}}},
		budget:   sim.Budget{Advances: 2, Faults: 2}, fail: []bool{true, true}, crash: []bool{true, true},
	}.system())
	defer timed.Close()
	seen := 0
	require.True(t, explore.Finish(timed, func([]sim.Violation) { seen++ }))
	require.Equal(t, []sim.Choice{{Actor: 0}, {Actor: sim.Clock}, {Actor: 1}, {Actor: 1}, {Actor: sim.Clock}},
		timed.Taken())
	require.Equal(t, 5, seen)
}

// TestFinishTellsWhetherTheRunIsOver: it is not if the limit cut it, nor if code broke out.
func TestFinishTellsWhetherTheRunIsOver(t *testing.T) {
	for steps, over := range map[int]bool{3: false, 4: true, 5: true} { //tidy:unordered each on its own
		s := lost(2)
		s.Limits.StepsMax = steps
		m := sim.New(s)
		require.Equal(t, over, explore.Finish(m, nil), steps)
		require.Equal(t, min(steps, 4), m.Steps())
		m.Close()
	}
	s := lost(2)
	s.Actors[1].Script = onceOnly(func(*sim.Actor) { panic("out of luck") })
	m := sim.New(s)
	defer m.Close()
	require.False(t, explore.Finish(m, nil))
}

// TestFollowStopsWhereCodeBreaksOut, also to repair.
func TestFollowStopsWhereCodeBreaksOut(t *testing.T) {
	s := lost(2)
	s.Actors[1].Script = onceOnly(func(a *sim.Actor) {
		tiny.Do(a, tiny.Read, cellA, 0)
		panic("out of luck")
	})
	m := sim.New(s)
	defer m.Close()
	for _, repair := range []bool{false, true} {
		_, err := explore.Follow(m, schedule(t, "actor-2 read a\nactor-1 read a"), repair, nil)
		require.EqualError(t, err, "actor-2 panicked: out of luck")
	}
}

// TestRepeatRefuses a choice that is not open, and code that breaks out.
func TestRepeatRefuses(t *testing.T) {
	m := sim.New(lost(2))
	defer m.Close()
	_, err := explore.Repeat(m, []sim.Choice{{Actor: 1}, {Actor: 5}})
	require.EqualError(t, err, "explore: choice 2 is not open")

	s := &sim.System{World: tiny.New(1), OperationName: func(uint8) string { return "run" }}
	s.Actors = []sim.ActorSpec{{Name: "a", Script: on(0, func(a *sim.Actor, _ sim.Object) uint16 {
		tiny.Do(a, tiny.Touch, 1, 0)
		panic("out of luck")
	})}}
	broken := sim.New(s)
	defer broken.Close()
	_, err = explore.Repeat(broken, []sim.Choice{{}})
	require.EqualError(t, err, "a panicked: out of luck")
	require.ErrorContains(t, explore.Plain(broken, explore.Options{}).Failure, "out of luck")
}
