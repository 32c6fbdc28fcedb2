package catalogue

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"fermata/model"
	"fermata/sim"
	"fermata/sim/explore"
	"fermata/sweeper"
	"fermata/sweeper/conductor"
)

// cutDown is a scenario as small as plain search can end on it: one sweep, time stands still, and of
// the others only who it takes for the race.
func cutDown(s *Scenario) *Scenario {
	small := *s
	small.Scope = Scope{Sweepers: 1, Sweeps: 1}
	small.Sometimes = nil
	switch s.Name {
	case "stale-lookup":
		small.Definitions = []model.WorkflowDef{simple("two", "t1")}
		small.Cast = func(c *cast) {
			c.worker("worker-1", w1, "t1")
			c.sweepers(w1)
		}
	case "torn-repair":
		small.Cast = func(c *cast) {
			c.poller("poller-1", "t1", 2)
			c.sweepers(w1)
		}
	case "early-release":
		small.Cast = func(c *cast) {
			c.worker("worker-1", w1, "t1")
			c.audit("audit", w1, 1)
		}
	case "lease-expiry": // a sweep and an audit, and one lease that ends
		small.Scope.Advances, small.Deadlines.MessageVisibility = 1, false
		small.Cast = func(c *cast) {
			c.audit("audit", w1, 1)
			c.sweepers(w1)
		}
	case "repair-in-schedule-gap":
		small.Cast = func(c *cast) {
			c.worker("worker-1", w1, "t1")
			c.sweepers(w1)
		}
	}
	return &small
}

// covered is what a search saw of a case: which violations, and which ends.
type covered struct {
	violations []string
	ends       []string
}

// cover searches a case with a machine and a search, and notes every end by its world's key.
func cover(t *testing.T, c *Case, memo bool, run func(*sim.Machine, explore.Options) *explore.Result) covered {
	t.Helper()
	in := c.instance()
	in.system.Histories = true // both searches see every oracle
	make := sim.New
	if memo {
		make = sim.NewMemo
	}
	m := make(in.system)
	defer m.Close()
	ends := map[string]bool{}
	r := run(m, explore.Options{Ended: func(*sim.Machine) { ends[fmt.Sprint(describe(in.world))] = true }})
	require.True(t, r.Exhausted, r.Limit)
	require.Nil(t, r.Failure)
	var out covered
	for _, f := range r.Finds {
		out.violations = append(out.violations, f.Violation.Oracle+" "+f.Violation.Object)
	}
	for end := range ends { //tidy:unordered sorted below
		out.ends = append(out.ends, end)
	}
	slices.Sort(out.violations)
	slices.Sort(out.ends)
	return out
}

// TestCachedSeesWhatPlainSees: on every scenario, cut down until plain search ends, and every engine, the
// search that remembers states sees the same violations of every oracle and the same ends.
func TestCachedSeesWhatPlainSees(t *testing.T) {
	if testing.Short() {
		t.Skip("plain search over twelve cases: left out by -short")
	}
	compared := 0
	for k, s := range Scenarios() {
		for i, e := range Engines() {
			small := cutDown(s)
			c := &Case{Scenario: small, Engine: e, Scope: small.Scope}
			if !inFull(s) && ((i+k)%4 != 0 || !c.fewSchedules()) {
				continue
			}
			compared++
			t.Run(s.Name+"/"+e.Name, func(t *testing.T) {
				all := cover(t, c, false, explore.Plain)
				require.NotEmpty(t, all.ends)
				require.Equal(t, all, cover(t, c, true, explore.Cached))
				require.Equal(t, all, cover(t, c, true, awake))
			})
		}
	}
	require.Greater(t, compared, 100)
}

// awake is the search of states in which no step sleeps.
func awake(m *sim.Machine, o explore.Options) *explore.Result {
	o.Without = explore.Sleep
	return explore.Cached(m, o)
}

// statesOf searches a case as verify does, and tells what it found and how much it had to do for it.
func statesOf(
	t *testing.T, c *Case, search func(*sim.Machine, explore.Options) *explore.Result,
) (found []string, r *explore.Result) {
	t.Helper()
	in := c.instance()
	m := sim.NewMemo(in.system)
	defer m.Close()
	r = search(m, explore.Options{StatesMax: 20_000})
	require.Nil(t, r.Failure)
	names := renamings(in.system)
	for _, f := range r.Finds {
		object := f.Violation.Object
		if len(names) > 1 {
			object = upToNames(in.world, object, names)
		}
		found = append(found, fmt.Sprint(f.Violation.Oracle, " ", object, f.AtRest))
	}
	slices.Sort(found)
	return slices.Compact(found), r
}

// onEveryLock runs a test on every scenario's own scope, every engine and every lock, of those that are not in full one
// lock for each engine; with -short on the first lock.
func onEveryLock(t *testing.T, test func(t *testing.T, c *Case)) {
	for k, s := range Scenarios() {
		for i, e := range Engines() {
			for l, lock := range Locks() {
				c := &Case{Scenario: s, Engine: e, Scope: s.Scope, Parts: Parts{Lock: lock}}
				inTurn := inFull(s) || l == (i+k)%len(Locks())
				if !inTurn || c.elsewhere() != "" || testing.Short() && l != 0 {
					continue
				}
				t.Run(s.Name+"/"+e.Name+"/"+lock, func(t *testing.T) { test(t, c) })
			}
		}
	}
}

