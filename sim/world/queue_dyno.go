package world

import (
	"context"

	"fermata/model"
	"fermata/sim"
	"fermata/sweeper"
)

// dynoQueue is the queue of dyno-queues 2.0.20 under DynoQueueDAO, with one shard: a hash of payloads, a sorted
// set of what waits, and a sorted set of what is delivered and not acknowledged. Every command is a step. Two of
// its ways are its own (engine facts 1.10 B): a removal of a delivered message leaves the payload, and with it
// containsMessage true of a message that nobody can be given; and setUnackTimeout looks before it adds, so that
// it can bring back a message that was removed between. The ids that a server has looked up ahead are kept
// for the length of one pop.
type dynoQueue struct{ *World }

const (
	// dynoUnackMs is how long after its delivery a message is given back.
	dynoUnackMs = 60_000
	// dynoAheadMs is how far a pop looks ahead.
	dynoAheadMs = 1
	// dynoUnackBatch is how many messages are given back at once.
	dynoUnackBatch = 1000
)

func (w dynoQueue) apply(v sweeper.Verb, _ sim.ActorID, s *sim.Step) sim.Reply {
	k := w.keyspace.keys[s.Object]
	e := &w.effect
	e.Queue, e.Message = k.of, s.Other
	if k.kind != keyMessages {
		e.WasPresent = w.field(s.Object, s.Other) != nil
	}
	call := sweeper.Verb(s.Call)
	r := w.applyCommand(v, s)
	switch {
	case v == sweeper.RedisZAdd && k.kind == keyQueue && call == sweeper.QueueProcessUnacks:
		if k.of != w.decider {
			e.Visible = append(e.Visible, s.Other)
		}
	case v == sweeper.RedisZAdd && k.kind == keyQueue && call != sweeper.QueueResetOffsetTime:
		w.pushed(s.Other)
	case v == sweeper.RedisZRem:
		e.Removed = r.N == 1
	case v == sweeper.RedisHGet && call == sweeper.QueuePop && r.Code == done:
		e.Delivered = append(e.Delivered, s.Other)
	}
	return r
}

// split is a priority as whole milliseconds of the score and hundredths.
func split(priority int64) (ms, prio int64) {
	if priority < 0 || priority > priorityMax {
		return 1, 0
	}
	return 0, priority
}

func (w dynoQueue) push(queue, id sim.Object, priority, offset int64) {
	name := w.pool.names[queue]
	ms, prio := split(priority)
	w.setField(w.key(keyMessages, name), field{name: id})
	w.effect.WasPresent = w.field(w.key(keyQueue, name), id) != nil
	w.setField(w.key(keyQueue, name), field{name: id, at: w.now + offset + ms, prio: prio})
	w.pushed(id)
}

func (w dynoQueue) put(queue sim.Object, m message) {
	name := w.pool.names[queue]
	w.setField(w.key(keyMessages, name), field{name: m.id})
	w.setField(w.key(keyQueue, name), field{name: m.id, at: m.at, prio: m.prio})
}

func (w dynoQueue) contains(queue, id sim.Object) bool {
	return w.field(w.key(keyMessages, w.pool.names[queue]), id) != nil
}

// at is when a message can be delivered: at its score, or once it has been given back. A message without a
// payload never is.
func (w dynoQueue) at(queue, id sim.Object) (due int64, ok bool) {
	if !w.contains(queue, id) {
		return 0, false
	}
	name := w.pool.names[queue]
	if f := w.field(w.key(keyQueue, name), id); f != nil {
		return waiting(*f), true
	}
	if f := w.field(w.key(keyUnack, name), id); f != nil {
		return f.at, true
	}
	return 0, false
}

// waiting is when a pop sees the member.
func waiting(f field) int64 {
	if f.prio > 0 {
		return f.at
	}
	return f.at - dynoAheadMs
}

func (w dynoQueue) names() []sim.Object {
	var names []sim.Object
	for _, r := range w.keyspace.rows {
		k := w.keyspace.keys[r.key]
		if k.kind == keyMessages && len(w.messages(k.of)) > 0 {
			names = append(names, k.of)
		}
	}
	return names
}

func (w dynoQueue) messages(queue sim.Object) []sim.Object {
	var ids []sim.Object
	for _, kind := range []keyKind{keyQueue, keyUnack} {
		r := w.held(w.key(kind, w.pool.names[queue]))
		if r == nil {
			continue
		}
		for _, f := range r.fields {
			inQueue := kind == keyUnack && w.field(w.key(keyQueue, w.pool.names[queue]), f.name) != nil
			if w.contains(queue, f.name) && !inQueue {
				ids = append(ids, f.name)
			}
		}
	}
	return ids
}

