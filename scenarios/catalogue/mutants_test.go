package catalogue

import (
	"context"
	"maps"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"fermata/model"
	"fermata/sim"
	"fermata/sim/world"
	"fermata/sweeper"
	"fermata/sweeper/conductor"
	"fermata/sweeper/proposed"
)

// saboteur stands between an engine and its ports. A function that is nil lets the call pass.
type saboteur struct {
	sweeper.Ports
	update    func(s *saboteur, ctx context.Context, wf model.Workflow) error
	create    func(s *saboteur, ctx context.Context, tasks []model.Task) ([]model.Task, error)
	completed func(s *saboteur, ctx context.Context, wf model.Workflow) error
	finalized func(s *saboteur, ctx context.Context, wf model.Workflow) error
	remove    func(s *saboteur, ctx context.Context, queue, id string) error
	unack     func(s *saboteur, ctx context.Context, queue, id string, t model.Millis) (bool, error)
	ack       func(s *saboteur, ctx context.Context, queue, id string) (bool, error)
	acquire   func(s *saboteur, ctx context.Context, id model.WorkflowID) (bool, error)
	release   func(s *saboteur, ctx context.Context, id model.WorkflowID) error
}

type (
	badStore struct {
		sweeper.ExecutionDAO
		s *saboteur
	}
	badListener struct {
		sweeper.WorkflowStatusListener
		s *saboteur
	}
	badQueue struct {
		sweeper.QueueDAO
		s *saboteur
	}
	badLock struct {
		sweeper.Lock
		s *saboteur
	}
)

func (b badStore) UpdateWorkflow(ctx context.Context, wf model.Workflow) error {
	if b.s.update != nil {
		return b.s.update(b.s, ctx, wf)
	}
	return b.ExecutionDAO.UpdateWorkflow(ctx, wf)
}

func (b badStore) CreateTasks(ctx context.Context, tasks []model.Task) ([]model.Task, error) {
	if b.s.create != nil {
		return b.s.create(b.s, ctx, tasks)
	}
	return b.ExecutionDAO.CreateTasks(ctx, tasks)
}

func (b badListener) OnWorkflowCompleted(ctx context.Context, wf model.Workflow) error {
	if b.s.completed != nil {
		return b.s.completed(b.s, ctx, wf)
	}
	return b.WorkflowStatusListener.OnWorkflowCompleted(ctx, wf)
}

func (b badListener) OnWorkflowFinalized(ctx context.Context, wf model.Workflow) error {
	if b.s.finalized != nil {
		return b.s.finalized(b.s, ctx, wf)
	}
	return b.WorkflowStatusListener.OnWorkflowFinalized(ctx, wf)
}

func (b badQueue) Remove(ctx context.Context, queue, id string) error {
	if b.s.remove != nil && queue == model.DeciderQueue {
		return b.s.remove(b.s, ctx, queue, id)
	}
	return b.QueueDAO.Remove(ctx, queue, id)
}

func (b badQueue) SetUnackTimeout(ctx context.Context, queue, id string, t model.Millis) (bool, error) {
	if b.s.unack != nil {
		return b.s.unack(b.s, ctx, queue, id, t)
	}
	return b.QueueDAO.SetUnackTimeout(ctx, queue, id, t)
}

func (b badQueue) Ack(ctx context.Context, queue, id string) (bool, error) {
	if b.s.ack != nil {
		return b.s.ack(b.s, ctx, queue, id)
	}
	return b.QueueDAO.Ack(ctx, queue, id)
}

func (b badLock) AcquireLock(ctx context.Context, id model.WorkflowID, try, lease model.Millis) (bool, error) {
	if b.s.acquire != nil {
		return b.s.acquire(b.s, ctx, id)
	}
	return b.Lock.AcquireLock(ctx, id, try, lease)
}

func (b badLock) ReleaseLock(ctx context.Context, id model.WorkflowID) error {
	if b.s.release != nil {
		return b.s.release(b.s, ctx, id)
	}
	return b.Lock.ReleaseLock(ctx, id)
}

