package catalogue

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"fermata/model"
	"fermata/sim"
	"fermata/sim/explore"
	"fermata/sim/world"
	"fermata/sweeper"
)

// TestAStepThatFailedBeforeItsEffectHasNone: what the world did last is the effect of an earlier step, and no oracle
// may take it for that of a step that never came to one.
func TestAStepThatFailedBeforeItsEffectHasNone(t *testing.T) {
	in := (&Case{Scenario: tornRepair, Engine: engineOfRelease(), Scope: tornRepair.Scope}).instance()
	e := in.world.Last()
	e.Workflow, e.StatusBefore, e.StatusAfter = w1, model.Completed, model.Running
	step := &sim.Step{Verb: sim.Verb(sweeper.EnvNow)}
	tr := sim.Transition{Number: 1, Step: step, Op: &sim.Operation{Verb: opSweep}}
	require.NotEmpty(t, in.judge.Observe(&tr))
	for _, fault := range []sim.FaultKind{sim.ErrorBefore, sim.Crash, sim.Restart} {
		tr.Choice.Fault = fault
		if tr.Step = step; fault.Kills() {
			tr.Step, tr.Op = nil, nil
		}
		require.Empty(t, in.judge.Observe(&tr), fault.String())
	}
}

// takes takes the open choice that has these words.
func takes(t *testing.T, m *sim.Machine, words string) {
	t.Helper()
	var all []string
	for _, c := range m.Choices(nil) {
		l := m.Describe(c)
		all = append(all, l.Actor+" "+l.Step)
		if all[len(all)-1] == words {
			m.Take(c)
			return
		}
	}
	require.Contains(t, all, words)
}

// took takes the first open step of the actor until one with these words was taken.
func took(t *testing.T, m *sim.Machine, actor, words string) {
	t.Helper()
	for m.Steps() < 200 {
		c, ok := ofActor(m, actor)
		require.True(t, ok, "%s has no step left, and never took %s", actor, words)
		m.Take(c)
		if l := m.DescribeTaken(); l.Step == words {
			return
		}
	}
}

// begins is a machine for a case, at its start.
func begins(t *testing.T, scenario, engine, scope string, parts Parts) (*instance, *sim.Machine) {
	t.Helper()
	c, err := NewCase(scenario, engine, scope)
	require.NoError(t, err)
	c, err = c.On(parts)
	require.NoError(t, err)
	in := c.instance()
	m := in.coroutines()
	t.Cleanup(m.Close)
	return in, m
}

// What a process held before its restart is another's: the new one does not enter it again, and it ends as a dead
// owner's does.
func TestWhatIsHeldAcrossARestart(t *testing.T) {
	for _, lock := range []string{"redisson", "postgres", "postgres-reentrant"} {
		in, m := begins(t, "missed-completion", "proposed",
			"sweepers=1 sweeps=2 advance=3 faults=1 kinds=restart deadlines=visibility+dead-lease", Parts{Lock: lock})
		took(t, m, "sweeper-1", "lock.acquire w1")
		takes(t, m, "fault restart sweeper-1")
		require.Contains(t, describe(in.world), "  lock: held once by sweeper-1 before its restart")
		takes(t, m, "clock advance 30s queue.visibility _deciderQueue w1")
		took(t, m, "sweeper-1", "lock.acquire w1")
		require.True(t, in.world.Last().Denied, lock)
		in.world.Settling(true)
		var step sim.Step
		for in.world.NextAdvance(&step) && !in.world.Last().DeadExpired {
			in.world.Apply(sim.Clock, &step, 0)
		}
		_, _, held := in.world.LockHolder(w1)
		require.False(t, held, lock)
	}
}

// A lock service that throws: RedisLock answers false, whether or not the lock was taken, or true, and nobody has it;
// PostgresLockDAO throws.
func TestALockServiceThatThrows(t *testing.T) {
	for _, c := range []struct {
		kind, lock, when string
		told, held       bool
	}{
		{"lock-error", "redisson", "error-before", false, false},
		{"lock-error", "redisson", "error-after", false, true},
		{"lock-ignored", "redisson", "error-before", true, false},
		{"lock-error", "postgres", "error-after", false, true},
	} {
		scope := "sweepers=1 faults=1 kinds=" + c.kind
		in, m := begins(t, "lock-taken-away", "conductor-3.17.0", scope, Parts{Lock: c.lock})
		took(t, m, "sweeper-1", "dao.getWorkflow w1")
		takes(t, m, "fault sweeper-1 lock.acquire w1 "+c.when)
		require.Equal(t, c.told, m.Transition().Reply.Code == replyDone, c)
		holder, _, held := in.world.LockHolder(w1)
		require.Equal(t, c.held, held, c)
		if held {
			require.Equal(t, in.system.Named("sweeper-1"), holder)
		}
		for _, open := range m.Choices(nil) {
			require.Equal(t, sim.NoFault, open.Fault, "the budget is spent")
		}
	}
	// Calls of the lock are no calls of the store, and the other way round; that nobody is told a lie is no fault.
	for kind, want := range map[string][3]bool{ //tidy:unordered each on its own
		"error": {false, false, true}, "lost-reply": {false, false, true}, "lock-error": {true, true, false},
		"lock-ignored": {true, false, false}, "lost-reply+lock-error": {true, true, true},
	} {
		c := scoped(t, "stale-lookup", "proposed", "faults=1 kinds="+kind)
		require.Equal(t, want, [3]bool{
			c.mayFail(sweeper.LockAcquire, sim.ErrorBefore), c.mayFail(sweeper.LockAcquire, sim.ErrorAfter),
			c.mayFail(sweeper.DAOUpdateTask, sim.ErrorAfter),
		}, kind)
	}
}

