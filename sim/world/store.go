package world

import (
	"slices"

	"fermata/model"
	"fermata/sim"
	"fermata/sweeper"
)

// flow is a workflow's rows: its record, and its tasks in the order of insertion. A workflow that
// was removed has no record.
type flow struct {
	id     sim.Object
	tasksO sim.Object // the object "tasks of w1", which task steps access
	record sim.Ref
	tasks  []sim.Ref
	// loose are the tasks that updateTask alone has inserted: their reference and retry count are not known yet
	// to createTasks. Of the record store; SQL keeps what is known in the keyspace.
	loose []sim.Object
}

func (w *World) flow(id sim.Object) *flow {
	for i := range w.flows {
		if w.flows[i].id == id {
			return &w.flows[i]
		}
	}
	return nil
}

// flowMade gives the workflow's rows, made if there are none yet; the order is that of the ids.
func (w *World) flowMade(id sim.Object) *flow {
	if f := w.flow(id); f != nil {
		return f
	}
	at := 0
	for at < len(w.flows) && w.pool.names[w.flows[at].id] < w.pool.names[id] {
		at++
	}
	w.flows = slices.Insert(w.flows, at, flow{id: id, tasksO: w.tasksObject(id)})
	return &w.flows[at]
}

func (w *World) tasksObject(workflow sim.Object) sim.Object {
	return w.pool.of(tasksOf, workflow)
}

// recordStore is a database at the granularity of calls: a workflow is read with its tasks as one snapshot, and
// each write is one step. Rows are overwritten whatever they were.
type recordStore struct{ *World }

func (w recordStore) port() sweeper.ExecutionDAO { return storePort{w.World} }

func (w recordStore) apply(v sweeper.Verb, _ sim.ActorID, s *sim.Step) sim.Reply {
	switch v {
	case sweeper.DAOGetWorkflow:
		return w.getWorkflow(s)
	case sweeper.DAOCreateWorkflow, sweeper.DAOUpdateWorkflow:
		return w.writeRecord(s)
	case sweeper.DAORemoveWorkflow:
		if f := w.flow(s.Object); f != nil {
			f.record, f.tasks, f.loose = 0, f.tasks[:0], f.loose[:0]
		}
		return sim.Reply{}
	case sweeper.DAORemoveTask:
		w.removeTask(s.Object)
		return sim.Reply{}
	case sweeper.DAORemoveFromPending:
		return sim.Reply{}
	case sweeper.DAOGetTask:
		if ref := w.task(s.Object); ref != 0 {
			return sim.Reply{Ref: ref}
		}
		return sim.Reply{Code: failedNotFound}
	case sweeper.DAOCreateTasks:
		return w.createTasks(s)
	case sweeper.DAOUpdateTask:
		if w.updateTask(s.Ref) {
			t := &w.pool.entries[s.Ref].task
			f := w.flow(w.pool.byName[string(t.WorkflowID)])
			f.loose = append(f.loose, w.pool.object(string(t.ID)))
		}
		return sim.Reply{}
	}
	panic("world: a step has a verb that no port makes")
}

func (w recordStore) task(id sim.Object) sim.Ref {
	for i := range w.flows {
		for _, ref := range w.flows[i].tasks {
			if string(w.pool.entries[ref].task.ID) == w.pool.names[id] {
				return ref
			}
		}
	}
	return 0
}

// getWorkflow reads record and tasks as one snapshot.
func (w recordStore) getWorkflow(s *sim.Step) sim.Reply {
	f := w.flow(s.Object)
	if f == nil || f.record == 0 {
		return sim.Reply{Code: failedNotFound}
	}
	w.scratch = append(w.scratch[:0], f.record)
	if s.A == 1 {
		w.scratch = append(w.scratch, f.tasks...)
	}
	return sim.Reply{Ref: w.pool.list(w.scratch...)}
}

// writeRecord overwrites the record, whatever it was.
func (w recordStore) writeRecord(s *sim.Step) sim.Reply {
	f := w.flowMade(s.Object)
	w.wrote(s.Object, f.record, s.Ref)
	f.record = s.Ref
	return sim.Reply{}
}

// wrote notes that a workflow's record was overwritten.
func (w *World) wrote(workflow sim.Object, before, after sim.Ref) {
	e := &w.effect
	e.Workflow = model.WorkflowID(w.pool.names[workflow])
	if before != 0 {
		e.StatusBefore = w.pool.entries[before].record.Status
	}
	e.StatusAfter = w.pool.entries[after].record.Status
}

// wroteTask notes that a task's row was overwritten.
func (w *World) wroteTask(before, after sim.Ref) {
	t := &w.pool.entries[after].task
	e := &w.effect
	e.Task = w.pool.object(string(t.ID))
	e.RowBefore, e.RowAfter = w.pool.entries[before].task.Status, t.Status
}

// createTasks inserts the tasks whose reference and retry count are new, and answers with those.
func (w recordStore) createTasks(s *sim.Step) sim.Reply {
	w.scratch = w.scratch[:0]
	for _, ref := range w.pool.entries[s.Ref].list {
		t := &w.pool.entries[ref].task
		f := w.flowMade(w.pool.object(string(t.WorkflowID)))
		w.effect.Workflow = t.WorkflowID
		if w.scheduled(f, t) {
			continue
		}
		w.updateTask(ref)
		f.tighten(w.pool.object(string(t.ID)))
		w.scratch = append(w.scratch, ref)
	}
	return sim.Reply{Ref: w.pool.list(w.scratch...)}
}

