package catalogue

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"fermata/model"
	"fermata/sim"
	"fermata/sim/explore"
	"fermata/sim/world"
	"fermata/sweeper/remedy"
)

// violated verifies a case, which must be violated, and gives the finding of an oracle.
func violated(t *testing.T, c *Case, oracle string) (*Report, *Finding) {
	t.Helper()
	r, err := Verify(c, VerifyOptions{})
	require.NoError(t, err)
	require.Equal(t, Violated, r.Verdict)
	for _, f := range r.Findings {
		if f.Oracle == oracle {
			return r, f
		}
	}
	t.Fatalf("%s is not violated", oracle)
	return nil, nil
}

func alsoSaw(r *Report, oracle string) bool {
	return slices.ContainsFunc(r.AlsoSeen, func(f *Finding) bool { return f.Oracle == oracle })
}

// TestAuditHealsTheRace: what the race of 3.17.0 leaves is permanent, and some run's workflow never ends. The audit
// heals it after a period, and every run's workflow ends, whenever the audit comes in the race, which is still there.
func TestAuditHealsTheRace(t *testing.T) {
	r, f := violated(t, scoped(t, "stale-lookup", "conductor-3.17.0", "sweepers=1"), "running-is-queued")
	require.Equal(t, Permanent, f.Severity)
	require.True(t, alsoSaw(r, "progress"))
	for _, period := range []struct {
		scope string
		want  model.Seconds
	}{{"", remedy.PeriodDefault}, {" period=7", 7}, {" period=3600", 3600}} {
		c := scoped(t, "stale-lookup", "conductor-3.17.0", "sweepers=1 remedy=audit"+period.scope)
		r, f = violated(t, c, "running-is-queued")
		require.Equal(t, Heals, f.Severity)
		require.Equal(t, period.want.Millis(), f.HealsAfter)
		require.Equal(t, "the state audit", f.HealedBy)
		require.False(t, alsoSaw(r, "progress"))
		require.Contains(t, strings.Join(f.Trace.Settled, "\n"), "w1: COMPLETED")
	}
}

// TestNothingOfTheFixIsBroken: with the audit, the proposed fix is proved where it is proved without.
func TestNothingOfTheFixIsBroken(t *testing.T) {
	for _, s := range []string{"stale-lookup", "torn-repair", "repair-in-schedule-gap", "missed-completion"} {
		for _, also := range []string{"", "+remove+tasks", "+interval"} {
			proves(t, scoped(t, s, "proposed", "sweepers=1 sweeps=2 remedy=audit"+also))
		}
	}
}

// TestTheIntervalPasses: before each sweep of a sweeper but its first, 100 ms pass, and without the remedy none do. The
// race of 3.17.0 needs no second sweep.
func TestTheIntervalPasses(t *testing.T) {
	elapsed := func(scope string) (waits int, passed int64) {
		in := scoped(t, "missed-completion", "conductor-3.17.0", scope).instance()
		m := sim.New(in.system)
		defer m.Close()
		before := in.world.Elapsed()
		for open := m.Choices(nil); len(open) > 0; open = m.Choices(nil) {
			m.Take(open[0])
			if strings.HasSuffix(m.DescribeTaken().Step, "wait") {
				waits++
			}
		}
		return waits, in.world.Elapsed() - before
	}
	waits, passed := elapsed("sweepers=2 sweeps=3 remedy=interval")
	require.Equal(t, 4, waits)
	require.Equal(t, int64(400), passed)
	waits, passed = elapsed("sweepers=2 sweeps=3")
	require.Zero(t, waits+int(passed))

	c := scoped(t, "stale-lookup", "conductor-3.17.0", "sweepers=1 sweeps=2 remedy=interval")
	_, f := violated(t, c, "running-is-queued")
	require.Equal(t, Permanent, f.Severity)
	require.Equal(t, 1, sweepsIn(f))
}

// TestTaskRepairLooksAgain: a repair under the lock that trusts the status which it read before it asked the queue
// pushes a task that a worker has, since a poll takes no lock: so the lock alone is not enough. The audit reads again
// after it has asked, and does not.
func TestTaskRepairLooksAgain(t *testing.T) {
	trusting := *tornRepair
	trusting.Sometimes = nil
	trusting.Cast = func(c *cast) {
		c.poller("poller-1", "t1", 1)
		c.poller("poller-2", "t1", 1)
		c.add("repairer", "repairer", repeat(1, sim.Operation{
			Verb: opAudit, Object: c.world.Object(string(w1)),
			Run: func(a *sim.Actor, _ *sim.Operation) sim.Reply { return trustingRepair(world.Context(a), c) },
		}))
	}
	c := scoped(t, "torn-repair", "proposed", "sweepers=0")
	c.Scenario = &trusting
	_, f := violated(t, c, "task-once")
	require.Equal(t, Permanent, f.Severity)

	looking := scoped(t, "torn-repair", "proposed", "sweepers=0 remedy=audit+tasks")
	again := *tornRepair
	again.Sometimes = []Sometimes{{Name: "t1 is handed out", Saw: handsOut}}
	looking.Scenario = &again
	proves(t, looking)
}

