package world

import (
	"fmt"
	"slices"

	"fermata/model"
	"fermata/sim"
)

// StartTime is the virtual time at the start.
const StartTime = startTime

// Contents is all that the world holds, by the object that it belongs to. What is not there has no
// entry. A workflow's removal shows in its record and its list of tasks, and as the object "removals",
// which stands for the rows of whatever tasks it had.
func (w *World) Contents() map[string]string {
	all := map[string]string{"time": fmt.Sprint(w.now)}
	for i := range w.flows {
		f := &w.flows[i]
		id := w.pool.names[f.id]
		if f.record != 0 {
			all[id] = fmt.Sprintf("%+v", w.pool.entries[f.record].record)
		}
		for _, ref := range f.tasks {
			t := w.pool.entries[ref].task
			all["task "+string(t.ID)] = fmt.Sprintf("%+v", t)
			all["tasks "+id] += fmt.Sprintf("%+v\n", t)
		}
		for _, task := range f.loose {
			all["tasks "+id] += "loose " + w.pool.names[task] + "\n"
		}
	}
	for _, q := range w.queues {
		for _, m := range q.messages {
			all[w.pool.names[q.name]] += fmt.Sprintf("%s at %d prio %d\n", w.pool.names[m.id], m.at, m.prio)
		}
	}
	for _, l := range w.locks {
		all["lock "+w.pool.names[l.workflow]] = fmt.Sprintf("%d holds %d until %d", l.owner, l.holds, l.until)
	}
	return all
}

// TaskAs and RecordAs are a task and a record under other names.
func (w *World) TaskAs(t model.Task, as []sim.ActorID) model.Task {
	return w.pool.entries[w.refAs(w.naming(as), w.pool.task(t))].task
}

func (w *World) RecordAs(r model.WorkflowRecord, as []sim.ActorID) model.WorkflowRecord {
	return w.pool.entries[w.refAs(w.naming(as), w.pool.record(r))].record
}

// Row is a message of a queue: its id, when it is due from now on, and its priority.
type Row struct {
	ID       string
	Due      int64
	Priority int64
}

// Rows are the messages of a queue in order.
func (w *World) Rows(queueName string) []Row {
	var rows []Row
	for _, m := range w.found(w.Object(queueName)).messages {
		rows = append(rows, Row{w.pool.names[m.id], m.at - w.now, m.prio})
	}
	return rows
}

// SetRows makes the messages of a queue the rows, in the world's order.
func (w *World) SetRows(queueName string, rows []Row) {
	q := w.queue(w.Object(queueName))
	q.messages = q.messages[:0]
	for _, r := range rows {
		w.insert(q, message{id: w.Object(r.ID), at: w.now + r.Due, prio: r.Priority})
	}
}

// Shift moves the time and every deadline by as much. The scores that are priorities stay.
func (w *World) Shift(by int64) {
	for i := range w.queues {
		for j := range w.queues[i].messages {
			if m := &w.queues[i].messages[j]; m.at >= startTime {
				m.at += by
			}
		}
	}
	for i := range w.locks {
		w.locks[i].until += by
	}
	w.now += by
}

// Lease is how long a lock is still held from now on; false if nobody holds it.
func (w *World) Lease(id model.WorkflowID) (int64, bool) {
	i := slices.IndexFunc(w.locks, func(l lock) bool { return l.workflow == w.Object(string(id)) })
	if i < 0 {
		return 0, false
	}
	return w.locks[i].until - w.now, true
}

// SetLease makes a held lock's lease end so long from now.
func (w *World) SetLease(id model.WorkflowID, left int64) {
	w.lock(w.Object(string(id))).until = w.now + left
}

// TaskRows are the ids of a workflow's task rows in the order of insertion.
func (w *World) TaskRows(id model.WorkflowID) []model.Task {
	var rows []model.Task
	if f := w.flow(w.Object(string(id))); f != nil {
		for _, ref := range f.tasks {
			rows = append(rows, w.pool.entries[ref].task)
		}
	}
	return rows
}

// Reaches tells what a step declares of an object by name; 0 if nothing.
func (w *World) Reaches(s *sim.Step, object string) sim.AccessKind {
	kind := sim.AccessKind(0)
	for _, a := range s.Access[:s.Accesses] {
		if w.pool.names[a.Object] == object {
			kind = max(kind, a.Kind)
		}
	}
	return kind
}

// Value is an interned value in full.
func (w *World) Value(ref sim.Ref) string {
	e := &w.pool.entries[ref]
	said := fmt.Sprintf("%+v %+v", e.record, e.task)
	for _, r := range e.list {
		said += " [" + w.Value(r) + "]"
	}
	return said
}

// Wait lets so much time pass, and fires nothing.
func (w *World) Wait(ms int64) { w.now += ms }
