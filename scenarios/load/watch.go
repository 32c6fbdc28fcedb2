package load

import (
	"fermata/model"
	"fermata/sim"
	"fermata/sim/world"
	"fermata/sweeper"
	"fermata/sweeper/remedy"
)

// facts are what is known of a workflow so far.
type facts struct {
	version     int // of the record: its writes so far
	status      model.WorkflowStatus
	worked      int64 // when the last result was written
	ended       int64 // when its end was written last; 0 is not ended
	heard       int64 // when the listener heard of its completion first
	left        int64 // when it left the decider queue for good; 0 if it has not
	freed       int64 // when its lock was let go after its end while it was still queued
	stalled     int64 // since when nobody was at work on it first; 0 is never
	stall       bool  // nobody is
	healer      kind  // who wrote the end
	auditWoke   bool  // an audit has repaired since the stall
	completions int
	others      int // terminations that the listener heard of
	reopened    bool
	given       []given
	moments     []moment
}

// given is a task that was delivered, and how often.
type given struct {
	ref              string
	retry, iteration int
}

func (f *facts) begin() { *f = facts{given: f.given[:0], moments: f.moments[:0]} }

// deliver counts a delivery: one of a reference and retry that was delivered before is one too many.
func (f *facts) deliver(l *lab, t *model.Task) {
	g := given{t.Ref, t.RetryCount, t.Iteration}
	for _, other := range f.given {
		if other == g {
			l.counts.DuplicateTasks++
			return
		}
	}
	f.given = append(f.given, g)
}

// watch sees a step.
func (s *shard) watch(p *play, step *sim.Step, r sim.Reply, at int64, e *world.Effect) {
	l, f := s.lab, &s.told
	s.note(p, step, r, at)
	of := partOf(step)
	switch of {
	case lockCall:
		l.counts.LockCalls++
		if e.Acquired && p.kind == sweep && p.readAt != 0 && p.holds == 0 {
			l.record(StaleFor, at-p.readAt)
		}
		if e.Acquired {
			p.holds++
		} else if sweeper.Verb(step.Verb) == sweeper.LockRelease {
			p.holds--
		}
		if e.Freed {
			if f.status.Terminal() && s.visible != never && f.freed == 0 {
				f.freed = at
			}
			s.wake(at)
		}
	case queueCall:
		l.counts.QueueCalls++
		queued := s.visible != never
		s.moved(step, at, e)
		if queued && s.visible == never && f.status.Terminal() {
			s.dequeued(at)
		}
	case storeCall:
		l.counts.StoreCalls++
		s.stored(p, step, at, e)
	case listenerCall:
		s.heard(step, at)
	}
	p.call = step.Call
}

// stored sees a step of the store.
func (s *shard) stored(p *play, step *sim.Step, at int64, e *world.Effect) {
	f := &s.told
	switch sweeper.DAOGetWorkflow {
	case sweeper.Verb(step.Verb):
		p.readAt, p.readVersion = at, f.version
	case sweeper.Verb(step.Call):
		if p.call != step.Call { // the first of several steps
			p.readAt, p.readVersion = at, f.version
		}
	}
	if e.RowAfter.Terminal() && !e.RowBefore.Terminal() && e.RowBefore != 0 && p.kind == reportTask {
		f.worked = at
	}
	if e.StatusAfter == 0 {
		return
	}
	if p.readAt != 0 {
		if p.readVersion != f.version {
			s.lab.counts.StaleWrites++
		}
		if p.kind == sweep {
			s.lab.record(ReadToWrite, at-p.readAt)
		}
	}
	f.version++
	p.readVersion = f.version
	before := f.status
	f.status = e.StatusAfter
	switch {
	case f.status.Terminal() && !before.Terminal():
		f.ended, f.healer = at, p.kind
	case before.Terminal() && !f.status.Terminal():
		if !f.reopened {
			s.lab.counts.Reopened++
			s.odd(reopened)
		}
		f.reopened, f.ended, f.freed = true, 0, 0
	}
}

