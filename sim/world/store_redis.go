package world

import (
	"context"
	"errors"
	"slices"
	"strconv"

	"fermata/model"
	"fermata/sim"
	"fermata/sweeper"
)

// redisStore is RedisExecutionDAO: a string for each record and each task, a set of a workflow's task ids, and a
// hash of what is scheduled. Every command is a step, but for those on the sets that no call here reads (pending
// workflows, tasks in progress, the index by date): they go with the command before. A read is the record, the
// set, and then task by task, so that it may be torn. createTasks overwrites the mapping of a task that is
// scheduled already, and then leaves the task out.
type redisStore struct{ *World }

func (w redisStore) apply(v sweeper.Verb, _ sim.ActorID, s *sim.Step) sim.Reply {
	k := w.keyspace.keys[s.Object]
	e := &w.effect
	switch {
	case v == sweeper.RedisSet && k.kind == keyWorkflow:
		before := sim.Ref(0)
		if f := w.field(s.Object, 0); f != nil {
			before = f.ref
		}
		w.wrote(k.of, before, s.Ref)
	case v == sweeper.RedisSet && k.kind == keyTask:
		t := &w.pool.entries[s.Ref].task
		e.Workflow = t.WorkflowID
		known := w.field(w.key(keyTasksOf, string(t.WorkflowID)), k.of) != nil
		before := w.field(s.Object, 0)
		e.TaskInserted = known && before == nil
		if before != nil {
			w.wroteTask(before.ref, s.Ref)
		}
	case v == sweeper.RedisSAdd:
		e.Workflow = model.WorkflowID(w.pool.names[k.of])
		e.TaskInserted = w.field(s.Object, s.Other) == nil && w.task(s.Other) != 0
	case v == sweeper.RedisHSet:
		e.Workflow = model.WorkflowID(w.pool.names[k.of])
	}
	return w.applyCommand(v, s)
}

func (w redisStore) port() sweeper.ExecutionDAO { return redisPort{w.World} }

// scheduledField is the field of SCHEDULED_TASKS: the reference with the retry count behind it.
func scheduledField(t *model.Task) string { return t.Ref + strconv.Itoa(t.RetryCount) }

func (w redisStore) put(wf model.Workflow) {
	id := string(wf.ID)
	w.setField(w.key(keyWorkflow, id), field{ref: w.pool.record(wf.WorkflowRecord)})
	for i := range wf.Tasks {
		t := &wf.Tasks[i]
		task := w.Object(string(t.ID))
		scheduled := field{name: w.Object(scheduledField(t)), ref: w.idRef(t.ID)}
		w.setField(w.key(keyScheduled, id), scheduled)
		w.setField(w.key(keyTasksOf, id), field{name: task})
		w.setField(w.key(keyTask, string(t.ID)), field{ref: w.pool.task(*t)})
	}
}

func (w redisStore) ids(to []sim.Object) []sim.Object {
	ids := to
	for _, r := range w.keyspace.rows {
		k := w.keyspace.keys[r.key]
		if k.kind == keyWorkflow || k.kind == keyTasksOf && !slices.Contains(ids, k.of) {
			ids = append(ids, k.of)
		}
	}
	return ids
}

func (w redisStore) record(id sim.Object) sim.Ref {
	if f := w.field(w.key(keyWorkflow, w.pool.names[id]), 0); f != nil {
		return f.ref
	}
	return 0
}

func (w redisStore) tasks(id sim.Object) []sim.Ref {
	var refs []sim.Ref
	r := w.held(w.key(keyTasksOf, w.pool.names[id]))
	if r == nil {
		return nil
	}
	for i := range r.fields {
		if ref := w.task(r.fields[i].name); ref != 0 {
			refs = append(refs, ref)
		}
	}
	return refs
}

func (w redisStore) task(id sim.Object) sim.Ref {
	if f := w.field(w.key(keyTask, w.pool.names[id]), 0); f != nil {
		return f.ref
	}
	return 0
}

// idRef interns a task's id as a value.
func (w *World) idRef(id model.TaskID) sim.Ref {
	p := w.pool
	o := p.object(string(id))
	if int(o) >= len(p.ids) || p.ids[o] == 0 {
		p.ids = put(p.ids, int(o), p.task(model.Task{ID: id}))
	}
	return p.ids[o]
}

// redisPort is the sequences of commands of RedisExecutionDAO.
type redisPort struct{ w *World }

func (p redisPort) of(ctx context.Context, call sweeper.Verb) commands {
	return commands{p.w, ctx, call}
}

// set writes a string.
func (c commands) set(kind keyKind, id string, ref sim.Ref) error {
	s := c.step(sweeper.RedisSet, c.w.key(kind, id), "")
	s.Ref = ref
	_, err := c.do(s)
	return err
}

// get reads a string; 0 if there is none.
func (c commands) get(kind keyKind, id string) (sim.Ref, error) {
	r, err := c.do(c.step(sweeper.RedisGet, c.w.key(kind, id), ""))
	return r.Ref, err
}

func (p redisPort) CreateWorkflow(ctx context.Context, wf model.Workflow) error {
	return p.of(ctx, sweeper.DAOCreateWorkflow).set(keyWorkflow, string(wf.ID), p.w.pool.record(wf.WorkflowRecord))
}

func (p redisPort) UpdateWorkflow(ctx context.Context, wf model.Workflow) error {
	return p.of(ctx, sweeper.DAOUpdateWorkflow).set(keyWorkflow, string(wf.ID), p.w.pool.record(wf.WorkflowRecord))
}

func (p redisPort) GetWorkflow(
	ctx context.Context, id model.WorkflowID, includeTasks bool,
) (model.Workflow, error) {
	return p.of(ctx, sweeper.DAOGetWorkflow).workflow(id, includeTasks)
}

