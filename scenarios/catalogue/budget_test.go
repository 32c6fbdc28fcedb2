package catalogue

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"fermata/sim"
	"fermata/sim/explore"
)

// ticking is a clock of which every look takes so much of the budget.
func ticking(tick float64) func() float64 {
	spent := 0.0
	return func() float64 {
		spent += tick
		return spent
	}
}

// spendOn spends a budget on a case, by a clock that ticks.
func spendOn(t *testing.T, scenario, engine, scope string, tick float64, s Spending) (*Report, []*Plan) {
	t.Helper()
	c, err := NewCase(scenario, engine, scope)
	require.NoError(t, err)
	var plans []*Plan
	s.Workers = 1
	s.Spent, s.Planned = ticking(tick), func(p *Plan) { plans = append(plans, p) }
	r, err := Spend(c, s)
	require.NoError(t, err)
	require.Equal(t, s.Command, r.Command)
	return r, plans
}

func searchesOf(r *Report) (names []string) {
	for _, s := range r.Stages {
		names = append(names, s.Search)
	}
	return names
}

// TestABudgetThatIsEnoughProves: where the search of states ends in its part, that is a proof and nothing else is done.
func TestABudgetThatIsEnoughProves(t *testing.T) {
	for _, command := range []string{"find", "verify"} {
		r, plans := spendOn(t, "stale-lookup", "proposed", "", 1e-4, Spending{Command: command, Seed: 1})
		require.Len(t, plans, 1)
		require.False(t, plans[0].Reach)
		require.Equal(t, OK, r.Verdict)
		require.True(t, r.Proved)
		require.Equal(t, []string{"states"}, searchesOf(r))

		r, plans = spendOn(t, "lock-taken-away", "proposed", "sweepers=1", 1e-4, Spending{Command: command, Seed: 1})
		require.True(t, plans[0].Reach)
		require.True(t, r.Proved)
		require.Equal(t, []string{"states"}, searchesOf(r))
	}
}

// TestABudgetThatEnds: what was asked for is done, which is enough for find; verify has covered nothing of the scope to
// its end. Both spent it alike, and so does who spends it again.
func TestABudgetThatEnds(t *testing.T) {
	find, plans := spendOn(t, "stale-lookup", "proposed", "sweepers=4", 0.02, Spending{Command: "find", Seed: 1})
	require.Equal(t, OK, find.Verdict)
	require.False(t, find.Proved)
	require.Equal(t, "states", find.Stages[0].Search)
	require.Equal(t, "budget", find.Stages[0].Limit)
	last := find.Stages[len(find.Stages)-1]
	require.Equal(t, "portfolio", last.Search)
	require.True(t, last.Complete)
	require.Equal(t, last.Schedules, find.Schedules)
	require.Contains(t, searchesOf(find), "preemptions")
	require.Positive(t, plans[0].Actors)

	verify, _ := spendOn(t, "stale-lookup", "proposed", "sweepers=4", 0.02, Spending{Command: "verify", Seed: 1})
	require.Equal(t, Unknown, verify.Verdict)
	require.Equal(t, "the budget ended before the scope was covered", verify.Reason)
	require.Equal(t, "budget", verify.Limit)
	require.Equal(t, find.Stages, verify.Stages)

	again, _ := spendOn(t, "stale-lookup", "proposed", "sweepers=4", 0.02, Spending{Command: "verify", Seed: 1})
	require.Equal(t, verify.Stages, again.Stages)
	require.Equal(t, verify.Plan, again.Plan)
}

// TestABudgetFindsViolations: of an engine that may be remembered, and of one that may not, which has no search of
// states.
func TestABudgetFindsViolations(t *testing.T) {
	for _, command := range []string{"find", "verify"} {
		r, _ := spendOn(t, "torn-repair", "conductor-3.17.0", "", 1e-4, Spending{Command: command, Seed: 1})
		require.Equal(t, Violated, r.Verdict)
		require.Equal(t, "task-once", r.Findings[0].Oracle)

		fork := engineOfRelease()
		fork.Name, fork.Memoisable = "a-fork", false
		c := &Case{Scenario: repairInScheduleGap, Engine: fork, Scope: repairInScheduleGap.Scope}
		r, err := Spend(c, Spending{Command: command, Seed: 1, Spent: ticking(1e-2)})
		require.NoError(t, err)
		require.Equal(t, Violated, r.Verdict)
		require.NotContains(t, searchesOf(r), "states")
	}
}

// TestABudgetThatIsInterrupted: Ctrl-C is no end of a budget.
func TestABudgetThatIsInterrupted(t *testing.T) {
	for _, command := range []string{"find", "verify"} {
		for _, after := range []int{1, 4, 20, 40} {
			looks := 0
			stop := func() bool { looks++; return looks > after }
			s := Spending{Command: command, Seed: 1, Stop: stop}
			r, _ := spendOn(t, "stale-lookup", "proposed", "sweepers=4", 0.01, s)
			require.Equal(t, Unknown, r.Verdict, "%s, after %d looks", command, after)
			require.Equal(t, limitStopped, r.Limit)
			require.Equal(t, "cut by a limit: stopped", r.Reason)
		}
	}
}

// TestChances: each fifth run of PCT has the depth, and one at least of n tries succeeds but for (1-p)^n.
func TestChances(t *testing.T) {
	c := Chances([]float64{1, 0.5, 0.01}, 15)
	require.Equal(t, [3]float64{1, 0.875, 1 - math.Pow(0.99, 3)}, c)
	require.Equal(t, [3]float64{}, Chances([]float64{1, 0.5, 0.01}, 4))
}

// TestClassesAreCountedExactly: what stands beside an estimate is the number that plain search counts.
func TestClassesAreCountedExactly(t *testing.T) {
	counted := 0
	for _, s := range Scenarios() {
		for _, e := range Engines()[1:4] {
			small := cutDown(s)
			c := &Case{Scenario: small, Engine: e, Scope: small.Scope}
			n, more := c.countClasses(nil)
			if !inFull(s) && (more || !c.fewSchedules()) {
				continue
			}
			require.False(t, more)
			plain, all := plainClasses(c)
			require.True(t, all)
			counted++
			require.Equal(t, plain, n, "%s on %s", s.Name, e.Name)
		}
	}
	require.Greater(t, counted, 40)
	c, err := NewCase("torn-repair", "proposed", "sweepers=1 advance=1")
	require.NoError(t, err)
	n, _ := c.countClasses(nil)
	plain, all := plainClasses(c)
	require.True(t, all)
	require.Equal(t, plain, n)

	c, err = NewCase("stale-lookup", "conductor-3.17.0", "")
	require.NoError(t, err)
	n, more := c.countClasses(nil)
	require.True(t, more)
	require.Greater(t, n, int64(10_000))
}

// plainClasses counts the trace classes that plain search meets, and tells whether it came to its end.
func plainClasses(c *Case) (int64, bool) {
	in := c.instance()
	m := sim.New(in.system)
	defer m.Close()
	var class explore.Class
	seen := map[[2]uint64]bool{}
	r := explore.Plain(m, explore.Options{
		Entered: func(m *sim.Machine, _ int) {
			if m.Steps() == 1 {
				class.Reset()
			}
			class.Add(m.Transition())
		},
		Ended: func(*sim.Machine) { seen[class.Sum] = true },
	})
	return int64(len(seen)), r.Exhausted
}
