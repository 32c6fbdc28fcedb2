package sweeper

// Verb numbers the port calls; it indexes PortCalls.
type Verb uint8

// The verbs of schedules and traces. The order is part of no format.
const (
	LockAcquire Verb = 1 + iota
	LockRelease
	LockDelete
	QueuePush
	QueuePushIfNotExists
	QueuePop
	QueueAck
	QueueRemove
	QueueSetUnackTimeout
	QueuePostpone
	QueueContainsMessage
	QueueProcessUnacks
	DAOCreateWorkflow
	DAOGetWorkflow
	DAOUpdateWorkflow
	DAORemoveWorkflow
	DAORemoveFromPending
	DAOGetTask
	DAOCreateTasks
	DAOUpdateTask
	DAORemoveTask
	ListenerCompleted
	ListenerTerminated
	ListenerFinalized
	RepairTask
	EnvNow
	EnvJitter
	ClockAdvance
	QueuePushMillis
	QueueSetUnackTimeoutIfShorter
	QueueResetOffsetTime
	// The steps of parts in which one call takes several.
	SQLTaskIDs
	SQLTasks
	RedisGet
	RedisSet
	RedisDel
	RedisHGet
	RedisHSet
	RedisHDel
	RedisSAdd
	RedisSRem
	RedisSScan
	RedisZAdd
	RedisZRem
	RedisZScore
	RedisZRange
	// The steps of code with goroutines: an operation returns that had no step to return from; time passes until
	// somebody wakes.
	OperationReturn
	ClockWait
	// The steps of faults: an actor stands still until its leases are over; a message that was delivered and not
	// acknowledged is due again.
	FaultPause
	FaultRedeliver
	verbEnd
)

// PortCall is one row of the table of port calls: what a Java method is called here, in schedules
// and in the world. The schedule parser, the worlds and the conformance tests all read this table.
type PortCall struct {
	Verb Verb
	// Name is the schedule's verb, for example "lock.acquire".
	Name string
	// Port is the Go method; empty for the clock's own steps and for a return.
	Port string
	// Java are the methods that it stands for.
	Java []string
	// Args are the words that follow the verb in a schedule.
	Args []string
	// Reads and Writes are the objects that the step declares. "time" is the clock; "removals" is written by
	// a removal of a workflow or of a task, for the rows of tasks.
	Reads, Writes []string
}

