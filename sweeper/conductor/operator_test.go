package conductor_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"fermata/model"
	"fermata/sweeper"
	"fermata/sweeper/conductor"
	"fermata/sweeper/proposed"
)

// operator does what an operator asks for; false if there is no such command.
func (r *run) operator(
	ctx context.Context, cmd string, id model.WorkflowID, arg func(string, string) string,
) (known bool, err error) {
	switch cmd {
	case "retry":
		err = r.server.RetryWorkflow(ctx, id, arg("resume", "") != "")
	case "rerun":
		err = r.server.RerunWorkflow(ctx, id, model.TaskID(arg("task", "")))
	case "restart":
		err = r.server.RestartWorkflow(ctx, id, false)
	case "remove":
		err = r.server.RemoveWorkflow(ctx, id)
	case "requeue":
		_, err = r.server.RequeueSweep(ctx, id)
	case "skip":
		err = r.server.SkipTaskFromWorkflow(ctx, id, arg("ref", ""))
	case "reset":
		err = r.server.ResetCallbacksForWorkflow(ctx, id)
	default:
		return false, nil
	}
	return true, err
}

// operation is something that an operator can ask for of w1.
type operation struct {
	name string
	ask  func(ctx context.Context, s sweeper.FullServer) error
}

func operations() []operation {
	type full = sweeper.FullServer
	return []operation{
		{"pause", func(ctx context.Context, s full) error { return s.PauseWorkflow(ctx, "w1") }},
		{"resume", func(ctx context.Context, s full) error { return s.ResumeWorkflow(ctx, "w1") }},
		{"terminate", func(ctx context.Context, s full) error { return s.TerminateWorkflow(ctx, "w1", "") }},
		{"retry", func(ctx context.Context, s full) error { return s.RetryWorkflow(ctx, "w1", false) }},
		{"rerun", func(ctx context.Context, s full) error { return s.RerunWorkflow(ctx, "w1", "") }},
		{"restart", func(ctx context.Context, s full) error { return s.RestartWorkflow(ctx, "w1", false) }},
		{"remove", func(ctx context.Context, s full) error { return s.RemoveWorkflow(ctx, "w1") }},
		{"skip", func(ctx context.Context, s full) error { return s.SkipTaskFromWorkflow(ctx, "w1", "t2") }},
		{"reset", func(ctx context.Context, s full) error { return s.ResetCallbacksForWorkflow(ctx, "w1") }},
		{"requeue", func(ctx context.Context, s full) error {
			_, err := s.RequeueSweep(ctx, "w1")
			return err
		}},
	}
}

// before brings a workflow of two tasks into the status that the operation asks for.
func before(t *testing.T, name string, r *run) {
	t.Helper()
	switch name {
	case "resume":
		require.NoError(t, r.server.PauseWorkflow(as("api"), "w1"))
	case "retry", "rerun", "restart":
		r.result(t, "worker", "t1.0", model.TaskFailed)
	}
}

// TestLockedOperators: with proposed-locked-operators each operation is one hold of the lock, in which the workflow is
// read and every write and every call of a queue is made, and after which the lock is free; one that cannot have the
// lock is a conflict, and its one call is that of the lock.
func TestLockedOperators(t *testing.T) {
	for _, o := range operations() {
		t.Run(o.name, func(t *testing.T) {
			r := start(t, proposed.LockedOperators(), "two", sweeper.DefaultSettings())
			before(t, o.name, r)
			r.world.trace = nil
			r.world.owner, r.world.holds = "other", 1
			require.ErrorIs(t, o.ask(as("api"), r.server), sweeper.ErrConflict)
			require.Equal(t, []string{"lock.acquire w1 => timeout"}, r.world.trace)
			r.world.owner, r.world.holds = "", 0

			r.world.trace = nil
			require.NoError(t, o.ask(as("api"), r.server))
			last := len(r.world.trace) - 1
			require.Equal(t, "lock.acquire w1 => hold 1", r.world.trace[0])
			require.Equal(t, "lock.release w1 => hold 0", r.world.trace[last])
			for _, call := range r.world.trace[1:last] {
				require.NotContains(t, call, "lock.")
			}
		})
	}
}

// TestOperatorsTakeNoLock: in every release what an operator asks for writes and pushes without the lock, but for
// terminate, pause, and the retry of 3.21.15; a lock that another holds does not stop it.
func TestOperatorsTakeNoLock(t *testing.T) {
	for _, e := range append(conductor.Releases(), proposed.Proposed()) {
		for _, o := range operations() {
			if o.name == "terminate" || o.name == "pause" {
				continue
			}
			t.Run(e.Name+"/"+o.name, func(t *testing.T) {
				r := start(t, e, "two", sweeper.DefaultSettings())
				before(t, o.name, r)
				r.world.trace = nil
				r.world.owner, r.world.holds = "other", 1
				err := o.ask(as("api"), r.server)
				if e.Name == "conductor-3.21.15" && o.name == "retry" {
					require.ErrorIs(t, err, sweeper.ErrConflict)
					return
				}
				require.NoError(t, err)
				require.NotContains(t, r.world.trace[0], "lock.")
				require.NotContains(t, fmt.Sprint(r.world.trace), "lock.acquire w1 => hold")
			})
		}
	}
}
