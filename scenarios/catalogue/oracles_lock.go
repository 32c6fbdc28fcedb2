package catalogue

import (
	"fmt"
	"slices"
	"strings"

	"fermata/model"
	"fermata/sim"
	"fermata/sweeper"
)

// lockDiscipline judges the writes of deciding operations.
type lockDiscipline struct {
	memoryless
	said map[breach]phrase
}

// breach is an actor that, in an operation, does what it may only do while it holds the workflow's lock.
type breach struct {
	actor     string
	call      sweeper.Verb
	operation uint8
	workflow  string
}

func (o lockDiscipline) observe(v *view) {
	t := v.t
	if t.Op == nil || t.Op.Verb != opSweep && t.Op.Verb != opUpdateTask {
		return
	}
	if call := callOf(t.Step); call == sweeper.LockRelease {
		if v.e.NotOwner {
			o.broken(v, v.world.ObjectName(t.Step.Object))
		}
		return
	}
	id, ok := decides(v)
	if !ok {
		return
	}
	if holder, _, held := v.world.LockHolder(id); !held || holder != t.Actor {
		o.broken(v, string(id))
	}
}

func (o lockDiscipline) broken(v *view, workflow string) {
	b := breach{v.actor(), callOf(v.t.Step), v.t.Op.Verb, workflow}
	if _, said := o.said[b]; !said {
		o.said[b] = b.phrase()
	}
	v.add(o.said[b])
}

// phrase tells one break of discipline from another: by the step, in which operation, on which workflow.
func (b breach) phrase() phrase {
	operation := operationName(b.operation)
	p := phrase{object: b.call.String() + " in " + operation + " of " + b.workflow}
	if b.call == sweeper.LockRelease {
		p.message = fmt.Sprintf("%s released the lock of %s, which it does not hold", b.actor, b.workflow)
	} else {
		p.message = fmt.Sprintf("%s did %s in %s without holding the lock of %s",
			b.actor, b.call, operation, b.workflow)
	}
	return p
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
