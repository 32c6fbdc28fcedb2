package load

import (
	"fermata/sim"
	"fermata/sim/timed"
	"fermata/sweeper"
)

// part is what a port call goes to.
type part uint8

const (
	lockCall part = iota
	queueCall
	storeCall
	listenerCall
	noCall
)

// partOf tells where a step goes, by its call.
func partOf(step *sim.Step) part {
	v := sweeper.Verb(step.Call)
	if v == 0 {
		v = sweeper.Verb(step.Verb)
	}
	switch {
	case v >= sweeper.LockAcquire && v <= sweeper.LockDelete:
		return lockCall
	case v >= sweeper.QueuePush && v <= sweeper.QueueProcessUnacks,
		v >= sweeper.QueuePushMillis && v <= sweeper.QueueResetOffsetTime:
		return queueCall
	case v >= sweeper.ListenerCompleted && v <= sweeper.ListenerFinalized:
		return listenerCall
	case v == sweeper.EnvNow, v == sweeper.EnvJitter:
		return noCall
	}
	return storeCall
}

// Take answers a step at once if nothing of another can come before it, and else plans it.
func (s *shard) Take(solo *sim.Solo, step *sim.Step) (sim.Reply, bool) {
	p := solo.Tag.(*play)
	switch sweeper.Verb(step.Verb) {
	case sweeper.EnvNow: // read where the code stands, which is where its last reply came
		r := sim.Reply{N: int64(s.ms(p.ready))}
		s.note(p, step, r, p.ready)
		return r, true
	case sweeper.EnvJitter:
		r := sim.Reply{N: s.rand.Int64N(2*step.A+1) - step.A}
		s.note(p, step, r, p.ready)
		return r, true
	}
	called := s.lab.free(p.who.server, p.ready+s.think(p.who.server))
	cost := s.cost(partOf(step), p.who.server)
	at := s.lab.reached(partOf(step), called+cost-cost/2)
	p.half, p.waiting = cost/2, 0
	if sweeper.Verb(step.Verb) == sweeper.LockAcquire {
		p.tryUntil = called + step.A*millisecond
	}
	if at < s.soonest() && s.may(at) && !s.lab.setup.Plain {
		s.now = at
		if r, done := s.effect(p, step, at); done {
			return r, true
		}
		return sim.Reply{}, false
	}
	p.step = step
	s.plan(event{at: at, kind: stepTaken, play: p})
	return sim.Reply{}, false
}

// think is the engine's own work between two calls.
func (s *shard) think(server int) int64 {
	return s.lab.slowed(int64(s.lab.setup.Costs.Think.Draw(s.rand.Rand)), server)
}

// cost is how long a call takes, there and back.
func (s *shard) cost(of part, server int) int64 { return s.lab.cost(of, server, s.rand) }

// effect takes a step, and answers it unless it is an acquire that goes on trying.
func (s *shard) effect(p *play, step *sim.Step, at int64) (r sim.Reply, done bool) {
	if s.world.Pass(s.ms(at)) {
		s.lab.counts.Leases++
		s.wake(at)
	}
	r = s.world.Apply(p.slot, step, 0)
	e := s.world.Last()
	if sweeper.Verb(step.Verb) == sweeper.LockAcquire {
		if e.Denied && at < p.tryUntil {
			s.wait(p, step, at)
			return r, false
		}
		s.tried(p, e.Denied, at)
	}
	p.ready = at + p.half
	// A pop that finds less than it asked for takes its whole timeout. The engine's own worker asks for as many as it
	// has threads, though one is all that it is given here.
	if sweeper.Verb(step.Verb) == sweeper.QueuePop && (int64(len(e.Delivered)) < step.A || p.kind == systemTasks) {
		p.ready += step.B * millisecond
	}
	s.watch(p, step, r, at, e)
	return r, true
}

// wait has an acquire wait for what wakes it: with redisson a release, or the end of the lease, with PostgresLockDAO
// its next look, and at last the end of its try time.
func (s *shard) wait(p *play, step *sim.Step, at int64) {
	if p.waiting == 0 {
		p.waiting = at
	}
	p.step = step
	next := p.tryUntil
	if s.lab.polled {
		next = min(next, at+postgresLook)
	} else if until, held := s.world.LeaseOf(s.lab.workflow); held {
		next = min(next, max(at+microsecond, s.nanos(until)+millisecond))
	}
	s.plan(event{at: next, kind: stepTaken, play: p})
}

// postgresLook is how often PostgresLockDAO looks whether the lock is free (3.19).
const postgresLook = 100 * millisecond

// wake has those who wait for the lock try again, in the order of their operations, so that each draws what is its own.
func (s *shard) wake(at int64) {
	if s.lab.polled {
		return
	}
	for after := -1; ; {
		next := -1
		for i := range s.events {
			e := &s.events[i]
			if e.waits() && e.play.pos > after && (next < 0 || e.play.pos < s.events[next].play.pos) {
				next = i
			}
		}
		if next < 0 {
			return
		}
		e := &s.events[next]
		e.at = min(e.at, at+int64(s.lab.setup.Costs.Wake.Draw(s.rand.Rand)))
		after = e.play.pos
	}
}

// waits tells whether the event is the next try of an acquire that another's hold stands against.
func (e *event) waits() bool {
	return e.kind == stepTaken && e.play.waiting != 0 && e.play.step.Verb == sim.Verb(sweeper.LockAcquire)
}

// tried sees an acquire come to its end.
func (s *shard) tried(p *play, denied bool, at int64) {
	if p.waiting != 0 {
		s.lab.record(LockWait, at-p.waiting)
	}
	if !denied {
		return
	}
	p.missed = true
	switch p.kind {
	case sweep:
		s.lab.counts.LockMisses++
	case reportTask, systemTasks:
		s.lab.counts.UpdateMisses++
	}
}

// slowed is a time on a server that may be slow.
func (l *lab) slowed(t int64, server int) int64 {
	if server >= 0 && server < l.setup.Costs.SlowServers {
		return int64(float64(t) * l.setup.Costs.SlowFactor)
	}
	return t
}

// cost draws how long a call takes.
func (l *lab) cost(of part, server int, r *timed.Source) int64 {
	var d timed.Distribution
	factor := 1.0
	switch c := &l.setup.Costs; of {
	case lockCall:
		d, factor = c.Lock, l.redisFactor
	case queueCall:
		d, factor = c.Queue, l.redisFactor
	case storeCall:
		d, factor = c.Store, l.storeFactor
	case listenerCall:
		d = c.Listener
	default:
		return 0
	}
	t := int64(d.Draw(r.Rand))
	if factor != 1 {
		t = int64(float64(t) * factor)
	}
	return l.slowed(t, server)
}

// free is when a server that may be paused goes on, and reached when the part that a call goes to does.
func (l *lab) free(server int, at int64) int64 {
	if l.setup.Costs.Pauses == nil || server < 0 {
		return at
	}
	return l.until(l.setup.Costs.Pauses, uint64(server), at)
}

func (l *lab) reached(of part, at int64) int64 {
	if l.setup.Costs.Stalls == nil || of != storeCall {
		return at
	}
	return l.until(l.setup.Costs.Stalls, storeLane, at)
}
