package history

import (
	"fmt"

	"fermata/model"
	"fermata/model/spec"
)

// nameMax bounds an actor's, a workflow's, a task's or an owner's name, in bytes.
const nameMax = 1 << 10

// namesMax bounds how many names are remembered, so that one that comes often is kept in memory once.
const namesMax = 1 << 14

// memory keeps names.
type memory map[string]string

func (m memory) keep(b []byte) string {
	if kept, ok := m[string(b)]; ok {
		return kept
	}
	if len(m) >= namesMax {
		clear(m)
	}
	s := string(b)
	m[s] = s
	return s
}

// taskOperations are about a task that has a name.
var taskOperations = map[spec.OperationName]bool{
	spec.UpdateTask: true, spec.Push: true, spec.RepairPush: true, spec.Postpone: true, spec.Redeliver: true,
	spec.Ack: true, spec.Remove: true,
}

var lockOperations = map[spec.OperationName]bool{spec.Acquire: true, spec.Release: true, spec.Expire: true}

// nameOf gives the text of a field that names something; "" if the line does not have it.
func (r *Reader) nameOf(f field) (string, *wrong) {
	switch text := r.row.text(f); {
	case !r.row.have.has(f):
		return "", nil
	case len(text) == 0:
		return "", refuse("a name", "field %q is empty", names[f])
	case len(text) > nameMax:
		return "", refuse(fmt.Sprintf("at most %d bytes", nameMax), "field %q is %s", names[f], shown(text))
	default:
		return r.names.keep(text), nil
	}
}

// operation reads what was asked, of the row's fields.
func (r *Reader) operation() (actor spec.Actor, op spec.Operation, err *wrong) {
	var texts [4]string
	for i, f := range [...]field{fActor, fWorkflow, fTask, fOwner} {
		if texts[i], err = r.nameOf(f); err != nil {
			return "", op, err
		}
	}
	op = spec.Operation{
		Name: operationNamed[string(r.row.text(fOp))], Workflow: model.WorkflowID(texts[1]),
		Task: model.TaskID(texts[2]), Owner: spec.Actor(texts[3]),
		Optional: r.row.flag(fOptional), Missing: r.row.flag(fMissing),
	}
	if r.row.have.has(fResult) {
		op.Result = spec.TaskStatusNamed(string(r.row.text(fResult)))
	}
	return spec.Actor(texts[0]), op, r.inputs(op)
}

// inputs refuses an operation without what its specification looks at.
func (r *Reader) inputs(op spec.Operation) *wrong {
	have := r.row.have
	switch {
	case op.Name == 0:
		return refuse("an operation, such as GetWorkflow", "field \"op\" is %s", shown(r.row.text(fOp)))
	case have.has(fResult) && op.Result == 0:
		return refuse("a task's status, such as COMPLETED", "field \"result\" is %s", shown(r.row.text(fResult)))
	case taskOperations[op.Name] && op.Task == "":
		return refuse("the task's name", "%s without field \"task\"", op.Name)
	case op.Name == spec.UpdateTask && op.Result == 0:
		return refuse("a task's status, such as COMPLETED", "%s without field \"result\"", op.Name)
	case lockOperations[op.Name] && op.Owner == "":
		return refuse("whom the lock takes the caller for", "%s without field \"owner\"", op.Name)
	}
	return nil
}

// saysStatus tells whether the operation's reply is a status.
func saysStatus(name spec.OperationName) bool {
	return name == spec.GetWorkflow || name == spec.Inspect
}

// reply reads what came back of an operation, of the row's fields.
func (r *Reader) reply(name spec.OperationName) (spec.Reply, *wrong) {
	row := &r.row
	reply := spec.Reply{
		Unknown: row.flag(fUnknown), Err: row.flag(fError), Present: row.flag(fPresent), Done: row.flag(fDone),
	}
	if status := string(row.text(fStatus)); row.have.has(fStatus) && status != noStatus {
		if reply.Status = spec.WorkflowStatusNamed(status); reply.Status == 0 {
			return reply, refuse("a workflow's status, such as RUNNING, or NONE for no such workflow",
				"field \"status\" is %s", shown(row.text(fStatus)))
		}
	}
	if saysStatus(name) && !row.have.has(fStatus) && !reply.Unknown && !reply.Err {
		return reply, refuse("a workflow's status, or NONE for no such workflow",
			"the return of a %s without field \"status\"", name)
	}
	if more := row.have & replyFields &^ set(fUnknown); reply.Unknown && more != 0 {
		return reply, refuse("no field of a reply beside \"unknown\"", "field %s of an unknown reply", first(more))
	}
	return reply, nil
}

// noStatus is a read that found no such workflow.
const noStatus = "NONE"

var operationNamed = func() map[string]spec.OperationName {
	m := map[string]spec.OperationName{}
	for n := spec.Start; n <= spec.Expire; n++ {
		m[n.String()] = n
	}
	return m
}()
