package world

import (
	"context"
	"slices"

	"fermata/model"
	"fermata/sim"
	"fermata/sweeper"
)

// queue is the messages of one queue of orkes or SQL.
type queue struct {
	name     sim.Object
	messages []message // of orkes by score, then by id; of SQL in the order of insertion
}

type message struct {
	id sim.Object
	// at is the millisecond at which the message is due. prio stands for the fraction 1-1/(p+1) that
	// the real score adds.
	at   int64
	prio int64
	// popped is the flag of the SQL queue: delivered, and not yet given back. With Config.Redelivers orkes has it too.
	popped bool
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

func (w *World) insert(q *queue, m message) {
	if i := q.index(m.id); i >= 0 {
		q.messages = slices.Delete(q.messages, i, i+1)
	}
	at := 0
	for i, other := range q.messages {
		if other.at == m.at && other.prio == m.prio {
			w.tied(m.id, other.id)
		}
		if at == i && w.before(other, m) {
			at++
		}
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
		return message{id: id, at: w.now + offset, prio: priority}
	case priority > 0:
		return message{id: id, at: priority}
	}
	return message{id: id, at: w.now}
}

// orkesQueue is the queue of orkes-conductor-queues (ConductorRedisQueue): one sorted set. A message is due when
// its score is reached, and stays in the set while it is delivered. The millisecond by which a pop looks ahead
// is left out, on both sides of the comparison.
type orkesQueue struct{ *World }

// apply takes a step of a queue. Object is the queue, Other the message.
func (w orkesQueue) apply(v sweeper.Verb, _ sim.ActorID, s *sim.Step) sim.Reply {
	q := w.queue(s.Object)
	i := q.index(s.Other)
	w.effect.WasPresent = i >= 0
	switch v {
	case sweeper.QueuePop:
		return w.pop(q, s)
	case sweeper.QueuePush, sweeper.QueuePostpone:
		w.push(s.Object, s.Other, s.B, s.A*1000)
		return sim.Reply{}
	case sweeper.QueuePushMillis:
		w.push(s.Object, s.Other, s.B, s.A)
		return sim.Reply{}
	case sweeper.QueueAck, sweeper.QueueRemove:
		if i >= 0 {
			q.messages = slices.Delete(q.messages, i, i+1)
		}
		return answer(i >= 0 || v == sweeper.QueueRemove)
	case sweeper.QueueSetUnackTimeout:
		// The real one answers whether it changed the score. It always does where time passes between two calls.
		if i >= 0 {
			w.insert(q, message{id: s.Other, at: w.now + s.A, popped: q.messages[i].popped})
		}
		return answer(i >= 0)
	case sweeper.QueueSetUnackTimeoutIfShorter:
		m := message{id: s.Other, at: w.now + s.A}
		sooner := i >= 0 && w.before(m, q.messages[i])
		if sooner {
			m.popped = q.messages[i].popped
			w.insert(q, m)
		}
		return answer(sooner)
	}
	return answer(i >= 0) // containsMessage
}

func (w orkesQueue) push(queue, id sim.Object, priority, offset int64) {
	w.insert(w.queue(queue), w.score(id, priority, offset))
	w.pushed(id)
}

// pushed notes that a message was put into a queue.
func (w *World) pushed(id sim.Object) {
	w.effect.Pushed = true
	if t := w.storePart.task(id); t != 0 {
		w.effect.TaskStatus = w.pool.entries[t].task.Status
	}
}

// batchMax is the most that one pop delivers.
const batchMax = 100

// pop delivers due messages and hides them; they stay in the set.
func (w orkesQueue) pop(q *queue, s *sim.Step) sim.Reply {
	for _, m := range q.messages {
		if m.at > w.now || len(w.effect.Delivered) == min(int(s.A), batchMax) {
			break
		}
		w.effect.Delivered = append(w.effect.Delivered, m.id)
	}
	for _, id := range w.effect.Delivered {
		w.insert(q, message{id: id, at: w.now + int64(w.cfg.UnackTimeMs), popped: w.cfg.Redelivers})
	}
	return w.delivered()
}

// delivered answers with what was delivered.
func (w *World) delivered() sim.Reply {
	switch ids := w.effect.Delivered; len(ids) {
	case 0:
		return sim.Reply{Code: no}
	case 1:
		return sim.Reply{Object: ids[0]}
	default:
		return sim.Reply{Ref: w.idList(ids)}
	}
}

// idList interns a list of ids.
func (w *World) idList(ids []sim.Object) sim.Ref {
	w.scratch = w.scratch[:0]
	for _, id := range ids {
		w.scratch = append(w.scratch, w.idRef(model.TaskID(w.pool.names[id])))
	}
	return w.pool.list(w.scratch...)
}

// put takes a message that is hidden at the start for one that was delivered before.
func (w orkesQueue) put(queue sim.Object, m message) {
	m.popped = w.cfg.Redelivers && m.at > w.now
	w.insert(w.queue(queue), m)
}

func (w orkesQueue) unacknowledged(see func(queue, id sim.Object)) {
	for i := range w.queues {
		for _, m := range w.queues[i].messages {
			if m.popped && m.at > w.now {
				see(w.queues[i].name, m.id)
			}
		}
	}
}

func (w orkesQueue) redeliver(queue, id sim.Object) {
	w.insert(w.queue(queue), message{id: id, at: w.now})
}

func (w orkesQueue) contains(queue, id sim.Object) bool { return w.found(queue).index(id) >= 0 }

func (w orkesQueue) at(queue, id sim.Object) (due int64, ok bool) {
	q := w.found(queue)
	i := q.index(id)
	if i < 0 {
		return 0, false
	}
	return q.messages[i].at, true
}

func (w orkesQueue) names() []sim.Object {
	var names []sim.Object
	for i := range w.queues {
		if len(w.queues[i].messages) > 0 {
			names = append(names, w.queues[i].name)
		}
	}
	return names
}

func (w orkesQueue) messages(queue sim.Object) []sim.Object {
	var ids []sim.Object
	for _, m := range w.found(queue).messages {
		ids = append(ids, m.id)
	}
	return ids
}

func (w orkesQueue) deadlines(see func(what string, queue, id sim.Object, at int64)) {
	for i := range w.queues {
		for _, m := range w.queues[i].messages {
			see(visibility, w.queues[i].name, m.id, m.at)
		}
	}
}

// visibility names the deadline of a message that comes due.
const visibility = "queue.visibility"

// visible notes the messages of tasks that have come due.
func (w orkesQueue) visible(since int64) {
	for i := range w.queues {
		for _, m := range w.queues[i].messages {
			if m.at > since && m.at <= w.now && w.queues[i].name != w.decider {
				w.effect.Visible = append(w.effect.Visible, m.id)
			}
		}
	}
}

func (w orkesQueue) unacks() func(context.Context, string) error { return nil }

func (w orkesQueue) port() sweeper.QueueDAO { return queuePort{w.World} }

func answer(yes bool) sim.Reply {
	if yes {
		return sim.Reply{}
	}
	return sim.Reply{Code: no}
}

// PutMessage puts a message into a queue, due after that time.
func (w *World) PutMessage(queueName, id string, priority int, due model.Millis) {
	m := message{id: w.Object(id), at: w.now + int64(due), prio: int64(priority)}
	w.queuePart.put(w.Object(queueName), m)
}

// Message tells whether a queue has a message that can be delivered, and when it is due; not above 0 is now.
func (w *World) Message(queueName, id string) (due model.Millis, ok bool) {
	at, ok := w.queuePart.at(w.pool.byName[queueName], w.pool.byName[id])
	if !ok {
		return 0, false
	}
	return model.Millis(max(at-w.now, 0)), true
}

// Queued tells whether a queue has a message that can be delivered, due or not.
func (w *World) Queued(queueName, id string) bool {
	_, ok := w.Message(queueName, id)
	return ok
}

// QueuedOf tells whether the decider queue has a workflow's message that can be delivered, due or not.
func (w *World) QueuedOf(workflow sim.Object) bool {
	_, ok := w.queuePart.at(w.decider, workflow)
	return ok
}

// Contains tells what containsMessage would.
func (w *World) Contains(queueName, id string) bool {
	return w.queuePart.contains(w.pool.byName[queueName], w.pool.byName[id])
}

// Queues lists the queues that have a message that can be delivered, by name.
func (w *World) Queues() []string { return w.namesOf(w.queuePart.names()) }

// Messages lists a queue's messages that can be delivered, by when they are due.
func (w *World) Messages(queueName string) []string {
	return w.namesOf(w.queuePart.messages(w.Object(queueName)))
}

func (w *World) namesOf(objects []sim.Object) []string {
	var names []string
	for _, o := range objects {
		names = append(names, w.pool.names[o])
	}
	return names
}

// Unacks is the queue's own thread, which gives back what was delivered and never acknowledged; nil if the
// queue has none.
func (w *World) Unacks() func(ctx context.Context, queue string) error {
	job := w.queuePart.unacks()
	if job == nil || !w.cfg.Guarded {
		return job
	}
	return func(ctx context.Context, queue string) error {
		defer w.enter(ctx, sweeper.QueueProcessUnacks.String()).Leave()
		return job(ctx, queue)
	}
}
