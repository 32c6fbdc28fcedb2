package proposed

import (
	"fermata/sweeper"
	"fermata/sweeper/conductor"
)

// Server is the engine's server; the texts of this package are written against it.
type Server = conductor.Server

// Proposed is the fix: 3.17.0 with all three measures. It needs store and queue in one database.
func Proposed() sweeper.Engine {
	e := conductor.New("proposed", "locks first, repairs atomically, leaves the queue before it releases", Methods())
	e.Memoisable = true
	e.NeedsAtomicRepair = true
	return e
}

// Methods are the methods of Proposed, for a fork that brings its own sweeper: an engine of them must be marked
// NeedsAtomicRepair.
func Methods() conductor.Methods {
	m := conductor.Methods3170()
	m.Sweep = sweep
	m.VerifyAndRepairTask = verifyAndRepairTask
	m.DecideWithLock = nil // its one caller was the sweeper
	m.CompleteWorkflow = completeWorkflow
	m.TerminateModel = terminateModel
	newestOperators(&m)
	return m
}

// newestOperators are retry and rerun as the newest release has them, which pushes when the tasks are written, and its
// terminate by id, which leaves a TERMINATED workflow as it is. Like
// every operator's operation they take no lock in any release, and no measure is about them: what can be lost by that
// no order of the sweeper's can keep. LockedOperators is what can.
func newestOperators(m *conductor.Methods) {
	newest := conductor.Methods3312()
	m.RetryWorkflow, m.RetryModel, m.RerunWorkflow = newest.RetryWorkflow, newest.RetryModel, newest.RerunWorkflow
	m.TerminateWorkflow = newest.TerminateWorkflow
}
