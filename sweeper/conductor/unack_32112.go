package conductor

import (
	"context"

	"fermata/model"
)

// unack32112 is WorkflowSweeper.unack of 3.21.12 to 3.21.14 and 3.21.16 to 3.21.22: as unack3138, but what an
// IN_PROGRESS task suggests is at most the longest postponement.
func unack32112(ctx context.Context, s *Server, wf *model.Workflow, offset model.Seconds) error {
	for _, task := range wf.Tasks {
		if task.Status == model.TaskScheduled {
			break
		}
		if task.Status == model.TaskInProgress {
			postpone := s.untilInProgressTask(ctx, &task, offset)
			return s.UnackByID(ctx, wf.ID, min(postpone, s.Settings.MaxPostponeDuration))
		}
	}
	return unack3138(ctx, s, wf, offset)
}