// TestRemoveLosesAMessage: a retry pushes before it writes RUNNING, and an audit that takes ended workflows out of the
// queue takes that message: so it is off. The other repairs lose nothing.
func TestRemoveLosesAMessage(t *testing.T) {
	s := *retryRemoved
	s.Sometimes = nil
	s.Start = func(w *world.World) {
		w.PutWorkflow(model.Workflow{
			WorkflowRecord: model.WorkflowRecord{ID: w1, Def: "one", Status: model.Failed},
			Tasks: []model.Task{{ID: "t1", WorkflowID: w1, Ref: "t1", Type: model.Simple, DefName: "t1", Seq: 1,
				Status: model.TaskFailed}},
		})
	}
	s.Cast = func(c *cast) { c.asks("operator", string(w1), opRetry) }
	for remedies, loses := range map[string]bool{ //tidy:unordered each on its own
		"": false, " remedy=audit": false, " remedy=audit+tasks": false, " remedy=audit+remove": true,
	} {
		c := scoped(t, "retry-removed", "proposed", "sweepers=0"+remedies)
		c.Scenario = &s
		if !loses {
			proves(t, c)
			continue
		}
		_, f := violated(t, c, "running-is-queued")
		require.Equal(t, Heals, f.Severity)
	}
}

// TestTheAuditBringsASweep: where a message is far off, the audit's push brings a sweep, and that of 3.17.0 can race.
func TestTheAuditBringsASweep(t *testing.T) {
	c := scoped(t, "lost-completion-signal", "conductor-3.17.0", "sweepers=1")
	r, _ := violated(t, c, "bounded-completion")
	require.False(t, alsoSaw(r, "terminal-stays"))
	r, err := Verify(scoped(t, "lost-completion-signal", "conductor-3.17.0", "sweepers=1 remedy=audit"), VerifyOptions{})
	require.NoError(t, err)
	require.Equal(t, OK, r.Verdict)
	require.True(t, alsoSaw(r, "terminal-stays"))
	require.False(t, alsoSaw(r, "progress"))
}

func trustingRepair(ctx context.Context, c *cast) sim.Reply {
	if held, _ := c.ports.Lock.AcquireLock(ctx, w1, c.set.LockTimeToTry, c.set.LockLeaseTime); !held {
		return sim.Reply{Code: replyBusy}
	}
	defer c.ports.Lock.ReleaseLock(ctx, w1) //nolint:errcheck // nobody to tell
	wf, _ := c.ports.Execution.GetWorkflow(ctx, w1, true)
	for _, task := range wf.Tasks {
		queued, _ := c.ports.Queue.ContainsMessage(ctx, task.QueueName(), string(task.ID))
		if task.Status == model.TaskScheduled && !queued {
			_ = c.ports.Queue.Push(ctx, task.QueueName(), string(task.ID), 0, 0)
		}
	}
	return sim.Reply{}
}

// TestWhatTheAuditRepairs: situations, with what an audit does in each, with all repairs on.
func TestWhatTheAuditRepairs(t *testing.T) {
	for _, c := range []struct {
		name     string
		status   model.WorkflowStatus
		task     model.TaskStatus
		executed bool
		queued   bool // the workflow
		message  bool // the task
		did      string
	}{
		{"at work", model.Running, model.TaskInProgress, false, true, false, "nothing"},
		{"not queued", model.Running, model.TaskInProgress, false, false, false, "woken"},
		{"all ended", model.Running, model.TaskCompleted, true, true, false, "woken"},
		{"not decided on", model.Running, model.TaskCompleted, false, true, false, "woken"},
		{"paused", model.Paused, model.TaskCompleted, false, false, false, "nothing"},
		{"ended", model.Completed, model.TaskCompleted, true, false, false, "nothing"},
		{"ended and queued", model.Completed, model.TaskCompleted, true, true, false, "taken out"},
		{"no message", model.Running, model.TaskScheduled, false, true, false, "task pushed"},
		{"a message", model.Running, model.TaskScheduled, false, true, true, "nothing"},
		{"neither message", model.Running, model.TaskScheduled, false, false, false, "woken, task pushed"},
		{"ended with a task", model.Terminated, model.TaskScheduled, false, false, false, "nothing"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := *tornRepair
			s.Start = func(w *world.World) {
				w.PutWorkflow(model.Workflow{
					WorkflowRecord: model.WorkflowRecord{ID: w1, Def: "one", Status: c.status},
					Tasks: []model.Task{{ID: "t1", WorkflowID: w1, Ref: "t1", Type: model.Simple, DefName: "t1", Seq: 1,
						Status: c.task, Executed: c.executed}},
				})
				if c.queued {
					w.PutMessage(model.DeciderQueue, string(w1), 0, 50_000)
				}
				if c.message {
					w.PutMessage("t1", "t1", 0, 0)
				}
			}
			in := (&Case{Scenario: &s, Engine: engineOfRelease(), Scope: Scope{
				Remedy: StateAudit | AuditRemoves | AuditTasks,
			}}).instance()
			settler := newSettler(in)
			defer settler.machine.Close()
			audit := func() string {
				r := settler.run("the state audit", in.cast.auditing(in.world.Workflows()))
				require.GreaterOrEqual(t, r.Code, uint16(replyRepaired))
				return remedy.Repairs(r.Code - replyRepaired).String()
			}
			require.Equal(t, c.did, audit())
			_, _, held := in.world.LockHolder(w1)
			require.False(t, held)
			if strings.Contains(c.did, "woken") {
				due, ok := in.world.Message(model.DeciderQueue, string(w1))
				require.True(t, ok)
				require.LessOrEqual(t, due, model.Millis(0))
			}
		})
	}
}

