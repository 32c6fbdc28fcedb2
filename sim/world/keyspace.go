package world

import (
	"cmp"
	"context"
	"slices"

	"fermata/model"
	"fermata/sim"
	"fermata/sweeper"
)

// row is one key of Redis with what it holds: a string is one field without a name, a set is fields without
// values, a hash fields with them, and a sorted set fields with scores. A key that holds nothing is not there.
type row struct {
	key    sim.Object
	fields []field // by name; of a sorted set by score, then by name
}

type field struct {
	name sim.Object
	ref  sim.Ref // the value of a string, or of a hash's field
	at   int64   // the score of a sorted set's member, in milliseconds
	prio int64   // and the hundredths that it has beyond
}

// key tells the keys of the parts from one another.
type key struct {
	kind keyKind
	of   sim.Object // a workflow, a task or a queue
}

type keyKind uint8

const (
	noKey keyKind = iota
	keyWorkflow
	keyTask
	keyTasksOf
	keyScheduled
	keyMessages
	keyQueue
	keyUnack
)

// keyNames are the names of the keys without the namespace before and the id behind.
var keyNames = [...]string{
	keyWorkflow: "WORKFLOW", keyTask: "TASK", keyTasksOf: "WORKFLOW_TO_TASKS", keyScheduled: "SCHEDULED_TASKS",
	keyMessages: "MESSAGE", keyQueue: "QUEUE", keyUnack: "UNACK",
}

// keyspace is the keys of the parts that are sequences of Redis commands.
type keyspace struct {
	rows []row // by name
	keys map[sim.Object]key
}

// key gives the name of a key.
func (w *World) key(kind keyKind, of string) sim.Object {
	o := w.pool.object(keyNames[kind] + "." + of)
	if _, ok := w.keyspace.keys[o]; !ok {
		w.keyspace.keys[o] = key{kind, w.pool.object(of)}
	}
	return o
}

// held finds what a key holds; nil if it is not there.
func (w *World) held(key sim.Object) *row {
	for i := range w.keyspace.rows {
		if w.keyspace.rows[i].key == key {
			return &w.keyspace.rows[i]
		}
	}
	return nil
}

// made gives the key's row, made if it is not there.
func (w *World) made(key sim.Object) *row {
	if r := w.held(key); r != nil {
		return r
	}
	at := 0
	for at < len(w.keyspace.rows) && w.pool.names[w.keyspace.rows[at].key] < w.pool.names[key] {
		at++
	}
	w.keyspace.rows = slices.Insert(w.keyspace.rows, at, row{key: key})
	return &w.keyspace.rows[at]
}

// field finds a field of a key; nil if there is none.
func (w *World) field(key, name sim.Object) *field {
	if r := w.held(key); r != nil {
		for i := range r.fields {
			if r.fields[i].name == name {
				return &r.fields[i]
			}
		}
	}
	return nil
}

// setField puts a field, and tells whether it is new.
func (w *World) setField(key sim.Object, f field) bool {
	fresh := !w.dropField(key, f.name)
	r := w.made(key)
	at := 0
	for i, other := range r.fields {
		if other.at == f.at && other.prio == f.prio {
			w.tied(f.name, other.name)
		}
		if at == i && w.fieldBefore(other, f) {
			at++
		}
	}
	r.fields = slices.Insert(r.fields, at, f)
	return fresh
}

func (w *World) fieldBefore(a, b field) bool {
	if c := cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.prio, b.prio)); c != 0 {
		return c < 0
	}
	return w.pool.names[a.name] < w.pool.names[b.name]
}

// dropField removes a field, and tells whether it was there.
func (w *World) dropField(key, name sim.Object) bool {
	r := w.held(key)
	if r == nil {
		return false
	}
	for i := range r.fields {
		if r.fields[i].name == name {
			r.fields = slices.Delete(r.fields, i, i+1)
			w.dropEmpty()
			return true
		}
	}
	return false
}

func (w *World) dropKey(key sim.Object) bool {
	r := w.held(key)
	if r == nil {
		return false
	}
	r.fields = r.fields[:0]
	w.dropEmpty()
	return true
}

func (w *World) dropEmpty() {
	w.keyspace.rows = slices.DeleteFunc(w.keyspace.rows, func(r row) bool { return len(r.fields) == 0 })
}

// The flags of ZADD, in its B, above which stands the priority.
const (
	zaddNX       = 1 << iota // only if it is not there
	zaddAbsolute             // A is the score, and else what is added to the time
	zaddXX                   // only if it is there
	zaddShift    = iota
)