func (c commands) workflow(id model.WorkflowID, includeTasks bool) (model.Workflow, error) {
	record, err := c.get(keyWorkflow, string(id))
	if err != nil {
		return model.Workflow{}, err
	}
	if record == 0 {
		return model.Workflow{}, sweeper.ErrNotFound
	}
	wf := model.Workflow{WorkflowRecord: c.w.pool.entries[record].record}
	if !includeTasks {
		return wf, nil
	}
	ids, err := c.do(c.step(sweeper.RedisSScan, c.w.key(keyTasksOf, string(id)), ""))
	if err != nil {
		return model.Workflow{}, err
	}
	var rows []sim.Ref
	for _, m := range c.w.memberList(ids) {
		row, err := c.get(keyTask, m.id)
		if err != nil {
			return model.Workflow{}, err
		}
		if row != 0 {
			rows = append(rows, row)
		}
	}
	wf.Tasks = c.w.tasksOf(rows)
	return wf, nil
}

// tasksOf are the tasks that stand behind references, by sequence number.
func (w *World) tasksOf(refs []sim.Ref) []model.Task {
	tasks := make([]model.Task, 0, len(refs)+1) // a decide often adds one
	for _, ref := range refs {
		tasks = append(tasks, w.pool.entries[ref].task)
	}
	slices.SortStableFunc(tasks, func(a, b model.Task) int { return a.Seq - b.Seq })
	return tasks
}

func ignoreNotFound(err error) error {
	if errors.Is(err, sweeper.ErrNotFound) {
		return nil
	}
	return err
}

// RemoveWorkflow reads the workflow, deletes the record, and then each task with what names it.
func (p redisPort) RemoveWorkflow(ctx context.Context, id model.WorkflowID) error {
	c := p.of(ctx, sweeper.DAORemoveWorkflow)
	wf, err := c.workflow(id, true)
	if err != nil {
		return ignoreNotFound(err)
	}
	if _, err := c.count(sweeper.RedisDel, p.w.key(keyWorkflow, string(id)), ""); err != nil {
		return err
	}
	for i := range wf.Tasks {
		if err := c.removeTask(wf.Tasks[i].ID); err != nil {
			return err
		}
	}
	return nil
}

func (p redisPort) RemoveTask(ctx context.Context, _ model.WorkflowID, id model.TaskID) error {
	return p.of(ctx, sweeper.DAORemoveTask).removeTask(id)
}

// removeTask reads the task, and then removes what names it, and the task.
func (c commands) removeTask(id model.TaskID) error {
	row, err := c.get(keyTask, string(id))
	if err != nil || row == 0 {
		return err
	}
	t := c.w.pool.entries[row].task
	of := string(t.WorkflowID)
	if _, err := c.count(sweeper.RedisHDel, c.w.key(keyScheduled, of), scheduledField(&t)); err != nil {
		return err
	}
	if _, err := c.count(sweeper.RedisSRem, c.w.key(keyTasksOf, of), string(id)); err != nil {
		return err
	}
	_, err = c.count(sweeper.RedisDel, c.w.key(keyTask, string(id)), "")
	return err
}

// RemoveFromPendingWorkflow deletes the mapping of what is scheduled: from then on every reference is new.
func (p redisPort) RemoveFromPendingWorkflow(ctx context.Context, id model.WorkflowID) error {
	c := p.of(ctx, sweeper.DAORemoveFromPending)
	_, err := c.count(sweeper.RedisDel, p.w.key(keyScheduled, string(id)), "")
	return err
}

func (p redisPort) GetTask(ctx context.Context, id model.TaskID) (model.Task, error) {
	row, err := p.of(ctx, sweeper.DAOGetTask).get(keyTask, string(id))
	if err != nil {
		return model.Task{}, err
	}
	if row == 0 {
		return model.Task{}, sweeper.ErrNotFound
	}
	return p.w.pool.entries[row].task, nil
}

// CreateTasks maps each task's reference and retry count to its id, whatever was there, and goes on only if
// nothing was.
func (p redisPort) CreateTasks(ctx context.Context, tasks []model.Task) ([]model.Task, error) {
	c := p.of(ctx, sweeper.DAOCreateTasks)
	var created []model.Task
	for i := range tasks {
		t := &tasks[i]
		s := c.step(sweeper.RedisHSet, p.w.key(keyScheduled, string(t.WorkflowID)), scheduledField(t))
		s.Ref = p.w.idRef(t.ID)
		r, err := c.do(s)
		if err != nil {
			return nil, err
		}
		if r.N == 0 {
			continue
		}
		if err := c.correlate(t); err != nil {
			return nil, err
		}
		if err := c.updateTask(t); err != nil {
			return nil, err
		}
		created = append(created, *t)
	}
	return created, nil
}

// correlate adds the task to its workflow's.
func (c commands) correlate(t *model.Task) error {
	_, err := c.count(sweeper.RedisSAdd, c.w.key(keyTasksOf, string(t.WorkflowID)), string(t.ID))
	return err
}

func (p redisPort) UpdateTask(ctx context.Context, t model.Task) error {
	return p.of(ctx, sweeper.DAOUpdateTask).updateTask(&t)
}

// updateTask writes the task, and adds it to its workflow's if it is not among them.
func (c commands) updateTask(t *model.Task) error {
	if err := c.set(keyTask, string(t.ID), c.w.pool.task(*t)); err != nil {
		return err
	}
	ids, err := c.do(c.step(sweeper.RedisSScan, c.w.key(keyTasksOf, string(t.WorkflowID)), ""))
	if err != nil {
		return err
	}
	known := slices.ContainsFunc(c.w.memberList(ids), func(m member) bool { return m.id == string(t.ID) })
	if known {
		return nil
	}
	return c.correlate(t)
}
