package world

import (
	"context"

	"fermata/model"
	"fermata/sim"
	"fermata/sweeper"
)

type queuePort struct{ w *World }

// step is a step of a queue; it reads the time where it sets or tests when a message is due.
func (p queuePort) step(v sweeper.Verb, queue, id string, offset, priority int64) sim.Step {
	s := sim.Step{Verb: sim.Verb(v), Object: p.w.Object(queue), Other: p.w.Object(id), A: offset, B: priority}
	kind := sim.Write
	if v == sweeper.QueueContainsMessage {
		kind = sim.Read
	}
	s.Touch(s.Object, kind)
	if p.w.parts.Queue == "sql" {
		s.Touch(p.w.pool.object(everyQueue), sim.Read)
	}
	if v != sweeper.QueueAck && v != sweeper.QueueRemove && v != sweeper.QueueContainsMessage {
		s.Touch(p.w.time, sim.Read)
	}
	return s
}

func (p queuePort) Push(ctx context.Context, queue, id string, priority int, offset model.Seconds) error {
	s := p.step(sweeper.QueuePush, queue, id, int64(offset), int64(priority))
	return errorOf(actorOf(ctx).Do(&s))
}

func (p queuePort) PushMillis(ctx context.Context, queue, id string, priority int, offset model.Millis) error {
	s := p.step(sweeper.QueuePushMillis, queue, id, int64(offset), int64(priority))
	return errorOf(actorOf(ctx).Do(&s))
}

// PushIfNotExists looks, and then pushes: two commands.
func (p queuePort) PushIfNotExists(
	ctx context.Context, queue, id string, priority int, offset model.Seconds,
) (bool, error) {
	look := p.step(sweeper.QueueContainsMessage, queue, id, 0, 0)
	look.Call = sim.Verb(sweeper.QueuePushIfNotExists)
	if there, err := yes(actorOf(ctx).Do(&look)); there || err != nil {
		return false, err
	}
	push := p.step(sweeper.QueuePush, queue, id, int64(offset), int64(priority))
	push.Call = sim.Verb(sweeper.QueuePushIfNotExists)
	return true, errorOf(actorOf(ctx).Do(&push))
}

func (p queuePort) Pop(ctx context.Context, queue string, count int, timeout model.Millis) ([]string, error) {
	s := p.step(sweeper.QueuePop, queue, "", int64(count), int64(timeout))
	r := actorOf(ctx).Do(&s)
	switch {
	case r.Code != done:
		return nil, errorOf(r)
	case r.Ref == 0:
		return []string{p.w.ObjectName(r.Object)}, nil
	}
	var ids []string
	for _, ref := range p.w.pool.entries[r.Ref].list {
		ids = append(ids, string(p.w.pool.entries[ref].task.ID))
	}
	return ids, nil
}

func (p queuePort) Ack(ctx context.Context, queue, id string) (bool, error) {
	s := p.step(sweeper.QueueAck, queue, id, 0, 0)
	return yes(actorOf(ctx).Do(&s))
}

func (p queuePort) Remove(ctx context.Context, queue, id string) error {
	s := p.step(sweeper.QueueRemove, queue, id, 0, 0)
	return errorOf(actorOf(ctx).Do(&s))
}

func (p queuePort) SetUnackTimeout(ctx context.Context, queue, id string, timeout model.Millis) (bool, error) {
	s := p.step(sweeper.QueueSetUnackTimeout, queue, id, int64(timeout), 0)
	return yes(actorOf(ctx).Do(&s))
}

func (p queuePort) SetUnackTimeoutIfShorter(
	ctx context.Context, queue, id string, timeout model.Millis,
) (bool, error) {
	s := p.step(sweeper.QueueSetUnackTimeoutIfShorter, queue, id, int64(timeout), 0)
	return yes(actorOf(ctx).Do(&s))
}

// ResetOffsetTime is setUnackTimeout of nothing: orkes calls that, and the statement of SQL is the same.
func (p queuePort) ResetOffsetTime(ctx context.Context, queue, id string) (bool, error) {
	s := p.step(sweeper.QueueSetUnackTimeout, queue, id, 0, 0)
	s.Call = sim.Verb(sweeper.QueueResetOffsetTime)
	return yes(actorOf(ctx).Do(&s))
}

func (p queuePort) Postpone(
	ctx context.Context, queue, id string, priority int, postpone model.Seconds,
) (bool, error) {
	s := p.step(sweeper.QueuePostpone, queue, id, int64(postpone), int64(priority))
	return yes(actorOf(ctx).Do(&s))
}

func (p queuePort) ContainsMessage(ctx context.Context, queue, id string) (bool, error) {
	s := p.step(sweeper.QueueContainsMessage, queue, id, 0, 0)
	return yes(actorOf(ctx).Do(&s))
}
