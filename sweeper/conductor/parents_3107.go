package conductor

import (
	"context"
	"errors"

	"fermata/model"
	"fermata/sweeper"
)

// expeditedPriority is what the message of a workflow gets that is to be evaluated before others
// (EXPEDITED_PRIORITY).
const expeditedPriority = 10

// UpdateParent is what completeWorkflow and terminateWorkflow do for a workflow that has a parent: the parent's
// task is written, then the parent is put in front of the decider queue. The parent's lock is not taken, and
// its status is not asked for.
func (s *Server) UpdateParent(ctx context.Context, wf *model.Workflow) error {
	if !wf.HasParent() {
		return nil
	}
	if err := s.methods.UpdateParentWorkflowTask(ctx, s, wf); err != nil {
		return err
	}
	return s.expediteLazyWorkflowEvaluation(ctx, wf.ParentWorkflowID)
}

// updateParentWorkflowTask3107 is WorkflowExecutor.updateParentWorkflowTask of 3.10.7 to 3.23.0: the parent's task
// is read, told of the workflow's status as the store has it, and written as a whole, whatever has become of it
// meanwhile. One that does not know its sub-workflow yet is written as it was read.
func updateParentWorkflowTask3107(ctx context.Context, s *Server, wf *model.Workflow) error {
	task, err := s.getTaskModel(ctx, wf.ParentWorkflowTaskID)
	if err != nil {
		return err
	}
	if _, err := s.executeSystemTask(ctx, &task); err != nil {
		return err
	}
	return s.UpdateTaskModel(ctx, &task)
}

// getTaskModel reads a task that must be there: of one that is not, the engine asks the null that it got.
func (s *Server) getTaskModel(ctx context.Context, id model.TaskID) (model.Task, error) {
	task, err := s.Ports.Execution.GetTask(ctx, id)
	if errors.Is(err, sweeper.ErrNotFound) {
		err = errNullPointer
	}
	return task, err
}

// expediteLazyWorkflowEvaluation is that of 3.10.7 to head: a look and then a postponement or a push, so that it
// can put back a message that has been removed in between.
func (s *Server) expediteLazyWorkflowEvaluation(ctx context.Context, id model.WorkflowID) error {
	queued, err := s.Ports.Queue.ContainsMessage(ctx, model.DeciderQueue, string(id))
	if err != nil {
		return err
	}
	if queued {
		_, err = s.Ports.Queue.Postpone(ctx, model.DeciderQueue, string(id), expeditedPriority, 0)
		return err
	}
	return s.Ports.Queue.Push(ctx, model.DeciderQueue, string(id), expeditedPriority, 0)
}

// UpdateAndPushParents is WorkflowExecutor.updateAndPushParents, by which retry, rerun and restart wake up every
// workflow above the one that they have made run again.
func (s *Server) UpdateAndPushParents(ctx context.Context, wf *model.Workflow) error {
	return s.methods.UpdateAndPushParents(ctx, s, wf)
}

// updateAndPushParents3107 is that of 3.10.7 to 3.23.0, without the listener that since 3.21.13 hears of it: from
// parent to parent, the SUB_WORKFLOW task is written IN_PROGRESS and changed, and the parent RUNNING, blindly and
// without a lock. Java goes no further up at an optional task, which is not modelled.
func updateAndPushParents3107(ctx context.Context, s *Server, wf *model.Workflow) error {
	for wf.HasParent() {
		task, err := s.getTaskModel(ctx, wf.ParentWorkflowTaskID)
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
		if err := s.writeRunningAgain(ctx, parent); err != nil {
			return err
		}
		if err := s.expediteLazyWorkflowEvaluation(ctx, parent.ID); err != nil {
			return err
		}
		wf = parent
	}
	return nil
}

// writeRunningAgain writes a workflow RUNNING. Its timeout counts from here: see resumeWorkflow3105.
func (s *Server) writeRunningAgain(ctx context.Context, wf *model.Workflow) error {
	def, err := s.definition(ctx, wf)
	if err != nil {
		return err
	}
	wf.Status = model.Running
	if def.TimeoutSeconds > 0 {
		wf.CreateTime = s.Ports.Env.Now(ctx)
	}
	return s.UpdateWorkflow(ctx, wf)
}

// adjustStateIfSubWorkflowChanged is that of 3.10.7 to head: where a sub-workflow was made to run again, the first
// task that says so is told that it is known, and every JOIN that has failed waits again.
func (s *Server) adjustStateIfSubWorkflowChanged(
	ctx context.Context, wf *model.Workflow, def *model.WorkflowDef,
) error {
	changed := -1
	for i := range wf.Tasks {
		if t := &wf.Tasks[i]; t.Type == model.SubWorkflow && t.SubworkflowChanged && !t.Retried {
			changed = i
			break
		}
	}
	if changed < 0 || !containsType(def, model.SubWorkflow) {
		return nil
	}
	wf.Tasks[changed].SubworkflowChanged = false
	if err := s.UpdateTaskModel(ctx, &wf.Tasks[changed]); err != nil {
		return err
	}
	for i := range wf.Tasks {
		join := &wf.Tasks[i]
		if join.Type != model.Join || !join.Status.Terminal() || join.Status.Successful() {
			continue
		}
		join.Status = model.TaskInProgress
		err := s.Ports.Queue.Push(ctx, join.QueueName(), string(join.ID), wf.Priority, join.CallbackAfter)
		if err != nil {
			return err
		}
		if err := s.UpdateTaskModel(ctx, join); err != nil {
			return err
		}
	}
	return nil
}

// containsType is WorkflowDef.containsType.
func containsType(def *model.WorkflowDef, t model.TaskType) bool {
	return anyTask(def.Tasks, func(wt *model.WorkflowTask) bool { return wt.Type == t })
}
