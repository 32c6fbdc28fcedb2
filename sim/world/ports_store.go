package world

import (
	"context"

	"fermata/model"
	"fermata/sim"
	"fermata/sweeper"
)

type storePort struct{ w *World }

func (p storePort) record(ctx context.Context, v sweeper.Verb, wf model.Workflow) error {
	s := sim.Step{Verb: sim.Verb(v), Object: p.w.Object(string(wf.ID)), Ref: p.w.pool.record(wf.WorkflowRecord)}
	s.Touch(s.Object, sim.Write)
	if v == sweeper.DAOUpdateWorkflow {
		p.w.carry(ctx, &s, wf.ID)
	}
	return errorOf(actorOf(ctx).Do(&s))
}

func (p storePort) CreateWorkflow(ctx context.Context, wf model.Workflow) error {
	return p.record(ctx, sweeper.DAOCreateWorkflow, wf)
}

func (p storePort) UpdateWorkflow(ctx context.Context, wf model.Workflow) error {
	return p.record(ctx, sweeper.DAOUpdateWorkflow, wf)
}

func (p storePort) GetWorkflow(ctx context.Context, id model.WorkflowID, includeTasks bool) (model.Workflow, error) {
	s := sim.Step{Verb: sim.Verb(sweeper.DAOGetWorkflow), Object: p.w.Object(string(id))}
	s.Touch(s.Object, sim.Read)
	if includeTasks {
		s.A = 1
		s.Touch(p.w.tasksObject(s.Object), sim.Read)
	}
	p.w.carry(ctx, &s, id)
	r := actorOf(ctx).Do(&s)
	if r.Code != done {
		return model.Workflow{}, errorOf(r)
	}
	refs := p.w.pool.entries[r.Ref].list
	return p.w.assemble(refs[0], refs[1:]), nil
}

func (p storePort) RemoveWorkflow(ctx context.Context, id model.WorkflowID) error {
	s := sim.Step{Verb: sim.Verb(sweeper.DAORemoveWorkflow), Object: p.w.Object(string(id))}
	s.Touch(s.Object, sim.Write)
	s.Touch(p.w.tasksObject(s.Object), sim.Write)
	s.Touch(p.w.removals, sim.Write)
	return errorOf(actorOf(ctx).Do(&s))
}

func (p storePort) RemoveFromPendingWorkflow(ctx context.Context, id model.WorkflowID) error {
	s := sim.Step{Verb: sim.Verb(sweeper.DAORemoveFromPending), Object: p.w.Object(string(id))}
	s.Touch(p.w.pool.object("pending"), sim.Write)
	return errorOf(actorOf(ctx).Do(&s))
}

// taskObject is the object that steps on one task's row access.
func (w *World) taskObject(id string) sim.Object { return w.pool.of(taskOf, w.pool.object(id)) }

func (p storePort) GetTask(ctx context.Context, id model.TaskID) (model.Task, error) {
	s := sim.Step{Verb: sim.Verb(sweeper.DAOGetTask), Object: p.w.Object(string(id))}
	s.Touch(p.w.taskObject(string(id)), sim.Read)
	s.Touch(p.w.removals, sim.Read)
	r := actorOf(ctx).Do(&s)
	if r.Code != done {
		return model.Task{}, errorOf(r)
	}
	return p.w.pool.entries[r.Ref].task, nil
}

func (p storePort) CreateTasks(ctx context.Context, tasks []model.Task) ([]model.Task, error) {
	refs := make([]sim.Ref, len(tasks))
	for i, t := range tasks {
		refs[i] = p.w.pool.task(t)
	}
	s := sim.Step{Verb: sim.Verb(sweeper.DAOCreateTasks), Ref: p.w.pool.list(refs...)}
	if len(tasks) > 0 {
		p.w.carry(ctx, &s, tasks[0].WorkflowID)
	}
	p.touchRows(&s, tasks)
	r := actorOf(ctx).Do(&s)
	if r.Code != done {
		return nil, errorOf(r)
	}
	created := make([]model.Task, 0, len(p.w.pool.entries[r.Ref].list))
	for _, ref := range p.w.pool.entries[r.Ref].list {
		created = append(created, p.w.pool.entries[ref].task)
	}
	return created, nil
}

// touchRows declares that the step writes the rows of the tasks: one by one, or, if they are too many for
// one step, with the object that every reader of a single row reads.
func (p storePort) touchRows(s *sim.Step, tasks []model.Task) {
	for i, t := range tasks {
		if i == 0 || t.WorkflowID != tasks[i-1].WorkflowID {
			s.Touch(p.w.tasksObject(p.w.Object(string(t.WorkflowID))), sim.Write)
		}
	}
	if int(s.Accesses)+len(tasks) > sim.AccessMax {
		s.Touch(p.w.removals, sim.Write)
		return
	}
	for _, t := range tasks {
		s.Touch(p.w.taskObject(string(t.ID)), sim.Write)
	}
}

func (p storePort) RemoveTask(ctx context.Context, workflow model.WorkflowID, id model.TaskID) error {
	s := p.w.removal(workflow, id)
	p.w.carry(ctx, &s, workflow)
	return errorOf(actorOf(ctx).Do(&s))
}

// removal is the step that takes a task's row away.
func (w *World) removal(workflow model.WorkflowID, id model.TaskID) sim.Step {
	s := sim.Step{
		Verb: sim.Verb(sweeper.DAORemoveTask), Object: w.Object(string(id)), Other: w.Object(string(workflow)),
	}
	s.Touch(w.tasksObject(s.Other), sim.Write)
	s.Touch(w.removals, sim.Write)
	return s
}

func (p storePort) UpdateTask(ctx context.Context, t model.Task) error {
	s := sim.Step{Verb: sim.Verb(sweeper.DAOUpdateTask), Object: p.w.Object(string(t.ID)), Ref: p.w.pool.task(t)}
	s.Touch(p.w.tasksObject(p.w.Object(string(t.WorkflowID))), sim.Write)
	s.Touch(p.w.taskObject(string(t.ID)), sim.Write)
	p.w.carry(ctx, &s, t.WorkflowID)
	return errorOf(actorOf(ctx).Do(&s))
}
