package catalogue

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"fermata/model"
)

// mutantsOfRows are those of tasks' rows, of tasks' messages and of locks that are kept.
func mutantsOfRows() map[string][]mutant {
	return map[string][]mutant{
		"first-terminal-task-wins": {
			{"fails a task that has completed", staleLookup, sabotaged(saboteur{
				update: func(s *saboteur, ctx context.Context, wf model.Workflow) error {
					if wf.Status == model.Completed {
						task := wf.Tasks[0]
						task.Status = model.TaskFailed
						_ = s.Execution.UpdateTask(ctx, task)
					}
					return s.Execution.UpdateWorkflow(ctx, wf)
				},
			})},
		},
		"message-has-task": {
			{"pushes a message of no task", staleLookup, sabotaged(saboteur{
				create: func(s *saboteur, ctx context.Context, tasks []model.Task) ([]model.Task, error) {
					_ = s.Queue.Push(ctx, tasks[0].QueueName(), "nowhere", 0, 0)
					return s.Execution.CreateTasks(ctx, tasks)
				},
			})},
		},
		"lock-freed": {
			{"never releases", staleLookup, sabotaged(saboteur{
				release: func(*saboteur, context.Context, model.WorkflowID) error { return nil },
			})},
		},
	}
}

// TestNoSelfWaitRings: to end a failed workflow a release waits for its own lock on PostgresLockDAO up to 3.29, and not
// on the re-entrant one.
func TestNoSelfWaitRings(t *testing.T) {
	for lock, want := range map[string]Verdict{ //tidy:unordered each on its own
		"postgres": Violated, "postgres-reentrant": OK,
	} {
		c := &Case{Scenario: selfDeadlock, Engine: engine(t, "conductor-3.17.0"), Scope: selfDeadlock.Scope}
		c, err := c.On(Parts{Lock: lock})
		require.NoError(t, err)
		r, err := Verify(c, VerifyOptions{})
		require.NoError(t, err)
		require.Equal(t, want, r.Verdict, lock)
		if want == Violated {
			require.Equal(t, "no-self-wait", r.Findings[0].Oracle)
		}
	}
}

// TestProvedElsewhere: a scenario that the proposed fix does not pass is passed by the engine, or with the parts, that
// it names.
func TestProvedElsewhere(t *testing.T) {
	for _, s := range Scenarios() {
		if s.ProvedOn == "" && s.ProvedWith == (Parts{}) {
			continue
		}
		t.Run(s.Name, func(t *testing.T) {
			red, err := Verify(&Case{Scenario: s, Engine: engine(t, "proposed"), Scope: s.Scope}, VerifyOptions{})
			require.NoError(t, err)
			require.Equal(t, Violated, red.Verdict)
			name := s.ProvedOn
			if name == "" {
				name = "proposed"
			}
			c := &Case{Scenario: s, Engine: engine(t, name), Scope: s.Scope, Parts: s.ProvedWith}
			green, err := Verify(c, VerifyOptions{})
			require.NoError(t, err)
			require.Equal(t, OK, green.Verdict, green.Reason)
			require.True(t, green.Proved)
		})
	}
}
