package world

import (
	"fermata/sim"
	"fermata/sweeper"
)

// LockErrors is what becomes of an exception of the lock service in acquireLock. RedisLock catches it, logs it, and
// answers ignoreLockingExceptions (redis-lock/.../RedisLock.java, 3.17.0), which is false unless it is set: so the
// caller cannot tell it from a lock that another holds, or goes on without one. PostgresLockDAO throws it on.
type LockErrors uint8

// The ways.
const (
	Thrown LockErrors = iota
	ToldFalse
	ToldTrue
)

// FaultReply is an injected failure.
func (w *World) FaultReply(s *sim.Step) sim.Reply {
	if sweeper.Verb(s.Verb) == sweeper.LockAcquire {
		switch w.cfg.LockErrors {
		case ToldFalse:
			return sim.Reply{Code: no}
		case ToldTrue:
			return sim.Reply{}
		}
	}
	return sim.Reply{Code: failedInjected}
}

// MayFail is true for every step of a port that can fail, unless the Config leaves it out.
func (w *World) MayFail(s *sim.Step, k sim.FaultKind) bool {
	switch sweeper.Verb(s.Verb) {
	case sweeper.EnvNow, sweeper.EnvJitter, sweeper.ClockAdvance, sweeper.ClockWait, sweeper.OperationReturn:
		return false
	}
	call := sweeper.Verb(s.Verb)
	if s.Call != 0 {
		call = sweeper.Verb(s.Call)
	}
	return w.cfg.MayFail == nil || w.cfg.MayFail(call, k)
}

// Crashed marks the actor's leases as a dead owner's.
func (w *World) Crashed(a sim.ActorID) { w.crashed |= 1 << (a & 63) }

// former marks the owner of a lock as what an actor was before its server was restarted: a client of the lock service
// that is no more. Nobody acts as it.
const former sim.ActorID = 0x40

func isFormer(a sim.ActorID) bool { return a&former != 0 && a < former<<1 }

// Restarted gives what the actor holds to what it was. What a process counts of its own holds is gone with it.
func (w *World) Restarted(a sim.ActorID) {
	for i := 0; i < len(w.locks); i++ {
		switch l := &w.locks[i]; {
		case l.owner != a:
		case l.kind == lockRow:
			l.owner |= former
		default:
			w.dropLock(l)
			i--
		}
	}
}

// Dead tells whether the owner of a lock acts no more: it died, or is what an actor was before its restart.
func (w *World) Dead(owner sim.ActorID) bool { return w.dead(owner) }

// dead tells whether the owner of a lock acts no more.
func (w *World) dead(owner sim.ActorID) bool {
	return isFormer(owner) || w.crashed&(1<<(owner&63)) != 0
}

// FaultStep describes a pause, which lasts until the leases of what the actor holds are over, or the redelivery of the
// message of that number among those that were delivered and not acknowledged.
func (w *World) FaultStep(k sim.FaultKind, a sim.ActorID, alt int, s *sim.Step) bool {
	*s = sim.Step{}
	if k == sim.Pause {
		return w.pauseStep(a, s)
	}
	n, found := 0, false
	w.queuePart.unacknowledged(func(queue, id sim.Object) {
		if n == alt {
			s.Verb, s.Object, s.Other, found = sim.Verb(sweeper.FaultRedeliver), queue, id, true
		}
		n++
	})
	if found {
		s.Touch(s.Object, sim.Write)
		s.Touch(w.time, sim.Read)
	}
	return found
}

func (w *World) pauseStep(a sim.ActorID, s *sim.Step) bool {
	until := int64(0)
	s.Verb = sim.Verb(sweeper.FaultPause)
	s.Touch(w.time, sim.Write)
	for _, l := range w.locks {
		if l.owner == a && l.kind == lockRow && l.holds > 0 {
			until = max(until, l.until)
			if int(s.Accesses) < sim.AccessMax { // a fault conflicts with every step anyway
				s.Touch(w.lockObject(l.workflow), sim.Write)
			}
		}
	}
	s.A = max(until-w.now, 0)
	return until > 0
}

// outlast lets the time of a pause pass. Beside what an advance ends the actor's own leases end.
func (w *World) outlast(a sim.ActorID, s *sim.Step) {
	w.now += s.A
	for i := 0; i < len(w.locks); i++ {
		l := &w.locks[i]
		switch own := l.owner == a && l.until != 0; {
		case l.until > w.now || !own && !w.mayExpire(l):
		case l.kind == holdRow && own:
			l.until = outlasted
		case l.kind != holdRow:
			w.ended(l)
			w.lockPart.expire(i)
			i = -1 // rows may have gone before it
		}
	}
	if s.A > 0 {
		w.queuePart.visible(w.now - s.A)
	}
}

// outlasted is the end of a lease that a pause has outlasted, whether or not a lease of its owner ever ends.
const outlasted = 1
