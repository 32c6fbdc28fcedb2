package catalogue

import (
	"fermata/model"
	"fermata/sim"
	"fermata/sweeper"
)

// What task-once follows of the tasks that the engine itself executes: a worker of its own has one from the pop until
// it writes what came of it, whatever becomes of the message, which is acknowledged first until 3.32.0.

// executed reports the second execution of one epoch, where its result is written.
func (o *taskOnce) executed(v *view) {
	task, wrong := o.has[v.t.Actor], o.wrong[v.t.Actor]
	if task == 0 {
		return
	}
	writes := callOf(v.t.Step) == sweeper.DAOUpdateTask
	if writes || v.t.Last {
		o.has[v.t.Actor] = 0
	}
	e := o.of(task)
	switch {
	case writes && wrong && o.rightful(task):
		e.stolen = true // if its rightful one executes it too
	case writes && (wrong || e.stolen):
		name := v.world.ObjectName(task)
		v.report(name, "%s was executed again, by %s, in one epoch of its message", name, v.actor())
	}
	if !wrong && o.has[v.t.Actor] == 0 {
		e.stolen = false
	}
}

// rightful tells whether somebody executes the task by a message of an epoch of its own.
func (o *taskOnce) rightful(task sim.Object) bool {
	for i := range o.in.cast.actors {
		if o.has[i] == task && !o.wrong[i] {
			return true
		}
	}
	return false
}

// lost tells whether the push is of a task of the engine's own that is open, without a message and with nobody.
func (o *taskOnce) lost(v *view) bool {
	return v.world.ObjectName(v.e.Queue) == model.Join.String() && v.e.TaskStatus != 0 && !v.e.TaskStatus.Terminal() &&
		!v.e.WasPresent && !o.rightful(v.e.Message)
}

// repairable tells whether a task of that status should have a message, as a repair would see it.
func repairable(t model.Task) bool {
	return t.Status == model.TaskScheduled || t.Type == model.Join && !t.Status.Terminal()
}
