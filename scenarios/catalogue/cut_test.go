package catalogue

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"fermata/sim"
	"fermata/sim/explore"
	"fermata/sweeper"
)

// whole is a case of a whole life.
func whole(t require.TestingT, engine, scope string) *Case {
	c, err := NewCase("whole-life", engine, scope)
	require.NoError(t, err)
	return c
}

// lifeOf is a run of a case as a life: by other names, and with times of their own between its steps.
func lifeOf(t require.TestingT, c *Case, choices []sim.Choice) []LifeStep {
	in := c.instance()
	m := sim.New(in.system)
	defer m.Close()
	m.Reset()
	ops := map[uint8]LifeOp{}
	for o := LifeStart; o <= LifeUnacks; o++ {
		ops[lifeOps[o].verb] = o
	}
	var life []LifeStep
	var elapsed time.Duration
	for i, choice := range choices {
		m.Take(choice)
		tr := m.Transition()
		elapsed += time.Duration(1+i%7) * time.Millisecond
		if tr.Actor == sim.Clock {
			elapsed += time.Duration(tr.Step.A) * time.Millisecond
			continue
		}
		s := LifeStep{
			Actor: fmt.Sprintf("thread %d of server %d", 7+tr.Actor, tr.Actor%3), Op: 100 + 2*tr.OpNumber,
			Do: ops[tr.Op.Verb], At: elapsed, LifeAct: LifeActOf(in.world, tr.Actor, tr.Step, tr.Reply),
		}
		if s.Do == LifePoll || s.Do == LifeSystem {
			s.Queue = in.world.ObjectName(tr.Op.Object)
		}
		s.Text = strings.ReplaceAll(s.Text, "@client.", "@api of server 2.7.") // who made a task is another one there
		life = append(life, s)
	}
	require.Nil(t, m.Failure())
	return life
}

// violating are the choices of a run at random that violates the oracle, on to the end of that run.
func violating(t require.TestingT, c *Case, oracle string) []sim.Choice {
	m := sim.New(c.instance().walked())
	defer m.Close()
	r := explore.Walk(m, explore.NewSURW(1), explore.Options{SchedulesMax: 20_000})
	at := slices.IndexFunc(r.Finds, func(f explore.Find) bool { return f.Violation.Oracle == oracle })
	require.GreaterOrEqual(t, at, 0, oracle)
	_, err := explore.Repeat(m, r.Finds[at].Choices)
	require.NoError(t, err)
	explore.Finish(m, nil)
	return slices.Clone(m.Taken())
}

// raced is a life of 3.17.0 in which a sweep writes RUNNING over COMPLETED, among sweeps and polls in vain.
func raced(t require.TestingT, oracle string) []LifeStep {
	c := whole(t, "conductor-3.17.0", "sweepers=2 sweeps=2 advance=2 polls=3")
	return lifeOf(t, c, violating(t, c, oracle))
}

// TestALifeIsCutOut: what is cut out of a life violates the oracle that was asked for, is no longer than the life, has
// nobody in it but who is needed, and its text replays by itself a hundred times with one fingerprint.
func TestALifeIsCutOut(t *testing.T) {
	for _, oracle := range []string{"terminal-stays", "listener-once", "running-is-queued", "progress"} {
		life := raced(t, oracle)
		f, err := Cut(whole(t, "conductor-3.17.0", ""), life, oracle)
		require.NoError(t, err)
		require.Equal(t, oracle, f.Oracle)
		require.LessOrEqual(t, f.Steps, len(life))
		require.Equal(t, Scope{Sweepers: 1, Sweeps: 1, Advances: 1}, f.Case.Scope)
		s, err := ReadSchedule(strings.NewReader(f.Schedule.Text()), "cut")
		require.NoError(t, err)
		r, _, err := Replay(s, ReplayOptions{Times: 100})
		require.NoError(t, err)
		require.Equal(t, Violated, r.Verdict)
		m := sim.New(f.Case.instance().system)
		_, err = explore.Follow(m, s.Lines, false, nil)
		require.NoError(t, err)
		require.Equal(t, f.Fingerprint, m.Fingerprint())
		m.Close()
	}
}

