package conformance_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"fermata/model"
	"fermata/sweeper/conductor"
)

type mutant struct {
	about  string
	change func(m *conductor.Methods)
}

// mutants are lines changed.
var mutants = []mutant{
	{"completeWorkflow does not release the lock", func(m *conductor.Methods) {
		m.CompleteWorkflow = func(ctx context.Context, s *conductor.Server, wf *model.Workflow) error {
			wf.Status = model.Completed
			if err := s.UpdateWorkflow(ctx, wf); err != nil {
				return err
			}
			return s.Notify(ctx, wf, conductor.EventCompleted)
		}
	}},
	{"unack does not look at the tasks", func(m *conductor.Methods) {
		m.Unack = func(ctx context.Context, s *conductor.Server, wf *model.Workflow, offset model.Seconds) error {
			return s.UnackByID(ctx, wf.ID, offset)
		}
	}},
	{"repair pushes without looking whether the message is there", func(m *conductor.Methods) {
		m.VerifyAndRepairTask = func(ctx context.Context, s *conductor.Server, task *model.Task) (bool, error) {
			if !s.IsTaskRepairable(*task) {
				return false, nil
			}
			return true, s.RepushTask(ctx, *task)
		}
	}},
	{"the removal comes before the finalized listener", func(m *conductor.Methods) {
		right := m.CancelNonTerminalTasks
		m.CancelNonTerminalTasks = func(ctx context.Context, s *conductor.Server, wf *model.Workflow) error {
			if err := s.RemoveFromDecider(ctx, wf.ID); err != nil {
				return err
			}
			return right(ctx, s, wf)
		}
	}},
	{"decideWithLock takes no lock", func(m *conductor.Methods) {
		m.DecideWithLock = func(
			ctx context.Context, s *conductor.Server, wf *model.Workflow,
		) (*model.Workflow, error) {
			return wf, s.DecideModel(ctx, wf)
		}
	}},
	{"a JOIN that is not done waits a second longer", func(m *conductor.Methods) {
		right := m.EvaluationOffset
		m.EvaluationOffset = func(s *conductor.Server, polls int) model.Seconds { return right(s, polls) + 1 }
	}},
	{"the listener's exception is swallowed", func(m *conductor.Methods) {
		right := m.Notify
		m.Notify = func(ctx context.Context, s *conductor.Server, wf *model.Workflow, e conductor.Event) error {
			_ = right(ctx, s, wf, e)
			return nil
		}
	}},
	{"a parent does not terminate its child", func(m *conductor.Methods) {
		m.CancelSubWorkflow = func(context.Context, *conductor.Server, *model.Task) error { return nil }
	}},
	{"a child that ends does not tell its parent", func(m *conductor.Methods) {
		m.UpdateParentWorkflowTask = func(context.Context, *conductor.Server, *model.Workflow) error { return nil }
	}},
	{"nobody above a retried workflow is woken up", func(m *conductor.Methods) {
		m.UpdateAndPushParents = func(context.Context, *conductor.Server, *model.Workflow) error { return nil }
	}},
	{"whoever decides starts a sub-workflow", func(m *conductor.Methods) {
		m.IsAsync = func(t model.TaskType) bool { return t == model.Join || t == model.Wait }
	}},
}

// TestMutantsAreCaught: an engine's text with one line changed differs from the released classes in some
// situation.
func TestMutantsAreCaught(t *testing.T) {
	for _, mutant := range mutants {
		t.Run(mutant.about, func(t *testing.T) {
			methods := conductor.Methods3170()
			mutant.change(&methods)
			e := conductor.New("mutant", mutant.about, methods)
			var caught []string
			for _, s := range situations(t, "3.15.0") {
				if text, err := s.Trace(e); err != nil || text != recorded(t, "3.15.0", s.Name) {
					caught = append(caught, s.Name)
				}
			}
			require.NotEmpty(t, caught)
			t.Logf("caught by %d situations, the first is %s", len(caught), caught[0])
		})
	}
}
