package world

import (
	"encoding/json"
	"fmt"
	"slices"

	"fermata/model"
	"fermata/sim"
)

// KeyKind is the type of a key of Redis.
type KeyKind uint8

// The types of keys.
const (
	KeyString KeyKind = 1 + iota
	KeyHash
	KeySet
	KeySortedSet
	KeyList
)

// Key is one key as Redis holds it: what a part's contents are on a server.
type Key struct {
	Name   string
	Kind   KeyKind
	Fields []Field
	// TTL is the time to live in milliseconds; 0 is none.
	TTL int64
}

// Field is one entry of a key: of a string the value, of a list or a set the member, of a hash field and value, of a
// sorted set member and score.
type Field struct {
	Name, Value string
	Score       float64
}

// The names of the keys of Redis. RedisLock's namespace is empty, conductor's stack is "test", its queues' prefix
// "conductor_queues" and its only shard "c", as the engine has them if nothing else is said.
const (
	orkesPrefix = "conductor_queues.test.QUEUE."
	shardSuffix = ".c"
	dynoPrefix  = "conductor_queues.test."
	storePrefix = "conductor.test."
)

// LockKey is the name of a workflow's lock, and LockField that of its holder's count.
func LockKey(workflow string) string { return "." + workflow }

// LockField is an actor as Redisson's client and thread.
func LockField(a sim.ActorID) string { return fmt.Sprintf("fermata:%d", a) }

// OrkesKey is the name of a queue of orkes.
func OrkesKey(queue string) string { return orkesPrefix + queue + shardSuffix }

// CommandKey is the name on the server of a key that a step names.
func (w *World) CommandKey(o sim.Object) string {
	name := w.pool.names[o]
	switch w.keyspace.keys[o].kind {
	case keyMessages:
		return dynoPrefix + name
	case keyQueue, keyUnack:
		return dynoPrefix + name + shardSuffix
	}
	return storePrefix + name
}

// RecordKey is where a record is kept that is read and written as a whole; its tasks are in the hash of that name
// with ".tasks" behind, in the order of the list with ".order" behind; the set with ".loose" behind has those that were
// never created.
func RecordKey(workflow string) string { return storePrefix + "RECORD." + workflow }

// OwnersKey is the hash from a task's id to its workflow's, for records that are kept as a whole.
const OwnersKey = storePrefix + "RECORD_OF_TASK"

// JSON is a record or a task as it is written to a server; empty for none.
func (w *World) JSON(ref sim.Ref) string {
	if ref == 0 {
		return ""
	}
	e := &w.pool.entries[ref]
	if e.json == "" {
		var v any = e.record
		if e.task.ID != "" {
			v = e.task
		}
		if e.task.ID != "" && e.task.Ref == "" {
			return string(e.task.ID) // an id alone
		}
		text, err := json.Marshal(v)
		if err != nil {
			panic("world: " + err.Error())
		}
		e.json = string(text)
	}
	return e.json
}

// Values are the values of a list, as they are written to a server.
func (w *World) Values(list sim.Ref) []string {
	var values []string
	for _, ref := range w.pool.entries[list].list {
		values = append(values, w.JSON(ref))
	}
	return values
}

// Members are the ids of a list, with the scores where there are any.
func (w *World) Members(list sim.Ref) (ids []string, scores []int64) {
	for _, m := range w.memberList(sim.Reply{Ref: list}) {
		ids, scores = append(ids, m.id), append(scores, m.score)
	}
	return ids, scores
}

// Keys lists what the parts hold as keys of Redis, by part and name. Parts that are no Redis hold none.
func (w *World) Keys() []Key {
	keys := w.lockKeys()
	if w.parts.Queue == "orkes" {
		keys = append(keys, w.orkesKeys()...)
	}
	if w.parts.Store == "record" {
		keys = append(keys, w.recordKeys()...)
	}
	for _, r := range w.keyspace.rows {
		keys = append(keys, w.commandKey(r))
	}
	return keys
}

func (w *World) lockKeys() []Key {
	if w.parts.Lock != "redisson" {
		return nil
	}
	var keys []Key
	for _, l := range w.locks {
		keys = append(keys, Key{
			Name: LockKey(w.pool.names[l.workflow]), Kind: KeyHash, TTL: max(l.until-w.now, 1),
			Fields: []Field{{Name: LockField(l.owner), Value: fmt.Sprint(l.holds)}},
		})
	}
	return keys
}

func (w *World) orkesKeys() []Key {
	var keys []Key
	for _, q := range w.queues {
		if len(q.messages) == 0 {
			continue
		}
		k := Key{Name: OrkesKey(w.pool.names[q.name]), Kind: KeySortedSet}
		for _, m := range q.messages {
			k.Fields = append(k.Fields, Field{Name: w.pool.names[m.id], Score: OrkesScore(m.at, m.prio)})
		}
		keys = append(keys, k)
	}
	return keys
}

// OrkesScoreOf is the score of a message; false if the queue has none of that id.
func (w *World) OrkesScoreOf(queue, id sim.Object) (float64, bool) {
	q := w.found(queue)
	i := q.index(id)
	if i < 0 {
		return 0, false
	}
	return OrkesScore(q.messages[i].at, q.messages[i].prio), true
}

// OrkesScore is the score of a message that is due at a time, with a priority.
func OrkesScore(at, prio int64) float64 { return float64(at) + 1 - 1/float64(prio+1) }

