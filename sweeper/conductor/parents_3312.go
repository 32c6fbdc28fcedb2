package conductor

import (
	"context"
	"errors"
	"slices"

	"fermata/model"
	"fermata/sweeper"
)

// updateParentWorkflowTask3312 is WorkflowExecutorOps.updateParentWorkflowTask of 3.31.2: as
// updateParentWorkflowTask3107, but a task that is gone is nobody's parent (since 3.30.0), and the end of the
// sub-workflow has every JOIN of the parent looked at that is waiting.
func updateParentWorkflowTask3312(ctx context.Context, s *Server, wf *model.Workflow) error {
	task, err := s.Ports.Execution.GetTask(ctx, wf.ParentWorkflowTaskID)
	if errors.Is(err, sweeper.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	return s.writeParentTask(ctx, &task)
}

// updateParentWorkflowTask3320 is that of 3.32.0 on: as updateParentWorkflowTask3312, but first it reads the parent,
// and leaves alone a task that is not among the parent's any more.
func updateParentWorkflowTask3320(ctx context.Context, s *Server, wf *model.Workflow) error {
	task, err := s.Ports.Execution.GetTask(ctx, wf.ParentWorkflowTaskID)
	if errors.Is(err, sweeper.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	parent, err := s.GetWorkflowModel(ctx, task.WorkflowID, true)
	if err != nil || indexOfTask(parent, task.ID) < 0 {
		return err
	}
	return s.writeParentTask(ctx, &task)
}

// writeParentTask writes the parent's task as its sub-workflow has ended, and has the parent's JOINs looked at.
func (s *Server) writeParentTask(ctx context.Context, task *model.Task) error {
	if _, err := s.executeSystemTask(ctx, task); err != nil {
		return err
	}
	if err := s.UpdateTaskModel(ctx, task); err != nil || !task.Status.Terminal() {
		return err
	}
	return s.expediteInProgressJoinTasks(ctx, task.WorkflowID)
}

// updateAndPushParents3312 is WorkflowExecutorOps.updateAndPushParents of 3.31.2, without its listener: as
// updateAndPushParents3107, but it ends at a task that is gone or was retried, and has what has failed beside the task
// run again too, the sub-workflows among it.
func updateAndPushParents3312(ctx context.Context, s *Server, wf *model.Workflow) error {
	return s.eachParent(ctx, wf, func(parent *model.Workflow) error {
		if err := s.writeRunningAgain(ctx, parent); err != nil {
			return err
		}
		if err := s.runSiblingsAgain(ctx, parent); err != nil {
			return err
		}
		return s.expediteLazyWorkflowEvaluation(ctx, parent.ID)
	})
}

// updateAndPushParents3320 is that of 3.32.0 on: as updateAndPushParents3312, but the parent is written RUNNING only
// when the tasks beside are as they shall be, and is decided at once.
func updateAndPushParents3320(ctx context.Context, s *Server, wf *model.Workflow) error {
	return s.eachParent(ctx, wf, func(parent *model.Workflow) error {
		if err := s.runSiblingsAgain(ctx, parent); err != nil {
			return err
		}
		if err := s.writeRunningAgain(ctx, parent); err != nil {
			return err
		}
		_, err := s.Decide(ctx, parent.ID)
		return err
	})
}

// eachParent goes from parent to parent: the SUB_WORKFLOW task is written IN_PROGRESS and changed, the parent read, and
// then run.
func (s *Server) eachParent(
	ctx context.Context, wf *model.Workflow, run func(parent *model.Workflow) error,
) error {
	for wf.HasParent() {
		task, err := s.Ports.Execution.GetTask(ctx, wf.ParentWorkflowTaskID)
		if errors.Is(err, sweeper.ErrNotFound) || err == nil && task.Retried {
			return nil
		}
		if err != nil {
			return err
		}
		task.SubworkflowChanged, task.Status = true, model.TaskInProgress
		if err := s.UpdateTaskModel(ctx, &task); err != nil {
			return err
		}
		parent, err := s.GetWorkflowModel(ctx, wf.ParentWorkflowID, true)
		if err != nil {
			return err
		}
		parent.FailedTaskID = ""
		if err := run(parent); err != nil {
			return err
		}
		wf = parent
	}
	return nil
}

// runSiblingsAgain has every sub-workflow of the parent that has failed retried, and every canceled task run again in
// its row.
func (s *Server) runSiblingsAgain(ctx context.Context, parent *model.Workflow) error {
	for i := range parent.Tasks {
		task := &parent.Tasks[i]
		var err error
		switch {
		case task.Type == model.SubWorkflow && task.SubWorkflowID != "" && isUnsuccessfulTerminal(*task):
			err = s.retrySibling(ctx, task)
		case task.Status == model.TaskCanceled && task.Type == model.Join:
			task.Status = model.TaskInProgress
			err = s.UpdateTaskModel(ctx, task)
		case task.Status == model.TaskCanceled:
			err = s.scheduleAgain(ctx, parent, task)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// retrySibling retries the sub-workflow of a task that has failed, unless it runs already or has nothing to retry.
func (s *Server) retrySibling(ctx context.Context, task *model.Task) error {
	child, err := s.GetWorkflowModel(ctx, task.SubWorkflowID, true)
	if err != nil {
		return err
	}
	if child.Status != model.Running {
		if !slices.ContainsFunc(child.Tasks, isUnsuccessfulTerminal) {
			return nil
		}
		if err := s.methods.RetryModel(ctx, s, child); err != nil {
			return err
		}
	}
	task.Status, task.SubworkflowChanged = model.TaskInProgress, true
	return s.UpdateTaskModel(ctx, task)
}

// scheduleAgain makes a canceled task SCHEDULED in its row, as the attempt after its own.
func (s *Server) scheduleAgain(ctx context.Context, wf *model.Workflow, task *model.Task) error {
	def, err := s.definition(ctx, wf)
	if err != nil {
		return err
	}
	task.RetryCount++
	task.PollCount, task.StartTime = 0, 0
	task.Retried, task.Executed, task.Status = false, false, model.TaskScheduled
	s.stampRescheduled(ctx, def, task)
	if err := s.UpdateTaskModel(ctx, task); err != nil {
		return err
	}
	return s.addTaskToQueue(ctx, wf, task)
}

// expediteInProgressJoinTasks makes the message of every JOIN in progress due at once, without the workflow's lock.
func (s *Server) expediteInProgressJoinTasks(ctx context.Context, id model.WorkflowID) error {
	wf, err := s.GetWorkflowModel(ctx, id, true)
	if err != nil {
		return err
	}
	for _, task := range wf.Tasks {
		if task.Type != model.Join || task.Status != model.TaskInProgress {
			continue
		}
		queued, err := s.Ports.Queue.ContainsMessage(ctx, task.QueueName(), string(task.ID))
		if err == nil && queued {
			_, err = s.Ports.Queue.Postpone(ctx, task.QueueName(), string(task.ID), wf.Priority, 0)
		} else if err == nil {
			err = s.Ports.Queue.Push(ctx, task.QueueName(), string(task.ID), wf.Priority, 0)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
