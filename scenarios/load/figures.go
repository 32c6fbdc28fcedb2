package load

import (
	"time"

	"fermata/model"
	"fermata/sim/timed"
	"fermata/sim/world"
)

// The bounds of figures.
const (
	day        = 24 * time.Hour
	serversMax = 1000
)

// figures are those of a Setup, but for the engine and the seed, which a preset does not say.
var figures = []Figure{
	arrivals("rate", "workflows that start, a second, or how they arrive",
		func(s *Setup) *timed.Arrivals { return &s.Arrivals }),
	period("for", "how long workflows start", time.Nanosecond, time.Millisecond,
		func(s *Setup) *time.Duration { return &s.For }),
	period("drain", "how long the run goes on after that, at most", time.Nanosecond, 0,
		func(s *Setup) *time.Duration { return &s.Drain }),

	count("servers", "servers, each with the API and a reconciler", 1, serversMax,
		func(s *Setup) *int { return &s.Servers }),
	count("sweeper-threads", "conductor.app.sweeper-thread-count", 1, 256,
		func(s *Setup) *int { return &s.Settings.SweeperThreadCount }),
	period("sweep-interval", "conductor.sweep-frequency.millis: from the end of a batch to the next pop",
		time.Nanosecond, time.Millisecond, func(s *Setup) *time.Duration { return &s.SweepInterval }),
	pollTimeout(),
	count("sweep-batch", "conductor.app.sweeper.sweep-batch-size, of the releases since 3.21.23", 1, 256,
		func(s *Setup) *int { return &s.Settings.SweepBatchSize }),
	period("offset-timeout", "conductor.app.workflow-offset-timeout", time.Second, 0,
		func(s *Setup) *model.Seconds { return &s.Settings.WorkflowOffsetTimeout }),
	onOff("lock-enabled", "conductor.app.workflow-execution-lock-enabled",
		func(s *Setup) *bool { return &s.Settings.LockEnabled }),
	period("lock-lease", "conductor.app.lock-lease-time", time.Millisecond, time.Millisecond,
		func(s *Setup) *model.Millis { return &s.Settings.LockLeaseTime }),
	period("lock-try", "conductor.app.lock-time-to-try", time.Millisecond, 0,
		func(s *Setup) *model.Millis { return &s.Settings.LockTimeToTry }),
	onOff("repair", "conductor.workflow-repair-service.enabled",
		func(s *Setup) *bool { return &s.Settings.RepairServiceEnabled }),
	oneOf("lock", "the lock", world.Locks(), func(s *Setup) *string { return &s.Parts.Lock }),
	oneOf("queue", "the queue", world.Queues(), func(s *Setup) *string { return &s.Parts.Queue }),
	oneOf("store", "the store", world.Stores(), func(s *Setup) *string { return &s.Parts.Store }),

	count("tasks", "tasks in a chain", 1, 20, func(s *Setup) *int { return &s.Shape.Tasks }),
	count("branches", "branches of a fork with such a chain each, and a JOIN behind it; 0: a chain alone", 0, 20,
		func(s *Setup) *int { return &s.Shape.Branches }),
	drawn("task-time", "from a worker's poll to its report",
		func(s *Setup) *timed.Distribution { return &s.Shape.TaskTime }),
	drawnOr(same, "last-task-time", "the same of the last task of each chain; same: as task-time",
		func(s *Setup) *timed.Distribution { return &s.Shape.LastTaskTime }),
	drawn("poll-delay", "from a task's message being due to the worker's poll",
		func(s *Setup) *timed.Distribution { return &s.Shape.PollDelay }),
	periodOrOff("response-timeout", "responseTimeoutSeconds of the task definition",
		func(s *Setup) *model.Seconds { return &s.Shape.ResponseTimeout }),
	number("failures", "share of tasks that report FAILED", 0, 1,
		func(s *Setup) *float64 { return &s.Shape.Failures }),
	count("retries", "retryCount of the task definition", 0, 100, func(s *Setup) *int { return &s.Shape.Retries }),

	drawn("lock-latency", "of a call of the lock", func(s *Setup) *timed.Distribution { return &s.Costs.Lock }),
	drawn("queue-latency", "of a call of the queue", func(s *Setup) *timed.Distribution { return &s.Costs.Queue }),
	drawn("store-latency", "of a call of the store", func(s *Setup) *timed.Distribution { return &s.Costs.Store }),
	drawn("listener-latency", "of a call of the workflow's listener",
		func(s *Setup) *timed.Distribution { return &s.Costs.Listener }),
	drawn("think", "the engine's own work between two calls",
		func(s *Setup) *timed.Distribution { return &s.Costs.Think }),
	drawn("wake", "from a lock's release to the next try of one who waits for it",
		func(s *Setup) *timed.Distribution { return &s.Costs.Wake }),
	count("slow-servers", "servers on which everything takes slow-factor times as long", 0, serversMax,
		func(s *Setup) *int { return &s.Costs.SlowServers }),
	number("slow-factor", "how many times as long it takes there", 1, 1000,
		func(s *Setup) *float64 { return &s.Costs.SlowFactor }),
	pauses("pauses", "pauses of each server", func(s *Setup) **timed.Pauses { return &s.Costs.Pauses }),
	pauses("stalls", "pauses of the store", func(s *Setup) **timed.Pauses { return &s.Costs.Stalls }),
	capacity("store-capacity", "calls a second that the store can take",
		func(s *Setup) *float64 { return &s.Costs.StoreCapacity }),
	capacity("redis-capacity", "calls a second that queue and lock together can take",
		func(s *Setup) *float64 { return &s.Costs.RedisCapacity }),

	periodOrOff("audit", "how often each workflow is audited",
		func(s *Setup) *model.Seconds { return &s.Audit.Period }),
	onOff("audit-remove", "the audit takes what has ended out of the queue",
		func(s *Setup) *bool { return &s.Audit.Remove }),
	onOff("audit-tasks", "the audit pushes messages of tasks that are lost",
		func(s *Setup) *bool { return &s.Audit.Tasks }),
}
