package explore_test

import (
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
		sim.Vocabulary{Verb: tiny.KnownVerb})
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

// TestEveryRunCanBeFollowed: the words of a run lead through the same run again.
func TestEveryRunCanBeFollowed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := sim.New(drawPrograms(t).system())
		defer m.Close()
		explore.Walk(m, explore.NewRandom(rapid.Uint64().Draw(t, "seed")), explore.Options{SchedulesMax: 1})
		print, choices := m.Fingerprint(), append([]sim.Choice(nil), m.Taken()...)
		lines := told(m, choices)
		f, err := explore.Follow(m, lines, false, nil)
		require.NoError(t, err)
		require.Empty(t, f.Changes)
		require.Equal(t, print, m.Fingerprint())
		_, err = explore.Repeat(m, choices)
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

// TestFinish lets everybody go on, the current actor first.
func TestFinish(t *testing.T) {
	m := sim.New(lost(3))
	defer m.Close()
	_, err := explore.Follow(m, schedule(t, "actor-2  read a"), false, nil)
	require.NoError(t, err)
	explore.Finish(m, nil)
	var actors []sim.ActorID
	for _, c := range m.Taken() {
		actors = append(actors, c.Actor)
	}
	require.Equal(t, []sim.ActorID{1, 1, 0, 0, 2, 2}, actors)
	require.Empty(t, m.AtRest())
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
