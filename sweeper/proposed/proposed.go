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
	m.TerminateWorkflow = terminateWorkflow
	m.PauseWorkflow = pauseWorkflow
	m.ResumeWorkflow = resumeWorkflow
	return m
}
