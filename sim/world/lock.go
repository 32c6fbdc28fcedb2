package world

import (
	"slices"

	"fermata/model"
	"fermata/sim"
	"fermata/sweeper"
)

// lock is Redisson's hash of one field: who holds it, how often, and until when. A lock that nobody
// holds has no row.
type lock struct {
	workflow sim.Object
	owner    sim.ActorID
	holds    int
	until    int64
}

// watchdogMs is the lease that a partial release sets: RedisLock makes a fresh RLock for every call,
// and so its lease is Redisson's default and not the one acquired with.
const watchdogMs = 30_000

func (w *World) lock(workflow sim.Object) *lock {
	for i := range w.locks {
		if w.locks[i].workflow == workflow {
			return &w.locks[i]
		}
	}
	return nil
}

// applyLock takes a step of the lock. An acquire that another's hold stands against has waited for
// its try time in vain. deleteLock does nothing here.
func (w *World) applyLock(v sweeper.Verb, a sim.ActorID, s *sim.Step) sim.Reply {
	l := w.lock(s.Object)
	switch {
	case v == sweeper.LockDelete:
		return sim.Reply{}
	case v == sweeper.LockAcquire:
		return w.acquire(l, a, s)
	case l == nil || l.owner != a:
		w.effect.NotOwner = true
		return sim.Reply{Code: failedNotOwner}
	}
	if l.holds--; l.holds > 0 {
		l.until = w.now + watchdogMs
		return sim.Reply{}
	}
	w.free(l)
	return sim.Reply{}
}

func (w *World) acquire(l *lock, a sim.ActorID, s *sim.Step) sim.Reply {
	switch {
	case l == nil:
		at := 0
		for at < len(w.locks) && w.pool.names[w.locks[at].workflow] < w.pool.names[s.Object] {
			at++
		}
		w.locks = slices.Insert(w.locks, at, lock{s.Object, a, 1, w.now + s.B})
	case l.owner == a:
		l.holds++
		l.until = w.now + s.B
	default:
		return sim.Reply{Code: no}
	}
	w.effect.Acquired = true
	return sim.Reply{}
}

func (w *World) free(l *lock) {
	workflow := l.workflow
	w.locks = slices.DeleteFunc(w.locks, func(m lock) bool { return m.workflow == workflow })
	w.effect.Freed = true
}

// LockHolder tells who holds the workflow's lock, and how often.
func (w *World) LockHolder(id model.WorkflowID) (sim.ActorID, int, bool) {
	if l := w.lock(w.pool.byName[string(id)]); l != nil {
		return l.owner, l.holds, true
	}
	return sim.Nobody, 0, false
}

// mayExpire tells whether the lock's lease is a deadline. One that is over when it becomes a deadline,
// because its owner crashed or the run is settled, ends at the next advance, which then is one of 0.
func (w *World) mayExpire(l *lock) bool {
	dead := w.crashed&(1<<(l.owner&63)) != 0
	return w.settling || dead && w.cfg.Deadlines.DeadOwnerLease || !dead && w.cfg.Deadlines.LivingOwnerLease
}

// lockObject is the object that steps of a workflow's lock access.
func (w *World) lockObject(workflow sim.Object) sim.Object {
	return w.pool.object("lock " + w.pool.names[workflow])
}
