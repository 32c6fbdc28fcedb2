package world

import (
	"context"

	"fermata/model"
	"fermata/sim"
	"fermata/sweeper"
)

// sqlStore is PostgresExecutionDAO: the rows of a recordStore, with each call's transactions apart. A read is the
// record, then the ids of the tasks, then their rows, and may see tasks of another time than the record; tasks
// are created one by one. An update of a record that is not there changes nothing, and to create one that is there
// fails. What is scheduled has a table of its own (SCHEDULED_TASKS of the keyspace): only a removal takes it away.
type sqlStore struct{ recordStore }

func (w sqlStore) port() sweeper.ExecutionDAO { return sqlStorePort{storePort{w.World}} }

func (w sqlStore) apply(v sweeper.Verb, a sim.ActorID, s *sim.Step) sim.Reply {
	switch v {
	case sweeper.DAOCreateWorkflow:
		if f := w.flow(s.Object); f != nil && f.record != 0 {
			return sim.Reply{Code: failedConflict}
		}
	case sweeper.DAOCreateTasks:
		return w.createTask(w.pool.entries[s.Ref].list[0])
	case sweeper.DAOUpdateTask:
		w.updateTask(s.Ref)
		return sim.Reply{}
	case sweeper.DAOUpdateWorkflow:
		if f := w.flow(s.Object); f == nil || f.record == 0 {
			return sim.Reply{}
		}
	case sweeper.DAORemoveWorkflow:
		if f := w.flow(s.Object); f != nil {
			f.record = 0 // the rows of the tasks go one by one
		}
		return sim.Reply{}
	case sweeper.DAORemoveTask:
		w.removeTask(s.Object)
		return sim.Reply{}
	case sweeper.SQLTaskIDs:
		w.scratch = w.scratch[:0]
		for _, ref := range w.tasks(s.Object) {
			w.scratch = append(w.scratch, w.idRef(w.pool.entries[ref].task.ID))
		}
		return sim.Reply{Ref: w.pool.list(w.scratch...)}
	case sweeper.SQLTasks:
		return w.rowsOf(s.Ref)
	}
	return w.recordStore.apply(v, a, s)
}

// createTask is the transaction of one task: it is left out if its reference and retry count are scheduled.
func (w sqlStore) createTask(ref sim.Ref) sim.Reply {
	t := &w.pool.entries[ref].task
	key, name := w.key(keyScheduled, string(t.WorkflowID)), w.pool.object(scheduledField(t))
	w.effect.Workflow = t.WorkflowID
	if w.field(key, name) != nil {
		return sim.Reply{Ref: w.pool.list()}
	}
	w.setField(key, field{name: name, ref: w.idRef(t.ID)})
	w.updateTask(ref)
	return sim.Reply{Ref: w.pool.list(ref)}
}

func (w sqlStore) put(wf model.Workflow) {
	w.recordStore.put(wf)
	for i := range wf.Tasks {
		t := &wf.Tasks[i]
		scheduled := field{name: w.pool.object(scheduledField(t)), ref: w.idRef(t.ID)}
		w.setField(w.key(keyScheduled, string(wf.ID)), scheduled)
	}
}

func (w sqlStore) removeTask(id sim.Object) {
	if ref := w.task(id); ref != 0 {
		t := &w.pool.entries[ref].task
		w.dropField(w.key(keyScheduled, string(t.WorkflowID)), w.pool.object(scheduledField(t)))
	}
	w.recordStore.removeTask(id)
}

// rowsOf answers with the rows that there are of a list of ids.
func (w sqlStore) rowsOf(list sim.Ref) sim.Reply {
	ids := w.pool.entries[list].list
	w.scratch = w.scratch[:0]
	for _, id := range ids {
		if ref := w.task(w.pool.object(string(w.pool.entries[id].task.ID))); ref != 0 {
			w.scratch = append(w.scratch, ref)
		}
	}
	return sim.Reply{Ref: w.pool.list(w.scratch...)}
}

// sqlStorePort is the transactions of PostgresExecutionDAO.
type sqlStorePort struct{ storePort }

func (p sqlStorePort) GetWorkflow(
	ctx context.Context, id model.WorkflowID, includeTasks bool,
) (model.Workflow, error) {
	wf, err := p.storePort.GetWorkflow(ctx, id, false)
	if err != nil || !includeTasks {
		return wf, err
	}
	wf.Tasks, err = p.tasksOf(ctx, id)
	return wf, err
}

// tasksOf reads the ids, and then the rows.
func (p sqlStorePort) tasksOf(ctx context.Context, id model.WorkflowID) ([]model.Task, error) {
	workflow := p.w.Object(string(id))
	read := func(v sweeper.Verb, ref sim.Ref) (sim.Ref, error) {
		s := sim.Step{Verb: sim.Verb(v), Call: sim.Verb(sweeper.DAOGetWorkflow), Object: workflow, Ref: ref}
		s.Touch(p.w.tasksObject(workflow), sim.Read)
		s.Touch(p.w.removals, sim.Read)
		r := actorOf(ctx).Do(&s)
		return r.Ref, errorOf(r)
	}
	ids, err := read(sweeper.SQLTaskIDs, 0)
	if err != nil || len(p.w.pool.entries[ids].list) == 0 {
		return nil, err
	}
	rows, err := read(sweeper.SQLTasks, ids)
	if err != nil {
		return nil, err
	}
	return p.w.tasksOf(p.w.pool.entries[rows].list), nil
}

// RemoveWorkflow reads the workflow, removes its record, and then its tasks one by one.
func (p sqlStorePort) RemoveWorkflow(ctx context.Context, id model.WorkflowID) error {
	wf, err := p.GetWorkflow(ctx, id, true)
	if err != nil {
		return ignoreNotFound(err)
	}
	if err := p.storePort.RemoveWorkflow(ctx, id); err != nil {
		return err
	}
	for _, t := range wf.Tasks {
		if err := p.removeTask(ctx, id, t.ID, sweeper.DAORemoveWorkflow); err != nil {
			return err
		}
	}
	return nil
}

func (p sqlStorePort) RemoveTask(ctx context.Context, workflow model.WorkflowID, id model.TaskID) error {
	return p.removeTask(ctx, workflow, id, 0)
}

// removeTask reads the task, and then removes it with what names it.
func (p sqlStorePort) removeTask(
	ctx context.Context, workflow model.WorkflowID, id model.TaskID, call sweeper.Verb,
) error {
	if _, err := p.GetTask(ctx, id); err != nil {
		return ignoreNotFound(err)
	}
	s := p.w.removal(workflow, id)
	s.Call = sim.Verb(call)
	p.w.carry(ctx, &s, workflow)
	return errorOf(actorOf(ctx).Do(&s))
}

// CreateTasks is one transaction a task.
func (p sqlStorePort) CreateTasks(ctx context.Context, tasks []model.Task) ([]model.Task, error) {
	var created []model.Task
	for i := range tasks {
		one, err := p.storePort.CreateTasks(ctx, tasks[i:i+1])
		if err != nil {
			return nil, err
		}
		created = append(created, one...)
	}
	return created, nil
}
