package catalogue

import (
	"fermata/model"
	"fermata/sim/world"
)

// noSelfWait judges every acquire that is in vain, but for one who has not been told that it has the lock.
type noSelfWait struct{ memoryless }

func (noSelfWait) observe(v *view) {
	if v.e.Denied && v.e.Holder == v.t.Actor && !v.in.judge.hits.misled(v.t.Actor) {
		id := v.world.ObjectName(v.t.Step.Object)
		v.report(id, "%s waits for the lock of %s, which it holds itself", v.actor(), id)
	}
}

// lockFreed judges the end of a run. Who lives and was told wrong of a lock cannot know that it has it.
type lockFreed struct{ memoryless }

func (lockFreed) atRest(v *view) {
	for _, id := range v.world.Workflows() {
		holder, _, held := v.world.LockHolder(id)
		if held && !v.world.Dead(holder) && !v.in.judge.hits.misled(holder) {
			v.report(string(id), "%s has come to its end and keeps the lock of %s", v.in.system.NameOf(holder), id)
		}
	}
}

func notHeld(w *world.World, object string) bool {
	_, _, held := w.LockHolder(model.WorkflowID(object))
	return !held
}