// PortCalls is the table, indexed by Verb; entry 0 is empty.
var PortCalls = [verbEnd]PortCall{
	LockAcquire: {LockAcquire, "lock.acquire", "Lock.AcquireLock",
		[]string{"Lock.acquireLock(id, timeToTry, leaseTime, unit)"}, []string{"id"},
		[]string{"time"}, []string{"lock id"}},
	LockRelease: {LockRelease, "lock.release", "Lock.ReleaseLock",
		[]string{"Lock.releaseLock(id)"}, []string{"id"}, []string{"time"}, []string{"lock id"}},
	LockDelete: {LockDelete, "lock.delete", "Lock.DeleteLock",
		[]string{"Lock.deleteLock(id)"}, []string{"id"}, nil, []string{"lock id"}},
	QueuePush: {QueuePush, "queue.push", "QueueDAO.Push",
		[]string{"QueueDAO.push(queue, id, offset)", "QueueDAO.push(queue, id, priority, offset)",
			"QueueDAO.push(queue, id, priority, Duration), of whole seconds"},
		[]string{"queue", "id", "offset", "[priority]"}, []string{"time"}, []string{"queue"}},
	QueuePushIfNotExists: {QueuePushIfNotExists, "queue.pushIfNotExists", "QueueDAO.PushIfNotExists",
		[]string{"QueueDAO.pushIfNotExists(queue, id, priority, offset)"},
		[]string{"queue", "id", "offset", "[priority]"}, []string{"time"}, []string{"queue"}},
	QueuePop: {QueuePop, "queue.pop", "QueueDAO.Pop",
		[]string{"QueueDAO.pop(queue, count, timeout)", "QueueDAO.pollMessages(queue, count, timeout)"},
		[]string{"queue", "[count]"}, []string{"time"}, []string{"queue"}},
	QueueAck: {QueueAck, "queue.ack", "QueueDAO.Ack",
		[]string{"QueueDAO.ack(queue, id)"}, []string{"queue", "id"}, nil, []string{"queue"}},
	QueueRemove: {QueueRemove, "queue.remove", "QueueDAO.Remove",
		[]string{"QueueDAO.remove(queue, id)"}, []string{"queue", "id"}, nil, []string{"queue"}},
	QueueSetUnackTimeout: {QueueSetUnackTimeout, "queue.setUnackTimeout", "QueueDAO.SetUnackTimeout",
		[]string{"QueueDAO.setUnackTimeout(queue, id, millis)"},
		[]string{"queue", "id", "timeout"}, []string{"time"}, []string{"queue"}},
	QueuePostpone: {QueuePostpone, "queue.postpone", "QueueDAO.Postpone",
		[]string{"QueueDAO.postpone(queue, id, priority, seconds)"},
		[]string{"queue", "id", "offset", "[priority]"}, []string{"time"}, []string{"queue"}},
	QueueContainsMessage: {QueueContainsMessage, "queue.containsMessage", "QueueDAO.ContainsMessage",
		[]string{"QueueDAO.containsMessage(queue, id)"}, []string{"queue", "id"}, []string{"queue"}, nil},
	DAOCreateWorkflow: {DAOCreateWorkflow, "dao.createWorkflow", "ExecutionDAO.CreateWorkflow",
		[]string{"ExecutionDAO.createWorkflow(workflow)"}, []string{"id", "status"},
		nil, []string{"workflow id"}},
	DAOGetWorkflow: {DAOGetWorkflow, "dao.getWorkflow", "ExecutionDAO.GetWorkflow",
		[]string{"ExecutionDAO.getWorkflow(id)", "ExecutionDAO.getWorkflow(id, includeTasks)",
			"ExecutionDAOFacade.getWorkflowModel(id, includeTasks)"},
		[]string{"id", "[no-tasks]"}, []string{"workflow id", "tasks id"}, nil},
	DAOUpdateWorkflow: {DAOUpdateWorkflow, "dao.updateWorkflow", "ExecutionDAO.UpdateWorkflow",
		[]string{"ExecutionDAO.updateWorkflow(workflow)"}, []string{"id", "status"},
		nil, []string{"workflow id"}},
	DAORemoveWorkflow: {DAORemoveWorkflow, "dao.removeWorkflow", "ExecutionDAO.RemoveWorkflow",
		[]string{"ExecutionDAO.removeWorkflow(id)"}, []string{"id"},
		nil, []string{"workflow id", "tasks id", "removals"}},
	DAORemoveFromPending: {DAORemoveFromPending, "dao.removeFromPendingWorkflow",
		"ExecutionDAO.RemoveFromPendingWorkflow",
		[]string{"ExecutionDAO.removeFromPendingWorkflow(type, id)"}, []string{"id"},
		nil, []string{"pending"}},
	DAOGetTask: {DAOGetTask, "dao.getTask", "ExecutionDAO.GetTask",
		[]string{"ExecutionDAO.getTask(id)"}, []string{"task"}, []string{"task", "removals"}, nil},
	DAOCreateTasks: {DAOCreateTasks, "dao.createTasks", "ExecutionDAO.CreateTasks",
		[]string{"ExecutionDAO.createTasks(tasks)"}, []string{"task..."}, nil, []string{"tasks id", "task..."}},
	DAOUpdateTask: {DAOUpdateTask, "dao.updateTask", "ExecutionDAO.UpdateTask",
		[]string{"ExecutionDAO.updateTask(task)"}, []string{"task", "status", "[executed]", "[retried]"},
		nil, []string{"tasks id", "task"}},
	ListenerCompleted: {ListenerCompleted, "listener.completed", "WorkflowStatusListener.OnWorkflowCompleted",
		[]string{"WorkflowStatusListener.onWorkflowCompletedIfEnabled(workflow)"}, []string{"id"},
		nil, []string{"listener id"}},
	ListenerTerminated: {ListenerTerminated, "listener.terminated", "WorkflowStatusListener.OnWorkflowTerminated",
		[]string{"WorkflowStatusListener.onWorkflowTerminatedIfEnabled(workflow)"}, []string{"id"},
		nil, []string{"listener id"}},
	ListenerFinalized: {ListenerFinalized, "listener.finalized", "WorkflowStatusListener.OnWorkflowFinalized",
		[]string{"WorkflowStatusListener.onWorkflowFinalizedIfEnabled(workflow)"}, []string{"id"},
		nil, []string{"listener id"}},
	RepairTask: {RepairTask, "repair.task", "AtomicRepairer.RepairTask", nil, []string{"queue", "task"},
		[]string{"task", "removals", "time"}, []string{"queue"}},
	EnvNow: {EnvNow, "env.now", "Environment.Now",
		[]string{"System.currentTimeMillis()"}, nil, []string{"time"}, nil},
	EnvJitter: {EnvJitter, "jitter", "Environment.Jitter",
		[]string{"Random.nextInt(bound) in workflowOffsetWithJitter"}, nil, nil, nil},
	ClockAdvance: {ClockAdvance, "advance", "", nil, []string{"duration", "object..."},
		nil, []string{"time", "object..."}},
	QueuePushMillis: {QueuePushMillis, "queue.pushMillis", "QueueDAO.PushMillis",
		[]string{"QueueDAO.push(queue, id, priority, Duration)"},
		[]string{"queue", "id", "offset", "[priority]"}, []string{"time"}, []string{"queue"}},
	QueueSetUnackTimeoutIfShorter: {QueueSetUnackTimeoutIfShorter, "queue.setUnackTimeoutIfShorter",
		"QueueDAO.SetUnackTimeoutIfShorter", []string{"QueueDAO.setUnackTimeoutIfShorter(queue, id, millis)"},
		[]string{"queue", "id", "timeout"}, []string{"time"}, []string{"queue"}},
	QueueResetOffsetTime: {QueueResetOffsetTime, "queue.resetOffsetTime", "QueueDAO.ResetOffsetTime",
		[]string{"QueueDAO.resetOffsetTime(queue, id)"}, []string{"queue", "id"}, []string{"time"}, []string{"queue"}},
	QueueProcessUnacks: {QueueProcessUnacks, "queue.processUnacks", "",
		[]string{"PostgresQueueDAO.processAllUnacks()"}, nil, []string{"time"}, []string{"queues"}},
	DAORemoveTask: {DAORemoveTask, "dao.removeTask", "ExecutionDAO.RemoveTask",
		[]string{"ExecutionDAO.removeTask(id)"}, []string{"task"}, nil, []string{"tasks id", "removals"}},
	SQLTaskIDs: {SQLTaskIDs, "sql.taskIDs", "", []string{"PostgresExecutionDAO.getTasksForWorkflow(id)"},
		[]string{"id"}, []string{"tasks id", "removals"}, nil},
	SQLTasks: {SQLTasks, "sql.tasks", "", []string{"PostgresExecutionDAO.getTasks(ids)"},
		[]string{"id", "task..."}, []string{"tasks id", "removals"}, nil},
	RedisGet: {RedisGet, "redis.get", "", nil, []string{"key", "for call"}, []string{"key"}, nil},
	RedisSet: {RedisSet, "redis.set", "", nil, []string{"key", "status", "[executed]", "[retried]", "for call"},
		nil, []string{"key"}},
	RedisDel:  {RedisDel, "redis.del", "", nil, []string{"key", "for call"}, nil, []string{"key"}},
	RedisHGet: {RedisHGet, "redis.hget", "", nil, []string{"key", "field", "for call"}, []string{"key"}, nil},
	RedisHSet: {RedisHSet, "redis.hset", "", nil, []string{"key", "field", "[value]", "for call"},
		nil, []string{"key"}},
	RedisHDel:  {RedisHDel, "redis.hdel", "", nil, []string{"key", "field", "for call"}, nil, []string{"key"}},
	RedisSAdd:  {RedisSAdd, "redis.sadd", "", nil, []string{"key", "member", "for call"}, nil, []string{"key"}},
	RedisSRem:  {RedisSRem, "redis.srem", "", nil, []string{"key", "member", "for call"}, nil, []string{"key"}},
	RedisSScan: {RedisSScan, "redis.sscan", "", nil, []string{"key", "for call"}, []string{"key"}, nil},
	RedisZAdd: {RedisZAdd, "redis.zadd", "", nil, []string{"key", "member", "[nx|xx]", "score", "for call"},
		[]string{"time"}, []string{"key"}},
	RedisZRem:   {RedisZRem, "redis.zrem", "", nil, []string{"key", "member", "for call"}, nil, []string{"key"}},
	RedisZScore: {RedisZScore, "redis.zscore", "", nil, []string{"key", "member", "for call"}, []string{"key"}, nil},
	RedisZRange: {RedisZRange, "redis.zrangebyscore", "", nil, []string{"key", "[count]", "for call"},
		[]string{"key", "time"}, nil},
	OperationReturn: {OperationReturn, "return", "", nil, nil, nil, nil},
	ClockWait:       {ClockWait, "wait", "", nil, nil, nil, []string{"time"}},
	FaultPause:      {FaultPause, "pause", "", nil, []string{"actor"}, nil, []string{"time", "lock id"}},
	FaultRedeliver: {FaultRedeliver, "redeliver", "", nil, []string{"queue", "id"}, []string{"time"},
		[]string{"queue"}},
}

