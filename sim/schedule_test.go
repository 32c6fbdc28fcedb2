package sim_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/iotest"

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
		require.NoError(t, err)
		require.Equal(t, s, windows)
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
		{magic + " scope: 1\n", 2, `"scope:": expected an actor, whose name has no colon`},
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

// What is quoted of a line is its beginning.
func TestLongLinesAreQuotedInPart(t *testing.T) {
	_, err := parse("fermata schedule 1\n" + strings.Repeat("x", 61) + "\n")
	require.EqualError(t, err, `a.sched:2: "`+strings.Repeat("x", 57)+
		`...": expected an actor and a step, for example "sweeper-1  lock.acquire w1"`)
	_, err = parse("fermata schedule 1\na  read b => " + strings.Repeat("x", 4096-13) + "\r\n")
	require.NoError(t, err, "the end of a line is no part of it")
	_, err = parse("fermata schedule 1\na  read b => " + strings.Repeat("x", 4097-13) + "\n")
	require.EqualError(t, err, "a.sched:2: a line too long: expected at most 4096 bytes")
}

// A word that begins with "#" begins a comment, whatever space is before it; within a word it is a letter.
func TestComments(t *testing.T) {
	s, err := parse("fermata schedule 1\r\n" +
		"scenario: stale-lookup            # or another\n" +
		"scope:# none\n\n" +
		"  # first\n#  second  \n" +
		"a  read b#2\t# why\n" +
		"b\twrite a#1 =>  1   2 # and # why\n" +
		"# behind the last\n")
	require.NoError(t, err)
	require.Equal(t, &sim.Schedule{
		Headers: []sim.Header{{Key: "scenario", Value: "stale-lookup", Number: 2}, {Key: "scope", Number: 3}},
		Lines: []sim.Line{
			{Number: 7, Comment: []string{"first", "second"}, Actor: "a", Step: "read b#2"},
			{Number: 8, Actor: "b", Step: "write a#1", Reply: "1 2"},
		},
	}, s)
}

// What is wrong with a header can be told with its line.
func TestHeadersKnowTheirLine(t *testing.T) {
	s, err := parse("fermata schedule 1\n\n# about\nscope: sweeps=1\na  read b\n")
	require.NoError(t, err)
	require.Equal(t, 4, s.LineOf("scope"))
	require.Zero(t, s.LineOf("scenario"))
	value, ok := s.Header("scope")
	require.True(t, ok)
	require.Equal(t, "sweeps=1", value)
	_, ok = s.Header("scenario")
	require.False(t, ok)
	require.Equal(t, "fermata schedule 1\nscope: sweeps=1\n# about\na  read b\n", s.Text(), "no number is printed")
}

// A file that cannot be read is no malformed one.
func TestUnreadableSchedules(t *testing.T) {
	why := errors.New("the disk is gone")
	_, err := sim.ParseSchedule(iotest.ErrReader(why), "a.sched", vocabulary)
	require.ErrorIs(t, err, why)
	require.EqualError(t, err, "a.sched: the disk is gone")
	var at *sim.ParseError
	require.False(t, errors.As(err, &at))
}

// TestTruncatedSchedules: a schedule that was cut off anywhere is read as what is left of it or refused
// with a line; it is never read as something else.
func TestTruncatedSchedules(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawSchedule(t)
		text := s.Text()
		cut := text[:rapid.IntRange(0, len(text)-1).Draw(t, "cut")]
		got, err := parse(cut)
		if err != nil {
			var at *sim.ParseError
			require.ErrorAs(t, err, &at)
			require.Equal(t, max(1, len(strings.Split(strings.TrimSuffix(cut, "\n"), "\n"))), at.Line,
				"only the last line is not what it was")
			return
		}
		require.Equal(t, s.Headers, got.Headers, "with a choice behind them they are all there")
		last := len(got.Lines) - 1
		require.Equal(t, s.Lines[:last], got.Lines[:last])
		whole, part := s.Lines[last], got.Lines[last]
		require.Equal(t, whole.Actor, part.Actor)
		said := func(l sim.Line) string { return strings.TrimSuffix(l.Step+" => "+l.Reply, " => ") }
		require.True(t, strings.HasPrefix(said(whole), said(part)), "%q, then %q", said(whole), said(part))
	})
}

// FuzzParseSchedule: no text makes the parser panic, what it refuses it names with the line, and what it
// reads it also writes, unless that makes a line too long.
func FuzzParseSchedule(f *testing.F) {
	for _, s := range []string{
		"", "fermata schedule 1\n", "fermata schedule 1\na  read b => 1\n# c\n",
		"fermata schedule 1\nscenario: x # y\nscope:#z\na  read b\t#c\r\n",
		"fermata schedule 1\n# c\nfault  crash server-1\nfault  a write b error-after\nclock  read b =>  7 => 8\n",
		"fermata schedule 1\na  read b =>\u00a0# 1\n\u2003\n", "fermata schedule 1\n : write\n",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s, err := parse(text)
		if err != nil {
			var at *sim.ParseError
			require.ErrorAs(t, err, &at)
			require.LessOrEqual(t, 1, at.Line)
			require.LessOrEqual(t, at.Line, max(1, 1+strings.Count(text, "\n")))
			require.NotEmpty(t, at.Expected)
			return
		}
		written := s.Text()
		for _, line := range strings.Split(written, "\n") {
			if len(line) > 4096 {
				return
			}
		}
		again, err := parse(written)
		require.NoError(t, err, fmt.Sprintf("%q", written))
		require.Equal(t, written, again.Text())
		require.Len(t, again.Lines, len(s.Lines))
		for i, l := range again.Lines {
			l.Number = s.Lines[i].Number
			require.Equal(t, s.Lines[i], l)
		}
	})
}