func (w *World) recordKeys() []Key {
	var keys []Key
	owners := Key{Name: OwnersKey, Kind: KeyHash}
	for _, f := range w.flows {
		id := w.pool.names[f.id]
		if f.record != 0 {
			keys = append(keys, Key{Name: RecordKey(id), Kind: KeyString, Fields: []Field{{Value: w.JSON(f.record)}}})
		}
		if len(f.tasks) == 0 {
			continue
		}
		tasks := Key{Name: RecordKey(id) + ".tasks", Kind: KeyHash}
		order := Key{Name: RecordKey(id) + ".order", Kind: KeyList}
		for _, ref := range f.tasks {
			task := string(w.pool.entries[ref].task.ID)
			tasks.Fields = append(tasks.Fields, Field{Name: task, Value: w.JSON(ref)})
			order.Fields = append(order.Fields, Field{Name: task})
			owners.Fields = append(owners.Fields, Field{Name: task, Value: id})
		}
		keys = append(keys, order, tasks)
		if len(f.loose) > 0 {
			loose := Key{Name: RecordKey(id) + ".loose", Kind: KeySet}
			for _, task := range f.loose {
				loose.Fields = append(loose.Fields, Field{Name: w.pool.names[task]})
			}
			keys = append(keys, loose)
		}
	}
	if len(owners.Fields) > 0 {
		keys = append(keys, owners)
	}
	return keys
}

func (w *World) commandKey(r row) Key {
	k := Key{Name: w.CommandKey(r.key)}
	switch w.keyspace.keys[r.key].kind {
	case keyWorkflow, keyTask:
		k.Kind = KeyString
	case keyTasksOf:
		k.Kind = KeySet
	case keyScheduled, keyMessages:
		k.Kind = KeyHash
	default:
		k.Kind = KeySortedSet
	}
	for _, f := range r.fields {
		field := Field{Name: w.pool.names[f.name], Value: w.JSON(f.ref)}
		if k.Kind == KeySortedSet {
			field.Score = float64(f.at) + float64(f.prio)/100
		}
		k.Fields = append(k.Fields, field)
	}
	return k
}

// ZAddScore is the score that a step of ZADD sets, and the word that limits it: NX, XX or none.
func (w *World) ZAddScore(s *sim.Step, now int64) (at float64, only string) {
	ms := s.A
	if s.B&zaddAbsolute == 0 {
		ms += now
	}
	switch {
	case s.B&zaddNX != 0:
		only = "NX"
	case s.B&zaddXX != 0:
		only = "XX"
	}
	return float64(ms) + float64(s.B>>zaddShift)/100, only
}

// DynoScore is the score of a push of dyno.
func DynoScore(now, offset, priority int64) float64 {
	ms, prio := split(priority)
	return float64(now+offset+ms) + float64(prio)/100
}

// DynoKey is the name on the server of a queue's QUEUE, UNACK or MESSAGE.
func (w *World) DynoKey(kind, queue string) string {
	for k, name := range keyNames {
		if name == kind {
			return w.CommandKey(w.key(keyKind(k), queue))
		}
	}
	panic("world: no such key: " + kind)
}

// TaskKey is the name on the server of a task of the Redis store.
func (w *World) TaskKey(id string) string { return w.CommandKey(w.key(keyTask, id)) }

// TaskRef is the number of a task's value, which TaskOf gives back.
func (w *World) TaskRef(t model.Task) sim.Ref { return w.pool.task(t) }

// TaskOf is the task that stands behind a value, and TaskList those of a list.
func (w *World) TaskOf(ref sim.Ref) model.Task { return w.pool.entries[ref].task }

// TaskList are the tasks of a list, in its order.
func (w *World) TaskList(list sim.Ref) []model.Task {
	var tasks []model.Task
	for _, ref := range w.pool.entries[list].list {
		tasks = append(tasks, w.pool.entries[ref].task)
	}
	return tasks
}

// Task is a task's row.
func (w *World) Task(id model.TaskID) (model.Task, bool) {
	ref := w.storePart.task(w.pool.byName[string(id)])
	return w.pool.entries[ref].task, ref != 0
}

// PoppedIDs are the ids that a pop answered.
func (w *World) PoppedIDs(r sim.Reply) []string {
	switch {
	case r.Object != 0:
		return []string{w.pool.names[r.Object]}
	case r.Ref != 0:
		ids, _ := w.Members(r.Ref)
		return ids
	}
	return nil
}

// UnackTime is how long a message that orkes delivered stays hidden, in milliseconds.
func (w *World) UnackTime() int64 { return int64(w.cfg.UnackTimeMs) }

// Tables lists what the parts that are a SQL database hold, a line a row: locks whose lease is not over, messages,
// records, tasks, and what is scheduled.
func (w *World) Tables() []string {
	var rows []string
	add := func(format string, args ...any) { rows = append(rows, fmt.Sprintf(format, args...)) }
	if w.parts.Lock == "postgres" || w.parts.Lock == "postgres-reentrant" {
		for _, l := range w.locks {
			if l.kind == lockRow && l.until > w.now {
				add("lock %s %d", w.pool.names[l.workflow], l.until)
			}
		}
	}
	if w.parts.Queue == "sql" {
		for _, q := range w.queues {
			for _, m := range q.messages {
				add("message %s %s %d %d %t", w.pool.names[q.name], w.pool.names[m.id], m.prio, m.at, m.popped)
			}
		}
	}
	if w.parts.Store == "sql" {
		for _, f := range w.flows {
			if f.record != 0 {
				add("workflow %s %s", w.pool.names[f.id], w.JSON(f.record))
			}
			for _, ref := range f.tasks {
				add("task %s %s", w.pool.names[f.id], w.JSON(ref))
			}
		}
		for _, r := range w.keyspace.rows {
			for _, f := range r.fields {
				add("scheduled %s %s %s", w.pool.names[w.keyspace.keys[r.key].of], w.pool.names[f.name], w.JSON(f.ref))
			}
		}
	}
	slices.Sort(rows)
	return rows
}
