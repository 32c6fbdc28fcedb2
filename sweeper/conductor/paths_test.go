package conductor_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"fermata/model"
	"fermata/sweeper"
	"fermata/sweeper/proposed"
)

// start runs an engine up to a SCHEDULED t1 of the definition.
func start(t *testing.T, e sweeper.Engine, def string, settings sweeper.Settings) *run {
	r := newRun(e, def, settings)
	require.NoError(t, r.server.StartWorkflow(as("api"), "w1", "w"))
	return r
}

// result reports a task's end, as actor.
func (r *run) result(t *testing.T, actor string, id model.TaskID, status model.TaskStatus) {
	t.Helper()
	err := r.server.UpdateTask(as(actor), sweeper.TaskResult{TaskID: id, WorkflowID: "w1", Status: status})
	require.NoError(t, err)
}

// unheard reports a task's end while another actor holds the lock, so that its decide is lost.
func (r *run) unheard(t *testing.T, id model.TaskID, status model.TaskStatus) {
	t.Helper()
	r.world.owner, r.world.holds = "other", 1
	r.result(t, "worker", id, status)
	r.world.owner, r.world.holds = "", 0
}

// path is the trace's calls on the lock and the decider queue, and the finalized listener.
func (r *run) path() string {
	var words []string
	for _, line := range r.world.trace {
		call, answer, _ := strings.Cut(line, " => ")
		switch call {
		case "lock.acquire w1":
			words = append(words, strings.ReplaceAll(answer, "hold ", "acq"))
		case "lock.release w1":
			released := strings.NewReplacer("hold ", "rel", "not the owner", "rel!")
			words = append(words, released.Replace(answer))
		case "listener.finalized w1":
			words = append(words, "finalized")
		case "queue.remove _deciderQueue w1":
			words = append(words, "remove")
		}
	}
	return strings.Join(words, " ")
}

// TestHoldCounts is the table "Lock hold counts per path" of the engine facts (1.2), as the texts run
// it; rel0 is where the lock is free, rel! a release by a non-owner.
func TestHoldCounts(t *testing.T) {
	sweep := func(t *testing.T, r *run) { require.NoError(t, r.server.Sweep(as("sweeper"), "w1")) }
	paths := []struct {
		name    string
		prepare func(t *testing.T, r *run)
		act     func(t *testing.T, r *run)
		want    [3]string // 3.17.0, 3.21.3, proposed
	}{
		{
			"sweep of a terminal workflow",
			func(t *testing.T, r *run) { r.result(t, "worker", "t1.0", model.TaskCompleted) }, sweep,
			[3]string{"acq1 rel0 remove", "acq1 acq2 rel1 remove rel0", "acq1 remove rel0"},
		},
		{
			"sweep completes",
			func(t *testing.T, r *run) { r.unheard(t, "t1.0", model.TaskCompleted) }, sweep,
			[3]string{
				"acq1 rel0 finalized remove rel! remove",
				"acq1 acq2 rel1 finalized remove rel0 remove rel!",
				"acq1 finalized remove remove rel0",
			},
		},
		{
			"sweep terminates",
			func(t *testing.T, r *run) { r.unheard(t, "t1.0", model.TaskFailed) }, sweep,
			[3]string{
				"acq1 acq2 finalized remove rel1 rel0 remove",
				"acq1 acq2 acq3 finalized remove rel2 rel1 remove rel0",
				"acq1 acq2 finalized remove rel1 remove rel0",
			},
		},
		{
			"updateTask completes",
			func(*testing.T, *run) {},
			func(t *testing.T, r *run) { r.result(t, "worker", "t1.0", model.TaskCompleted) },
			[3]string{
				"acq1 rel0 finalized remove rel!",
				"acq1 rel0 finalized remove rel!",
				"acq1 finalized remove rel0",
			},
		},
	}
	for _, p := range paths {
		for i, e := range engines() {
			t.Run(p.name+"/"+e.Name, func(t *testing.T) {
				r := start(t, e, "one", sweeper.DefaultSettings())
				p.prepare(t, r)
				r.world.trace = nil
				p.act(t, r)
				require.Equal(t, p.want[i], r.path())
			})
		}
	}
}

// TestStaleLookup is the race of the engine facts (1.13) with its two actors one within the other: the
// sweeper has read, and before it locks, the workers complete everything.
func TestStaleLookup(t *testing.T) {
	lost := map[string]bool{"conductor-3.17.0": true}
	all := engines()
	for _, m := range proposed.AllMeasures() {
		all = append(all, m.Engine())
		lost[m.String()] = !m.LockFirst
	}
	for _, e := range all {
		t.Run(e.Name, func(t *testing.T) {
			r := start(t, e, "two", sweeper.DefaultSettings())
			r.unheard(t, "t1.0", model.TaskCompleted)
			r.world.hooks["lock.acquire w1"] = func() {
				_, err := r.server.Decide(as("worker"), "w1")
				require.NoError(t, err)
				r.result(t, "worker", "t2.0", model.TaskCompleted)
			}
			require.NoError(t, r.server.Sweep(as("sweeper"), "w1"))
			require.Empty(t, r.world.queues[model.DeciderQueue])
			want := model.Completed
			if lost[e.Name] {
				want = model.Running
			}
			require.Equal(t, want, r.world.workflows["w1"].Status)
			require.Zero(t, r.world.holds)
		})
	}
}

// TestJoinOfEndedWorkflow: the workflow ends while its JOIN is being executed.
func TestJoinOfEndedWorkflow(t *testing.T) {
	for _, e := range engines() {
		r := start(t, e, "fork", sweeper.DefaultSettings())
		r.world.hooks["dao.getWorkflow w1"] = func() {
			require.NoError(t, r.server.TerminateWorkflow(as("api"), "w1", "asked"))
		}
		r.world.trace = nil
		require.NoError(t, r.server.PollSystemTasks(as("system"), "JOIN"))
		n := len(r.world.trace)
		require.Equal(t, []string{
			"dao.getWorkflow w1 => TERMINATED", "dao.updateTask j.0 CANCELED", "queue.remove JOIN j.0",
		}, r.world.trace[n-3:])
	}
}

// TestBatchIsNotModelled: a batch on several sweeper threads is refused before the first call.
func TestBatchIsNotModelled(t *testing.T) {
	for _, e := range engines() {
		settings := sweeper.DefaultSettings()
		settings.SweeperThreadCount = 2
		r := start(t, e, "one", settings)
		r.world.trace = nil
		require.ErrorIs(t, r.server.PollAndSweep(as("sweeper")), sweeper.ErrUnmodelled)
		require.Empty(t, r.world.trace)
	}
}

// TestNoClockWithoutTimeouts: definitions without timeouts never read the clock or leave a timestamp.
func TestNoClockWithoutTimeouts(t *testing.T) {
	for _, e := range engines() {
		r := start(t, e, "two", sweeper.DefaultSettings())
		_, err := r.server.Poll(as("worker"), "t1", 1)
		require.NoError(t, err)
		r.result(t, "worker", "t1.0", model.TaskCompleted)
		require.NoError(t, r.server.Sweep(as("sweeper"), "w1"))
		for _, line := range r.world.trace {
			require.NotContains(t, line, sweeper.EnvNow.String())
		}
		require.Zero(t, r.world.workflows["w1"].CreateTime)
		for _, task := range r.world.tasks {
			require.Zero(t, task.ScheduledTime+task.StartTime+task.UpdateTime)
		}
	}
}
