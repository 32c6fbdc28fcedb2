package catalogue

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"fermata/sim"
	"fermata/sim/explore"
)

// scoped is a case by names, its scope changed as the text says.
func scoped(t *testing.T, scenario, engine, scope string) *Case {
	t.Helper()
	c, err := NewCase(scenario, engine, scope)
	require.NoError(t, err)
	return c
}

// proves verifies a case, which must be proved.
func proves(t *testing.T, c *Case) *Report {
	t.Helper()
	r, err := Verify(c, VerifyOptions{})
	require.NoError(t, err)
	require.Equal(t, OK, r.Verdict, r.Reason)
	require.True(t, r.Proved)
	return r
}

// What a scope says is what it was told, without what is the scenario's own anyway.
func TestScopeText(t *testing.T) {
	const own = "sweepers=2 sweeps=1 advance=1 faults=0"
	for _, c := range []struct{ text, want string }{
		{"", own},
		{"tasks=2 workflows=1 kinds=crash deadlines=visibility", own},
		{"workflows=2 advance=0", "sweepers=2 sweeps=1 advance=0 faults=0 workflows=2 redelivered=1"},
		{"workflows=2 redelivered=0", own + " workflows=2 redelivered=0"},
		{"redelivered=1 tasks=3", own + " tasks=3 redelivered=1"},
		{"faults=2 kinds=error+crash deadlines=dead-lease+visibility",
			strings.Replace(own, "faults=0", "faults=2", 1) + " kinds=crash+error deadlines=visibility+dead-lease"},
		{"deadlines=none", own + " deadlines=none"},
	} {
		scope := scoped(t, "stale-lookup", "proposed", c.text).Scope
		require.Equal(t, c.want, scope.String(), c.text)
		require.Equal(t, scope, scoped(t, "stale-lookup", "proposed", scope.String()).Scope)
	}
}

// A figure that the scenario cannot have is refused, and so is one that nobody can.
func TestScopesThatAreRefused(t *testing.T) {
	for _, refused := range []struct{ scenario, scope, why string }{
		{"torn-repair", "workflows=2", "torn-repair has one workflow"},
		{"torn-repair", "tasks=2", "torn-repair has one workflow"},
		{"stale-lookup", "faults=1 sweepers=0", "has nobody to be hit by a fault"},
		{"stale-lookup", "kinds=flood", `scope "kinds=flood": expected sweepers=N`},
		{"stale-lookup", "kinds=restart", "stale-lookup would have kinds of faults and no fault: expected faults=N"},
		{"stale-lookup", "deadlines=none+visibility", "expected sweepers=N"},
		{"stale-lookup", "workflows=0", "expected sweepers=N"},
		{"stale-lookup", "tasks=10", "expected sweepers=N"},
		{"stale-lookup", "workers=2 polls=1", "stale-lookup is no whole life: expected no workers=2"},
		{"whole-life", "workflows=2", "whole-life starts its one workflow: expected no workflows=N"},
		{"whole-life", "redelivered=1", "whole-life starts its one workflow: expected no workflows=N"},
		{"whole-life", "audits=2", "expected remedy=audit with audits=N"},
		{"whole-life", "polls=0", "of a whole life also workers=N, polls=N, branches=N or retries=N, N from 1 to 9"},
		{"whole-life", "tasks=9 branches=7", "would have more than 60 sweepers and workers"},
		{"stale-lookup", "branches=2", "stale-lookup is no whole life: expected no branches=2"},
		{"whole-life", "tasks=9 workers=7", "would have more than 60 sweepers and workers"},
	} {
		_, err := NewCase(refused.scenario, "proposed", refused.scope)
		require.ErrorIs(t, err, ErrUsage, refused.scope)
		require.ErrorContains(t, err, refused.why)
	}
	_, err := scoped(t, "stale-lookup", "proposed", "faults=1").On(Parts{Lock: "local"})
	require.ErrorContains(t, err, "lock local is in the memory of the one server")
}

// Redelivered sweepers meet, with no advance of the clock: one misses the lock that another's sweep holds. The twin
// pops what it sweeps, and never meets: its proof would say nothing of two sweeps at once.
func TestRedeliveredSweepersMeet(t *testing.T) {
	c := scoped(t, "stale-lookup", "proposed", "workflows=2 advance=0")
	r := proves(t, c)
	require.Contains(t, r.Reached, "two sweep one workflow at once")

	popping := *staleLookup
	popping.Sometimes = slices.Clone(popping.Sometimes)
	for i := range popping.Sometimes {
		popping.Sometimes[i].When = nil
	}
	twin := scoped(t, "stale-lookup", "proposed", "workflows=2 advance=0 redelivered=0")
	twin.Scenario = &popping
	r, err := Verify(twin, VerifyOptions{})
	require.NoError(t, err)
	require.Equal(t, Unknown, r.Verdict)
	require.Contains(t, r.Unreached, "two sweep one workflow at once")
}

// On several workflows and tasks the race of 3.17.0 is found on each of them.
func TestRacesOnEveryWorkflow(t *testing.T) {
	c := scoped(t, "stale-lookup", "conductor-3.17.0", "sweepers=1 workflows=2 tasks=2 advance=0")
	m := sim.New(c.instance().system)
	defer m.Close()
	r := explore.Walk(m, explore.NewPortfolio(1), explore.Options{SchedulesMax: 4_000})
	var lost []string
	for _, f := range r.Finds {
		if f.Violation.Oracle == "terminal-stays" {
			lost = append(lost, f.Violation.Object)
		}
	}
	require.ElementsMatch(t, []string{"w1", "w2"}, lost)
}

// A sweeper dies at any of its steps, twice the messages come due, and the dead one's lease ends, no other: the fix
// loses nothing. That it dies with the lock, and that its lease ends, is reached.
func TestProvedThoughASweeperDies(t *testing.T) {
	r := proves(t, scoped(t, "stale-lookup", "proposed", "advance=2 faults=1 deadlines=visibility+dead-lease"))
	require.Contains(t, r.Reached, "a sweeper dies with the lock")
	require.Contains(t, r.Reached, "a dead owner's lease ends")

	r, err := Verify(scoped(t, "stale-lookup", "conductor-3.17.0",
		"advance=2 faults=1 deadlines=visibility+dead-lease"), VerifyOptions{Decided: true})
	require.NoError(t, err)
	require.Equal(t, Violated, r.Verdict)
}

// A call of a sweeper's port may fail, before or after its effect: that loses nothing either.
func TestProvedThoughACallFails(t *testing.T) {
	proves(t, scoped(t, "stale-lookup", "proposed", "sweepers=1 faults=1 kinds=error"))
}

// What a dead sweeper leaves behind without the repair service: a task that was created, and never queued. With it the
// next sweep queues the task.
func TestCreatedAndNotQueued(t *testing.T) {
	for _, repair := range []bool{false, true} {
		s := judgedBy(staleLookup, "progress")
		s.Repair, s.Sometimes = repair, nil
		c := &Case{Scenario: s, Engine: engine(t, "proposed"), Scope: Scope{
			Sweepers: 1, Sweeps: 1, Advances: 2, Faults: 1, Deadlines: Visibility | DeadLease,
		}}
		r, err := Verify(c, VerifyOptions{})
		require.NoError(t, err)
		require.Equal(t, repair, r.Verdict == OK, r.Reason)
		if !repair {
			require.Contains(t, r.Findings[0].Trace.Settled, "  t2@sweeper-1.1: SCHEDULED")
		}
	}
}
