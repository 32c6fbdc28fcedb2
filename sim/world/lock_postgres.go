package world

import (
	"fermata/sim"
	"fermata/sweeper"
)

// postgresLock is PostgresLockDAO up to 3.29: a row for each lock with the end of its lease, and nothing that
// says whose it is. It is not re-entrant: who holds it waits for itself. A release deletes the row, whoever
// asks. The owner of a row here is known to the oracles alone.
type postgresLock struct{ *World }

func (w postgresLock) apply(v sweeper.Verb, a sim.ActorID, s *sim.Step) sim.Reply {
	l := w.lock(s.Object)
	if v == sweeper.LockAcquire {
		if l != nil && !w.over(l) {
			return w.denied(l)
		}
		return w.insert(l, a, s)
	}
	w.remove(l, a)
	return sim.Reply{}
}

// insert makes the row, or takes over one whose lease is over.
func (w postgresLock) insert(l *lock, a sim.ActorID, s *sim.Step) sim.Reply {
	if l != nil {
		w.dropLock(l)
	}
	w.addLock(lock{workflow: s.Object, owner: a, holds: 1, until: w.now + s.B})
	w.effect.Acquired = true
	return w.token(s.Object, true)
}

// remove deletes the row, if there is one. A release by another than its holder is told to the oracles.
func (w postgresLock) remove(l *lock, a sim.ActorID) {
	w.effect.NotOwner = l == nil || l.owner != a
	if l != nil {
		w.free(l)
	}
}

func (w postgresLock) expire(i int) { w.free(&w.locks[i]) }

// reentrantLock is PostgresLockDAO since 3.30: each thread counts its own holds, and believes its count. It
// does not look at its row again, so that a second acquire succeeds though the lease is over and another
// thread has the lock.
type reentrantLock struct{ postgresLock }

func (w reentrantLock) apply(v sweeper.Verb, a sim.ActorID, s *sim.Step) sim.Reply {
	l, hold := w.lock(s.Object), w.lockOf(s.Object, holdRow, a)
	switch v {
	case sweeper.LockAcquire:
		return w.acquire(l, hold, a, s)
	case sweeper.LockDelete:
		if hold != nil {
			w.dropLock(hold)
		}
		w.remove(w.lock(s.Object), a)
		return sim.Reply{}
	}
	switch {
	case hold == nil:
		w.remove(l, a)
		return sim.Reply{}
	case hold.holds > 1:
		hold.holds--
		if l != nil && l.owner == a {
			l.holds = hold.holds
		}
		return sim.Reply{}
	}
	over := w.over(hold)
	w.dropLock(hold)
	if l = w.lock(s.Object); !over || l != nil && w.over(l) {
		w.remove(l, a)
	}
	return sim.Reply{}
}

func (w reentrantLock) acquire(l, hold *lock, a sim.ActorID, s *sim.Step) sim.Reply {
	switch {
	case hold != nil:
		hold.holds++
		if l != nil && l.owner == a {
			l.holds = hold.holds
		}
		w.effect.Acquired = true
		return sim.Reply{}
	case l != nil && !w.over(l):
		return w.denied(l)
	}
	r := w.insert(l, a, s)
	w.addLock(lock{workflow: s.Object, kind: holdRow, owner: a, holds: 1, until: w.now + s.B})
	return r
}
