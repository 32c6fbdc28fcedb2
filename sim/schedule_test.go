package sim_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"fermata/sim"
	"fermata/sim/tiny"
)

var vocabulary = sim.Vocabulary{Headers: []string{"scenario", "scope"}, Verb: tiny.KnownVerb}

func parse(text string) (*sim.Schedule, error) {
	return sim.ParseSchedule(strings.NewReader(text), "a.sched", vocabulary)
}

// drawSchedule draws a schedule that says anything that a schedule can say.
func drawSchedule(t *rapid.T) *sim.Schedule {
	s := &sim.Schedule{}
	for i, key := range vocabulary.Headers[:rapid.IntRange(0, 2).Draw(t, "headers")] {
		value := rapid.StringMatching(`([a-z0-9=+.-]+( [a-z0-9=]+){0,2})?`).Draw(t, "value")
		s.Headers = append(s.Headers, sim.Header{Key: key, Value: value, Number: 2 + i})
	}
	line := 1 + len(s.Headers)
	for range rapid.IntRange(1, 8).Draw(t, "lines") {
		l := sim.Line{Actor: rapid.StringMatching(`[a-z]+-[0-9]`).Draw(t, "actor")}
		for range rapid.IntRange(0, 2).Draw(t, "comments") {
			l.Comment = append(l.Comment, rapid.StringMatching(`([a-z]+( [a-z.]+){0,3})?`).Draw(t, "comment"))
			line++
		}
		verb := rapid.SampledFrom([]string{"read", "write", "lock"}).Draw(t, "verb")
		l.Step = verb + " " + rapid.StringMatching(`[a-zA-Z0-9_][a-zA-Z0-9_@.#-]*`).Draw(t, "object")
		switch rapid.IntRange(0, 3).Draw(t, "kind") {
		case 0:
			l.Step = l.Actor + " " + l.Step + " " + rapid.SampledFrom([]string{"error-before", "error-after"}).
				Draw(t, "fault")
			l.Actor = "fault"
		case 1:
			l.Step, l.Actor = "crash "+l.Actor, "fault"
		case 2:
			l.Reply = rapid.StringMatching(`[a-z0-9]+( [a-z]+)?`).Draw(t, "reply")
		}
		line++
		l.Number = line
		s.Lines = append(s.Lines, l)
	}
	return s
}

// TestScheduleTextRoundTrips: a schedule says the same after it was written and read.
func TestScheduleTextRoundTrips(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawSchedule(t)
		again, err := parse(s.Text())
		require.NoError(t, err, s.Text())
		require.Equal(t, s, again)
		require.Equal(t, s.Text(), again.Text())
		windows, err := parse(strings.ReplaceAll(s.Text(), "\n", "\r\n"))
		if err == nil {
			require.Equal(t, len(s.Lines), len(windows.Lines))
		}
	})
}

// TestMalformedSchedules: each is refused with the file, the line, and what was expected there.
func TestMalformedSchedules(t *testing.T) {
	const magic = "fermata schedule 1\n"
	for _, c := range []struct {
		text string
		line int
		want string
	}{
		{"", 1, `an empty file: expected "fermata schedule 1"`},
		{"fermata schedule 2\n", 1, `"fermata schedule 2": expected "fermata schedule 1"`},
		{`{"schema":1}`, 1, `"{\"schema\":1}": expected "fermata schedule 1"`},
		{magic, 1, `the end of the file: expected at least one choice`},
		{magic + "scope: a=1\n", 2, `the end of the file: expected at least one choice`},
		{magic + "colour: red\n", 2, `unknown header "colour": expected one of scenario, scope`},
		{magic + "a  read b\nscope: 1\n", 3, `header "scope" after a choice: expected headers first`},
		{magic + "scope: 1\nscope: 2\n", 3, `header "scope" a second time: expected each header once`},
		{magic + "a\n", 2, `"a": expected an actor and a step, for example "sweeper-1  lock.acquire w1"`},
		{
			magic + "a  eat b\n", 2,
			`unknown verb "eat": expected a verb of the table of port calls, for example "lock.acquire"`,
		},
		{magic + "a  read b =>\n", 2, `nothing after "=>": expected the reply`},
		{magic + "fault  crash\n", 2, `"fault  crash": expected "fault crash" and an actor or a server`},
		{
			magic + "fault  a read b\n", 2,
			`"fault  a read b": expected "fault", an actor, its step, and error-before or error-after`,
		},
		{magic + "fault  crash a => 1\n", 2, `a reply after a fault: expected no reply: a fault decides it`},
		{magic + strings.Repeat("x", 5000), 2, `a line too long: expected at most 4096 bytes`},
		{magic + strings.Repeat("\n", 100_001), 100001, `a file too long: expected at most 100000 lines`},
	} {
		_, err := parse(c.text)
		require.EqualError(t, err, fmt.Sprintf("a.sched:%d: %s", c.line, c.want))
		var at *sim.ParseError
		require.True(t, errors.As(err, &at))
	}
}

// TestTruncatedSchedules: a schedule that was cut off anywhere is read as what is left of it or refused;
// it is never read as something else.
func TestTruncatedSchedules(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawSchedule(t)
		text := s.Text()
		cut := text[:rapid.IntRange(0, len(text)-1).Draw(t, "cut")]
		got, err := parse(cut)
		if err != nil {
			require.Contains(t, err.Error(), "a.sched:")
			return
		}
		for i, l := range got.Lines[:len(got.Lines)-1] {
			require.Equal(t, s.Lines[i], l)
		}
	})
}

// FuzzParseSchedule: no text makes the parser panic, and what it reads it also writes.
func FuzzParseSchedule(f *testing.F) {
	for _, s := range []string{"", "fermata schedule 1\n", "fermata schedule 1\na  read b => 1\n# c\n"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s, err := parse(text)
		if err != nil {
			return
		}
		again, err := parse(s.Text())
		require.NoError(t, err, fmt.Sprintf("%q", s.Text()))
		require.Equal(t, s.Text(), again.Text())
	})
}
