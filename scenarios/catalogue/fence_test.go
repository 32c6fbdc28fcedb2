package catalogue

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"fermata/model"
	"fermata/sweeper"
	"fermata/sweeper/conductor"
	"fermata/sweeper/proposed"
)

// tokenless is a store to which a workflow's record is written without a token.
type tokenless struct{ sweeper.ExecutionDAO }

// UpdateWorkflow writes without a token.
func (s *tokenless) UpdateWorkflow(ctx context.Context, wf model.Workflow) error {
	return s.ExecutionDAO.UpdateWorkflow(sweeper.WithToken(ctx, wf.ID, 0), wf)
}

// CreateTasks creates without a token.
func (s *tokenless) CreateTasks(ctx context.Context, tasks []model.Task) ([]model.Task, error) {
	return s.ExecutionDAO.CreateTasks(sweeper.WithToken(ctx, tasks[0].WorkflowID, 0), tasks)
}

// UpdateTask writes without a token.
func (s *tokenless) UpdateTask(ctx context.Context, task model.Task) error {
	return s.ExecutionDAO.UpdateTask(sweeper.WithToken(ctx, task.WorkflowID, 0), task)
}

// withoutTokens is the fenced fix whose writes carry no tokens.
func withoutTokens() sweeper.Engine {
	e := proposed.Fenced()
	right := e.New
	e.Name = "mutant"
	e.New = func(p sweeper.Ports, st sweeper.Settings) sweeper.Server {
		p.Execution = &tokenless{p.Execution}
		return right(p, st)
	}
	return e
}

// Where a lease may end under its living owner the fix needs the fence: without it a finished workflow is written
// RUNNING, with it nothing is, with two sweepers, three ends of leases and a crash as well.
func TestFenceKeepsWhatEnded(t *testing.T) {
	for _, e := range []sweeper.Engine{proposed.Proposed(), withoutTokens()} {
		r, err := Verify(&Case{Scenario: leaseExpiry, Engine: e, Scope: leaseExpiry.Scope}, VerifyOptions{})
		require.NoError(t, err)
		require.Equal(t, Violated, r.Verdict)
		require.Equal(t, "terminal-stays", r.Findings[0].Oracle)
		require.Equal(t, Permanent, r.Findings[0].Severity)
	}
	for _, scope := range []string{"", "sweepers=2", "sweepers=2 faults=1", "kinds=crash+error faults=1"} {
		r := proves(t, scoped(t, "lease-expiry", "proposed-fenced", scope))
		require.Contains(t, r.Reached, "a living owner's lease ends")
	}
}

// TestReadsMustCarryTheToken: a store that learns of a holder by its first write alone lets an older holder write
// after the newer one has read.
func TestReadsMustCarryTheToken(t *testing.T) {
	if testing.Short() {
		t.Skip("some seven hundred thousand states: left out by -short")
	}
	r, err := Verify(scoped(t, "lease-expiry", "proposed-fenced-writes", "sweepers=2 advance=3"),
		VerifyOptions{Decided: true})
	require.NoError(t, err)
	require.Equal(t, Violated, r.Verdict)
	require.Equal(t, "terminal-stays", r.Findings[0].Oracle)
	proves(t, scoped(t, "lease-expiry", "proposed-fenced", "sweepers=2 advance=3"))
}

// TestEndsByANewHold: an owner whose lease is over is refused when it creates tasks, and ends the workflow for that
// error; the lock that it takes to do so is a new hold. Its token would write FAILED over COMPLETED.
func TestEndsByANewHold(t *testing.T) {
	m := proposed.FencedMethods()
	m.TerminateModel = func(ctx context.Context, s *proposed.Server, wf *model.Workflow, _ string) (err error) {
		defer s.ReleaseFinally(ctx, wf.ID, &err)
		token, err := s.Ports.Fence.AcquireToken(ctx, wf.ID, conductor.LongTimeToTry, s.Settings.LockLeaseTime)
		if err != nil {
			return err
		}
		return s.TerminateAndCancel(sweeper.WithToken(ctx, wf.ID, token), wf)
	}
	renewing := conductor.New("mutant", "", m)
	renewing.Memoisable, renewing.NeedsAtomicRepair, renewing.NeedsFence = true, true, true

	s := judgedBy(leaseExpiry, "first-terminal-wins")
	proves(t, &Case{Scenario: s, Engine: proposed.Fenced(), Scope: s.Scope})
	r, err := Verify(&Case{Scenario: s, Engine: renewing, Scope: s.Scope}, VerifyOptions{})
	require.NoError(t, err)
	require.Equal(t, Violated, r.Verdict)
}

// queueing is a queue in which a task is queued by the atomic repair: if it is SCHEDULED and has no message.
type queueing struct {
	sweeper.QueueDAO
	sweeper.AtomicRepairer
}

// Push queues a task by the repair, and anything else as it was.
func (q *queueing) Push(ctx context.Context, queue, id string, priority int, offset model.Seconds) error {
	if queue == model.DeciderQueue {
		return q.QueueDAO.Push(ctx, queue, id, priority, offset)
	}
	_, err := q.RepairTask(ctx, model.TaskID(id), queue)
	return err
}

// TestWhatTheFenceLeaves: the queue knows no tokens. An owner whose lease is over has created a task, and a sweep's
// repair has queued it, when it pushes the task's message itself: the task is handed out twice. If it queues the task
// as the repair does, it is not.
func TestWhatTheFenceLeaves(t *testing.T) {
	c := scoped(t, "repair-in-schedule-gap", "proposed-fenced", "sweepers=1 advance=1 deadlines=living-lease")
	r, err := Verify(c, VerifyOptions{})
	require.NoError(t, err)
	require.Equal(t, Violated, r.Verdict)
	require.Equal(t, "task-once", r.Findings[0].Oracle)

	right := c.Engine.New
	c.Engine.New = func(p sweeper.Ports, st sweeper.Settings) sweeper.Server {
		p.Queue = &queueing{p.Queue, p.AtomicRepair}
		return right(p, st)
	}
	proves(t, c)
}
