package catalogue

import (
	"fermata/model"
	"fermata/sim"
	"fermata/sweeper"
)

// What scenarios must reach, and in which scopes.

func sweepReads(v *view) bool { return sweeps(v.t) && callOf(v.t.Step) == sweeper.QueuePop }

func sweeps(t *sim.Transition) bool { return t.Op != nil && t.Op.Verb == opSweep }

func completes(v *view) bool {
	return v.e.StatusAfter == model.Completed && v.e.StatusBefore != model.Completed
}

func terminates(v *view) bool {
	return v.e.StatusAfter == model.Terminated && v.e.StatusBefore != model.Terminated
}

func timesOut(v *view) bool {
	return v.e.StatusAfter == model.TimedOut && v.e.StatusBefore != model.TimedOut
}

// taskTimesOut is the write of TIMED_OUT into a task's row, taskEnds that of any end.
func taskTimesOut(v *view) bool {
	return v.e.RowAfter == model.TaskTimedOut && v.e.RowBefore != v.e.RowAfter
}

func taskEnds(v *view) bool { return v.e.RowAfter.Terminal() && !v.e.RowBefore.Terminal() }

func pauses(v *view) bool { return v.e.StatusAfter == model.Paused && v.e.StatusBefore != model.Paused }

func resumes(v *view) bool {
	return v.e.StatusAfter == model.Running && v.t.Op != nil && v.t.Op.Verb == opResume
}

// terminateMisses is an operator's terminate that misses the lock, pauseMisses a pause that does.
func terminateMisses(v *view) bool { return misses(v, opTerminate) }

func pauseMisses(v *view) bool { return misses(v, opPause) }

func misses(v *view, verb uint8) bool { return v.t.Op != nil && v.t.Op.Verb == verb && v.e.Denied }

func sweepLocks(v *view) bool {
	return sweeps(v.t) && v.t.Step.Verb == sim.Verb(sweeper.LockAcquire) && v.e.Acquired
}

func handsOut(v *view) bool {
	return v.t.Last && v.t.Op != nil && v.t.Op.Verb == opPoll && v.t.Result.Object != 0
}

func auditSeesTerminal(v *view) bool {
	t := v.t
	return t.Last && t.Op != nil && t.Op.Verb == opInspect && model.WorkflowStatus(t.Result.N).Terminal()
}

// sweepsMeet is a sweep that misses the lock which another sweep holds.
func sweepsMeet(v *view) bool {
	return sweeps(v.t) && v.e.Denied && v.in.cast.sweeps(v.e.Holder)
}

// diesLocked is the crash of a sweeper that holds a lock.
func diesLocked(v *view) bool {
	return v.t.Choice.Fault == sim.Crash && v.holdsAny(v.t.Choice.Actor)
}

// leaseEnds is an advance of the clock that ends a living owner's lease, deadLeaseEnds one that ends a dead one's.
func leaseEnds(v *view) bool { return v.t.Actor == sim.Clock && v.e.LivingExpired }

func deadLeaseEnds(v *view) bool { return v.t.Actor == sim.Clock && v.e.DeadExpired }

func severalTasks(s Scope) bool { return s.Tasks != 1 }

func racesAtOnce(s Scope) bool { return s.Sweepers > 1 && s.Redelivered }

func crashes(s Scope) bool { return s.may(Crashes) }

// deadLeaseMayEnd: two advances lead from the pop to the end of a lease of a minute, past the message's 30 seconds.
func deadLeaseMayEnd(s Scope) bool {
	return crashes(s) && s.Deadlines&DeadLease != 0 && s.Advances > 1
}

// systemTaskDelivered is the delivery of a system task to the engine's own worker.
func systemTaskDelivered(v *view) bool {
	return v.t.Op != nil && v.t.Op.Verb == opSystemTasks && len(v.e.Delivered) > 0
}

func fails(v *view) bool { return v.e.StatusAfter == model.Failed && v.e.StatusBefore != model.Failed }