// TestALifeOfAnotherEngineIsRefused: where the fixed sweeper does something else, the step is named; no pass is told.
func TestALifeOfAnotherEngineIsRefused(t *testing.T) {
	_, err := Cut(whole(t, "proposed", ""), raced(t, "terminal-stays"))
	var why *LifeError
	require.ErrorAs(t, err, &why)
	require.Positive(t, why.Step)
	require.Regexp(t, `^at step \d+ \(thread .* of server ., sweep, .*\) the life did "dao.getWorkflow w1", `+
		`the scenario's sweeper-1 offers "lock.acquire w1"$`, err.Error())
}

// TestALifeWithoutAViolationIsRefused: a life in which nothing goes wrong gives no finding, and says so.
func TestALifeWithoutAViolationIsRefused(t *testing.T) {
	c := whole(t, "proposed", "sweepers=2 sweeps=2 advance=2")
	m := sim.New(c.instance().system)
	defer m.Close()
	m.Reset()
	explore.Finish(m, nil)
	life := lifeOf(t, c, m.Taken())
	_, err := Cut(whole(t, "proposed", ""), life)
	require.EqualError(t, err, fmt.Sprintf("the life was followed for %d steps of %[1]d on proposed "+
		"(sweepers=1 sweeps=4 advance=0 faults=0), and what judges whole-life was not violated", len(life)))
	_, err = Cut(whole(t, "proposed", ""), raced(t, "progress"), "lock-freed")
	require.ErrorIs(t, err, ErrUsage)
}

// TestAStepThatCannotBeIsRefused: whatever is changed in one step of a life, the error names it.
func TestAStepThatCannotBeIsRefused(t *testing.T) {
	life := raced(t, "terminal-stays")
	last := len(life) - 1
	poll := slices.IndexFunc(life, func(s LifeStep) bool { return s.Do == LifePoll })
	read := slices.IndexFunc(life, func(s LifeStep) bool { return s.Verb == sweeper.DAOGetWorkflow })
	lock := slices.IndexFunc(life, func(s LifeStep) bool { return s.Verb == sweeper.LockAcquire })
	for _, x := range []struct {
		step   int
		change func(s *LifeStep)
		says   string
	}{
		{read, func(s *LifeStep) { s.Reply = "TERMINATED" }, `was answered "TERMINATED" to "dao.getWorkflow w1"`},
		{lock, func(s *LifeStep) { s.Code, s.Reply = 1, "timeout" }, `was answered "timeout"`},
		{read, func(s *LifeStep) { s.Text = "dao.getWorkflow w2" }, `did "dao.getWorkflow w2", the scenario's`},
		{read, func(s *LifeStep) { s.Verb = sweeper.DAOGetTask }, `offers "dao.getWorkflow w1"`},
		{last, func(s *LifeStep) { s.At = 0 }, "goes back in time"},
		{last, func(s *LifeStep) { s.Op = 0 }, "goes back to operation 0"},
		{last, func(s *LifeStep) { s.Do = 0 }, "does what is no operation"},
		{last, func(s *LifeStep) { s.Do = LifeStart }, "goes on with operation"},
		{last, func(s *LifeStep) { s.Actor, s.Do = "another", LifeStart }, "starts its workflow again"},
		{last, func(s *LifeStep) { s.Actor, s.Do = "another", LifeUpdate }, "reports what its actor has not polled"},
		{last, func(s *LifeStep) { s.Actor, s.Do = "another", LifeAudit }, "has an audit, and the case none"},
		{last, func(s *LifeStep) { s.Actor, s.Do = "another", LifeSweep }, "of a sweep, the scenario's sweeper-1"},
		{poll, func(s *LifeStep) { s.Queue = "t7" }, `polls "t7": expected one of ["t1"]`},
		{lock, func(s *LifeStep) { s.Actor, s.Do, s.Queue = "another", LifeSystem, "JOIN" }, "expected JOIN, and b"},
	} {
		changed := slices.Clone(life)
		x.change(&changed[x.step])
		_, err := Cut(whole(t, "conductor-3.17.0", ""), changed)
		var why *LifeError
		require.ErrorAs(t, err, &why, x.says)
		require.Equal(t, x.step+1, why.Step, err.Error())
		require.ErrorContains(t, err, x.says)
	}
	_, err := Cut(whole(t, "conductor-3.17.0", ""), nil)
	require.EqualError(t, err, "the life has no steps")
}

