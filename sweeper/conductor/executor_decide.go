package conductor

import (
	"context"
	"errors"

	"fermata/model"
	"fermata/sweeper"
)

// decide3105 is WorkflowExecutor.decide(workflowId) of 3.10.5 to 3.31.1 but for 3.21.15 (engine facts
// 1.4). A missed lock is nil, and nothing asks for another decide.
func decide3105(ctx context.Context, s *Server, id model.WorkflowID) (wf *model.Workflow, err error) {
	acquired, err := s.AcquireLock(ctx, id)
	if err != nil || !acquired {
		return nil, err
	}
	defer s.ReleaseFinally(ctx, id, &err)
	wf, err = s.GetWorkflowModel(ctx, id, true)
	if err != nil {
		return nil, err
	}
	return wf, s.DecideModel(ctx, wf)
}

// decideWithLock3150 is WorkflowExecutor.decideWithLock(workflow) of 3.15.0 to 3.21.2: it locks and
// decides on the caller's copy, without reading again.
func decideWithLock3150(
	ctx context.Context, s *Server, wf *model.Workflow,
) (decided *model.Workflow, err error) {
	acquired, err := s.AcquireLock(ctx, wf.ID)
	if err != nil || !acquired {
		return nil, err
	}
	defer s.ReleaseFinally(ctx, wf.ID, &err)
	return wf, s.DecideModel(ctx, wf)
}

// decideModel3130 is WorkflowExecutor.decide(workflow) of 3.13.0 to 3.21.22 (engine facts 1.4). It takes
// no lock and changes wf in place.
func decideModel3130(ctx context.Context, s *Server, wf *model.Workflow) error {
	return s.decideModel(ctx, wf, s.evaluate)
}

// decideModel is the frame of decide(workflow): nothing is evaluated for a workflow that has ended, and a
// TerminateWorkflowError of evaluate ends the workflow.
func (s *Server) decideModel(
	ctx context.Context, wf *model.Workflow,
	evaluate func(ctx context.Context, wf *model.Workflow, def *model.WorkflowDef) error,
) error {
	if wf.Status.Terminal() {
		if !wf.Status.Successful() {
			return unlessErrored(s.CancelNonTerminalTasks(ctx, wf))
		}
		return nil
	}
	def, err := s.definition(ctx, wf)
	if err != nil {
		return err
	}
	if err := s.adjustStateIfSubWorkflowChanged(ctx, wf, def); err != nil {
		return err
	}
	if err = evaluate(ctx, wf, def); err == nil {
		return nil
	}
	var twe *sweeper.TerminateWorkflowError
	if errors.As(err, &twe) {
		return s.terminate(ctx, wf, twe)
	}
	return err
}

// evaluate is what decide(workflow) of 3.13.0 does inside its try.
func (s *Server) evaluate(ctx context.Context, wf *model.Workflow, def *model.WorkflowDef) error {
	outcome, err := s.decideOutcome(ctx, wf, def)
	if err != nil {
		return err
	}
	if outcome.isComplete {
		return s.endExecution(ctx, wf)
	}
	stateChanged, changed, err := s.carryOut(ctx, wf, outcome)
	if err != nil {
		return err
	}
	if stateChanged {
		return s.DecideModel(ctx, wf)
	}
	if changed {
		return s.UpdateWorkflow(ctx, wf) // the model's status, written blindly
	}
	return nil
}

// carryOut schedules what the outcome has to schedule and writes the tasks that it has to write. It tells
// whether a synchronous system task was started, and whether there was anything at all.
func (s *Server) carryOut(
	ctx context.Context, wf *model.Workflow, outcome deciderOutcome,
) (stateChanged, changed bool, err error) {
	scheduled := dedupAndAddTasks(wf, outcome.tasksToBeScheduled)
	if stateChanged, err = s.scheduleTask(ctx, wf, scheduled); err != nil {
		return false, false, err
	}
	executed, err := s.executeSyncTasks(ctx, wf, outcome.tasksToBeScheduled)
	if err != nil {
		return false, false, err
	}
	outcome.tasksToBeUpdated = append(outcome.tasksToBeUpdated, executed...)
	for _, i := range outcome.tasksToBeUpdated {
		if err := s.UpdateTaskModel(ctx, &wf.Tasks[i]); err != nil {
			return false, false, err
		}
	}
	return stateChanged || len(executed) > 0, len(outcome.tasksToBeUpdated) > 0 || len(scheduled) > 0, nil
}

// executeSyncTasks executes the open synchronous system tasks of the outcome, and gives the places in the model of
// those that have ended by it. FORK's row is born COMPLETED.
func (s *Server) executeSyncTasks(
	ctx context.Context, wf *model.Workflow, tasks []model.Task,
) (ended []int, err error) {
	for _, task := range tasks {
		i := indexOfTask(wf, task.ID)
		if i < 0 || !s.isSync(task.Type) || wf.Tasks[i].Status.Terminal() {
			continue
		}
		done, err := s.executeSystemTask(ctx, &wf.Tasks[i])
		if err != nil {
			return nil, err
		}
		if done {
			ended = append(ended, i)
		}
	}
	return ended, nil
}

// endExecution completes the workflow, then cancels what is open. The order is why the completed
// listener, the early release, the finalized listener and the removal come in this order.
func (s *Server) endExecution(ctx context.Context, wf *model.Workflow) error {
	if err := s.CompleteWorkflow(ctx, wf); err != nil {
		return err
	}
	return unlessErrored(s.CancelNonTerminalTasks(ctx, wf))
}

// terminate ends the workflow as the exception says.
func (s *Server) terminate(
	ctx context.Context, wf *model.Workflow, twe *sweeper.TerminateWorkflowError,
) error {
	if !wf.Status.Terminal() {
		wf.Status = twe.Status
	}
	if i := indexOfTask(wf, twe.TaskID); i >= 0 {
		if wf.FailedTaskID == "" {
			wf.FailedTaskID = twe.TaskID
		}
		if err := s.UpdateTaskModel(ctx, &wf.Tasks[i]); err != nil {
			return err
		}
	}
	return s.TerminateModel(ctx, wf, twe.Reason)
}

func indexOfTask(wf *model.Workflow, id model.TaskID) int {
	for i := range wf.Tasks {
		if wf.Tasks[i].ID == id {
			return i
		}
	}
	return -1
}