func (w dynoQueue) deadlines(see func(what string, queue, id sim.Object, at int64)) {
	for _, r := range w.keyspace.rows {
		switch k := w.keyspace.keys[r.key]; k.kind {
		case keyQueue:
			for _, f := range r.fields {
				see(visibility, k.of, f.name, waiting(f))
			}
		case keyUnack:
			for _, f := range r.fields {
				see(unacking, k.of, f.name, f.at)
			}
		}
	}
}

// unacknowledged leaves out what a pop has not yet taken out of what waits: that is not delivered.
func (w dynoQueue) unacknowledged(see func(queue, id sim.Object)) {
	for _, r := range w.keyspace.rows {
		k := w.keyspace.keys[r.key]
		if k.kind != keyUnack {
			continue
		}
		waiting := w.key(keyQueue, w.pool.names[k.of])
		for _, f := range r.fields {
			if w.contains(k.of, f.name) && w.field(waiting, f.name) == nil {
				see(k.of, f.name)
			}
		}
	}
}

// redeliver is what the queue's own thread does with a message whose time is over.
func (w dynoQueue) redeliver(queue, id sim.Object) {
	name := w.pool.names[queue]
	w.setField(w.key(keyQueue, name), field{name: id, at: w.now})
	w.dropField(w.key(keyUnack, name), id)
}

// visible is nothing here: a message that was delivered is given back by the queue's own thread.
func (w dynoQueue) visible(int64) {}

func (w dynoQueue) unacks() func(context.Context, string) error {
	return func(ctx context.Context, queue string) error { return dynoPort{w.World}.processUnacks(ctx, queue) }
}

func (w dynoQueue) port() sweeper.QueueDAO { return dynoPort{w.World} }

// dynoPort is the sequences of commands of RedisDynoQueue.
type dynoPort struct{ w *World }

// dyno is the keys of one queue.
type dyno struct {
	commands
	messages, queue, unack sim.Object
}

func (p dynoPort) of(ctx context.Context, call sweeper.Verb, queue string) dyno {
	return dyno{
		commands{p.w, ctx, call},
		p.w.key(keyMessages, queue), p.w.key(keyQueue, queue), p.w.key(keyUnack, queue),
	}
}

// zadd adds a member that is due after a delay from the moment of the command.
func (d dyno) zadd(key sim.Object, id string, delay model.Millis, b int64) (int64, error) {
	s := d.step(sweeper.RedisZAdd, key, id)
	s.A, s.B = int64(delay), b
	r, err := d.do(s)
	return r.N, err
}

func (p dynoPort) Push(ctx context.Context, queue, id string, priority int, offset model.Seconds) error {
	return p.of(ctx, sweeper.QueuePush, queue).push(id, priority, offset.Millis())
}

func (p dynoPort) PushMillis(ctx context.Context, queue, id string, priority int, offset model.Millis) error {
	return p.of(ctx, sweeper.QueuePushMillis, queue).push(id, priority, offset)
}

func (d dyno) push(id string, priority int, offset model.Millis) error {
	if _, err := d.count(sweeper.RedisHSet, d.messages, id); err != nil {
		return err
	}
	ms, prio := split(int64(priority))
	_, err := d.zadd(d.queue, id, offset+model.Millis(ms), prio<<zaddShift)
	return err
}

func (p dynoPort) PushIfNotExists(
	ctx context.Context, queue, id string, priority int, offset model.Seconds,
) (bool, error) {
	d := p.of(ctx, sweeper.QueuePushIfNotExists, queue)
	if there, err := d.get(id); there || err != nil {
		return false, err
	}
	return true, d.push(id, priority, offset.Millis())
}

// get looks the payload up.
func (d dyno) get(id string) (bool, error) {
	r, err := d.do(d.step(sweeper.RedisHGet, d.messages, id))
	return err == nil && r.Code == done, err
}

// Pop looks due ids up, and then takes them one by one: into the set of what is delivered, if they are not
// there, and out of the set of what waits.
func (p dynoPort) Pop(ctx context.Context, queue string, count int, _ model.Millis) ([]string, error) {
	d := p.of(ctx, sweeper.QueuePop, queue)
	s := d.step(sweeper.RedisZRange, d.queue, "")
	s.A, s.B = dynoAheadMs, int64(count)
	r, err := d.do(s)
	if err != nil {
		return nil, err
	}
	var popped []string
	for _, m := range p.w.memberList(r) {
		taken, err := d.take(m.id)
		if err != nil {
			return popped, err
		}
		if taken {
			popped = append(popped, m.id)
		}
	}
	return popped, nil
}

