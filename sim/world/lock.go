package world

import (
	"slices"

	"fermata/model"
	"fermata/sim"
	"fermata/sweeper"
)

// lock is one row of a lock: of a workflow, who holds it, how often, and until when; until is 0 where no
// lease is running. What a row means is said by the kind of lock.
type lock struct {
	workflow sim.Object
	kind     uint8
	owner    sim.ActorID
	holds    int
	until    int64
}

// The kinds of rows.
const (
	lockRow  uint8 = iota
	timerRow       // a lease job of LocalOnlyLock that can no longer be called off
	holdRow        // what a thread of PostgresLockDAO believes to hold
)

func (w *World) lock(workflow sim.Object) *lock { return w.lockOf(workflow, lockRow, sim.Nobody) }

// lockOf finds a row of a kind; that of an owner, unless the owner is Nobody.
func (w *World) lockOf(workflow sim.Object, kind uint8, owner sim.ActorID) *lock {
	for i := range w.locks {
		l := &w.locks[i]
		if l.workflow == workflow && l.kind == kind && (owner == sim.Nobody || l.owner == owner) {
			return l
		}
	}
	return nil
}

// addLock adds a row. The order is by workflow, then kind, owner and deadline, so that equal rows are equal
// states whatever came first.
func (w *World) addLock(l lock) {
	at := 0
	for at < len(w.locks) && w.lockBefore(w.locks[at], l) {
		at++
	}
	w.locks = slices.Insert(w.locks, at, l)
}

func (w *World) lockBefore(a, b lock) bool {
	switch {
	case a.workflow != b.workflow:
		return w.pool.names[a.workflow] < w.pool.names[b.workflow]
	case a.kind != b.kind:
		return a.kind < b.kind
	case a.owner != b.owner:
		return a.owner < b.owner
	}
	return a.until < b.until
}

// dropLock removes a row.
func (w *World) dropLock(l *lock) {
	for i := range w.locks {
		if &w.locks[i] == l {
			w.locks = slices.Delete(w.locks, i, i+1)
			return
		}
	}
}

// free removes the row of a lock that thereby becomes free.
func (w *World) free(l *lock) {
	w.dropLock(l)
	w.effect.Freed = true
}

// LockHolder tells who holds the workflow's lock, and how often.
func (w *World) LockHolder(id model.WorkflowID) (sim.ActorID, int, bool) {
	return w.LockHolderOf(w.pool.byName[string(id)])
}

// LockHolderOf is LockHolder by number.
func (w *World) LockHolderOf(workflow sim.Object) (sim.ActorID, int, bool) {
	if l := w.lock(workflow); l != nil && l.holds > 0 {
		return l.owner, l.holds, true
	}
	return sim.Nobody, 0, false
}

// mayExpire tells whether the lock's lease is a deadline. One that is over when it becomes a deadline,
// because its owner crashed or the run is settled, ends at the next advance, which then is one of 0.
func (w *World) mayExpire(l *lock) bool { return l.kind != holdRow && l.until != 0 && w.mayEnd(l) }

// mayEnd tells whether a lease of the row's owner ever ends.
func (w *World) mayEnd(l *lock) bool {
	dead := w.dead(l.owner)
	return w.settling || dead && w.cfg.Deadlines.DeadOwnerLease || !dead && w.cfg.Deadlines.LivingOwnerLease
}

// over tells whether the lease of the row is over.
func (w *World) over(l *lock) bool { return l.until == outlasted || l.until <= w.now && w.mayEnd(l) }

// lockObject is the object that steps of a workflow's lock access.
func (w *World) lockObject(workflow sim.Object) sim.Object {
	return w.pool.of(lockOf, workflow)
}

// redissonLock is RedisLock over Redisson's hash of one field: who holds it, how often, and until when. A lock
// that nobody holds has no row.
type redissonLock struct{ *World }

// watchdogMs is the lease that a partial release sets: RedisLock makes a fresh RLock for every call,
// and so its lease is Redisson's default and not the one acquired with.
const watchdogMs = 30_000

// apply takes a step. An acquire that another's hold stands against has waited for its try time in vain.
// deleteLock does nothing here.
func (w redissonLock) apply(v sweeper.Verb, a sim.ActorID, s *sim.Step) sim.Reply {
	l := w.lock(s.Object)
	switch {
	case v == sweeper.LockDelete:
		return sim.Reply{}
	case v == sweeper.LockAcquire:
		return w.acquire(l, a, s)
	case l == nil || l.owner != a:
		w.effect.NotOwner = true
		return sim.Reply{Code: refusedNotOwner}
	}
	if l.holds--; l.holds > 0 {
		l.until = w.now + watchdogMs
		return sim.Reply{}
	}
	w.free(l)
	return sim.Reply{}
}

// acquire makes a row, or enters one's own again.
func (w *World) acquire(l *lock, a sim.ActorID, s *sim.Step) sim.Reply {
	newHold := l == nil
	switch {
	case newHold:
		w.addLock(lock{workflow: s.Object, owner: a, holds: 1, until: w.now + s.B})
	case l.owner == a:
		l.holds++
		l.until = w.now + s.B
	default:
		return w.denied(l)
	}
	w.effect.Acquired = true
	return w.token(s.Object, newHold)
}

// denied answers an acquire that another's hold stands against.
func (w *World) denied(l *lock) sim.Reply {
	w.effect.Denied, w.effect.Holder = true, l.owner
	return sim.Reply{Code: no}
}

func (w redissonLock) expire(i int) { w.free(&w.locks[i]) }

// noLock is NoopLock, and what is there where locks are disabled: everyone gets it.
type noLock struct{ *World }

func (w noLock) apply(v sweeper.Verb, _ sim.ActorID, _ *sim.Step) sim.Reply {
	w.effect.Acquired = v == sweeper.LockAcquire
	return sim.Reply{}
}

func (noLock) expire(int) {}