// A pause ends the lease of who stands still and nobody else's, and takes as long.
func TestAPauseOutlastsALease(t *testing.T) {
	for _, lock := range []string{"redisson", "local", "postgres", "postgres-reentrant"} {
		in, m := begins(t, "lock-taken-away", "proposed", "sweepers=1 faults=1 kinds=pause", Parts{Lock: lock})
		took(t, m, "sweeper-1", "queue.pop _deciderQueue")
		for _, c := range m.Choices(nil) {
			require.Equal(t, sim.NoFault, c.Fault, "nobody has a lease")
		}
		took(t, m, "sweeper-1", "lock.acquire w1")
		now := in.world.Now()
		takes(t, m, "fault pause sweeper-1")
		require.EqualValues(t, 60_000, in.world.Now()-now, lock)
		_, _, held := in.world.LockHolder(w1)
		require.False(t, held, lock)
		took(t, m, "worker-1", "lock.acquire w1")
		require.True(t, in.world.Last().Acquired, lock)
	}
}

// Each queue redelivers what it delivered, and nothing else; that opens an epoch of a task.
func TestWhatIsRedelivered(t *testing.T) {
	for _, queue := range []string{"orkes", "dyno", "sql"} {
		in, m := begins(t, "torn-repair", "proposed", "sweepers=1 faults=1 kinds=redeliver", Parts{Queue: queue})
		for _, c := range m.Choices(nil) {
			require.Equal(t, sim.NoFault, c.Fault, "nothing is delivered")
		}
		for !slices.ContainsFunc(m.Choices(nil), func(c sim.Choice) bool { return c.Fault == sim.Redeliver }) {
			c, ok := ofActor(m, "poller-1")
			require.True(t, ok, queue)
			m.Take(c)
		}
		takes(t, m, "fault redeliver t1 t1")
		due, there := in.world.Message("t1", "t1")
		require.True(t, there && due == 0, queue)
		require.Equal(t, []sim.Object{in.world.Object("t1")}, in.world.Last().Visible, queue)
	}
}

// Faults that there cannot be are refused in one line.
func TestFaultsThatAreRefused(t *testing.T) {
	for _, c := range []struct {
		scope string
		parts Parts
		why   string
	}{
		{"kinds=restart", Parts{Lock: "local"}, "lock local is gone with the one server"},
		{"kinds=lock-error", Parts{Lock: "noop"}, "lock noop asks nobody who could fail"},
		{"kinds=lock-error", Parts{Lock: "local"}, "lock local asks nobody who could fail"},
		{"kinds=lock-ignored", Parts{Lock: "postgres"}, "a setting of lock redisson alone"},
		{"kinds=lock-error+lock-ignored", Parts{}, "ignoreLockingExceptions is set or it is not"},
		{"kinds=pause", Parts{Lock: "disabled"}, "nobody holds a lease"},
		{"sweepers=0", Parts{}, "has nobody to be hit by a fault"},
	} {
		k, err := NewCase("stale-lookup", "proposed", "faults=1 "+c.scope)
		if err == nil {
			_, err = k.On(c.parts)
		}
		require.ErrorIs(t, err, ErrUsage, c.scope)
		require.ErrorContains(t, err, c.why)
		require.NotContains(t, err.Error(), "\n")
	}
	// Without a sweeper a message may be redelivered all the same.
	_, err := NewCase("stale-lookup", "proposed", "faults=1 sweepers=0 kinds=redeliver")
	require.NoError(t, err)
}

