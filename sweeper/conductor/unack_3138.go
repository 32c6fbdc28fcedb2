package conductor

import (
	"context"

	"fermata/model"
)

// WorkflowOffsetWithJitter is WorkflowSweeper.workflowOffsetWithJitter: the workflow offset timeout and
// up to a third of it more or less (20 to 40 for 30 s).
func (s *Server) WorkflowOffsetWithJitter(ctx context.Context) model.Seconds {
	offset := s.Settings.WorkflowOffsetTimeout
	return offset + s.Ports.Env.Jitter(ctx, offset/3)
}

// UnackByID postpones the sweep of a workflow that is not at hand: the sweeper calls it "can not be
// found", though a missed lock is the common reason.
func (s *Server) UnackByID(ctx context.Context, id model.WorkflowID, offset model.Seconds) error {
	_, err := s.Ports.Queue.SetUnackTimeout(ctx, model.DeciderQueue, string(id), offset.Millis())
	return err
}

// unack3138 is WorkflowSweeper.unack (3.13.8 to 3.21.11). The first task that is IN_PROGRESS or
// SCHEDULED decides alone, without a cap; with none, the sweep is due at once.
func unack3138(ctx context.Context, s *Server, wf *model.Workflow, offset model.Seconds) error {
	var postpone model.Seconds
	for i := range wf.Tasks {
		task := &wf.Tasks[i]
		if task.Status == model.TaskInProgress {
			postpone = s.untilInProgressTask(ctx, task, offset)
			break
		}
		if task.Status == model.TaskScheduled {
			def, err := s.definition(ctx, wf)
			if err != nil {
				return err
			}
			postpone = offset
			if wt := model.TaskByRef(def.Tasks, task.Ref); wt != nil && wt.Def.PollTimeoutSeconds != 0 {
				postpone = wt.Def.PollTimeoutSeconds + 1
			} else if def.TimeoutSeconds != 0 {
				postpone = def.TimeoutSeconds + 1
			}
			break
		}
	}
	return s.UnackByID(ctx, wf.ID, postpone)
}

// untilInProgressTask is what an IN_PROGRESS task suggests: a WAIT what is left of it, any other a second more than
// its response timeout, and one that has none the offset.
func (s *Server) untilInProgressTask(ctx context.Context, task *model.Task, offset model.Seconds) model.Seconds {
	switch {
	case task.Type == model.Wait && task.WaitTimeout != 0:
		return s.untilWaited(ctx, task)
	case task.ResponseTimeoutSeconds != 0:
		return task.ResponseTimeoutSeconds + 1
	}
	return offset
}

// untilWaited is what is left of a WAIT in whole seconds; 0 if it is over.
func (s *Server) untilWaited(ctx context.Context, task *model.Task) model.Seconds {
	return max(-s.secondsSince(ctx, task.WaitTimeout), 0)
}
