package world

import (
	"context"

	"fermata/sim"
	"fermata/sweeper"
)

// hostedContext is the context of an operation that a Host runs: it ends when the operation is to end.
type hostedContext struct {
	context.Context
	actor *sim.Actor
}

func (c hostedContext) Value(key any) any {
	if key == (actorKey{}) {
		return c.actor
	}
	return c.Context.Value(key)
}

// NextReturn describes the return of an operation that had no step to return from.
func (w *World) NextReturn(s *sim.Step) { s.Verb = sim.Verb(sweeper.OperationReturn) }

// NextWait describes the clock's wait, and gives the time to the next deadline: of a message or of a timeout, whether
// or not the scope lets it come, and of a lease that may end.
func (w *World) NextWait(s *sim.Step) (deadline int64) {
	s.Verb = sim.Verb(sweeper.ClockWait)
	s.Touch(w.time, sim.Write)
	sooner := func(at int64) {
		if left := at - w.now; left > 0 && (deadline == 0 || left < deadline) {
			deadline = left
		}
	}
	for i := range w.locks {
		if l := &w.locks[i]; w.mayExpire(l) {
			sooner(l.until)
		}
	}
	w.queuePart.deadlines(func(_ string, _, _ sim.Object, at int64) { sooner(at) })
	w.timeouts(func(_ string, at int64) { sooner(at) })
	return deadline
}

// Elapsed is the virtual time since the start.
func (w *World) Elapsed() int64 { return w.now - startTime }