// sleepHidesNothing holds the search in which steps sleep against the one in which none does.
func sleepHidesNothing(t *testing.T, c *Case) {
	want, all := statesOf(t, c, awake)
	got, some := statesOf(t, c, explore.Cached)
	require.Equal(t, all.Limit, some.Limit)
	if all.Limit != "" {
		return // too large to be compared here
	}
	require.Equal(t, want, got)
	require.LessOrEqual(t, some.Transitions, all.Transitions)
	if c.Queue() == "dyno" && c.Scope.Advances > 0 {
		// What comes back tells its time in a reply. States that are one but for a shift of time then go on to several,
		// of which a search meets those of the one that it met first.
		return
	}
	require.Equal(t, all.States, some.States)
	require.Equal(t, all.Schedules, some.Schedules)
}

// TestSleepingStepsHideNothing: on every scenario's own scope, every engine and every lock, the search in which steps
// sleep meets as many states and finds the same, with fewer transitions.
func TestSleepingStepsHideNothing(t *testing.T) {
	t.Parallel()
	onEveryLock(t, sleepHidesNothing)
}

// TestSleepingStepsHideNothingOnOtherParts: the same of one sweeper on the other queues, and the other stores.
func TestSleepingStepsHideNothingOnOtherParts(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("every engine on every queue and store: left out by -short")
	}
	compared := 0
	others := []Parts{{Queue: "dyno"}, {Queue: "sql"}, {Store: "redis"}, {Store: "sql"}}
	for k, s := range Scenarios() {
		for i, e := range Engines() {
			for n, parts := range others {
				c := &Case{Scenario: s, Engine: e, Scope: s.Scope, Parts: parts}
				c.Scope.Sweepers = min(1, c.Scope.Sweepers)
				inTurn := inFull(s) || n == (i+k)%len(others)
				if !inTurn || c.fenceless() != "" || c.elsewhere() != "" {
					continue
				}
				compared++
				t.Run(s.Name+"/"+e.Name+"/"+parts.Queue+parts.Store, func(t *testing.T) { sleepHidesNothing(t, c) })
			}
		}
	}
	require.Greater(t, compared, 500)
}

// TestWithoutHistoriesSomethingIsMissed: histories are part of a state where an oracle judges them; a
// search that leaves them out misses a history that is not linearizable.
func TestWithoutHistoriesSomethingIsMissed(t *testing.T) {
	small := cutDown(earlyRelease)
	small.Judged = []string{"status-and-entry"}
	c := &Case{Scenario: small, Engine: engine(t, "conductor-3.17.0"), Scope: small.Scope}
	r, err := Verify(c, VerifyOptions{})
	require.NoError(t, err)
	require.Equal(t, Violated, r.Verdict)

	in := c.instance()
	in.system.Histories = false
	m := sim.NewMemo(in.system)
	defer m.Close()
	require.Nil(t, explore.Cached(m, explore.Options{}).Judging())
}

// TestFindMeetsEveryRace is the test that fails when the harness stops finding one of the races.
func TestFindMeetsEveryRace(t *testing.T) {
	seeds := uint64(5)
	if testing.Short() {
		seeds = 1
	}
	for _, race := range []struct{ scenario, engine, oracle string }{
		{"stale-lookup", "conductor-3.17.0", "terminal-stays"},
		{"torn-repair", "conductor-3.17.0", "task-once"},
		{"early-release", "conductor-3.17.0", "terminal-is-not-queued"},
		{"repair-in-schedule-gap", "conductor-3.17.0", "task-once"},
		{"torn-repair", "conductor-3.21.3", "task-once"},
		{"early-release", "conductor-3.21.3", "terminal-is-not-queued"},
		{"repair-in-schedule-gap", "conductor-3.21.3", "task-once"},
	} {
		t.Run(race.scenario+"/"+race.engine, func(t *testing.T) {
			for seed := range seeds {
				c, err := NewCase(race.scenario, race.engine, "")
				require.NoError(t, err)
				r, err := Find(c, FindOptions{Seed: seed + 1})
				require.NoError(t, err)
				require.Equal(t, Violated, r.Verdict, "seed %d: %d schedules", seed+1, r.Schedules)
				require.Equal(t, race.oracle, r.Findings[0].Oracle)
			}
		})
	}
}

// TestTheReportsFinalState: what is found in 3.17.0 ends as the reports of it say: every task COMPLETED,
// the workflow RUNNING, its completion announced, and nothing in the decider queue; and stays so.
func TestTheReportsFinalState(t *testing.T) {
	c, err := NewCase("stale-lookup", "conductor-3.17.0", "")
	require.NoError(t, err)
	r, err := Find(c, FindOptions{Seed: 1})
	require.NoError(t, err)
	f := r.Findings[0]
	require.LessOrEqual(t, f.Switches, 4)
	require.Equal(t, Permanent, f.Severity)
	want := []string{
		"w1: RUNNING", "  t1: COMPLETED", "  t2@worker-1.1: COMPLETED", "  decider queue: no message",
		"  completed listener: called once", "  finalized listener: called once",
	}
	require.Equal(t, want, f.Trace.Final)
	require.Equal(t, want[:4], f.Trace.Settled)
}

