package conductor

import (
	"context"

	"fermata/model"
)

// leastBackoff is the least by which decide pushes a workflow back whose lock it missed.
const leastBackoff model.Millis = 100

// decide3312 is WorkflowExecutorOps.decide(workflowId) of 3.31.2 on: as decide3105, but a missed lock pushes the
// workflow back by half the time that was tried. The push has no lock, and does not ask whether the workflow
// has ended.
func decide3312(ctx context.Context, s *Server, id model.WorkflowID) (wf *model.Workflow, err error) {
	acquired, err := s.AcquireLock(ctx, id)
	if err != nil {
		return nil, err
	}
	if !acquired {
		backoff := max(s.Settings.LockTimeToTry/2, leastBackoff)
		return nil, s.Ports.Queue.PushMillis(ctx, model.DeciderQueue, string(id), 0, backoff)
	}
	defer s.ReleaseFinally(ctx, id, &err)
	wf, err = s.GetWorkflowModel(ctx, id, true)
	if err != nil {
		return nil, err
	}
	return wf, s.DecideModel(ctx, wf)
}
