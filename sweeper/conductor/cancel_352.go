package conductor

import (
	"context"

	"fermata/model"
)

// cancelNonTerminalTasks352 is WorkflowExecutor.cancelNonTerminalTasks of 3.5.2 to head, as far as it is
// modelled: JOIN and FORK have nothing to cancel, so there are no errored tasks. The finalized listener
// comes before the removal, and an error of either is swallowed.
func cancelNonTerminalTasks352(ctx context.Context, s *Server, wf *model.Workflow) error {
	for i := range wf.Tasks {
		if wf.Tasks[i].Status.Terminal() {
			continue
		}
		wf.Tasks[i].Status = model.TaskCanceled
		if err := s.UpdateTaskModel(ctx, &wf.Tasks[i]); err != nil {
			return err
		}
	}
	if err := s.Notify(ctx, wf, EventFinalized); err != nil {
		return nil
	}
	_ = s.RemoveFromDecider(ctx, wf.ID)
	return nil
}
