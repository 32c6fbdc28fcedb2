package world

import (
	"cmp"
	"context"
	"slices"

	"fermata/model"
	"fermata/sim"
	"fermata/sweeper"
)

// sqlQueue is PostgresQueueDAO (MySQL's is the same): a row for each message with the time from which it may be
// delivered, and the flag popped. A pop sets the flag and nothing else; a push onto a message that is there moves
// its time and leaves priority and flag as they are; a thread of the queue's own takes the flag off a minute
// after that time. Each call is a transaction of its own, and one step, but for postpone, which is a removal and
// a push.
type sqlQueue struct{ *World }

const (
	// sqlUnackMs is how long after its time a popped message is given back.
	sqlUnackMs = 60_000
	// sqlAheadMs is how far ahead of its time a message may be popped.
	sqlAheadMs = 1
)

func (w sqlQueue) apply(v sweeper.Verb, _ sim.ActorID, s *sim.Step) sim.Reply {
	if v == sweeper.QueueProcessUnacks {
		return w.giveBack()
	}
	q := w.queue(s.Object)
	i := q.index(s.Other)
	w.effect.WasPresent = i >= 0
	switch v {
	case sweeper.QueuePop:
		return w.pop(q, int(s.A))
	case sweeper.QueuePush:
		w.push(s.Object, s.Other, s.B, s.A*1000)
		return sim.Reply{}
	case sweeper.QueuePushMillis:
		w.push(s.Object, s.Other, s.B, s.A/1000*1000) // QueueDAO's own: whole seconds
		return sim.Reply{}
	case sweeper.QueuePushIfNotExists:
		if i < 0 {
			w.push(s.Object, s.Other, s.B, s.A*1000)
		}
		return answer(i < 0)
	case sweeper.QueueAck, sweeper.QueueRemove:
		if i >= 0 {
			q.messages = slices.Delete(q.messages, i, i+1)
		}
		return answer(i >= 0 || v == sweeper.QueueRemove)
	case sweeper.QueueSetUnackTimeout:
		if i >= 0 {
			q.messages[i].at = w.now + s.A/1000*1000
		}
		return answer(i >= 0)
	case sweeper.QueueSetUnackTimeoutIfShorter:
		at := w.now + s.A/1000*1000
		sooner := i >= 0 && q.messages[i].at > at
		if sooner {
			q.messages[i].at = at
		}
		return answer(sooner)
	}
	return answer(i >= 0) // containsMessage
}

// push moves the time of a message that is there, or adds one. A push without a priority is one of 0.
func (w sqlQueue) push(queue, id sim.Object, priority, offset int64) {
	q := w.queue(queue)
	at := w.now + offset
	if i := q.index(id); i >= 0 {
		q.messages[i].at = at
	} else {
		if priority > priorityMax {
			priority = 0
		}
		q.messages = append(q.messages, message{id: id, at: at, prio: priority})
	}
	w.pushed(id)
}

// priorityMax is the highest priority that a workflow can have; above it is a push without one.
const priorityMax = 99

// pop flags the messages that may be delivered: the highest priority first, then the earliest, then the oldest.
func (w sqlQueue) pop(q *queue, count int) sim.Reply {
	var due []int
	for i, m := range q.messages {
		if !m.popped && m.at <= w.now+sqlAheadMs {
			due = append(due, i)
		}
	}
	slices.SortStableFunc(due, func(a, b int) int {
		x, y := q.messages[a], q.messages[b]
		return cmp.Or(cmp.Compare(y.prio, x.prio), cmp.Compare(x.at, y.at))
	})
	for _, i := range due[:min(count, len(due))] {
		q.messages[i].popped = true
		w.effect.Delivered = append(w.effect.Delivered, q.messages[i].id)
	}
	return w.delivered()
}

