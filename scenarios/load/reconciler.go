package load

import (
	"fermata/model"
	"fermata/sim/timed"
	"fermata/sweeper"
)

// reconciler is a loop over the decider queue: a server's scheduled job (sweeper.JobOnThreads), or one of its threads.
type reconciler struct {
	lab    *lab
	number int
	who    thread
	count  int   // of a pop
	wait   int64 // its timeout
	rand   *timed.Source

	next   int64   // when it looks at the queue; never while it sweeps
	ends   int64   // when the pop in progress gives what it has; 0 if none is
	popped []*play // the sweeps of what it has
	turns  []*play // sweeps that wait for those before them
	left   int     // sweeps that are not done
	done   int64   // when the last of them was
}

// threads tells whether each thread pops for itself.
func (l *lab) threads() bool { return l.setup.Engine.Reconciler != sweeper.JobOnThreads }

// makeReconcilers makes those of every server. Their first looks are spread over a round.
func (l *lab) makeReconcilers() {
	st := &l.setup.Settings
	loops, count, wait := 1, st.SweeperThreadCount, st.SweeperWorkflowPollTimeout
	if l.threads() {
		loops, count, wait = st.SweeperThreadCount, st.SweepBatchSize, st.QueuePopTimeout
	}
	for server := range l.setup.Servers {
		for loop := range loops {
			r := &reconciler{lab: l, number: len(l.reconcilers), who: thread{server, loop*count + 1}, count: count}
			r.wait = int64(wait) * millisecond
			r.rand = timed.NewSource(l.setup.Seed, laneReconciler, uint64(r.number))
			r.next = r.rand.Int64N(max(int64(l.setup.SweepInterval), r.wait, 1))
			l.reconcilers = append(l.reconcilers, r)
			l.pops.push(r)
		}
	}
}

// look is one look at the queue. A pop of orkes looks once, and if that is fewer than it asked for sleeps for its whole
// timeout before it gives them (orkes-queues 1.0.8, QueueMonitor.pop). One of SQL looks every 100 ms until it has them
// all or its timeout is over (PostgresQueueDAO.pollMessages).
func (r *reconciler) look(at int64) {
	l := r.lab
	l.looks++
	l.counts.QueueCalls++
	if r.ends == 0 {
		l.counts.Pops++
		r.ends = at + r.wait
	}
	got := l.takeDue(at, r.count-len(r.popped))
	for _, s := range got {
		s.deliver(r, at)
	}
	full := len(r.popped) == r.count
	if !full && l.setup.Parts.Queue == "sql" && at <= r.ends && r.wait > 0 {
		r.next = at + sqlLook
		l.pops.push(r)
	} else {
		if !full && l.setup.Parts.Queue == "orkes" {
			at += r.wait
		}
		r.give(at + r.half())
	}
	for _, s := range got {
		s.run()
	}
}

// sqlLook is how often a pop of the SQL queue looks.
const sqlLook = 100 * millisecond

// give ends a pop: its sweeps begin, side by side or one after the other.
func (r *reconciler) give(at int64) {
	l := r.lab
	popped := r.popped
	r.ends, r.popped = 0, r.popped[:0]
	r.done = l.free(r.who.server, at+r.think())
	r.left = len(popped)
	if r.left == 0 {
		l.counts.EmptyPops++
		r.rest(max(idleMin, r.wait))
		return
	}
	r.next = never
	l.sweeping++
	for i, p := range popped {
		if i > 0 && l.setup.Engine.Reconciler == sweeper.ThreadsInTurn {
			r.turns = append(r.turns, p)
			continue
		}
		p.begin(r.done)
	}
}

// begin has a sweep begin of what was delivered.
func (p *play) begin(at int64) {
	s := p.shard
	s.held--
	s.lab.record(LateBy, at-p.due)
	s.at(p, at)
	s.post()
}

func (r *reconciler) half() int64 { return r.lab.cost(queueCall, r.who.server, r.rand) / 2 }

func (r *reconciler) think() int64 {
	return r.lab.slowed(int64(r.lab.setup.Costs.Think.Draw(r.rand.Rand)), r.who.server)
}

// rest plans the next look, after a sleep of threads that pop for themselves.
func (r *reconciler) rest(sleep int64) {
	l := r.lab
	if !l.threads() {
		sleep = int64(l.setup.SweepInterval)
	}
	r.next = l.free(r.who.server, r.done+sleep) + r.half()
	l.pops.push(r)
}

// idleMin is the least that a thread of org.conductoross' WorkflowSweeper sleeps when there was nothing (3.22.3).
const idleMin = 10 * millisecond

// deliver delivers the shard's message to a reconciler. When its sweep begins is not known before the pop ends.
func (s *shard) deliver(r *reconciler, at int64) {
	due := s.visible
	if s.world.Pass(s.ms(at)) {
		s.lab.counts.Leases++
		s.wake(at)
	}
	step := s.world.PopStep(model.DeciderQueue, 1)
	s.now = at
	reply := s.world.Apply(0, &step, 0)
	s.moved(&step, at, s.world.Last())
	who := r.who
	if s.lab.setup.Engine.Reconciler != sweeper.ThreadsInTurn {
		who.number += len(r.popped)
	}
	p := s.ready(sweep, who, at)
	p.client, p.due = r, due
	s.note(p, &step, reply, at)
	s.held++
	r.popped = append(r.popped, p)
}

// returned hears that a sweep is done.
func (r *reconciler) returned(p *play) {
	r.left--
	r.done = max(r.done, p.ready)
	if len(r.turns) > 0 {
		next := r.turns[0]
		r.turns = r.turns[:copy(r.turns, r.turns[1:])]
		next.begin(p.ready + r.think())
	}
	if r.left == 0 {
		r.lab.sweeping--
		r.rest(0)
	}
}
