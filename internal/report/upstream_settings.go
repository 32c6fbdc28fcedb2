package report

import (
	"fmt"

	"fermata/model"
	"fermata/scenarios/catalogue"
	"fermata/sweeper"
)

// What the parts are upstream.
var (
	lockWords = map[string]string{
		"redisson":           "Redis (`RedisLock` on Redisson)",
		"local":              "`LocalOnlyLock`",
		"postgres":           "`PostgresLockDAO` as up to 3.29: not re-entrant",
		"postgres-reentrant": "`PostgresLockDAO` as since 3.30: re-entrant",
		"noop":               "`NoopLock`",
		"disabled":           "none: `conductor.app.workflow-execution-lock-enabled=false`",
	}
	queueWords = map[string]string{
		"orkes": "Redis (orkes-queues)", "dyno": "Redis (dyno-queues)", "sql": "Postgres (`PostgresQueueDAO`)",
	}
	storeWords = map[string]string{
		"record": "any; here every call of `ExecutionDAO` is one step, the most that a store can give",
		"redis":  "Redis (`RedisExecutionDAO`, command by command)",
		"sql":    "Postgres (`PostgresExecutionDAO`)",
	}
)

// lockTypes are the values of conductor.workflow-execution-lock.type, and queueTypes and storeTypes of
// conductor.queue.type and conductor.db.type; a part that is not here has none of its own.
var (
	lockTypes = map[string]string{
		"redisson": "redis", "local": "local_only", "postgres": "postgres", "postgres-reentrant": "postgres",
		"noop": "noop_lock",
	}
	queueTypes = map[string]string{"orkes": "redis_standalone", "sql": "postgres"}
	storeTypes = map[string]string{"redis": "redis_standalone", "sql": "postgres"}
)

// setting is one of the engine's own keys; it is said where it matters to every sweep, or is not the default.
type setting struct {
	key   string
	value func(s *sweeper.Settings) any
	when  func(u *upstreamEngine, s *sweeper.Settings) bool
}

var settings = []setting{
	{"conductor.app.workflow-execution-lock-enabled", func(s *sweeper.Settings) any { return s.LockEnabled }, always},
	{"conductor.app.lock-lease-time", func(s *sweeper.Settings) any { return millis(s.LockLeaseTime) }, locking},
	{"conductor.app.lock-time-to-try", func(s *sweeper.Settings) any { return millis(s.LockTimeToTry) }, locking},
	{"conductor.app.sweeper-thread-count", func(s *sweeper.Settings) any { return s.SweeperThreadCount }, always},
	{"conductor.app.sweeper.sweep-batch-size", func(s *sweeper.Settings) any { return s.SweepBatchSize }, batches},
	{"conductor.app.workflow-offset-timeout", func(s *sweeper.Settings) any { return s.WorkflowOffsetTimeout }, always},
	{"conductor.app.task-execution-postpone-duration",
		func(s *sweeper.Settings) any { return s.TaskExecutionPostpone }, nil},
	{"conductor.app.system-task-worker-callback-duration",
		func(s *sweeper.Settings) any { return s.SystemTaskCallback }, nil},
	{"conductor.app.max-postpone-duration-seconds",
		func(s *sweeper.Settings) any { return s.MaxPostponeDuration }, nil},
	{"conductor.app.system-task-postpone-threshold",
		func(s *sweeper.Settings) any { return s.SystemTaskPostponeThreshold }, nil},
	{"conductor.app.sweeper-workflow-poll-timeout",
		func(s *sweeper.Settings) any { return millis(s.SweeperWorkflowPollTimeout) }, nil},
	{"conductor.app.sweeper.queue-pop-timeout",
		func(s *sweeper.Settings) any { return int64(s.QueuePopTimeout) }, nil},
	{"conductor.workflow-repair-service.enabled",
		func(s *sweeper.Settings) any { return s.RepairServiceEnabled }, always},
}

func always(*upstreamEngine, *sweeper.Settings) bool      { return true }
func locking(_ *upstreamEngine, s *sweeper.Settings) bool { return s.LockEnabled }
func batches(u *upstreamEngine, _ *sweeper.Settings) bool { return u.batch }
func millis(m model.Millis) string                        { return fmt.Sprintf("%dms", int64(m)) }

// properties are the engine's own keys with the values that the case has.
func properties(c *catalogue.Case, u *upstreamEngine) []string {
	s, usual := c.Settings(), sweeper.DefaultSettings()
	var lines []string
	for _, set := range settings {
		value := set.value(&s)
		said := set.when != nil && set.when(u, &s)
		if said || set.when == nil && value != set.value(&usual) {
			lines = append(lines, fmt.Sprintf("%s=%v", set.key, value))
		}
	}
	typed := func(key string, types map[string]string, part string) {
		if value := types[part]; value != "" {
			lines = append(lines, key+"="+value)
		}
	}
	if s.LockEnabled {
		typed("conductor.workflow-execution-lock.type", lockTypes, c.Lock())
	}
	typed("conductor.queue.type", queueTypes, c.Queue())
	typed("conductor.db.type", storeTypes, c.Store())
	if u.repairsAlways {
		lines = append(lines, "# the sweep of this release repairs tasks whether the repair service is enabled or not")
	}
	return lines
}
