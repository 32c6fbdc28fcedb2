package catalogue

import (
	"slices"
	"strings"

	"fermata/model"
	"fermata/sim"
	"fermata/sweeper"
)

// lockDiscipline judges the writes of deciding operations.
type lockDiscipline struct{ memoryless }

func (lockDiscipline) observe(v *view) {
	t := v.t
	if t.Op == nil || t.Op.Verb != opSweep && t.Op.Verb != opUpdateTask {
		return
	}
	verb := callOf(t.Step)
	if verb == sweeper.LockRelease {
		if name := v.world.ObjectName(t.Step.Object); v.e.NotOwner {
			v.report(where(v, name), "%s released the lock of %s, which it does not hold", v.actor(), name)
		}
		return
	}
	id, ok := decides(v)
	if !ok {
		return
	}
	if holder, _, held := v.world.LockHolder(id); !held || holder != t.Actor {
		v.report(where(v, string(id)), "%s did %s in %s without holding the lock of %s",
			v.actor(), verb, operationName(t.Op.Verb), id)
	}
}

// where tells one break of discipline from another: the step, in which operation, on which workflow.
func where(v *view, workflow string) string {
	return callOf(v.t.Step).String() + " in " + operationName(v.t.Op.Verb) + " of " + workflow
}

// decides gives the workflow that the step changes as part of deciding it.
func decides(v *view) (model.WorkflowID, bool) {
	s := v.t.Step
	if !changes(s) {
		return "", false
	}
	switch callOf(s) {
	case sweeper.ListenerCompleted, sweeper.ListenerTerminated, sweeper.ListenerFinalized:
		return model.WorkflowID(v.world.ObjectName(s.Object)), true
	case sweeper.DAOUpdateWorkflow, sweeper.DAOCreateTasks:
		return v.e.Workflow, v.e.Workflow != ""
	case sweeper.QueueRemove, sweeper.QueueSetUnackTimeout, sweeper.QueuePostpone, sweeper.QueuePush,
		sweeper.QueuePushMillis:
		if v.world.ObjectName(v.e.Queue) == model.DeciderQueue {
			return model.WorkflowID(v.world.ObjectName(v.e.Message)), true
		}
	}
	return "", false
}

// noDeadlock judges the end of a run.
type noDeadlock struct{ memoryless }

func (noDeadlock) atRest(v *view) {
	stuck := slices.Clone(v.rest.Blocked)
	var wait sim.Step
	if len(v.rest.Waiting) > 0 && v.world.NextWait(&wait) == 0 {
		// Goroutines that wait for one another: no time is to come that could end it.
		stuck = append(stuck, v.rest.Waiting...)
	}
	if len(stuck) == 0 {
		return
	}
	var names []string
	for _, id := range stuck {
		names = append(names, v.in.system.NameOf(id))
	}
	v.report(strings.Join(names, ","), "at the end of the run %s still wait", strings.Join(names, " and "))
}
