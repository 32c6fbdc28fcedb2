package catalogue

import (
	"slices"

	"fermata/model"
	"fermata/sim/world"
)

// Scenarios lists the catalogue, family by family, in the order of the matrix.
func Scenarios() []*Scenario {
	return slices.Concat(staleReads(), lockMisuse(), repairs(), lostWakeUps(), operators(), parents())
}

// w1 is the workflow of the scenarios with one.
const w1 = model.WorkflowID("w1")

// simple is a definition of SIMPLE tasks in sequence; each queues under its own reference.
func simple(name string, refs ...string) model.WorkflowDef {
	def := model.WorkflowDef{Name: name}
	for _, ref := range refs {
		def.Tasks = append(def.Tasks, worked(ref))
	}
	return def
}

// worked is a SIMPLE task that queues under its own reference.
func worked(ref string) model.WorkflowTask {
	return model.WorkflowTask{Ref: ref, Type: model.Simple, Def: model.TaskDef{Name: ref}}
}

// responseTimeout is that of timed definitions.
const responseTimeout model.Seconds = 60

// timed is a definition of one SIMPLE task, t1, with a response timeout and so many retries.
func timed(name string, retries int) model.WorkflowDef {
	def := simple(name, "t1")
	def.Tasks[0].Def.ResponseTimeoutSeconds, def.Tasks[0].Def.RetryCount = responseTimeout, retries
	return def
}

// begunTimed is begun for a timed definition, whose task a worker has since now.
func begunTimed(w *world.World, def string) {
	begun(w, def, model.TaskInProgress)
	wf, _ := w.Workflow(w1)
	t := &wf.Tasks[0]
	t.ResponseTimeoutSeconds, t.StartTime, t.UpdateTime = responseTimeout, w.Now(), w.Now()
	w.PutWorkflow(wf)
}

// begun puts a running workflow with its first task into the world, and its decider entry, due now.
func begun(w *world.World, def string, status model.TaskStatus) { begunAs(w, w1, def, "t1", status) }

// begunAs is begun for a workflow of any name, whose first task has its reference for an id.
func begunAs(w *world.World, id model.WorkflowID, def, first string, status model.TaskStatus) {
	w.PutWorkflow(model.Workflow{
		WorkflowRecord: model.WorkflowRecord{ID: id, Def: def, Status: model.Running},
		Tasks: []model.Task{{
			ID: model.TaskID(first), WorkflowID: id, Ref: first, Type: model.Simple, DefName: first, Status: status,
			Seq: 1,
		}},
	})
	w.PutMessage(model.DeciderQueue, string(id), 0, 0)
}

// sharedLocks are the locks of several servers, one of which may die.
var sharedLocks = []string{"redisson", "postgres", "postgres-reentrant", "noop", "disabled"}