// giveBack is processAllUnacks: one transaction over all queues.
func (w sqlQueue) giveBack() sim.Reply {
	for i := range w.queues {
		for j := range w.queues[i].messages {
			m := &w.queues[i].messages[j]
			if m.popped && m.at+sqlUnackMs < w.now {
				m.popped = false
				if w.queues[i].name != w.decider {
					w.effect.Visible = append(w.effect.Visible, m.id)
				}
			}
		}
	}
	return sim.Reply{}
}

func (w sqlQueue) put(queue sim.Object, m message) {
	q := w.queue(queue)
	q.messages = append(q.messages, m)
}

func (w sqlQueue) contains(queue, id sim.Object) bool { return w.found(queue).index(id) >= 0 }

// at is when a message may be delivered: a popped one once it has been given back.
func (w sqlQueue) at(queue, id sim.Object) (due int64, ok bool) {
	q := w.found(queue)
	i := q.index(id)
	if i < 0 {
		return 0, false
	}
	return w.due(q.messages[i]), true
}

func (w sqlQueue) due(m message) int64 {
	if m.popped {
		return m.at + sqlUnackMs + 1
	}
	return m.at - sqlAheadMs
}

func (w sqlQueue) names() []sim.Object { return orkesQueue(w).names() }

func (w sqlQueue) messages(queue sim.Object) []sim.Object { return orkesQueue(w).messages(queue) }

func (w sqlQueue) deadlines(see func(what string, queue, id sim.Object, at int64)) {
	for i := range w.queues {
		for _, m := range w.queues[i].messages {
			what := visibility
			if m.popped {
				what = unacking
			}
			see(what, w.queues[i].name, m.id, w.due(m))
		}
	}
}

func (w sqlQueue) unacknowledged(see func(queue, id sim.Object)) {
	for i := range w.queues {
		for _, m := range w.queues[i].messages {
			if m.popped {
				see(w.queues[i].name, m.id)
			}
		}
	}
}

func (w sqlQueue) redeliver(queue, id sim.Object) {
	q := w.queue(queue)
	m := &q.messages[q.index(id)]
	m.popped, m.at = false, min(m.at, w.now)
}

// unacking names the deadline from which the queue's own thread gives a message back.
const unacking = "queue.unack"

// visible is nothing here: time alone delivers no message again.
func (w sqlQueue) visible(int64) {}

func (w sqlQueue) unacks() func(context.Context, string) error {
	return func(ctx context.Context, _ string) error {
		s := sim.Step{Verb: sim.Verb(sweeper.QueueProcessUnacks)}
		s.Touch(w.time, sim.Read)
		s.Touch(w.pool.object(everyQueue), sim.Write)
		return errorOf(actorOf(ctx).Do(&s))
	}
}

// everyQueue is the object that a step over all queues writes, and every other step of a SQL queue writes too.
const everyQueue = "queues"

func (w sqlQueue) port() sweeper.QueueDAO { return sqlPort{queuePort{w.World}} }

// sqlPort is the queue's port, with postpone as QueueDAO has it where nothing else is said: a removal, then
// a push. Between the two the message is nowhere.
type sqlPort struct{ queuePort }

func (p sqlPort) PushIfNotExists(
	ctx context.Context, queue, id string, priority int, offset model.Seconds,
) (bool, error) {
	s := p.step(sweeper.QueuePushIfNotExists, queue, id, int64(offset), int64(priority))
	return yes(actorOf(ctx).Do(&s))
}

func (p sqlPort) Postpone(
	ctx context.Context, queue, id string, priority int, postpone model.Seconds,
) (bool, error) {
	remove := p.step(sweeper.QueueRemove, queue, id, 0, 0)
	remove.Call = sim.Verb(sweeper.QueuePostpone)
	if err := errorOf(actorOf(ctx).Do(&remove)); err != nil {
		return false, err
	}
	push := p.step(sweeper.QueuePush, queue, id, int64(postpone), int64(priority))
	push.Call = sim.Verb(sweeper.QueuePostpone)
	return true, errorOf(actorOf(ctx).Do(&push))
}
