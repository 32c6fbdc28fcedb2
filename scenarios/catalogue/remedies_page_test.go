package catalogue

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// remediesPage is the page about what an operator can do beside an engine.
const remediesPage = "../../docs/remedies.md"

// remediedEngines are those of the page: the race of the report, its fix, a recent release, and the proposed fix.
var remediedEngines = []string{"conductor-3.17.0", "conductor-3.21.3", "conductor-3.31.2", "proposed"}

// remediedScopes are the scopes of the page that are no one sweeper of the scenario's own: smaller ones that show the
// same.
var remediedScopes = map[string]string{
	"terminate-child-starting": "sweepers=0",
	"lease-expiry":             "sweepers=1 advance=1 deadlines=living-lease",
}

// weighed is what a search of a whole scope saw, all oracles together.
type weighed struct {
	// judged are the first violation of each oracle that judges the scenario, in its order.
	judged []*Finding
	// seen are the oracles that were violated, those that do not judge too.
	seen []string
}

// weigh searches the whole scope of a scenario on an engine, whatever it finds, or up to what decides a cell; nil where
// the engine is not applicable. It shrinks nothing: of each oracle and object the search has the least schedule.
func weigh(t *testing.T, s *Scenario, e, scope string, o VerifyOptions) *weighed {
	t.Helper()
	c, err := NewCase(s.Name, e, scope)
	require.NoError(t, err)
	r, err := c.notApplicable("verify")
	require.NoError(t, err)
	if r != nil {
		return nil
	}
	o.Workers = 1
	in := c.instance()
	res, err := verify(in, o.Completed(c))
	require.NoError(t, err)
	require.Nil(t, res.Failure, "%s (%s)", c.Name(), c.Scope)
	require.Empty(t, res.Limit, "%s (%s)", c.Name(), c.Scope)
	out := &weighed{}
	for _, f := range res.Finds {
		if name := f.Violation.Oracle; !slices.Contains(out.seen, name) {
			out.seen = append(out.seen, name)
			if f.Violation.Judging {
				told, err := narrate(c, f, 0)
				require.NoError(t, err)
				out.judged = append(out.judged, told)
			}
		}
	}
	if _, unreached := in.judge.sometimes(); len(out.judged) == 0 {
		require.Empty(t, unreached, "%s (%s)", c.Name(), c.Scope)
	}
	slices.Sort(out.seen)
	slices.SortFunc(out.judged, func(f, g *Finding) int {
		return slices.Index(s.Judged, f.Oracle) - slices.Index(s.Judged, g.Oracle)
	})
	return out
}

// said are the violations of what judges, with what becomes of each.
func (w *weighed) said() string {
	if len(w.judged) == 0 {
		return "ok"
	}
	var said []string
	for _, f := range w.judged {
		text := "`" + f.Oracle + "` " + f.Severity.String()
		switch {
		case f.Severity == Heals && f.HealsAfter > 0:
			text += " after " + f.HealsAfter.String()
		case f.Severity == Heals:
			text += " at once"
		}
		if f.HealedBy != "" {
			text += " by " + f.HealedBy
		}
		said = append(said, text)
	}
	return strings.Join(said, ", ")
}

// without are the oracles of w that other did not see violated.
func (w *weighed) without(other *weighed) []string {
	return slices.DeleteFunc(slices.Clone(w.seen), func(name string) bool { return slices.Contains(other.seen, name) })
}

// remedied is a row of the page.
type remedied struct {
	scenario, engine      string
	none, audit, interval *weighed
	// sweeps is how many sweeps of one sweeper the schedule has that was found under the interval.
	sweeps int
	// more is the audit with the repairs that are off by default, beside the fix alone.
	more *weighed
}

func remedyRow(t *testing.T, s *Scenario, e string) *remedied {
	t.Helper()
	scope := remediedScopes[s.Name]
	if scope == "" {
		scope = fmt.Sprintf("sweepers=%d", min(1, s.Scope.Sweepers))
	}
	r := &remedied{scenario: s.Name, engine: e, none: weigh(t, s, e, scope, VerifyOptions{})}
	if r.none == nil {
		return nil
	}
	r.audit = weigh(t, s, e, scope+" remedy=audit", VerifyOptions{})
	if e == "proposed" {
		r.more = weigh(t, s, e, scope+" remedy=audit+remove+tasks", VerifyOptions{})
	}
	if sc, err := ParseScope(scope, s.Scope); len(r.none.judged) > 0 && sc.Sweepers*sc.Sweeps > 0 {
		require.NoError(t, err)
		r.interval = weigh(t, s, e, scope+" remedy=interval", VerifyOptions{Decided: true})
		if len(r.interval.judged) > 0 {
			r.sweeps = sweepsIn(r.interval.judged[0])
		}
	}
	return r
}

