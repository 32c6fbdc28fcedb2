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
	actor     sim.ActorID
	call      sweeper.Verb
	operation uint8
	workflow  sim.Object
}

func (o lockDiscipline) observe(v *view) {
	t := v.t
	if t.Op == nil || !locks(t.Op.Verb) {
		return
	}
	if call := callOf(t.Step); call == sweeper.LockRelease {
		if v.e.NotOwner {
			o.broken(v, t.Step.Object)
		}
		return
	}
	workflow, ok := decides(v)
	if !ok {
		return
	}
	if holder, _, held := v.world.LockHolderOf(workflow); !held || holder != t.Actor {
		o.broken(v, workflow)
	}
}

func (o lockDiscipline) broken(v *view, workflow sim.Object) {
	b := breach{v.t.Choice.Actor, callOf(v.t.Step), v.t.Op.Verb, workflow}
	if _, said := o.said[b]; !said {
		o.said[b] = b.phrase(v.actor(), v.world.ObjectName(workflow))
	}
	v.add(o.said[b])
}

// phrase tells one break of discipline from another: by the step, in which operation, on which workflow.
func (b breach) phrase(actor, workflow string) phrase {
	operation := operationName(b.operation)
	p := phrase{object: b.call.String() + " in " + operation + " of " + workflow}
	if b.call == sweeper.LockRelease {
		p.message = fmt.Sprintf("%s released the lock of %s, which it does not hold", actor, workflow)
	} else {
		p.message = fmt.Sprintf("%s did %s in %s without holding the lock of %s", actor, b.call, operation, workflow)
	}
	return p
}

// decides gives the workflow that the step changes as part of deciding it.
func decides(v *view) (workflow sim.Object, ok bool) {
	s := v.t.Step
	if !changes(s) {
		return 0, false
	}
	switch callOf(s) {
	case sweeper.ListenerCompleted, sweeper.ListenerTerminated, sweeper.ListenerFinalized:
		return s.Object, true
	case sweeper.DAOUpdateWorkflow, sweeper.DAOCreateTasks:
		return v.world.Object(string(v.e.Workflow)), v.e.Workflow != ""
	case sweeper.QueueRemove, sweeper.QueueSetUnackTimeout, sweeper.QueuePostpone, sweeper.QueuePush,
		sweeper.QueuePushMillis:
		return v.e.Message, v.world.ObjectName(v.e.Queue) == model.DeciderQueue
	}
	return 0, false
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