// TestRemediesInSchedules: a schedule keeps its remedies, and replays with what they heal.
func TestRemediesInSchedules(t *testing.T) {
	for _, scope := range []string{
		"sweepers=1 remedy=audit", "sweepers=1 remedy=audit+remove+tasks period=30",
		"sweepers=1 sweeps=2 remedy=audit+interval",
	} {
		c := scoped(t, "stale-lookup", "conductor-3.17.0", scope)
		_, f := violated(t, c, "running-is-queued")
		s, err := ReadSchedule(strings.NewReader(f.Schedule.Text()), "kept")
		require.NoError(t, err)
		of, err := CaseOf(s, "")
		require.NoError(t, err)
		require.Equal(t, f.Case.Scope, of.Scope)
		require.Equal(t, c.Scope.Remedy, of.Scope.Remedy)
		again, _, err := Replay(s, ReplayOptions{Times: 3})
		require.NoError(t, err)
		require.Equal(t, Violated, again.Verdict)
	}
}

// TestRemediesThatAreRefused: what can be no remedy of the scope.
func TestRemediesThatAreRefused(t *testing.T) {
	for _, c := range []struct{ scope, why string }{
		{"remedy=remove", "has no audit that could repair more"},
		{"remedy=tasks+interval", "has no audit that could repair more"},
		{"period=60", "has no audit that could have a period"},
		{"remedy=interval period=60", "has no audit that could have a period"},
		{"sweepers=0 remedy=interval", "has no sweeps that an interval could be between"},
		{"sweeps=0 remedy=audit+interval", "has no sweeps that an interval could be between"},
		{"remedy=magic", "expected sweepers=N"},
		{"remedy=audit+audit", "expected sweepers=N"},
		{"remedy=", "expected sweepers=N"},
		{"remedy=audit period=0", "expected sweepers=N"},
		{"remedy=audit period=3601", "expected sweepers=N"},
	} {
		_, err := NewCase("stale-lookup", "proposed", c.scope)
		require.ErrorIs(t, err, ErrUsage, c.scope)
		require.ErrorContains(t, err, c.why)
		require.NotContains(t, err.Error(), "\n")
	}
}

// TestSearchesSeeTheSameWithRemedies: with the audit and the interval, plain search, the search of states and one run
// of each trace class see the same violations.
func TestSearchesSeeTheSameWithRemedies(t *testing.T) {
	for _, c := range []*Case{
		scoped(t, "missed-completion", "conductor-3.17.0", "sweepers=1 sweeps=2 remedy=audit+interval"),
		scoped(t, "missed-completion", "proposed", "sweepers=1 remedy=audit"),
		scoped(t, "torn-repair", "conductor-3.17.0", "sweepers=0 remedy=audit+tasks+remove"),
		scoped(t, "torn-repair", "proposed", "sweepers=1 remedy=audit+tasks"),
		scoped(t, "lease-expiry", "proposed", "sweepers=1 tasks=1 advance=1 deadlines=living-lease remedy=audit"),
	} {
		t.Run(c.Name(), func(t *testing.T) {
			s := *c.Scenario
			c.Scenario, s.Sometimes = &s, nil
			s.Judged = []string{"terminal-stays", "running-is-queued", "task-once", "task-unique", "progress"}
			m := sim.NewMemo(c.instance().system)
			defer m.Close()
			states := explore.Cached(m, explore.Options{})
			require.True(t, states.Exhausted)
			require.Equal(t, finds(states), reducedFinds(t, c, true))
			p := sim.New(c.instance().system)
			defer p.Close()
			if plain := explore.Plain(p, explore.Options{SchedulesMax: 100_000}); plain.Exhausted {
				require.Equal(t, finds(states), finds(plain))
			}
		})
	}
}
