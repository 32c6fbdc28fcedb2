package load

import (
	"math"

	"fermata/model"
	"fermata/sim"
	"fermata/sim/timed"
	"fermata/sim/world"
	"fermata/sweeper"
)

// never is a time that does not come.
const never = math.MaxInt64

// workflowID is the workflow of every shard.
const workflowID = model.WorkflowID("w1")

// shard is one workflow, in a world of its own, with everything that happens to it. Its events are taken in the order
// of their times. It may go ahead of the other shards for as long as no sweeper can take its message meanwhile: what
// it does then depends on nobody, and nobody on it.
type shard struct {
	lab    *lab
	names  *world.Names
	world  *world.World
	ports  sweeper.Ports
	server server
	rand   *timed.Source

	number  int64
	birth   int64 // nanoseconds, as every time here
	now     int64 // of what is taken
	events  []event
	seq     uint32 // of events
	begun   int    // operations, and the number of the next
	plays   []*play
	slots   uint64 // in use, a bit each
	leaks   []leak
	held    int    // deliveries to a thread that sweeps another first: it is not known when this one begins
	place   int    // among the live ones
	turn    uint32 // of its entries in the lab's heaps: older ones are void
	visible int64  // from when on the decider message can be popped; never if there is none
	told    facts
}

// server is the engine over a shard's ports: one for all servers, since it keeps nothing.
type server struct {
	starts  sweeper.WorkflowStarter
	polls   sweeper.TaskPoller
	takes   sweeper.TaskUpdater
	sweeps  sweeper.WorkflowSweeper
	systems sweeper.SystemTaskPoller
}

// leak is a hold that an operation of a thread left behind: its next operation on this workflow is the same owner.
type leak struct {
	who  thread
	slot sim.ActorID
}

// thread is a thread of a server; number 0 is one that nobody meets again.
type thread struct{ server, number int }

// event is what will happen to a shard.
type event struct {
	at   int64
	seq  uint32 // which of two at one time was planned first
	kind eventKind
	play *play // whose step or beginning it is
	// queue and message are what a poll is for.
	queue, message sim.Object
	task           model.TaskID // what a report is of
	failed         bool         // it says FAILED
	by             int          // the worker's number, which is that of its poll
}

type eventKind uint8

const (
	stepTaken eventKind = iota
	begins
	pollOf
	reportOf
	auditDue
	unacksDue
)

// newShard makes a shard that begins nothing yet.
func (l *lab) newShard() *shard {
	s := &shard{lab: l, names: l.names, rand: timed.NewSource(0, 0, 0)}
	s.world = world.New(world.Config{
		Definitions:  l.definitions,
		Deadlines:    world.Deadlines{MessageVisibility: true, LivingOwnerLease: true, TaskTimeouts: true},
		Advances:     1,
		AtomicRepair: l.setup.Engine.NeedsAtomicRepair,
		Fence:        l.setup.Engine.NeedsFence,
		Parts:        l.setup.Parts,
		ActorName:    actorName,
		Names:        l.names,
	})
	s.ports = s.world.Ports()
	made := l.setup.Engine.New(s.ports, l.setup.Settings)
	s.server.starts, _ = made.(sweeper.WorkflowStarter)
	s.server.polls, _ = made.(sweeper.TaskPoller)
	s.server.takes, _ = made.(sweeper.TaskUpdater)
	s.server.sweeps, _ = made.(sweeper.WorkflowSweeper)
	s.server.systems, _ = made.(sweeper.SystemTaskPoller)
	return s
}

// begin makes the shard that of a workflow that starts now.
func (s *shard) begin(number, at int64) {
	s.world.Reset()
	s.rand.Reseed(s.lab.setup.Seed, laneWorkflow, uint64(number))
	s.number, s.birth, s.now = number, at, at
	s.events, s.seq, s.begun, s.held = s.events[:0], 0, 0, 0
	s.slots, s.leaks, s.visible = 0, s.leaks[:0], never
	s.told.begin()
	if p := s.lab.setup.Audit.Period; p > 0 {
		period := int64(p.Millis()) * millisecond
		s.plan(event{at: at + s.rand.Int64N(period), kind: auditDue})
	}
	s.start(startWorkflow, at, thread{server: s.anyServer()})
}