// sabotaged is the proposed engine, which is right, over ports that are not.
func sabotaged(s saboteur) sweeper.Engine {
	e := proposed.Proposed()
	right := e.New
	e.Name, e.NeedsAtomicRepair = "mutant", true
	e.New = func(p sweeper.Ports, settings sweeper.Settings) sweeper.Server {
		own := s
		own.Ports = p
		p.Execution, p.Listener = badStore{p.Execution, &own}, badListener{p.Listener, &own}
		p.Queue, p.Lock = badQueue{p.Queue, &own}, badLock{p.Lock, &own}
		return right(p, settings)
	}
	return e
}

// idle is an engine that does nothing.
type idle struct{ sweeper.Server }

func (idle) PollAndSweep(context.Context) error                      { return nil }
func (idle) Sweep(context.Context, model.WorkflowID) error           { return nil }
func (idle) UpdateTask(context.Context, sweeper.TaskResult) error    { return nil }
func (idle) Poll(context.Context, string, int) ([]model.Task, error) { return nil, nil }

// then writes the status a second time, after it was written COMPLETED.
func then(status model.WorkflowStatus) func(*saboteur, context.Context, model.Workflow) error {
	return func(s *saboteur, ctx context.Context, wf model.Workflow) error {
		err := s.Execution.UpdateWorkflow(ctx, wf)
		if wf.Status == model.Completed {
			wf.Status = status
			return s.Execution.UpdateWorkflow(ctx, wf)
		}
		return err
	}
}

// audited is early-release with two looks of the audit.
func audited() *Scenario {
	s := *earlyRelease
	s.Cast = func(c *cast) {
		c.worker("worker-1", w1, "t1")
		c.audit("audit", w1, 2)
	}
	s.Sometimes = nil
	return &s
}

// mutant is an engine that is wrong in one way, and where an oracle must see it.
type mutant struct {
	about  string
	on     *Scenario
	engine sweeper.Engine
}