// take delivers one message. One that another has taken meanwhile is left, and so is one that is delivered
// still; but that it was added to what is delivered is not taken back.
func (d dyno) take(id string) (bool, error) {
	if n, err := d.zadd(d.unack, id, dynoUnackMs, zaddNX); err != nil || n == 0 {
		return false, err
	}
	if n, err := d.count(sweeper.RedisZRem, d.queue, id); err != nil || n == 0 {
		return false, err
	}
	return d.get(id)
}

func (p dynoPort) Ack(ctx context.Context, queue, id string) (bool, error) {
	d := p.of(ctx, sweeper.QueueAck, queue)
	if n, err := d.count(sweeper.RedisZRem, d.unack, id); err != nil || n == 0 {
		return false, err
	}
	_, err := d.count(sweeper.RedisHDel, d.messages, id)
	return err == nil, err
}

func (p dynoPort) Remove(ctx context.Context, queue, id string) error {
	return p.of(ctx, sweeper.QueueRemove, queue).remove(id)
}

// remove takes the message out of both sets; the payload goes only with a message that waited.
func (d dyno) remove(id string) error {
	if _, err := d.count(sweeper.RedisZRem, d.unack, id); err != nil {
		return err
	}
	if n, err := d.count(sweeper.RedisZRem, d.queue, id); err != nil || n == 0 {
		return err
	}
	_, err := d.count(sweeper.RedisHDel, d.messages, id)
	return err
}

// SetUnackTimeout looks whether the message is delivered, and then adds it with the new time.
func (p dynoPort) SetUnackTimeout(ctx context.Context, queue, id string, timeout model.Millis) (bool, error) {
	d := p.of(ctx, sweeper.QueueSetUnackTimeout, queue)
	if r, err := d.do(d.step(sweeper.RedisZScore, d.unack, id)); err != nil || r.Code != done {
		return false, err
	}
	_, err := d.zadd(d.unack, id, timeout, 0)
	return err == nil, err
}

// SetUnackTimeoutIfShorter is QueueDAO's own: whether it is shorter is not looked at.
func (p dynoPort) SetUnackTimeoutIfShorter(
	ctx context.Context, queue, id string, timeout model.Millis,
) (bool, error) {
	return p.SetUnackTimeout(ctx, queue, id, timeout)
}

// ResetOffsetTime is setTimeout of nothing: it reads the payload, looks whether the message waits, moves it if it
// still does, without its priority, and writes the payload, even if it was removed between. A delivered message stays
// as it is.
func (p dynoPort) ResetOffsetTime(ctx context.Context, queue, id string) (bool, error) {
	d := p.of(ctx, sweeper.QueueResetOffsetTime, queue)
	if there, err := d.get(id); !there || err != nil {
		return false, err
	}
	if r, err := d.do(d.step(sweeper.RedisZScore, d.queue, id)); err != nil || r.Code != done {
		return false, err
	}
	if _, err := d.zadd(d.queue, id, 0, zaddXX); err != nil {
		return false, err
	}
	_, err := d.count(sweeper.RedisHSet, d.messages, id)
	return err == nil, err
}

// Postpone is QueueDAO's own: a removal, then a push.
func (p dynoPort) Postpone(
	ctx context.Context, queue, id string, priority int, postpone model.Seconds,
) (bool, error) {
	d := p.of(ctx, sweeper.QueuePostpone, queue)
	if err := d.remove(id); err != nil {
		return false, err
	}
	return true, d.push(id, priority, postpone.Millis())
}

func (p dynoPort) ContainsMessage(ctx context.Context, queue, id string) (bool, error) {
	return p.of(ctx, sweeper.QueueContainsMessage, queue).get(id)
}

// processUnacks gives back what was delivered and not acknowledged in time; what has no payload is dropped.
func (p dynoPort) processUnacks(ctx context.Context, queue string) error {
	d := p.of(ctx, sweeper.QueueProcessUnacks, queue)
	s := d.step(sweeper.RedisZRange, d.unack, "")
	s.B = dynoUnackBatch
	r, err := d.do(s)
	if err != nil {
		return err
	}
	for _, m := range p.w.memberList(r) {
		payload, err := d.get(m.id)
		if err == nil && payload {
			_, err = d.zadd(d.queue, m.id, model.Millis(m.score), zaddAbsolute)
		}
		if err == nil {
			_, err = d.count(sweeper.RedisZRem, d.unack, m.id)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
