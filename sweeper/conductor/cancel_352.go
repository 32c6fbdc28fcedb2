package conductor

import (
	"context"
	"errors"

	"fermata/model"
)

// errErroredTasks stands for the tasks of which cancelNonTerminalTasks says that they could not be canceled.
var errErroredTasks = errors.New("conductor: error canceling system tasks")

// unlessErrored is for callers that do not look at the errored tasks.
func unlessErrored(err error) error {
	if errors.Is(err, errErroredTasks) {
		return nil
	}
	return err
}

// cancelNonTerminalTasks352 is WorkflowExecutor.cancelNonTerminalTasks of 3.5.2 to head. A task whose cancel fails is
// written CANCELED as the others, but the workflow then keeps its decider message, and nobody hears that it is
// final. Else the finalized listener comes before the removal, and an error of either is swallowed.
func cancelNonTerminalTasks352(ctx context.Context, s *Server, wf *model.Workflow) error {
	errored := false
	for i := range wf.Tasks {
		if wf.Tasks[i].Status.Terminal() {
			continue
		}
		wf.Tasks[i].Status = model.TaskCanceled
		if err := s.cancelSystemTask(ctx, &wf.Tasks[i]); err != nil {
			errored = true
		}
		if err := s.UpdateTaskModel(ctx, &wf.Tasks[i]); err != nil {
			return err
		}
	}
	if errored {
		return errErroredTasks
	}
	if err := s.Notify(ctx, wf, EventFinalized); err != nil {
		return nil
	}
	_ = s.RemoveFromDecider(ctx, wf.ID)
	return nil
}