// sweepsIn is the most sweeps that one sweeper has begun by the violation.
func sweepsIn(f *Finding) (most int) {
	sweeps := map[string]int{}
	for _, s := range f.Trace.Steps[:f.Trace.At] {
		if strings.HasPrefix(s.Call, operationName(opSweep)+"(") {
			sweeps[s.Actor]++
			most = max(most, sweeps[s.Actor])
		}
	}
	return most
}

// spaced says what the interval does to a red cell.
func (r *remedied) spaced() string {
	switch {
	case len(r.none.judged) == 0:
		return ""
	case r.interval == nil:
		return "no sweeper is in it"
	case len(r.interval.judged) == 0:
		return "not there any more"
	case r.sweeps == 0:
		return "the same: no sweep is in it"
	case r.sweeps == 1:
		return "the same: one sweep is enough"
	}
	return fmt.Sprintf("the same, with %d sweeps", r.sweeps)
}

// ends tells whether the workflows of every run end at last.
func (w *weighed) ends() bool { return !slices.Contains(w.seen, "progress") }

// TestRemediesPage: the page says what the searches find, for every scenario.
func TestRemediesPage(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("half a minute of searches: left out by -short")
	}
	scenarios := Scenarios()
	cells := make([]*remedied, len(scenarios)*len(remediedEngines))
	t.Run("cells", func(t *testing.T) {
		for i, s := range scenarios {
			for j, e := range remediedEngines {
				t.Run(s.Name+"/"+e, func(t *testing.T) {
					t.Parallel()
					cells[i*len(remediedEngines)+j] = remedyRow(t, s, e)
				})
			}
		}
	})
	require.False(t, t.Failed())
	rows := slices.DeleteFunc(cells, func(r *remedied) bool { return r == nil })
	text := remediesText(rows)
	if *rewrite {
		require.NoError(t, os.WriteFile(remediesPage, []byte(text), 0o644))
	}
	have, err := os.ReadFile(remediesPage)
	require.NoError(t, err)
	require.Equal(t, string(have), text, "go test ./scenarios/catalogue -run TestRemediesPage -rewrite")
}

// remediesHead stands on the page as it is, with ' for a code mark.
const remediesHead = `# What an operator can do beside a released engine

Written by a test from searches: every interleaving of one sweeper, or of a scope that shows the same, without a remedy
and with each. '--scope remedy=...' switches them on in 'find', 'verify' and 'matrix', and a schedule keeps them.

**The sweep interval** ('remedy=interval'): a sweeper lets 100 ms pass between two sweeps, as the reports advise
('conductor.sweep-frequency.millis'). It spaces the sweeps of one server; what one sweep does wrong it leaves.

**The state audit** ('remedy=audit', package sweeper/remedy): every minute ('period=N', in seconds) somebody takes
the lock of each workflow, reads it with its tasks, and asks the decider queue for it. A RUNNING workflow that is not
queued, or in which a task has ended that nobody has decided on, is pushed, due now; a sweep does the rest. In the race
it is an actor that comes at any moment; while settling it comes a period after the end of the run, the latest that it
can.

- It costs four calls for each workflow and period, and its hold of the lock makes others miss it.
- It pushes, and does not decide: decide takes the same lock, which not every lock lets its owner enter again.
- Its push brings a sweep, and the sweep of a release that races can race: in 'lost-completion-signal' on 3.17.0 there
  is no other one, so that only with the audit COMPLETED is written over; the next audit heals that too.
- Who ends a workflow without the lock can do so between its read and its push: the ended workflow is then queued once
  more ('ended-is-dequeued'), and the next sweep takes it out.
- It cannot undo what has been done: a task that was handed out twice, an end that was announced twice. The end that a
  woken workflow comes to is announced again.
- It cannot know whether a listener was told: nobody records that. It leaves listeners alone.
- On dyno-queues it asks in vain of a message whose payload is left over: the queue says that it has it
  ('ghost-payload'). On the SQL queue a message that is pushed while it is delivered stays hidden until the thread of
  the queue gives it back; where that is dead a push helps nobody ('crash-between-pop-and-sweep'), and a sweep that
  misses the lock because of the audit is as good as crashed.
- It pushes no task into being: of one that was created by half every later creation is left out ('half-created-task').
- 'remedy=audit+remove' takes the message of an ended workflow out, which the next sweep does anyway. It is off: whoever
  pushes first and writes RUNNING then, as a retry does, loses the message by it.
- 'remedy=audit+tasks' pushes the message of a SIMPLE task that is SCHEDULED and has none, once it has asked the queue
  and then read the task again. A repair that trusts the status from before it asked hands tasks out twice, lock or no
  lock: a poll takes none.
`