// mutants has at least one for each oracle that an engine can trip over these parts.
func mutants() map[string][]mutant {
	return map[string][]mutant{
		"terminal-stays": {
			{"writes RUNNING over COMPLETED", staleLookup, sabotaged(saboteur{update: then(model.Running)})},
		},
		"first-terminal-wins": {
			{"writes FAILED over COMPLETED", staleLookup, sabotaged(saboteur{update: then(model.Failed)})},
		},
		"no-orphan": {
			{"terminates what it has read without the lock", terminateChildStarting, conductor.Release3170()},
		},
		"parent-agrees": {
			{"writes a task as it was before its sub-workflow ended", childEndsInsideStart, conductor.Release3170()},
		},
		"listener-once": {
			{"announces the end twice", staleLookup, sabotaged(saboteur{
				completed: func(s *saboteur, ctx context.Context, wf model.Workflow) error {
					_ = s.Listener.OnWorkflowCompleted(ctx, wf)
					return s.Listener.OnWorkflowCompleted(ctx, wf)
				},
			})},
			{"never announces the end", staleLookup, sabotaged(saboteur{
				completed: func(*saboteur, context.Context, model.Workflow) error { return nil },
			})},
		},
		"listener-order": {
			{"finalizes before it completes", staleLookup, sabotaged(saboteur{
				completed: func(s *saboteur, ctx context.Context, wf model.Workflow) error {
					_ = s.Listener.OnWorkflowFinalized(ctx, wf)
					return s.Listener.OnWorkflowCompleted(ctx, wf)
				},
				finalized: func(*saboteur, context.Context, model.Workflow) error { return nil },
			})},
		},
		"running-is-queued": {
			{"drops what it should postpone", tornRepair, sabotaged(saboteur{
				unack: func(s *saboteur, ctx context.Context, queue, id string, _ model.Millis) (bool, error) {
					return true, s.Queue.Remove(ctx, queue, id)
				},
			})},
		},
		"terminal-is-not-queued": {{"never leaves the decider queue", earlyRelease, neverLeaves()}},
		"ended-is-dequeued":      {{"never leaves the decider queue", earlyRelease, neverLeaves()}},
		"status-and-entry":       {{"never leaves the decider queue", earlyRelease, neverLeaves()}},
		"workflow-linearizable": {
			{"goes back to RUNNING once the lock is free", audited(), sabotaged(saboteur{
				release: func(s *saboteur, ctx context.Context, id model.WorkflowID) error {
					err := s.Lock.ReleaseLock(ctx, id)
					wf, _ := s.Execution.GetWorkflow(ctx, id, false)
					if wf.Status == model.Completed {
						wf.Status = model.Running
						return s.Execution.UpdateWorkflow(ctx, wf)
					}
					return err
				},
			})},
		},
		"task-unique": {
			{"schedules a task twice", staleLookup, sabotaged(saboteur{
				create: func(s *saboteur, ctx context.Context, tasks []model.Task) ([]model.Task, error) {
					created, err := s.Execution.CreateTasks(ctx, tasks)
					for _, t := range tasks {
						t.ID += "-again"
						_ = s.Execution.UpdateTask(ctx, t)
					}
					return created, err
				},
			})},
		},
		"task-once": {
			{"queues again what was handed out", tornRepair, sabotaged(saboteur{
				ack: func(s *saboteur, ctx context.Context, queue, id string) (bool, error) {
					acked, err := s.Queue.Ack(ctx, queue, id)
					_ = s.Queue.Push(ctx, queue, id, 0, 0)
					return acked, err
				},
			})},
		},
		"lock-discipline": {
			{"does not take the lock that it says it has", staleLookup, sabotaged(saboteur{
				acquire: func(*saboteur, context.Context, model.WorkflowID) (bool, error) { return true, nil },
				release: func(*saboteur, context.Context, model.WorkflowID) error { return nil },
			})},
		},
		"progress": {
			{"does nothing", staleLookup, sweeper.Engine{Name: "mutant", New: func(
				sweeper.Ports, sweeper.Settings) sweeper.Server {
				return idle{}
			}}},
		},
		"bounded-completion": {{"postpones a hundred times as long", unheardEnd(), sabotaged(saboteur{
			unack: func(s *saboteur, ctx context.Context, queue, id string, t model.Millis) (bool, error) {
				return s.Queue.SetUnackTimeout(ctx, queue, id, 100*t)
			},
		})}},
	}
}

func neverLeaves() sweeper.Engine {
	return sabotaged(saboteur{
		remove: func(*saboteur, context.Context, string, string) error { return nil },
	})
}

// unheardEnd is a workflow whose sweeper postpones it, while its only task ends without being decided.
func unheardEnd() *Scenario {
	s := *staleLookup
	s.Name = "unheard-end"
	s.Cast = func(c *cast) {
		c.sweepers(w1)
		w := c.world
		c.add("crashed-worker", "", repeat(1, sim.Operation{
			Verb: opUpdateTask, Object: w.Object("t1"), Arg: sim.Reply{N: int64(model.TaskCompleted)},
			Run: func(a *sim.Actor, _ *sim.Operation) sim.Reply {
				t, _ := c.ports.Execution.GetTask(world.Context(a), "t1")
				t.Status = model.TaskCompleted
				return replyOf(c.ports.Execution.UpdateTask(world.Context(a), t))
			},
		}))
	}
	s.Definitions = []model.WorkflowDef{simple("two", "t1")}
	s.Sometimes = nil
	return &s
}

// judgedBy is the scenario with one oracle that decides, and its search kept small.
func judgedBy(s *Scenario, oracle string) *Scenario {
	own := *s
	own.Judged = []string{oracle}
	own.Scope.Sweepers = min(own.Scope.Sweepers, 1)
	return &own
}

// TestMutualExclusionRings: where everyone is given the lock, or it is deleted under its holder, or anyone may free it,
// two have it at once; and nobody does with Redisson's.
func TestMutualExclusionRings(t *testing.T) {
	for lock, want := range map[string]Verdict{ //tidy:unordered each on its own
		"redisson": OK, "noop": Violated, "disabled": Violated, "local": Violated, "postgres": Violated,
	} {
		c := &Case{Scenario: lockTakenAway, Engine: engine(t, "conductor-3.21.3"), Scope: lockTakenAway.Scope}
		c, err := c.On(Parts{Lock: lock})
		require.NoError(t, err)
		r, err := Verify(c, VerifyOptions{})
		require.NoError(t, err)
		require.Equal(t, want, r.Verdict, lock)
		if want == Violated {
			require.Equal(t, "mutual-exclusion", r.Findings[0].Oracle)
		}
	}
}

