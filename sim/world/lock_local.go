package world

import (
	"fermata/sim"
	"fermata/sweeper"
)

// localLock is LocalOnlyLock: a cache from a workflow to a fair ReentrantLock, and a job for each acquire that
// deletes the lock from the cache when the lease is over. All actors are threads of one server, for else there
// is no lock between them at all. A row is the lock object in the cache, until what its latest job waits for;
// holds is 0 for an object that nobody holds. An object that was deleted from the cache while it was held is
// gone: its holder goes on in the belief to hold it, and can no longer release it.
//
// Three defects are its own (engine facts 1.9): the lock is deleted under its holder by the lease and by
// completeWorkflow; the job of an acquire is forgotten by the next acquire, and deletes whatever lock is there
// later; and a release looks at the cache, so that it meets another's lock, or none.
type localLock struct{ *World }

func (w localLock) apply(v sweeper.Verb, a sim.ActorID, s *sim.Step) sim.Reply {
	l := w.lock(s.Object)
	switch v {
	case sweeper.LockAcquire:
		return w.acquire(l, a, s)
	case sweeper.LockDelete:
		w.delete(l)
		return sim.Reply{}
	}
	switch {
	case l == nil: // not in the cache: nothing is unlocked, and nothing said
		return sim.Reply{}
	case l.holds == 0 || l.owner != a:
		w.effect.NotOwner = true
		return sim.Reply{Code: failedNotOwner}
	}
	l.until = 0 // the latest job is called off, whichever hold it was for
	if l.holds--; l.holds == 0 {
		l.owner = sim.Nobody
		w.effect.Freed = true
	}
	return sim.Reply{}
}

// acquire locks, and starts a job for the lease. The job of an earlier acquire goes on, and nobody knows it.
func (w localLock) acquire(l *lock, a sim.ActorID, s *sim.Step) sim.Reply {
	if l == nil {
		w.addLock(lock{workflow: s.Object, owner: sim.Nobody})
		l = w.lock(s.Object)
	}
	if l.holds > 0 && l.owner != a {
		return w.denied(l)
	}
	orphan, by := l.until, l.owner
	l.owner, l.until = a, w.now+s.B
	l.holds++
	if orphan > 0 {
		w.addLock(lock{workflow: s.Object, kind: timerRow, owner: by, until: orphan})
	}
	w.effect.Acquired = true
	return sim.Reply{}
}

// delete takes the lock object out of the cache. Its job is not called off.
func (w localLock) delete(l *lock) {
	if l == nil {
		return
	}
	job := *l
	w.effect.Freed = l.holds > 0
	w.dropLock(l)
	if job.until > 0 {
		w.addLock(lock{workflow: job.workflow, kind: timerRow, owner: job.owner, until: job.until})
	}
}

// expire runs a job whose time has come: the lock that is in the cache is deleted.
func (w localLock) expire(i int) {
	job := w.locks[i]
	if job.kind == timerRow {
		w.dropLock(&w.locks[i])
	} else {
		w.locks[i].until = 0
	}
	w.delete(w.lock(job.workflow))
}