// applyCommand takes a step that is one Redis command. Object is the key, Other the field or member.
func (w *World) applyCommand(v sweeper.Verb, s *sim.Step) sim.Reply {
	f := w.field(s.Object, s.Other)
	count := func(n bool) sim.Reply {
		if n {
			return sim.Reply{N: 1}
		}
		return sim.Reply{}
	}
	switch v {
	case sweeper.RedisGet, sweeper.RedisHGet:
		if f == nil {
			return sim.Reply{Code: no}
		}
		return sim.Reply{Ref: f.ref}
	case sweeper.RedisSet:
		w.setField(s.Object, field{ref: s.Ref})
		return sim.Reply{}
	case sweeper.RedisDel:
		return count(w.dropKey(s.Object))
	case sweeper.RedisHSet:
		return count(w.setField(s.Object, field{name: s.Other, ref: s.Ref}))
	case sweeper.RedisSAdd:
		return count(w.setField(s.Object, field{name: s.Other}))
	case sweeper.RedisHDel, sweeper.RedisSRem, sweeper.RedisZRem:
		return count(w.dropField(s.Object, s.Other))
	case sweeper.RedisSScan:
		return w.members(s.Object, func(field) bool { return true })
	case sweeper.RedisZScore:
		if f == nil {
			return sim.Reply{Code: no}
		}
		return sim.Reply{N: f.at}
	case sweeper.RedisZAdd:
		return count(w.zadd(f, s))
	case sweeper.RedisZRange:
		until, left := w.now+s.A, s.B // ZRANGEBYSCORE key 0 until LIMIT 0 left
		return w.members(s.Object, func(f field) bool {
			left--
			return left >= 0 && (f.at < until || f.at == until && f.prio == 0)
		})
	}
	panic("world: a step has a verb that no port makes")
}

// zadd sets a score, and tells whether the member is new.
func (w *World) zadd(f *field, s *sim.Step) bool {
	if f != nil && s.B&zaddNX != 0 || f == nil && s.B&zaddXX != 0 {
		return false
	}
	at := s.A
	if s.B&zaddAbsolute == 0 {
		at += w.now
	}
	return w.setField(s.Object, field{name: s.Other, at: at, prio: s.B >> zaddShift})
}

// members answers with a key's fields, in order, as far as take goes.
func (w *World) members(key sim.Object, take func(field) bool) sim.Reply {
	w.scratch = w.scratch[:0]
	if r := w.held(key); r != nil {
		scores := w.keyspace.keys[key].kind == keyUnack // WITHSCORES
		for _, f := range r.fields {
			if !take(f) {
				break
			}
			t := model.Task{ID: model.TaskID(w.pool.names[f.name])}
			if scores {
				t.UpdateTime = model.Millis(f.at)
			}
			w.scratch = append(w.scratch, w.pool.task(t))
		}
	}
	return sim.Reply{Ref: w.pool.list(w.scratch...)}
}

// member is one entry of what a set or a sorted set answers, with its score.
type member struct {
	id    string
	score int64
}

func (w *World) memberList(r sim.Reply) []member {
	var list []member
	for _, ref := range w.pool.entries[r.Ref].list {
		t := &w.pool.entries[ref].task
		list = append(list, member{string(t.ID), int64(t.UpdateTime)})
	}
	return list
}

// commands is how a part sends its Redis commands: each is a step of one call.
type commands struct {
	w    *World
	ctx  context.Context
	call sweeper.Verb
}

// step is a command on a key, with the accesses that its verb has.
func (c commands) step(v sweeper.Verb, key sim.Object, member string) sim.Step {
	s := sim.Step{Verb: sim.Verb(v), Call: sim.Verb(c.call), Object: key, Other: c.w.pool.object(member)}
	kind := sim.Write
	switch v {
	case sweeper.RedisGet, sweeper.RedisHGet, sweeper.RedisSScan, sweeper.RedisZScore, sweeper.RedisZRange:
		kind = sim.Read
	}
	s.Touch(key, kind)
	if v == sweeper.RedisZAdd || v == sweeper.RedisZRange {
		s.Touch(c.w.time, sim.Read)
	}
	return s
}

func (c commands) do(s sim.Step) (sim.Reply, error) {
	r := actorOf(c.ctx).Do(&s)
	return r, errorOf(r)
}

// count runs a command that answers with a number.
func (c commands) count(v sweeper.Verb, key sim.Object, member string) (int64, error) {
	r, err := c.do(c.step(v, key, member))
	return r.N, err
}
