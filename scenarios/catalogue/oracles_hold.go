package catalogue

import (
	"slices"

	"fermata/model"
	"fermata/sim/world"
)

// noSelfWait judges every acquire that is in vain.
type noSelfWait struct{ memoryless }

func (noSelfWait) observe(v *view) {
	if v.e.Denied && v.e.Holder == v.t.Actor {
		id := v.world.ObjectName(v.t.Step.Object)
		v.report(id, "%s waits for the lock of %s, which it holds itself", v.actor(), id)
	}
}

// lockFreed judges the end of a run.
type lockFreed struct{ memoryless }

func (lockFreed) atRest(v *view) {
	for _, id := range v.world.Workflows() {
		holder, _, held := v.world.LockHolder(id)
		if held && !slices.Contains(v.rest.Crashed, holder) {
			v.report(string(id), "%s has come to its end and keeps the lock of %s", v.in.system.NameOf(holder), id)
		}
	}
}

func notHeld(w *world.World, object string) bool {
	_, _, held := w.LockHolder(model.WorkflowID(object))
	return !held
}
