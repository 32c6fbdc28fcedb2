package proposed

import (
	"context"
	"slices"

	"fermata/model"
	"fermata/sweeper"
	"fermata/sweeper/conductor"
)

// FinalizedOnce is Proposed where a decide of a workflow that has ended without success tells nobody of it again, if no
// task is open. In every release such a decide cancels what is open, and tells the finalized listener whether or not
// there was anything. No order of locks is about that: the decide has the lock, and knows what it reads. What it costs:
// a server that dies between the end and the listener leaves the listener untold.
func FinalizedOnce() sweeper.Engine {
	m := Methods()
	finalizeOnce(&m)
	e := conductor.New("proposed-finalized-once", "proposed, and a decide of a failed workflow tells nobody again", m)
	e.Memoisable = true
	e.NeedsAtomicRepair = true
	return e
}

func finalizeOnce(m *conductor.Methods) {
	decide := m.DecideModel
	m.DecideModel = func(ctx context.Context, s *Server, wf *model.Workflow) error {
		open := func(t model.Task) bool { return !t.Status.Terminal() }
		if wf.Status.Terminal() && !wf.Status.Successful() && !slices.ContainsFunc(wf.Tasks, open) {
			return s.RemoveFromDecider(ctx, wf.ID)
		}
		return decide(ctx, s, wf)
	}
}