// TestOnlyWholeLivesAreCut: a case of another scenario is wrong use, and so are faults and an interval.
func TestOnlyWholeLivesAreCut(t *testing.T) {
	other, err := NewCase("stale-lookup", "conductor-3.17.0", "")
	require.NoError(t, err)
	for _, c := range []*Case{
		other, whole(t, "proposed", "remedy=interval"), whole(t, "proposed", "faults=1"),
	} {
		_, err := Cut(c, nil)
		require.ErrorIs(t, err, ErrUsage)
	}
}

// TestRoleKeepsWhatATaskIs: two texts are of one role whoever made the task and whatever the times are, and of two if
// task, attempt or status differ.
func TestRoleKeepsWhatATaskIs(t *testing.T) {
	same := func(a, b string) bool { return role(a) == role(b) }
	require.True(t, same("dao.updateTask t1#1@client.1 COMPLETED", "dao.updateTask t1#1@sweeper 7.2.12 COMPLETED"))
	require.True(t, same("queue.push _deciderQueue w1 30s", "queue.push _deciderQueue w1 29013ms"))
	require.False(t, same("dao.updateTask t1@a.1 COMPLETED", "dao.updateTask t2@a.1 COMPLETED"))
	require.False(t, same("dao.updateTask t1@a.1 COMPLETED", "dao.updateTask t1#1@a.1 COMPLETED"))
	require.False(t, same("dao.updateTask t1@a.1 COMPLETED", "dao.updateTask t1@a.1 FAILED"))
}

// TestAsManyActAsAreThereAtOnce: a life in which each sweep is another thread's, and each task's delivery another
// worker's, is one of as few actors as are busy at once.
func TestAsManyActAsAreThereAtOnce(t *testing.T) {
	life := raced(t, "terminal-stays")
	jobs := map[string]int{} // an update is its poll's
	for i := range life {
		s := &life[i]
		if s.Do != LifeUpdate {
			jobs[s.Actor] = s.Op
		}
		s.Actor = fmt.Sprintf("%s, job %d", s.Actor, jobs[s.Actor])
	}
	p, err := planLife(whole(t, "conductor-3.17.0", ""), life, true)
	require.NoError(t, err)
	apart, err := planLife(whole(t, "conductor-3.17.0", ""), life, false)
	require.NoError(t, err)
	require.Less(t, p.scope.Sweepers+p.scope.Workers, apart.scope.Sweepers+apart.scope.Workers)
	f, err := Cut(whole(t, "conductor-3.17.0", ""), life, "terminal-stays")
	require.NoError(t, err)
	require.Equal(t, Scope{Sweepers: 1, Sweeps: 1, Advances: 1}, f.Case.Scope)
}

// TestOfALongLifeTheBeginningIsTaken: as far as a scope's figures go, in whole operations.
func TestOfALongLifeTheBeginningIsTaken(t *testing.T) {
	var life []LifeStep
	for n := range 2 * (scopeMax + 5) {
		life = append(life, LifeStep{Actor: "sweeper", Op: n / 2, Do: LifeSweep})
	}
	p, err := planLife(whole(t, "proposed", ""), life, true)
	require.NoError(t, err)
	require.Equal(t, scopeMax, p.scope.Sweeps)
	require.Len(t, p.life, 2*scopeMax)
}