// heard sees the listener told.
func (s *shard) heard(step *sim.Step, at int64) {
	f := &s.told
	switch sweeper.Verb(step.Verb) {
	case sweeper.ListenerCompleted:
		f.completions++
		if f.heard == 0 {
			f.heard = at
		}
		if f.completions == 2 {
			s.lab.counts.ListenerTwice++
			s.odd(listenerTwice)
		}
	case sweeper.ListenerTerminated:
		f.others++
		if f.others == 2 {
			s.lab.counts.ListenerTwice++
			s.odd(listenerTwice)
		}
	}
}

// dequeued sees the message of a workflow that has ended go.
func (s *shard) dequeued(at int64) {
	f := &s.told
	f.left = at
	if f.freed != 0 {
		s.lab.record(Window, at-f.freed)
		f.freed = 0
	}
}

// audited sees what an audit did.
func (s *shard) audited(did remedy.Repairs) {
	s.lab.counts.Audits++
	if did&^remedy.Missed != 0 {
		s.lab.counts.AuditRepairs++
		s.told.auditWoke = s.told.stall
	}
}

// returned sees an operation return. If nobody is at work then, nor will be but by a sweep or an audit, and the
// workflow has not ended, it is stalled.
func (s *shard) returned(p *play) {
	f := &s.told
	if p.kind == sweep {
		s.lab.counts.Sweeps++
		s.lab.record(SweepTime, p.ready-p.begun)
	}
	if f.status.Terminal() {
		if f.stall {
			s.healed(p)
		}
		return
	}
	if len(s.plays) > 0 || s.held > 0 || s.expectsWork() {
		f.stall = false
		return
	}
	if !f.stall {
		f.stall = true
		if f.stalled == 0 {
			f.stalled = p.ready
			s.lab.counts.Stalled++
			s.lab.counts.LostMessages += s.lostMessages()
		}
	}
}

// expectsWork tells whether a worker or the engine's own will come.
func (s *shard) expectsWork() bool {
	for i := range s.events {
		switch s.events[i].kind {
		case pollOf, reportOf, begins, stepTaken:
			return true
		}
	}
	return false
}

// lostMessages counts the tasks that are SCHEDULED and have no message.
func (s *shard) lostMessages() (n int64) {
	for _, t := range s.world.Tasks(nil, workflowID) {
		if t.Status == model.TaskScheduled && !s.world.Contains(t.QueueName(), string(t.ID)) {
			n++
		}
	}
	return n
}

// healed counts a stalled workflow that has ended nevertheless.
func (s *shard) healed(p *play) { s.told.stall = false }

// odd notes that something went wrong, for a cut-out.
func (s *shard) odd(what string) { s.lab.keep(s, what) }

// finish ends a shard to which nothing can happen any more.
func (s *shard) finish() {
	l, f := s.lab, &s.told
	c := &l.counts
	if !f.status.Terminal() {
		c.Stuck++
		s.odd(stuck)
	} else {
		s.count()
	}
	l.forget(s)
}

// count counts a workflow that has ended.
func (s *shard) count() {
	l, f := s.lab, &s.told
	c := &l.counts
	if f.stalled != 0 {
		l.record(HealedAfter, f.ended-f.stalled)
		switch {
		case f.auditWoke:
			c.HealedByAudit++
		case f.healer == sweep:
			c.HealedBySweep++
		default:
			c.HealedOtherwise++
		}
	}
	if f.status != model.Completed {
		c.Failed++
		return
	}
	c.Completed++
	l.record(Lifetime, f.ended-s.birth)
	if f.worked == 0 {
		return
	}
	l.record(ToStatus, f.ended-f.worked)
	if f.heard >= f.worked {
		l.record(ToListener, f.heard-f.worked)
	}
	if f.left >= f.worked {
		l.record(ToDequeued, f.left-f.worked)
	}
}
