package load

import (
	"time"

	"fermata/model"
	"fermata/sim/timed"
	"fermata/sim/world"
	"fermata/sweeper"
)

// Setup is everything that a run depends on. Times are virtual.
type Setup struct {
	Engine sweeper.Engine
	// Parts are the lock, the queue and the store.
	Parts    world.Parts
	Settings sweeper.Settings

	// Arrivals start workflows for the time For. Then nobody does, and the run goes on until nothing can happen to any
	// workflow any more, at most for Drain.
	Arrivals timed.Arrivals
	For      time.Duration
	Drain    time.Duration
	Seed     uint64

	// Servers each run the API, and a reconciler of Settings.SweeperThreadCount threads that waits for SweepInterval
	// after each batch (conductor.sweep-frequency.millis).
	Servers       int
	SweepInterval time.Duration

	Shape  Shape
	Costs  Costs
	Audit  Audit
	Plain  bool // each step in the order of all steps: slow, and the same; for tests
	Cutout int  // how many workflows in which something went wrong are kept as lives, to be cut out
}

// Shape is what a workflow is made of: a chain of tasks or, with Branches, a fork of that many branches with a chain
// each, and a JOIN behind it.
type Shape struct {
	Tasks    int
	Branches int
	// TaskTime is from a worker's poll to its report, PollDelay from the time at which a task's message is due to the
	// poll of the worker that gets it: workers are never short.
	TaskTime, PollDelay timed.Distribution
	// LastTaskTime is that of the last task of a chain; nil is TaskTime.
	LastTaskTime timed.Distribution
	// ResponseTimeout is the task definition's responseTimeoutSeconds; 0 is none.
	ResponseTimeout model.Seconds
	// Failures is the share of tasks that report FAILED, and Retries the task definition's retryCount.
	Failures float64
	Retries  int
}

// Costs are how long things take. A port call takes a draw of its part: half of it to the effect, and half from it.
type Costs struct {
	Lock, Queue, Store, Listener timed.Distribution
	// Think is the engine's own work between two port calls.
	Think timed.Distribution
	// Wake is from a lock's release to the next try of one who waits for it, where the lock wakes (redisson).
	Wake timed.Distribution
	// SlowServers are so many servers whose calls and work take SlowFactor times as long.
	SlowServers int
	SlowFactor  float64
	// Pauses stop a server, Stalls the store.
	Pauses, Stalls *timed.Pauses
	// StoreCapacity and RedisCapacity are the calls a second that the store, and queue and lock together, can take; 0
	// is no bound. Their calls take 1/(1-u) times as long, where u is the share of the capacity that is used.
	StoreCapacity, RedisCapacity float64
}

// Audit is the state audit beside the engine (package remedy).
type Audit struct {
	// Period is how often each workflow is audited; 0 is never.
	Period model.Seconds
	// Remove and Tasks are remedy.Settings'.
	Remove, Tasks bool
}