// counting is an engine that keeps a count from one operation to the next, over all runs.
func counting() sweeper.Engine {
	calls := 0
	e := engineOfRelease()
	right := e.New
	e.Name = "counting"
	e.New = func(p sweeper.Ports, st sweeper.Settings) sweeper.Server {
		if calls++; calls%5 == 0 {
			st.RepairServiceEnabled = !st.RepairServiceEnabled
		}
		return right(p, st)
	}
	return e
}

// forgetful is an engine that looks at its settings anew in every operation: they change with each.
func forgetful() sweeper.Engine {
	e := engineOfRelease()
	right := e.New
	e.Name = "forgetful"
	e.New = func(p sweeper.Ports, st sweeper.Settings) sweeper.Server {
		return &changing{right(p, st).(sweeper.FullServer), right, p, st, 0}
	}
	return e
}

type changing struct {
	sweeper.FullServer
	right func(sweeper.Ports, sweeper.Settings) sweeper.Server
	ports sweeper.Ports
	st    sweeper.Settings
	calls int
}

func (c *changing) PollAndSweep(ctx context.Context) error {
	c.calls++
	c.st.RepairServiceEnabled = c.calls%2 == 1
	return c.right(c.ports, c.st).PollAndSweep(ctx)
}

func engineOfRelease() sweeper.Engine { return conductor.Release3170() }

// TestNondeterminismIsNoVerdict: an engine that does not repeat is found out, and is neither green nor
// red.
func TestNondeterminismIsNoVerdict(t *testing.T) {
	c := &Case{Scenario: torn(), Engine: counting(), Scope: tornRepair.Scope}
	_, err := Find(c, FindOptions{Seed: 1, Twice: true})
	require.ErrorIs(t, err, ErrNondeterministic)

	r, err := Verify(&Case{Scenario: torn(), Engine: forgetful(), Scope: tornRepair.Scope}, VerifyOptions{})
	require.NoError(t, err)
	require.Equal(t, Unknown, r.Verdict)
	require.Contains(t, r.Reason, "does not repeat")

	right := &Case{Scenario: torn(), Engine: engineOfRelease(), Scope: tornRepair.Scope}
	r, err = Find(right, FindOptions{Seed: 1, Twice: true, Schedules: 50})
	require.NoError(t, err)
	require.Equal(t, OK, r.Verdict, r.Reason)
}

// torn is torn-repair judged by something that is never violated.
func torn() *Scenario {
	s := judgedBy(tornRepair, "terminal-stays")
	s.Sometimes = nil
	return s
}

// TestEveryRunCanBeFollowed: what a schedule says of a run, with advances of the clock and jitter, leads
// through the same run again, from its text.
func TestEveryRunCanBeFollowed(t *testing.T) {
	advances := 0
	for _, s := range Scenarios() {
		c := &Case{Scenario: s, Engine: engineOfRelease(), Scope: s.Scope}
		c.Scope.Advances, c.Scope.Faults = 3, 1
		in := c.instance()
		m := sim.New(in.system)
		for seed := range uint64(50) {
			explore.Walk(m, explore.NewRandom(seed), explore.Options{SchedulesMax: 1})
			print, choices := m.Fingerprint(), slices.Clone(m.Taken())
			text := &sim.Schedule{}
			m.Reset()
			for _, choice := range choices {
				m.Take(choice)
				line := m.DescribeTaken()
				text.Lines = append(text.Lines, line)
				if line.Actor == "clock" {
					advances++
				}
			}
			read, err := ReadSchedule(strings.NewReader(text.Text()), "text")
			require.NoError(t, err)
			_, err = explore.Follow(m, read.Lines, false, nil)
			require.NoError(t, err, text.Text())
			require.Equal(t, print, m.Fingerprint())
		}
		m.Close()
	}
	require.Greater(t, advances, 50)
}

// TestSitesOfSteps: each step of a finding names the lines of the engine that made it, the port call first, and none of
// the harness.
func TestSitesOfSteps(t *testing.T) {
	c := &Case{Scenario: staleLookup, Engine: engine(t, "conductor-3.17.0"), Scope: staleLookup.Scope}
	r, err := Find(c, FindOptions{Seed: 1})
	require.NoError(t, err)
	f := r.Findings[0]
	write := f.Trace.Steps[f.Trace.At-1]
	require.Equal(t, "dao.updateWorkflow w1 RUNNING", write.Text)
	require.NotEmpty(t, write.Sites)
	require.Contains(t, write.Sites[0].File, "sweeper/conductor/")
	require.Positive(t, write.Sites[0].Line)
	for _, s := range f.Trace.Steps {
		for _, site := range s.Sites {
			require.Contains(t, site.Function, "sweeper/")
			require.True(t, site.Ours())
		}
	}
}