// scheduled tells whether the workflow has the task's reference and retry count (task_scheduled).
func (w recordStore) scheduled(f *flow, t *model.Task) bool {
	return slices.ContainsFunc(f.tasks, func(ref sim.Ref) bool {
		row := &w.pool.entries[ref].task
		return row.Ref == t.Ref && row.RetryCount == t.RetryCount &&
			(len(f.loose) == 0 || !slices.Contains(f.loose, w.pool.object(string(row.ID))))
	})
}

// tighten takes a task out of those that updateTask alone has inserted.
func (f *flow) tighten(id sim.Object) {
	f.loose = slices.DeleteFunc(f.loose, func(o sim.Object) bool { return o == id })
}

// updateTask overwrites the task's row, or inserts it, and tells whether it did.
func (w recordStore) updateTask(ref sim.Ref) (inserted bool) {
	t := &w.pool.entries[ref].task
	f := w.flowMade(w.pool.object(string(t.WorkflowID)))
	w.effect.Workflow = t.WorkflowID
	for i, old := range f.tasks {
		if w.pool.entries[old].task.ID == t.ID {
			w.wroteTask(old, ref)
			f.tasks[i] = ref
			return false
		}
	}
	f.tasks = append(f.tasks, ref)
	w.effect.TaskInserted = true
	return true
}

func (w recordStore) removeTask(id sim.Object) {
	for i := range w.flows {
		for j, ref := range w.flows[i].tasks {
			if string(w.pool.entries[ref].task.ID) == w.pool.names[id] {
				w.flows[i].tasks = slices.Delete(w.flows[i].tasks, j, j+1)
				w.flows[i].tighten(id)
				return
			}
		}
	}
}

func (w recordStore) put(wf model.Workflow) {
	f := w.flowMade(w.Object(string(wf.ID)))
	f.record, f.tasks = w.pool.record(wf.WorkflowRecord), nil
	for _, t := range wf.Tasks {
		f.tasks = append(f.tasks, w.pool.task(t))
	}
}

func (w recordStore) ids(to []sim.Object) []sim.Object {
	for i := range w.flows {
		to = append(to, w.flows[i].id)
	}
	return to
}

func (w recordStore) record(id sim.Object) sim.Ref {
	if f := w.flow(id); f != nil {
		return f.record
	}
	return 0
}

func (w recordStore) tasks(id sim.Object) []sim.Ref {
	if f := w.flow(id); f != nil {
		return f.tasks
	}
	return nil
}

// repairTask reads task and queue and pushes only if the task is SCHEDULED and has no message.
func (w *World) repairTask(s *sim.Step) sim.Reply {
	ref := w.storePart.task(s.Other)
	w.effect.Queue, w.effect.Message = s.Object, s.Other
	w.effect.WasPresent = w.queuePart.contains(s.Object, s.Other)
	if ref == 0 || w.effect.WasPresent {
		return sim.Reply{Code: no}
	}
	t := &w.pool.entries[ref].task
	if t.Status != model.TaskScheduled {
		return sim.Reply{Code: no}
	}
	w.queuePart.push(s.Object, s.Other, s.B, int64(t.CallbackAfter.Millis()))
	return sim.Reply{}
}

// PutWorkflow puts a workflow with its tasks into the store.
func (w *World) PutWorkflow(wf model.Workflow) { w.storePart.put(wf) }

// Workflows lists the workflows by id. As long as they are the same it is the same list, which nobody may change.
func (w *World) Workflows() []model.WorkflowID {
	w.list()
	return w.workflows
}

// WorkflowObjects are the numbers of Workflows, in the same order and for as long.
func (w *World) WorkflowObjects() []sim.Object {
	w.list()
	return w.listed
}

func (w *World) list() {
	now := w.storePart.ids(w.listing[:0])
	w.listing = now
	if !slices.Equal(now, w.listed) {
		w.listed = slices.Clone(now)
		w.workflows = make([]model.WorkflowID, len(now))
		for i, o := range now {
			w.workflows[i] = model.WorkflowID(w.pool.names[o])
		}
	}
}

// Status is the workflow's status; 0 if there is none.
func (w *World) Status(id model.WorkflowID) model.WorkflowStatus {
	return w.StatusOf(w.pool.byName[string(id)])
}

// StatusOf is Status by number.
func (w *World) StatusOf(workflow sim.Object) model.WorkflowStatus {
	if ref := w.storePart.record(workflow); ref != 0 {
		return w.pool.entries[ref].record.Status
	}
	return 0
}

// Workflow is a copy of the workflow with its tasks by sequence number.
func (w *World) Workflow(id model.WorkflowID) (model.Workflow, bool) {
	o := w.pool.byName[string(id)]
	ref := w.storePart.record(o)
	if ref == 0 {
		return model.Workflow{}, false
	}
	return w.assemble(ref, w.storePart.tasks(o)), true
}

// Tasks appends the rows of the workflow's tasks by sequence number. Nobody may change them.
func (w *World) Tasks(to []*model.Task, id model.WorkflowID) []*model.Task {
	first := len(to)
	for _, ref := range w.storePart.tasks(w.pool.byName[string(id)]) {
		to = append(to, &w.pool.entries[ref].task)
	}
	slices.SortStableFunc(to[first:], func(a, b *model.Task) int { return a.Seq - b.Seq })
	return to
}

func (w *World) assemble(record sim.Ref, tasks []sim.Ref) model.Workflow {
	wf := model.Workflow{WorkflowRecord: w.pool.entries[record].record}
	if len(tasks) > 0 {
		wf.Tasks = make([]model.Task, 0, len(tasks)+1) // a decide often adds one
	}
	for _, ref := range tasks {
		wf.Tasks = append(wf.Tasks, w.pool.entries[ref].task)
	}
	slices.SortStableFunc(wf.Tasks, func(a, b model.Task) int { return a.Seq - b.Seq })
	return wf
}
