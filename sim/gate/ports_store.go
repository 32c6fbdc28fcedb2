package gate

import (
	"context"

	"fermata/model"
	"fermata/sweeper"
)

// record writes a workflow's record.
func record(write func(dao sweeper.ExecutionDAO, ctx context.Context, wf model.Workflow) error) port {
	return of(func(ctx context.Context, r *run, a *argsWire) (any, error) {
		wf, err := r.workflow(ctx, a.Workflow)
		if err != nil {
			return nil, err
		}
		return nil, write(r.ports.Execution, ctx, wf)
	})
}

var storePorts = map[string]port{
	sweeper.DAOCreateWorkflow.String(): record(sweeper.ExecutionDAO.CreateWorkflow),
	sweeper.DAOUpdateWorkflow.String(): record(sweeper.ExecutionDAO.UpdateWorkflow),
	sweeper.DAOGetWorkflow.String(): of(func(ctx context.Context, r *run, a *argsWire) (any, error) {
		wf, err := r.ports.Execution.GetWorkflow(ctx, model.WorkflowID(a.ID), a.IncludeTasks)
		if err != nil {
			return nil, err
		}
		return workflowToWire(wf), nil
	}),
	sweeper.DAORemoveWorkflow.String(): of(func(ctx context.Context, r *run, a *argsWire) (any, error) {
		return nil, r.ports.Execution.RemoveWorkflow(ctx, model.WorkflowID(a.ID))
	}),
	sweeper.DAORemoveFromPending.String(): of(func(ctx context.Context, r *run, a *argsWire) (any, error) {
		return nil, r.ports.Execution.RemoveFromPendingWorkflow(ctx, model.WorkflowID(a.ID))
	}),
	sweeper.DAOGetTask.String(): of(func(ctx context.Context, r *run, a *argsWire) (any, error) {
		t, err := r.ports.Execution.GetTask(ctx, model.TaskID(a.ID))
		if err != nil {
			return nil, err
		}
		w := taskToWire(t)
		if def := r.definition(t.WorkflowID); def != nil {
			w.Def = def.Name
		}
		return w, nil
	}),
	sweeper.DAOCreateTasks.String(): of(func(ctx context.Context, r *run, a *argsWire) (any, error) {
		tasks, err := r.tasks(a.Tasks)
		if err != nil {
			return nil, err
		}
		created, err := r.ports.Execution.CreateTasks(ctx, tasks)
		return tasksToWire(created), err
	}),
	sweeper.DAOUpdateTask.String(): of(func(ctx context.Context, r *run, a *argsWire) (any, error) {
		t, err := r.task(a.Task)
		if err != nil {
			return nil, err
		}
		return nil, r.ports.Execution.UpdateTask(ctx, t)
	}),
	sweeper.DAORemoveTask.String(): of(func(ctx context.Context, r *run, a *argsWire) (any, error) {
		return nil, r.ports.Execution.RemoveTask(ctx, model.WorkflowID(a.WorkflowID), model.TaskID(a.ID))
	}),
}
