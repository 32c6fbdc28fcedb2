package spec_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	. "fermata/model/spec"
)

// precedence says the same as Canonical, the dumb way: each actor's operations, and for each two
// operations whether the one returned before the other was called.
func precedence(events []Event) []string {
	names := map[int]string{}
	count := map[Actor]int{}
	var facts []string
	for _, e := range events {
		if e.Kind == Call {
			count[e.Actor]++
			names[e.Op] = fmt.Sprintf("%q %d", e.Actor, count[e.Actor])
			facts = append(facts, names[e.Op]+" "+e.Operation.String())
			continue
		}
		facts = append(facts, names[e.Op]+" "+e.Reply.String())
	}
	for i, r := range events {
		for _, c := range events[i:] {
			if r.Kind == Return && c.Kind == Call {
				facts = append(facts, names[r.Op]+" before "+names[c.Op])
			}
		}
	}
	slices.Sort(facts)
	return facts
}

// shuffled exchanges neighbours of different actors a few times, and numbers the operations anew.
func shuffled(t *rapid.T, events []Event, sameKind bool) []Event {
	other := append([]Event(nil), events...)
	for range rapid.IntRange(0, 2*len(events)).Draw(t, "exchanges") {
		i := rapid.IntRange(0, len(other)-2).Draw(t, "at")
		if a, b := other[i], other[i+1]; a.Actor != b.Actor && (a.Kind == b.Kind || !sameKind) {
			other[i], other[i+1] = b, a
		}
	}
	for i := range other {
		other[i].Op = 100 - other[i].Op
	}
	return other
}

func TestCanonicalIsEqualExactlyForEqualHistories(t *testing.T) {
	seen := map[bool]bool{}
	untilSeen(t, func(t *rapid.T) {
		r := workflowSubject.draw(t, 5)
		if len(r.events) < 2 {
			return
		}
		other := shuffled(t, r.events, rapid.Bool().Draw(t, "same kind"))
		same := slices.Equal(precedence(r.events), precedence(other))
		require.Equal(t, same, Canonical(r.events) == Canonical(other), "%s\n%s",
			Canonical(r.events), Canonical(other))
		seen[same] = true
	}, func() bool { return seen[true] && seen[false] })
}

func TestOrderWithinABlockIsIrrelevant(t *testing.T) {
	each(t, blocks[WorkflowState], blocks[EntryState], blocks[Epoch], blocks[LockState])
}

func blocks[S comparable](t *testing.T, s subject[S]) {
	rapid.Check(t, func(t *rapid.T) {
		r := s.draw(t, 5)
		events := s.spoil(t, Close(r.events))
		if len(events) < 2 {
			return
		}
		other := shuffled(t, events, true)
		require.Equal(t, Canonical(events), Canonical(other))
		require.Equal(t, Sorted(events), Sorted(other))
		require.Equal(t, Sorted(events), Sorted(Sorted(events)))
		want, err := Check(s.spec, Always(r.initial), events)
		require.NoError(t, err)
		got, err := Check(s.spec, Always(r.initial), other)
		require.NoError(t, err)
		require.Equal(t, want, got)
	})
}

func TestTextRoundTrips(t *testing.T) {
	id := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"w1", "a b", `"`, `\`, "#", "=", "\xff", "\n"}))
	rapid.Check(t, func(t *rapid.T) {
		events := queueSubject.draw(t, 4).events
		events = append(events, lockSubject.draw(t, 4).events...)
		events = append(events, workflowSubject.draw(t, 4).events...)
		text := "# a comment\n\n"
		for i := range events {
			if rapid.Bool().Draw(t, "odd") {
				odd := Actor(id.Draw(t, "id"))
				events[i].Actor = odd
				if events[i].Kind == Call {
					events[i].Operation.Owner = odd
				}
			}
			text += "  " + events[i].String() + " # a comment\r\n"
		}
		parsed, err := Parse("history", text)
		require.NoError(t, err)
		require.Equal(t, len(events), len(parsed))
		for i := range events {
			require.Equal(t, events[i], parsed[i])
		}
	})
}

func TestMalformedTextIsRefused(t *testing.T) {
	for _, c := range []struct{ line, message string }{
		{"a call 1", "expected ACTOR call|return NUMBER …, got 3 words"},
		{"a call one Sweep", `expected an operation's number, got "one"`},
		{"a calls 1 Sweep", `expected call NUMBER OPERATION or return NUMBER => REPLY, got "calls 1 Sweep"`},
		{"a return 1 RUNNING", `got "return 1 RUNNING"`},
		{"a call 1 Sleep", `unknown operation "Sleep"`},
		{"a call 1 Sweep workfow=w1", `unknown input "workfow=w1" of Sweep`},
		{"a call 1 UpdateTask result=DONE", `unknown input "result=DONE" of UpdateTask`},
		{`a call 1 Sweep workflow="w1`, `malformed quoted word "w1`},
		{`"a call 1 Sweep`, "got 1 words"},
		{`"a\q" call 1 Sweep`, "malformed quoted word"},
		{"a return 1 =>", "expected a reply after =>"},
		{"a return 1 => SOON", `unknown reply "SOON"`},
	} {
		_, err := Parse("histories/x.txt", "a call 1 Sweep\n"+c.line)
		require.ErrorIs(t, err, ErrHistory, c.line)
		require.ErrorContains(t, err, "histories/x.txt:2: ", c.line)
		require.ErrorContains(t, err, c.message, c.line)
	}
}

func TestCanonicalText(t *testing.T) {
	events := parse(t, `
		worker-1  call 7 UpdateTask workflow=w1 task=t1 result=COMPLETED
		audit     call 5 Inspect workflow=w1
		worker-1  return 7 => none
		audit     return 5 => RUNNING present
		audit     call 9 Pop workflow=w1 task=t1`)
	require.Equal(t, `audit call 1 Inspect workflow=w1
worker-1 call 2 UpdateTask workflow=w1 task=t1 result=COMPLETED
audit return 1 => RUNNING present
worker-1 return 2 => none
audit call 3 Pop workflow=w1 task=t1
`, Canonical(events))
}