// remediesText is the page.
func remediesText(rows []*remedied) string {
	var b strings.Builder
	b.WriteString(strings.ReplaceAll(remediesHead, "'", "`") + "\n## What came out\n\n" + summary(rows))
	b.WriteString(`
## Every scenario

*Heals at once* is where the audit came after the harm in the schedule that was found; where it came before, the next
one comes after a period. *Ends* tells whether the workflows of every run end at last, without the audit and with it.
*Also violated* are oracles that nothing violated without it, judging or not.

| scenario | engine | without | interval | audit | ends | also violated |
| --- | --- | --- | --- | --- | --- | --- |
`)
	for _, r := range rows {
		ends := map[[2]bool]string{
			{true, true}: "yes", {false, false}: "no", {false, true}: "no, yes", {true, false}: "yes, **no**",
		}[[2]bool{r.none.ends(), r.audit.ends()}]
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s | %s |\n", r.scenario, r.engine, r.none.said(), r.spaced(),
			r.audit.said(), ends, quoted(r.audit.without(r.none)))
	}
	return strings.ReplaceAll(b.String(), "|  |", "| |")
}

func quoted(names []string) string {
	if len(names) == 0 {
		return ""
	}
	return "`" + strings.Join(names, "`, `") + "`"
}

// summary counts the rows.
func summary(rows []*remedied) string {
	count := func(is func(r *remedied) bool) (n int) {
		for _, r := range rows {
			if is(r) {
				n++
			}
		}
		return n
	}
	named := func(say func(r *remedied) (string, bool)) string {
		var all []string
		for _, r := range rows {
			if what, is := say(r); is {
				all = append(all, "\n  - "+r.scenario+" on "+r.engine+what)
			}
		}
		if len(all) == 0 {
			return " none."
		}
		return strings.Join(all, "")
	}
	red := func(w *weighed) bool { return len(w.judged) > 0 }
	stuck := func(r *remedied) bool { return !r.none.ends() }
	return fmt.Sprintf("- Of %d cells %d are red. The interval was searched on %d of them; it makes %d green.\n"+
		"  Where a race needs one sweep, it can change how often it comes, and not whether it can.\n"+
		"- In %d cells some run leaves a workflow that never ends. With the audit %d of these end in every run. It\n"+
		"  mends what a race left; the race itself is still there.\n"+
		"- Red cells that the audit makes green, since what comes late comes within its period:%s\n"+
		"- Green cells that the audit makes red:%s\n"+
		"- What `audit+remove+tasks` beside `proposed` violates that `audit` does not:%s\n",
		len(rows), count(func(r *remedied) bool { return red(r.none) }),
		count(func(r *remedied) bool { return r.interval != nil }),
		count(func(r *remedied) bool { return r.interval != nil && !red(r.interval) }),
		count(stuck), count(func(r *remedied) bool { return stuck(r) && r.audit.ends() }),
		named(func(r *remedied) (string, bool) { return "", red(r.none) && !red(r.audit) }),
		named(func(r *remedied) (string, bool) { return "", !red(r.none) && red(r.audit) }),
		named(func(r *remedied) (string, bool) {
			if r.more == nil {
				return "", false
			}
			also := r.more.without(r.audit)
			return ": " + quoted(also), len(also) > 0
		}))
}
