package world

import (
	"slices"
	"strings"

	"fermata/model"
	"fermata/sim"
	"fermata/sweeper"
)

// NextAdvance describes the advance to the next deadline that may fire. Equal deadlines fire in one
// step, in the order locks by workflow, then messages by queue, then timeouts.
func (w *World) NextAdvance(s *sim.Step) bool {
	next := w.nextDeadline()
	if next == 0 {
		return false
	}
	// What fires is the step's object, as one name: afterwards it could not be told any more.
	*s = sim.Step{Verb: sim.Verb(sweeper.ClockAdvance), Object: w.pool.object(w.firing(next)), A: next - w.now}
	s.Touch(w.time, sim.Write)
	for _, l := range w.locks {
		// Rows are in the order of their workflows: each object once.
		if o := w.lockObject(l.workflow); l.until <= next && w.mayExpire(&l) && s.Access[s.Accesses-1].Object != o {
			s.Touch(o, sim.Write)
		}
	}
	if next > w.now {
		w.touchDue(s, next)
	}
	return true
}

// Pause has the actor let time pass: a step of its own, outside the budget of advances. What is due by then fires.
func (w *World) Pause(a *sim.Actor, d model.Millis) {
	s := sim.Step{Verb: sim.Verb(sweeper.ClockWait), A: int64(d)}
	s.Touch(w.time, sim.Write)
	a.Do(&s)
}

// MayAdvance tells whether there is a deadline that may fire.
func (w *World) MayAdvance() bool { return w.nextDeadline() != 0 }

// nextDeadline is the earliest time at which something fires, now for a lease that is over; 0 if there
// is none.
func (w *World) nextDeadline() int64 {
	w.next = 0
	for i := range w.locks {
		if l := &w.locks[i]; w.mayExpire(l) {
			if l.until <= w.now {
				return w.now
			}
			w.sooner(l.until)
		}
	}
	if w.settling || w.cfg.Deadlines.MessageVisibility {
		w.queuePart.deadlines(w.soonest)
	}
	if w.settling || w.cfg.Deadlines.TaskTimeouts {
		w.timeouts(func(_ string, at int64) { w.sooner(at) })
	}
	return w.next
}

// sooner makes a deadline the next one, if it is.
func (w *World) sooner(at int64) {
	if at > w.now && (w.next == 0 || at < w.next) {
		w.next = at
	}
}

// touchDue declares the queues of which a message comes due, each once.
func (w *World) touchDue(s *sim.Step, next int64) {
	w.queuePart.deadlines(func(_ string, queue, _ sim.Object, at int64) {
		if at == next && s.Access[s.Accesses-1].Object != queue {
			s.Touch(queue, sim.Write)
		}
	})
}

// timeouts calls see with each deadline that the definitions and the rows' timestamps give.
func (w *World) timeouts(see func(what string, at int64)) {
	for _, id := range w.storePart.ids(nil) {
		ref := w.storePart.record(id)
		if ref == 0 {
			continue
		}
		record := &w.pool.entries[ref].record
		def := w.definition(record.Def)
		if def == nil || record.Status.Terminal() {
			continue
		}
		if def.TimeoutSeconds > 0 && def.TimeoutPolicy == model.PolicyTimeOutWorkflow {
			see("workflow.timeout "+string(record.ID), int64(record.CreateTime+def.TimeoutSeconds.Millis()))
		}
		for _, ref := range w.storePart.tasks(id) {
			taskTimeouts(def, &w.pool.entries[ref].task, see)
		}
	}
}

// taskTimeouts are the deadlines that checkTaskTimeouts of the engine's text waits for, and that of a WAIT.
func taskTimeouts(def *model.WorkflowDef, t *model.Task, see func(what string, at int64)) {
	wt := model.TaskByRef(def.Tasks, t.Ref)
	if wt == nil || t.Status.Terminal() {
		return
	}
	after := func(from model.Millis, timeout, more model.Seconds) {
		if from > 0 && timeout > 0 {
			see("task.timeout "+string(t.ID), int64(from+(timeout+more).Millis()))
		}
	}
	delay := model.Seconds(0)
	if t.RetriedTaskID != "" {
		delay = wt.Def.RetryDelaySeconds
	}
	if t.WaitTimeout > 0 {
		see("task.timeout "+string(t.ID), int64(t.WaitTimeout)+1) // looked at in that very moment, a WAIT goes on
	}
	after(t.StartTime, wt.Def.TimeoutSeconds, delay)
	if t.Status == model.TaskScheduled {
		after(t.ScheduledTime, wt.Def.PollTimeoutSeconds, delay+t.CallbackAfter)
	} else {
		after(t.UpdateTime, wt.Def.ResponseTimeoutSeconds, t.CallbackAfter)
	}
}

// Timed tells whether the definition sets any timeout.
func Timed(def model.WorkflowDef) bool { return def.TimeoutSeconds > 0 || anyTimed(def.Tasks) }

func anyTimed(tasks []model.WorkflowTask) bool {
	return slices.ContainsFunc(tasks, func(t model.WorkflowTask) bool {
		d := t.Def
		return d.TimeoutSeconds > 0 || d.PollTimeoutSeconds > 0 || d.ResponseTimeoutSeconds > 0 || t.Duration > 0 ||
			slices.ContainsFunc(t.ForkTasks, anyTimed)
	})
}

func (w *World) definition(name string) *model.WorkflowDef {
	for i := range w.cfg.Definitions {
		if w.cfg.Definitions[i].Name == name {
			return &w.cfg.Definitions[i]
		}
	}
	return nil
}

// advance moves the time and fires what is due then: leases end; messages are simply due.
func (w *World) advance(s *sim.Step) {
	w.now += s.A
	for i := 0; i < len(w.locks); i++ {
		if l := &w.locks[i]; l.until <= w.now && w.mayExpire(l) {
			w.ended(l)
			w.lockPart.expire(i)
			i = -1 // rows may have gone before it
		}
	}
	if s.A > 0 {
		w.queuePart.visible(w.now - s.A)
	}
}

// ended notes that a lease ends.
func (w *World) ended(l *lock) {
	switch {
	case l.kind != lockRow:
	case w.dead(l.owner):
		w.effect.DeadExpired = true
	default:
		w.effect.LivingExpired = true
	}
}

// firing names what an advance fires.
func (w *World) firing(at int64) string {
	var what []string
	for i := range w.locks {
		if w.locks[i].until <= at && w.mayExpire(&w.locks[i]) {
			what = append(what, "lock.lease "+w.pool.names[w.locks[i].workflow])
		}
	}
	if at == w.now {
		return strings.Join(what, ", ")
	}
	w.queuePart.deadlines(func(name string, queue, id sim.Object, deadline int64) {
		if deadline == at {
			what = append(what, name+" "+w.pool.names[queue]+" "+w.pool.names[id])
		}
	})
	w.timeouts(func(name string, deadline int64) {
		if deadline == at {
			what = append(what, name)
		}
	})
	return strings.Join(what, ", ")
}
