package conductor_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"fermata/model"
	"fermata/sweeper"
	"fermata/sweeper/conductor"
)

// TestHoldCounts321 is TestHoldCounts for the releases after the fix, and for the commits of the fix. Here t1 has
// ended in the store before anything looks.
func TestHoldCounts321(t *testing.T) {
	pr214 := conductor.PR214()
	columns := []sweeper.Engine{
		conductor.Release32112(), conductor.Release32115(), conductor.Release32123(), pr214[1], pr214[2], pr214[3],
	}
	sweep := func(r *run) error { return r.server.Sweep(as("sweeper"), "w1") }
	paths := []struct {
		name string
		t1   model.TaskStatus
		act  func(r *run) error
		want [6]string // as columns
	}{
		{
			"sweep completes", model.TaskCompleted, sweep,
			[6]string{
				"acq1 acq2 rel1 finalized remove rel0 remove rel!",
				"acq1 finalized remove remove rel0",
				"acq1 rel0 finalized remove rel! remove",
				"acq1 rel0 finalized remove remove rel!",
				"acq1 rel0 finalized remove remove rel!",
				"acq1 acq2 rel1 finalized remove rel0 remove rel!",
			},
		},
		{
			"sweep terminates", model.TaskFailed, sweep,
			[6]string{
				"acq1 acq2 acq3 finalized remove rel2 rel1 remove rel0",
				"acq1 finalized remove remove rel0",
				"acq1 acq2 finalized remove rel1 rel0 remove",
				"acq1 acq2 finalized remove rel1 remove rel0",
				"acq1 acq2 finalized remove rel1 remove rel0",
				"acq1 acq2 acq3 finalized remove rel2 rel1 remove rel0",
			},
		},
		{
			"updateTask completes", model.TaskScheduled,
			func(r *run) error {
				return r.server.UpdateTask(as("worker"), sweeper.TaskResult{
					TaskID: "t1.0", WorkflowID: "w1", Status: model.TaskCompleted,
				})
			},
			[6]string{
				"acq1 rel0 finalized remove rel!",
				"acq1 finalized remove rel0",
				"acq1 rel0 finalized remove rel!",
				"acq1 rel0 finalized remove rel!",
				"acq1 rel0 finalized remove rel!",
				"acq1 rel0 finalized remove rel!",
			},
		},
	}
	for _, p := range paths {
		for i, e := range columns {
			t.Run(p.name+"/"+e.Name, func(t *testing.T) {
				r := start(t, e, "one", sweeper.DefaultSettings())
				r.world.tasks[0].Status = p.t1
				r.world.trace = nil
				require.NoError(t, p.act(r))
				require.Equal(t, p.want[i], r.path())
				require.Zero(t, r.world.holds)
			})
		}
	}
}

// TestStaleLookup321 is TestStaleLookup for them: between the sweeper's first call and its lock, another decides
// and completes everything. 3.21.23 alone writes over the end.
func TestStaleLookup321(t *testing.T) {
	for _, e := range others() {
		t.Run(e.Name, func(t *testing.T) {
			r := start(t, e, "two", sweeper.DefaultSettings())
			r.world.tasks[0].Status = model.TaskCompleted
			r.world.hooks["lock.acquire w1"] = func() {
				_, err := r.server.Decide(as("worker"), "w1")
				require.NoError(t, err)
				r.result(t, "worker", "t2.0", model.TaskCompleted)
			}
			err := r.server.Sweep(as("sweeper"), "w1")
			require.NoError(t, err)
			require.Zero(t, r.world.holds)
			switch e.Name {
			case "conductor-3.21.23":
				require.Equal(t, model.Running, r.world.workflows["w1"].Status)
				require.Empty(t, r.world.queues[model.DeciderQueue])
			case "pr214-4943d9770":
				require.Contains(t, r.world.hooks, "lock.acquire w1", "it never locks")
			default:
				require.Equal(t, model.Completed, r.world.workflows["w1"].Status)
				require.Empty(t, r.world.queues[model.DeciderQueue])
			}
		})
	}
}