// SameSteps are the methods of optional ports that are a step of a row of PortCalls.
var SameSteps = []PortCall{{Verb: LockAcquire, Name: "lock.acquire", Port: "Fence.AcquireToken"}}

// SilentCalls are the calls that are no step: constant data, or a function of the call itself. An
// engine's call that is neither here nor in PortCalls is the outcome "unmodelled call".
var SilentCalls = []PortCall{
	{Name: "metadata.getWorkflowDef", Port: "MetadataDAO.GetWorkflowDef",
		Java: []string{"MetadataDAO.getWorkflowDef(name, version)", "MetadataDAO.getTaskDef(name)"}},
	{Name: "env.newTaskID", Port: "Environment.NewTaskID", Java: []string{"IDGenerator.generate()"}},
	{Name: "index", Java: []string{"IndexDAO.*"}},
	{Name: "rateLimits", Java: []string{"RateLimitingDAO.*", "ConcurrentExecutionLimitDAO.*", "PollDataDAO.*"}},
	{Name: "taskListener", Java: []string{"TaskStatusListener.*"}},
	{Name: "queue.getSize", Java: []string{"QueueDAO.getSize(queue)"}},
}

// VerbNamed finds a verb by its name in schedules; 0 if there is none.
func VerbNamed(name string) Verb {
	for v := LockAcquire; v < verbEnd; v++ {
		if PortCalls[v].Name == name {
			return v
		}
	}
	return 0
}

// IsCommand tells whether the verb is a command of Redis: a step of a part that is a sequence of commands.
func (v Verb) IsCommand() bool { return v >= RedisGet && v <= RedisZRange }

// String gives the verb's name in schedules.
func (v Verb) String() string { return PortCalls[v].Name }