// anyServer is where a client or a worker comes to.
func (s *shard) anyServer() int { return s.rand.IntN(s.lab.setup.Servers) }

// plan adds an event.
func (s *shard) plan(e event) {
	e.seq = s.seq
	s.seq++
	s.events = append(s.events, e)
}

// earliest is the index of the next event; -1 if there is none.
func (s *shard) earliest() int {
	first := -1
	for i := range s.events {
		e := &s.events[i]
		if first < 0 || e.at < s.events[first].at ||
			e.at == s.events[first].at && e.seq < s.events[first].seq {
			first = i
		}
	}
	return first
}

// soonest is when the next event is.
func (s *shard) soonest() int64 {
	if i := s.earliest(); i >= 0 {
		return s.events[i].at
	}
	return never
}

// drop takes an event out.
func (s *shard) drop(i int) event {
	e := s.events[i]
	last := len(s.events) - 1
	s.events[i] = s.events[last]
	s.events[last] = event{}
	s.events = s.events[:last]
	return e
}

// may tells whether what happens at that time can be taken now: no sweeper can come before it.
func (s *shard) may(at int64) bool {
	switch {
	case at <= s.lab.now:
		return true
	case s.lab.setup.Plain, s.held > 0, at > s.lab.end:
		return false
	}
	return at < s.visible || at < s.lab.nextPop()
}

// run takes events as long as it may, and leaves the shard to the lab or, if nothing can happen to it any more, ends
// it.
func (s *shard) run() {
	for !s.over() {
		i := s.earliest()
		if i < 0 || !s.may(s.events[i].at) {
			break
		}
		e := s.drop(i)
		s.now = e.at
		s.take(e)
		if s.lab.failed != nil {
			return
		}
	}
	if s.over() {
		s.finish()
		return
	}
	s.post()
}

// over tells whether nothing can happen to the workflow any more. Nobody audits one that has ended and left the queue.
func (s *shard) over() bool {
	if s.visible != never || s.held > 0 {
		return false
	}
	audits := len(s.events) == 1 && s.events[0].kind == auditDue && s.told.status.Terminal()
	return len(s.events) == 0 || audits
}

// post leaves the shard to the lab: for its next event, and for whoever pops its message.
func (s *shard) post() {
	s.turn++
	if at := s.soonest(); at != never {
		s.lab.waiting.push(entry{at: at, number: s.number, shard: s, turn: s.turn})
	}
	if s.visible != never {
		s.lab.due.push(entry{at: s.visible / millisecond, number: s.number, shard: s, turn: s.turn})
	}
}

// take takes an event.
func (s *shard) take(e event) {
	switch e.kind {
	case stepTaken:
		if r, done := s.effect(e.play, e.play.step, e.at); done {
			s.went(e.play, e.play.solo.Answer(r))
		}
	case begins:
		s.play(e.play)
	case pollOf:
		s.poll(e)
	case reportOf:
		p := s.ready(reportTask, thread{server: s.anyServer()}, e.at)
		p.task, p.failed, p.by = e.task, e.failed, e.by
		s.play(p)
	case auditDue:
		s.plan(event{at: e.at + int64(s.lab.setup.Audit.Period.Millis())*millisecond, kind: auditDue})
		s.play(s.ready(audit, thread{server: -1}, e.at))
	case unacksDue:
		s.play(s.ready(processUnacks, thread{server: -1}, e.at))
	}
}

// ms is the world's time at a moment.
func (s *shard) ms(at int64) model.Millis {
	return world.Beginning + model.Millis(at/millisecond-s.birth/millisecond)
}

// nanos is when a world's time begins.
func (s *shard) nanos(ms model.Millis) int64 {
	return (int64(ms-world.Beginning) + s.birth/millisecond) * millisecond
}

const (
	microsecond = int64(1_000)
	millisecond = 1_000 * microsecond
	second      = 1_000 * millisecond
)
