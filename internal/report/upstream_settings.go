package report

import (
	"fmt"

	"fermata/scenarios/catalogue"
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

// properties are the engine's own keys with the values that the case has.
func properties(c *catalogue.Case, u *upstreamEngine) []string {
	s := c.Settings()
	var lines []string
	add := func(key string, value any) { lines = append(lines, fmt.Sprintf("%s=%v", key, value)) }
	typed := func(key string, types map[string]string, part string) {
		if value := types[part]; value != "" {
			add(key, value)
		}
	}
	add("conductor.app.workflow-execution-lock-enabled", s.LockEnabled)
	if s.LockEnabled {
		typed("conductor.workflow-execution-lock.type", lockTypes, c.Lock())
		add("conductor.app.lock-lease-time", fmt.Sprintf("%dms", int64(s.LockLeaseTime)))
		add("conductor.app.lock-time-to-try", fmt.Sprintf("%dms", int64(s.LockTimeToTry)))
	}
	typed("conductor.queue.type", queueTypes, c.Queue())
	typed("conductor.db.type", storeTypes, c.Store())
	add("conductor.app.sweeper-thread-count", s.SweeperThreadCount)
	if u.batch {
		add("conductor.app.sweeper.sweep-batch-size", s.SweepBatchSize)
	}
	add("conductor.app.workflow-offset-timeout", fmt.Sprintf("%ds", int64(s.WorkflowOffsetTimeout)))
	add("conductor.workflow-repair-service.enabled", s.RepairServiceEnabled)
	if u.repairsAlways {
		lines = append(lines, "# the sweep repairs tasks whether the service is enabled or not")
	}
	return lines
}
