package catalogue

import (
	"fmt"

	"fermata/model"
	"fermata/sim"
	"fermata/sim/world"
)

// terminalStays judges every write of a workflow's record.
type terminalStays struct{ memoryless }

func (terminalStays) observe(v *view) {
	e := v.e
	if e.StatusBefore.Terminal() && e.StatusAfter != 0 && !e.StatusAfter.Terminal() && !v.reopens() {
		v.report(string(e.Workflow), "%s was %s, and %s wrote %s over it",
			e.Workflow, e.StatusBefore, v.actor(), e.StatusAfter)
	}
}

// reopens tells whether the transition is an operator's, who may do that.
func (v *view) reopens() bool {
	return v.t.Op != nil && reopens(v.t.Op.Verb) && (v.t.Op.Verb != opRetry || v.e.StatusBefore != model.Completed)
}

func workflowEnded(w *world.World, object string) bool {
	status := w.Status(model.WorkflowID(object))
	return status == 0 || status.Terminal()
}

// firstTerminalWins judges every write of a workflow's record.
type firstTerminalWins struct{ memoryless }

func (firstTerminalWins) observe(v *view) {
	e := v.e
	if e.StatusBefore.Terminal() && e.StatusAfter.Terminal() && e.StatusBefore != e.StatusAfter {
		v.report(string(e.Workflow), "%s was %s, and %s wrote %s over it",
			e.Workflow, e.StatusBefore, v.actor(), e.StatusAfter)
	}
}

// runningIsQueued judges the end of a run.
type runningIsQueued struct{ memoryless }

func (runningIsQueued) atRest(v *view) {
	for _, id := range v.world.Workflows() {
		if !queuedOrNotRunning(v.world, string(id)) {
			v.report(
				string(id),
				"%s is RUNNING and has no message in the decider queue: nothing will sweep it again",
				id,
			)
		}
	}
}

func queuedOrNotRunning(w *world.World, object string) bool {
	return w.Status(model.WorkflowID(object)) != model.Running || w.Queued(model.DeciderQueue, object)
}

// terminalIsNotQueued judges every step that may have freed the lock, ended the workflow or queued it.
type terminalIsNotQueued struct {
	memoryless
	said map[ended]phrase
}

// ended is a workflow at its end.
type ended struct {
	id     model.WorkflowID
	status model.WorkflowStatus
}

func (o terminalIsNotQueued) observe(v *view) {
	if v.t.Step == nil || !changes(v.t.Step) {
		return
	}
	for i, workflow := range v.world.WorkflowObjects() {
		status := v.world.StatusOf(workflow)
		if !status.Terminal() || !v.world.QueuedOf(workflow) {
			continue
		}
		if _, _, held := v.world.LockHolderOf(workflow); held || v.in.judge.hits.spares(workflow) {
			continue
		}
		e := ended{v.world.Workflows()[i], status}
		if _, said := o.said[e]; !said {
			o.said[e] = phrase{string(e.id), fmt.Sprintf(
				"%s is %s and still in the decider queue while nobody holds its lock", e.id, status)}
		}
		v.add(o.said[e])
	}
}

func notQueuedOrNotEnded(w *world.World, object string) bool {
	return !w.Status(model.WorkflowID(object)).Terminal() || !w.Queued(model.DeciderQueue, object)
}

// changes tells whether a step declares a write.
func changes(s *sim.Step) bool {
	for _, a := range s.Access[:s.Accesses] {
		if a.Kind == sim.Write {
			return true
		}
	}
	return false
}

// actor names who took the step.
func (v *view) actor() string {
	if v.t.Actor == sim.Clock {
		return "the clock"
	}
	return v.in.system.NameOf(v.t.Choice.Actor)
}

// holdsAny tells whether the actor holds the lock of any workflow.
func (v *view) holdsAny(a sim.ActorID) bool {
	for _, id := range v.world.Workflows() {
		if holder, _, held := v.world.LockHolder(id); held && holder == a {
			return true
		}
	}
	return false
}