// TestEveryOracleRings: each oracle sees its mutants, and is what decides then.
func TestEveryOracleRings(t *testing.T) {
	all := mutants()
	maps.Copy(all, mutantsOfRows())
	for _, o := range Oracles() {
		switch o.Name {
		case "no-deadlock", "mutual-exclusion", "no-self-wait":
			continue // TestNoDeadlockRings and so on: an engine alone does not trip them here
		}
		require.NotEmpty(t, all[o.Name], "no mutant trips %s", o.Name)
		for _, m := range all[o.Name] {
			t.Run(o.Name+"/"+m.about, func(t *testing.T) {
				s := judgedBy(m.on, o.Name)
				r, err := Verify(&Case{Scenario: s, Engine: m.engine, Scope: s.Scope}, VerifyOptions{})
				require.NoError(t, err)
				require.Equal(t, Violated, r.Verdict, r.Reason)
				require.Equal(t, o.Name, r.Findings[0].Oracle)
			})
		}
	}
}

// TestNoDeadlockRings: an actor that is left waiting at the end of a run is a deadlock. The parts of the
// scenarios have try-locks only, so a run that ends so is made by hand.
func TestNoDeadlockRings(t *testing.T) {
	c := &Case{
		Scenario: judgedBy(staleLookup, "no-deadlock"), Engine: proposed.Proposed(), Scope: staleLookup.Scope,
	}
	j := newJudge(c.instance())
	j.Reset()
	var judging []sim.Violation
	for _, v := range j.AtRest(&sim.Rest{Blocked: []sim.ActorID{1}}) {
		if v.Judging {
			judging = append(judging, v)
		}
	}
	require.Len(t, judging, 1)
	require.Equal(t, "no-deadlock", judging[0].Oracle)
}

// loud are the oracles that the proposed fix trips where they do not judge: with the scenario that is about it.
var loud = map[string]string{
	"listener-once on stale-timeout":            "finalized-again",
	"listener-once on self-deadlock":            "finalized-again",
	"first-terminal-task-wins on stale-timeout": "late-worker-write",
}

// heldAgainstAll tells whether the proposed fix must be right there by every oracle, not only by those that judge it:
// where it alone is the fix, nobody dies, and nobody but workers and sweepers acts.
func heldAgainstAll(s *Scenario) bool {
	byOperator := func(need string) bool { return need != "UpdateTask" && need != "Poll" }
	return s.ProvedOn == "" && s.Scope.Faults == 0 && !slices.ContainsFunc(s.Needs, byOperator)
}

// TestEveryOracleIsSilentOnTheProposedFix, on every scenario of workers and sweepers that it is the fix for, but for
// one step that needs no lock: a sweeper that misses the lock postpones its own message.
func TestEveryOracleIsSilentOnTheProposedFix(t *testing.T) {
	for _, o := range Oracles() {
		for _, scenario := range Scenarios() {
			if !heldAgainstAll(scenario) || loud[o.Name+" on "+scenario.Name] != "" {
				continue
			}
			t.Run(o.Name+"/"+scenario.Name, func(t *testing.T) {
				s := judgedBy(scenario, o.Name)
				c := &Case{Scenario: s, Engine: proposed.Proposed(), Scope: s.Scope, Parts: s.ProvedWith}
				r, err := Verify(c, VerifyOptions{})
				require.NoError(t, err)
				if o.Name != "lock-discipline" {
					require.Equal(t, OK, r.Verdict, r.Reason)
					require.True(t, r.Proved)
					return
				}
				for _, f := range r.Findings {
					require.Equal(t, "queue.setUnackTimeout in Sweep of w1", f.Object)
				}
			})
		}
	}
}
