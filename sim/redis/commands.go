package redis

import (
	"strconv"

	"fermata/model"
	"fermata/sim"
	"fermata/sim/world"
	"fermata/sweeper"
)

// command is what a step sends: a script with its keys, or a command.
type command struct {
	script string
	keys   []string
	args   []any
	// unchanged tells that the command sets what is there already, to which a server answers that it changed
	// nothing. Time does not pass between two steps, so that this happens here and hardly ever there.
	unchanged bool
}

// watchdogMs is the lease that a partial release leaves.
const watchdogMs = 30_000

// command makes what a step sends, before the step is taken; false if it sends nothing.
func (w *World) command(a sim.ActorID, s *sim.Step, now int64) (command, bool) {
	switch v := sweeper.Verb(s.Verb); {
	case v == sweeper.LockAcquire || v == sweeper.LockRelease:
		return w.lock(v, a, s), w.Parts().Lock == "redisson"
	case v == sweeper.RepairTask:
		return w.repair(s, now), true
	case v.IsCommand():
		return w.plain(v, s, now), true
	case v >= sweeper.QueuePush && v <= sweeper.QueueContainsMessage, v == sweeper.QueuePushMillis,
		v == sweeper.QueueSetUnackTimeoutIfShorter:
		return w.orkes(v, s, now), true
	case v >= sweeper.DAOCreateWorkflow && v <= sweeper.DAORemoveTask:
		return w.record(v, s)
	}
	return command{}, false
}

func (w *World) key(name string) string { return w.server.Prefix() + name }

func (w *World) lock(v sweeper.Verb, a sim.ActorID, s *sim.Step) command {
	key, owner := w.key(world.LockKey(w.ObjectName(s.Object))), world.LockField(a)
	if v == sweeper.LockAcquire {
		return command{script: acquireScript, keys: []string{key}, args: []any{s.B, owner}}
	}
	channel := w.key("redisson_lock__channel:{" + key + "}")
	return command{script: releaseScript, keys: []string{key, channel}, args: []any{0, watchdogMs, owner}}
}

// score writes a score so that a server reads the same number.
func score(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }

// orkesScore is where a push puts a message, with an offset in milliseconds.
func orkesScore(now, offset, priority int64) string {
	switch {
	case offset > 0:
		return score(world.OrkesScore(now+offset, priority))
	case priority > 0:
		return score(float64(priority))
	}
	return score(float64(now))
}

func (w *World) orkes(v sweeper.Verb, s *sim.Step, now int64) command {
	key, id := w.key(world.OrkesKey(w.ObjectName(s.Object))), w.ObjectName(s.Other)
	switch v {
	case sweeper.QueuePop:
		return command{script: popScript, keys: []string{key}, args: []any{now, now + w.UnackTime(), min(s.A, 100)}}
	case sweeper.QueuePush, sweeper.QueuePostpone:
		return command{args: []any{"ZADD", key, orkesScore(now, s.A*1000, s.B), id}}
	case sweeper.QueuePushMillis:
		return command{args: []any{"ZADD", key, orkesScore(now, s.A, s.B), id}}
	case sweeper.QueueSetUnackTimeoutIfShorter:
		return command{script: soonerScript, keys: []string{key}, args: []any{now + s.A, id}}
	case sweeper.QueueAck, sweeper.QueueRemove:
		return command{args: []any{"ZREM", key, id}}
	case sweeper.QueueSetUnackTimeout:
		due, there := w.OrkesScoreOf(s.Object, s.Other)
		same := there && due == float64(now+s.A)
		return command{args: []any{"ZADD", key, "XX", "CH", now + s.A, id}, unchanged: same}
	}
	return command{args: []any{"ZSCORE", key, id}}
}