// An operation that was hit is asked for less, and no other: one that ended the workflow and was then hit, or was hit
// before; not one that was hit and ended nothing, nor one before which another was.
func TestWhatAHitSpares(t *testing.T) {
	c := scoped(t, "early-release", "conductor-3.17.0", "faults=2 kinds=error+crash")
	in := c.instance()
	h, v := in.judge.hits, &view{in: in, world: in.world}
	saw := func(actor sim.ActorID, fault sim.FaultKind, ends, first, last bool) {
		v.t = &sim.Transition{Choice: sim.Choice{Actor: actor, Fault: fault}, Actor: actor, First: first, Last: last}
		if v.e = &noEffect; !fault.Apart() {
			v.t.Op, v.t.Step = &sim.Operation{Verb: opSweep}, &sim.Step{Verb: sim.Verb(sweeper.DAOGetTask)}
		}
		if ends {
			v.e = &world.Effect{Workflow: w1, StatusBefore: model.Running, StatusAfter: model.Completed}
		}
		h.observe(v)
	}
	spared := func() bool { return h.spares(in.world.Object("w1")) }
	for name, c := range map[string]struct { //tidy:unordered each on its own
		do   func()
		want bool
	}{
		"it ends the workflow, and a call fails": {func() {
			saw(0, 0, true, true, false)
			saw(0, sim.ErrorBefore, false, false, true)
		}, true},
		"a call fails, and it ends the workflow": {func() {
			saw(0, sim.ErrorAfter, false, true, false)
			saw(0, 0, true, false, false)
		}, true},
		"it ends the workflow in the call that fails": {func() { saw(0, sim.ErrorAfter, true, true, false) }, true},
		"it ends the workflow, and its server dies": {func() {
			saw(0, 0, true, true, false)
			saw(0, sim.Crash, false, false, false)
		}, true},
		"it ends the workflow and returns, and then a call fails": {func() {
			saw(0, 0, true, true, true)
			saw(0, sim.ErrorBefore, false, true, false)
		}, false},
		"another's call fails": {func() {
			saw(1, sim.ErrorBefore, false, true, false)
			saw(0, 0, true, true, false)
			saw(2, sim.Crash, false, false, false)
		}, false},
		"a call of its operation before fails": {func() {
			saw(0, sim.ErrorBefore, false, true, true)
			saw(0, 0, true, true, false)
		}, false},
	} {
		h.reset()
		c.do()
		require.Equal(t, c.want, spared(), name)
		saved := h.save(nil)
		h.reset()
		h.load(saved)
		require.Equal(t, c.want, spared(), name)
		require.Equal(t, saved, h.save(nil), name)
	}
}

// With a fault at another's expense the early release of 3.17.0 is found as without one.
func TestAFaultOfAnotherSparesNothing(t *testing.T) {
	_, m := begins(t, "early-release", "conductor-3.17.0", "sweepers=1 faults=1", Parts{})
	takes(t, m, "fault crash sweeper-1")
	var found []sim.Violation
	for open := m.Choices(nil); len(open) > 0; open = m.Choices(nil) {
		found = append(found, m.Take(open[0])...)
	}
	require.True(t, slices.ContainsFunc(found, func(v sim.Violation) bool {
		return v.Oracle == "terminal-is-not-queued"
	}))
}

// TestACutOperationExplainsNothing: a sweep whose server dies before it has changed anything is no explanation of what
// the audit saw of another's early release; one that dies after it has ended the workflow is.
func TestACutOperationExplainsNothing(t *testing.T) {
	for _, c := range []struct {
		cutAfter  string
		explained bool
	}{
		{"queue.pop _deciderQueue", false},
		{"dao.updateWorkflow w1 COMPLETED", true},
	} {
		_, m := begins(t, "early-release", "conductor-3.17.0",
			"sweepers=1 advance=2 faults=1 deadlines=dead-lease", Parts{})
		if c.explained {
			took(t, m, "worker-1", "dao.updateTask t1 COMPLETED")
		}
		took(t, m, "sweeper-1", c.cutAfter)
		takes(t, m, "fault crash sweeper-1")
		if c.explained {
			takes(t, m, "clock advance 60s lock.lease w1")
		} else {
			took(t, m, "worker-1", "lock.release w1")
		}
		for choice, ok := ofActor(m, "audit"); ok; choice, ok = ofActor(m, "audit") {
			m.Take(choice)
		}
		explore.Finish(m, func([]sim.Violation) {})
		said := slices.ContainsFunc(m.AtRest(), func(v sim.Violation) bool { return v.Oracle == "status-and-entry" })
		require.Equal(t, c.explained, !said, c.cutAfter)
	}
}

// Who dies no longer has the lock: another that gets it when the lease of the dead is over is no second one inside.
func TestTheDeadAreNotInside(t *testing.T) {
	in, m := begins(t, "lock-taken-away", "proposed", "sweepers=1 advance=2 faults=1 deadlines=dead-lease", Parts{})
	took(t, m, "sweeper-1", "lock.acquire w1")
	takes(t, m, "fault crash sweeper-1")
	takes(t, m, "clock advance 60s lock.lease w1")
	took(t, m, "worker-1", "lock.acquire w1")
	require.True(t, in.world.Last().Acquired)
	for _, v := range in.judge.view.found {
		require.NotEqual(t, "mutual-exclusion", v.Oracle)
	}
}
