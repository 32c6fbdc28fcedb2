package world

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"fermata/model"
	"fermata/sim"
	"fermata/sweeper"
)

// Parts names the lock, the queue and the store of a World. An empty name is the first of its list.
type Parts struct{ Lock, Queue, Store string }

// Locks lists the locks by name.
func Locks() []string {
	return []string{"redisson", "local", "postgres", "postgres-reentrant", "noop", "disabled"}
}

// Queues lists the queues by name.
func Queues() []string { return []string{"orkes", "dyno", "sql"} }

// Stores lists the stores by name.
func Stores() []string { return []string{"record", "redis", "sql"} }

// Named is the parts with every name, and an error for a name that no part has.
func (p Parts) Named() (Parts, error) {
	for _, part := range []struct {
		what  string
		name  *string
		names []string
	}{{"lock", &p.Lock, Locks()}, {"queue", &p.Queue, Queues()}, {"store", &p.Store, Stores()}} {
		if *part.name == "" {
			*part.name = part.names[0]
		}
		if !slices.Contains(part.names, *part.name) {
			return p, fmt.Errorf("unknown %s %q: expected one of %s", part.what, *part.name,
				strings.Join(part.names, ", "))
		}
	}
	return p, nil
}

// OneTransaction tells whether queue and store are in one database, so that one transaction, or one script, can
// span both: what the atomic repair needs.
func (p Parts) OneTransaction() bool {
	if p.Queue == "sql" {
		return p.Store == "sql" || p.Store == "record"
	}
	return p.Store == "redis"
}

// lockPart is a kind of lock.
type lockPart interface {
	// apply takes a step of the lock.
	apply(v sweeper.Verb, a sim.ActorID, s *sim.Step) sim.Reply
	// expire ends what is over of the i-th row, which it may remove.
	expire(i int)
}

// queuePart is a kind of queue. It answers for every queue of the World.
type queuePart interface {
	port() sweeper.QueueDAO
	// apply takes a step of a queue.
	apply(v sweeper.Verb, a sim.ActorID, s *sim.Step) sim.Reply
	// push adds a message as a push does, at once, with an offset in milliseconds.
	push(queue, id sim.Object, priority, offset int64)
	// put sets up a message that is due at a time.
	put(queue sim.Object, m message)
	// contains is what containsMessage answers; at is when a message that can be delivered is due.
	contains(queue, id sim.Object) bool
	at(queue, id sim.Object) (due int64, ok bool)
	// names are the queues with a message that can be delivered, and messages those messages.
	names() []sim.Object
	messages(queue sim.Object) []sim.Object
	// deadlines calls see with each time at which a message comes due, or its delivery is over.
	deadlines(see func(what string, queue, id sim.Object, at int64))
	// visible is told since when time has passed to now, and says which messages came due again meanwhile.
	visible(since int64)
	// unacknowledged calls see with each message that was delivered and is hidden, and redeliver has it due now.
	// A queue that does not itself keep them apart does with Config.Redelivers.
	unacknowledged(see func(queue, id sim.Object))
	redeliver(queue, id sim.Object)
	// unacks is the queue's own thread, which puts back what was delivered and never acknowledged; nil if the
	// queue has none.
	unacks() func(ctx context.Context, queue string) error
}

// storePart is a kind of store.
type storePart interface {
	port() sweeper.ExecutionDAO
	// apply takes a step of the store.
	apply(v sweeper.Verb, a sim.ActorID, s *sim.Step) sim.Reply
	// put sets up a workflow with its tasks.
	put(wf model.Workflow)
	// ids appends the workflows, present or removed; record is a workflow's, 0 if it has none; tasks are its
	// tasks' in the order of the store.
	ids(to []sim.Object) []sim.Object
	record(id sim.Object) sim.Ref
	tasks(id sim.Object) []sim.Ref
	// task is the row of a task's id; 0 if there is none.
	task(id sim.Object) sim.Ref
}

func (w *World) assembleParts() {
	parts, err := w.cfg.Parts.Named()
	if err != nil {
		panic("world: " + err.Error())
	}
	w.parts = parts
	switch parts.Lock {
	case "redisson":
		w.lockPart = redissonLock{w}
	case "local":
		w.lockPart = localLock{w}
	case "postgres":
		w.lockPart = postgresLock{w}
	case "postgres-reentrant":
		w.lockPart = reentrantLock{postgresLock{w}}
	default:
		w.lockPart = noLock{w}
	}
	switch parts.Queue {
	case "orkes":
		w.queuePart = orkesQueue{w}
	case "dyno":
		w.queuePart = dynoQueue{w}
	case "sql":
		w.queuePart = sqlQueue{w}
	}
	switch parts.Store {
	case "record":
		w.storePart = recordStore{w}
	case "sql":
		w.storePart = sqlStore{recordStore{w}}
	case "redis":
		w.storePart = redisStore{w}
	}
}

// Parts are the names of the World's parts.
func (w *World) Parts() Parts { return w.parts }
