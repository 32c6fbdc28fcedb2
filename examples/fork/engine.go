package fork

import (
	"context"

	"fermata/model"
	"fermata/sweeper"
	"fermata/sweeper/conductor"
	"fermata/sweeper/proposed"
)

// Right is the fork with the sweeper that locks first.
func Right() sweeper.Engine { return engine("fork-right", "locks, looks up, decides", sweepRight) }

// Wrong is the fork with the sweeper that looks up first.
func Wrong() sweeper.Engine { return engine("fork-wrong", "looks up, locks, decides", sweepWrong) }

// engine is the proposed fix's executor with another sweeper.
func engine(
	name, about string, sweep func(ctx context.Context, s *conductor.Server, id model.WorkflowID) error,
) sweeper.Engine {
	methods := proposed.Methods()
	methods.Sweep = sweep
	e := conductor.New(name, about, methods)
	// The executor repairs in one transaction over the task store and the task queue.
	e.NeedsAtomicRepair = true
	// Nothing is kept from one operation to the next, so that every interleaving can be searched, and is. An engine
	// that keeps something leaves this out: its code then runs anew in every schedule.
	e.Memoisable = true
	return e
}