// plain is a step that is a command itself, with what goes with it.
func (w *World) plain(v sweeper.Verb, s *sim.Step, now int64) command {
	key, field := w.key(w.CommandKey(s.Object)), w.ObjectName(s.Other)
	one := func(args ...any) command { return command{args: args} }
	switch v {
	case sweeper.RedisGet:
		return one("GET", key)
	case sweeper.RedisSet:
		return command{args: []any{"SET", key, w.JSON(s.Ref)}}
	case sweeper.RedisDel:
		return one("DEL", key)
	case sweeper.RedisHGet:
		return one("HGET", key, field)
	case sweeper.RedisHSet:
		return one("HSET", key, field, w.JSON(s.Ref))
	case sweeper.RedisHDel:
		return one("HDEL", key, field)
	case sweeper.RedisSAdd:
		return one("SADD", key, field)
	case sweeper.RedisSRem:
		return one("SREM", key, field)
	case sweeper.RedisSScan:
		return one("SSCAN", key, 0, "COUNT", 50)
	case sweeper.RedisZRem:
		return one("ZREM", key, field)
	case sweeper.RedisZScore:
		return one("ZSCORE", key, field)
	case sweeper.RedisZRange:
		return one("ZRANGEBYSCORE", key, 0, now+s.A, "WITHSCORES", "LIMIT", 0, s.B)
	}
	at, only := w.ZAddScore(s, now)
	if only != "" {
		return one("ZADD", key, only, score(at), field)
	}
	return one("ZADD", key, score(at), field)
}

// record is a call on a store that does it as one script.
func (w *World) record(v sweeper.Verb, s *sim.Step) (command, bool) {
	of := func(workflow string) []string {
		key := w.key(world.RecordKey(workflow))
		return []string{key + ".tasks", key + ".order", w.key(world.OwnersKey), key + ".loose"}
	}
	name := w.ObjectName(s.Object)
	key := w.key(world.RecordKey(name))
	owners := w.key(world.OwnersKey)
	switch v {
	case sweeper.DAOGetWorkflow:
		return command{script: getWorkflowScript, keys: append([]string{key}, of(name)[:2]...), args: []any{s.A}}, true
	case sweeper.DAOCreateWorkflow, sweeper.DAOUpdateWorkflow:
		return command{args: []any{"SET", key, w.JSON(s.Ref)}}, true
	case sweeper.DAORemoveWorkflow:
		return command{script: removeWorkflowScript, keys: append([]string{key}, of(name)...)}, true
	case sweeper.DAOGetTask:
		before := w.key(world.RecordKey(""))
		return command{script: getTaskScript, keys: []string{owners}, args: []any{name, before, ".tasks"}}, true
	case sweeper.DAOCreateTasks:
		rows := w.TaskList(s.Ref)
		if len(rows) == 0 {
			return command{}, false
		}
		args := []any{string(rows[0].WorkflowID)}
		for i, text := range w.Values(s.Ref) {
			args = append(args, string(rows[i].ID), rows[i].Ref+"_"+strconv.Itoa(rows[i].RetryCount), text)
		}
		return command{script: createTasksScript, keys: of(string(rows[0].WorkflowID)), args: args}, true
	case sweeper.DAOUpdateTask:
		t := w.TaskOf(s.Ref)
		args := []any{string(t.WorkflowID), string(t.ID), w.JSON(s.Ref)}
		return command{script: updateTaskScript, keys: of(string(t.WorkflowID)), args: args}, true
	case sweeper.DAORemoveTask:
		return command{script: removeTaskScript, keys: of(w.ObjectName(s.Other)), args: []any{name}}, true
	}
	return command{}, false // removeFromPendingWorkflow writes what nothing reads
}

// repair is the atomic repair over whatever store and queue there are.
func (w *World) repair(s *sim.Step, now int64) command {
	task, queue := w.ObjectName(s.Other), w.ObjectName(s.Object)
	t, _ := w.Task(model.TaskID(task))
	holder, how := w.key(world.RecordKey(string(t.WorkflowID)))+".tasks", "hash"
	if w.Parts().Store == "redis" {
		holder, how = w.key(w.TaskKey(task)), "string"
	}
	key, payloads, has := w.key(world.OrkesKey(queue)), w.key(""), ""
	at := orkesScore(now, int64(t.CallbackAfter.Millis()), s.B)
	if w.Parts().Queue == "dyno" {
		key, payloads, has = w.key(w.DynoKey("QUEUE", queue)), w.key(w.DynoKey("MESSAGE", queue)), "payloads"
		at = score(world.DynoScore(now, int64(t.CallbackAfter.Millis()), s.B))
	}
	return command{
		script: repairScript, keys: []string{holder, key, payloads},
		args: []any{task, strconv.Itoa(int(model.TaskScheduled)), at, how, has},
	}
}
