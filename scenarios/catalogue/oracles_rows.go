package catalogue

import (
	"fermata/model"
	"fermata/sim/world"
)

// firstTerminalTaskWins judges every write over a task's row.
type firstTerminalTaskWins struct{ memoryless }

func (firstTerminalTaskWins) observe(v *view) {
	before, after := v.e.RowBefore, v.e.RowAfter
	if !before.Terminal() || before == after || after == model.TaskCompletedWithErrors ||
		v.t.Op != nil && reopens(v.t.Op.Verb) {
		return
	}
	id := v.world.ObjectName(v.e.Task)
	if task, ok := v.world.Task(model.TaskID(id)); ok && task.Type == model.Simple {
		v.report(id, "%s was %s, and %s wrote %s over it", id, before, v.actor(), after)
	}
}

// messageHasTask judges every push into a task's queue.
type messageHasTask struct{ memoryless }

func (messageHasTask) observe(v *view) {
	if !v.e.Pushed || v.e.TaskStatus != 0 || v.world.ObjectName(v.e.Queue) == model.DeciderQueue {
		return
	}
	id := v.world.ObjectName(v.e.Message)
	v.report(id, "%s pushed %s into the queue %s, and there is no such task",
		v.actor(), id, v.world.ObjectName(v.e.Queue))
}

func messageGone(w *world.World, id string) bool {
	if _, ok := w.Task(model.TaskID(id)); ok {
		return true
	}
	for _, queue := range w.Queues() {
		if w.Queued(queue, id) {
			return false
		}
	}
	return true
}
