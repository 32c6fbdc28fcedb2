package world

import (
	"slices"

	"fermata/model"
	"fermata/sim"
	"fermata/sweeper"
)

// queue is one sorted set: a message is due when its score is reached, and stays in the set while it
// is delivered (orkes-conductor-queues, ConductorRedisQueue).
type queue struct {
	name     sim.Object
	messages []message // by score, then by id
}

type message struct {
	id sim.Object
	// at is the millisecond at which the message is due. prio stands for the fraction 1-1/(p+1) that
	// the real score adds.
	at   int64
	prio int64
}

// queue gives the queue of that name, made on first use; the order is that of the names.
func (w *World) queue(name sim.Object) *queue {
	for i := range w.queues {
		if w.queues[i].name == name {
			return &w.queues[i]
		}
	}
	at := 0
	for at < len(w.queues) && w.pool.names[w.queues[at].name] < w.pool.names[name] {
		at++
	}
	w.queues = slices.Insert(w.queues, at, queue{name: name})
	return &w.queues[at]
}

// found gives the queue of that name, or an empty one that is not kept.
func (w *World) found(name sim.Object) *queue {
	for i := range w.queues {
		if w.queues[i].name == name {
			return &w.queues[i]
		}
	}
	return &queue{}
}

func (q *queue) index(id sim.Object) int {
	for i := range q.messages {
		if q.messages[i].id == id {
			return i
		}
	}
	return -1
}

func (w *World) put(q *queue, m message) {
	if i := q.index(m.id); i >= 0 {
		q.messages = slices.Delete(q.messages, i, i+1)
	}
	at := 0
	for at < len(q.messages) && w.before(q.messages[at], m) {
		at++
	}
	q.messages = slices.Insert(q.messages, at, m)
}

// before is the order of the sorted set: by score, then by id.
func (w *World) before(a, b message) bool {
	switch {
	case a.at != b.at:
		return a.at < b.at
	case a.prio != b.prio:
		return a.prio < b.prio
	}
	return w.pool.names[a.id] < w.pool.names[b.id]
}

// score is where a push puts a message: a delay counts from now, and a higher priority comes a
// fraction of a millisecond later; without a delay a priority is itself the score, far in the past.
func (w *World) score(id sim.Object, priority, offset int64) message {
	switch {
	case offset > 0:
		return message{id, w.now + offset, priority}
	case priority > 0:
		return message{id, priority, 0}
	}
	return message{id, w.now, 0}
}

// applyQueue takes a step of a queue. Object is the queue, Other the message.
func (w *World) applyQueue(v sweeper.Verb, s *sim.Step) sim.Reply {
	q := w.queue(s.Object)
	i := q.index(s.Other)
	w.effect.WasPresent = i >= 0
	switch v {
	case sweeper.QueuePop:
		return w.pop(q, s)
	case sweeper.QueuePush, sweeper.QueuePostpone:
		w.push(q, s.Other, s.B, s.A*1000)
		return sim.Reply{}
	case sweeper.QueuePushMillis:
		w.push(q, s.Other, s.B, s.A)
		return sim.Reply{}
	case sweeper.QueuePushIfNotExists:
		if i < 0 {
			w.push(q, s.Other, s.B, s.A*1000)
		}
		return answer(i < 0)
	case sweeper.QueueAck, sweeper.QueueRemove:
		if i >= 0 {
			q.messages = slices.Delete(q.messages, i, i+1)
		}
		return answer(i >= 0 || v == sweeper.QueueRemove)
	case sweeper.QueueSetUnackTimeout:
		if i >= 0 {
			w.put(q, message{id: s.Other, at: w.now + s.A})
		}
		return answer(i >= 0)
	case sweeper.QueueSetUnackTimeoutIfShorter:
		m := message{id: s.Other, at: w.now + s.A}
		sooner := i >= 0 && w.before(m, q.messages[i])
		if sooner {
			w.put(q, m)
		}
		return answer(sooner)
	}
	return answer(i >= 0) // containsMessage
}

func (w *World) push(q *queue, id sim.Object, priority, offset int64) {
	w.put(q, w.score(id, priority, offset))
	w.effect.Pushed = true
	if t, _, ok := w.findTask(id); ok {
		w.effect.TaskStatus = t.Status
	}
}

// batchMax is the most that one pop delivers.
const batchMax = 100

// pop delivers due messages and hides them; they stay in the set.
func (w *World) pop(q *queue, s *sim.Step) sim.Reply {
	w.scratch = w.scratch[:0]
	for _, m := range q.messages {
		if m.at > w.now || len(w.effect.Delivered) == min(int(s.A), batchMax) {
			break
		}
		w.effect.Delivered = append(w.effect.Delivered, m.id)
	}
	for _, id := range w.effect.Delivered {
		w.put(q, message{id: id, at: w.now + int64(w.cfg.UnackTimeMs)})
	}
	switch len(w.effect.Delivered) {
	case 0:
		return sim.Reply{Code: no}
	case 1:
		return sim.Reply{Object: w.effect.Delivered[0]}
	}
	for _, id := range w.effect.Delivered {
		w.scratch = append(w.scratch, w.pool.task(model.Task{ID: model.TaskID(w.pool.names[id])}))
	}
	return sim.Reply{Ref: w.pool.list(w.scratch...)}
}

func answer(yes bool) sim.Reply {
	if yes {
		return sim.Reply{}
	}
	return sim.Reply{Code: no}
}

// PutMessage puts a message into a queue, due after that time.
func (w *World) PutMessage(queueName, id string, priority int, due model.Millis) {
	q := w.queue(w.Object(queueName))
	w.put(q, message{w.Object(id), w.now + int64(due), int64(priority)})
}

// Message tells whether a queue has a message, and when it is due; not above 0 is now.
func (w *World) Message(queueName, id string) (due model.Millis, ok bool) {
	q := w.found(w.pool.byName[queueName])
	i := q.index(w.pool.byName[id])
	if i < 0 {
		return 0, false
	}
	return model.Millis(max(q.messages[i].at-w.now, 0)), true
}

// Queued tells whether a queue has a message, due or not.
func (w *World) Queued(queueName, id string) bool {
	_, ok := w.Message(queueName, id)
	return ok
}

// Queues lists the queues that have a message, by name.
func (w *World) Queues() []string {
	var names []string
	for i := range w.queues {
		if len(w.queues[i].messages) > 0 {
			names = append(names, w.pool.names[w.queues[i].name])
		}
	}
	return names
}

// Messages lists a queue's messages by when they are due.
func (w *World) Messages(queueName string) []string {
	var ids []string
	for _, m := range w.found(w.Object(queueName)).messages {
		ids = append(ids, w.pool.names[m.id])
	}
	return ids
}
