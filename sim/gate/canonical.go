package gate

import (
	"context"
	"slices"

	"fermata/model"
	"fermata/sweeper"
)

// The engine stamps every record with times that nothing reads unless a definition has a timeout. The
// engine's text here stamps only what is read; what comes out of another process is brought into that
// form, so that equal states are equal. Nothing that decides anything is touched.

// workflow reads a workflow's record and tasks.
func (r *run) workflow(ctx context.Context, w workflowWire) (model.Workflow, error) {
	status, err := workflowStatus(w.Status)
	if err != nil {
		return model.Workflow{}, err
	}
	wf := model.Workflow{WorkflowRecord: model.WorkflowRecord{
		ID: model.WorkflowID(w.ID), Def: w.Def, Status: status, Priority: w.Priority,
		FailedTaskID: model.TaskID(w.FailedTaskID), ParentWorkflowID: model.WorkflowID(w.Parent),
		ParentWorkflowTaskID: model.TaskID(w.ParentTask),
	}}
	def := r.ports.Metadata.GetWorkflowDef(ctx, w.Def)
	if def != nil && def.TimeoutSeconds > 0 {
		wf.CreateTime = model.Millis(w.CreateTime)
	}
	for _, t := range w.Tasks {
		task, err := canonicalTask(t, def)
		if err != nil {
			return model.Workflow{}, err
		}
		wf.Tasks = append(wf.Tasks, task)
	}
	return wf, nil
}

// task reads a task by the definition of its workflow, if that is stored.
func (r *run) task(t taskWire) (model.Task, error) {
	return canonicalTask(t, r.definition(model.WorkflowID(t.WorkflowID)))
}

// definition is the definition of a stored workflow; nil if it is not known.
func (r *run) definition(id model.WorkflowID) *model.WorkflowDef {
	if d, ok := r.ports.Metadata.(definitions); ok {
		return d.DefinitionOf(id)
	}
	return nil
}

// definitions tells the definition of a stored workflow without a step; the world's metadata do.
type definitions interface {
	DefinitionOf(id model.WorkflowID) *model.WorkflowDef
}

func (r *run) tasks(wires []taskWire) ([]model.Task, error) {
	tasks := make([]model.Task, 0, len(wires))
	for _, w := range wires {
		t, err := r.task(w)
		if err != nil {
			return nil, err
		}
		tasks = append(tasks, t)
	}
	return tasks, nil
}

func canonicalTask(w taskWire, def *model.WorkflowDef) (model.Task, error) {
	status, err := taskStatus(w.Status)
	if err != nil {
		return model.Task{}, err
	}
	t := model.Task{
		ID: model.TaskID(w.ID), WorkflowID: model.WorkflowID(w.WorkflowID), Ref: w.Ref, Type: taskType(w.Type),
		DefName: w.DefName, Status: status, Seq: w.Seq, RetryCount: w.RetryCount, Iteration: w.Iteration,
		PollCount: w.PollCount, Executed: w.Executed, Retried: w.Retried,
		RetriedTaskID: model.TaskID(w.RetriedTaskID), CallbackAfter: model.Seconds(w.CallbackAfter),
		ResponseTimeoutSeconds: model.Seconds(w.ResponseTimeout), SubWorkflowID: model.WorkflowID(w.SubWorkflowID),
		SubworkflowChanged: w.Changed, WaitTimeout: model.Millis(w.WaitTimeout),
	}
	if t.Type != model.Simple && t.Type != model.SubWorkflow { // whose row names what it starts
		t.DefName = t.Type.String()
	}
	if t.ResponseTimeoutSeconds != 0 {
		t.UpdateTime = model.Millis(w.UpdateTime)
	}
	t.TimeoutSeconds, t.ScheduledTime = model.Seconds(w.Timeout), model.Millis(w.ScheduledTime)
	if def != nil {
		// A poll sees rows alone; they carry then what was canonical when they were written.
		wt := model.TaskByRef(def.Tasks, t.Ref)
		t.TimeoutSeconds = 0
		if wt != nil && t.Type == model.Simple {
			t.TimeoutSeconds = wt.Def.TimeoutSeconds
		}
		if wt == nil || wt.Def.PollTimeoutSeconds == 0 {
			t.ScheduledTime = 0
		}
	}
	if t.TimeoutSeconds > 0 || t.ResponseTimeoutSeconds != 0 {
		t.StartTime = model.Millis(w.StartTime)
	}
	return t, nil
}

// taskType is the type of a row. A SIMPLE task's row carries its name as its type.
func taskType(name string) model.TaskType {
	if i := slices.Index(model.TaskTypeNames(), name); i >= 0 {
		return model.TaskType(i + 1)
	}
	return model.Simple
}

// errorNames are the errors that have a name in frames, by their sentinels.
var errorNames = []struct {
	name string
	err  error
}{
	{"not-found", sweeper.ErrNotFound}, {"conflict", sweeper.ErrConflict}, {"transient", sweeper.ErrTransient},
	{"not-owner", sweeper.ErrIllegalMonitorState}, {"injected", sweeper.ErrInjected},
}
