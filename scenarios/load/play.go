package load

import (
	"context"
	"errors"
	"fmt"

	"fermata/model"
	"fermata/sim"
	"fermata/sim/world"
	"fermata/sweeper"
	"fermata/sweeper/remedy"
)

// play is an operation in progress: what an actor does, where, and since when.
type play struct {
	solo   *sim.Solo
	shard  *shard
	kind   kind
	who    thread
	slot   sim.ActorID
	pos    int
	ready  int64 // when the actor has the last reply
	half   int64 // from the step's effect to its reply
	step   *sim.Step
	begun  int64
	client *reconciler // who waits for it
	due    int64       // of a sweep: since when its message could be popped

	queue  string // of a poll
	task   model.TaskID
	failed bool

	// Of an acquire: until when it is tried, and since when another's hold stands against it, 0 if none does.
	tryUntil, waiting int64
	// What it has read of the workflow: when, and which version; 0 is nothing.
	readAt      int64
	readVersion int
	holds       int
	call        sim.Verb // that the step before was a part of
	by          int      // the number of a worker
	missed      bool
}

// kind is which operation.
type kind uint8

const (
	startWorkflow kind = iota
	pollTask
	reportTask
	systemTasks
	sweep
	audit
	processUnacks
	kinds
)

// operations are what each kind runs. Each finds its play by the actor.
var operations = [kinds]sim.Operation{
	startWorkflow: {Verb: uint8(startWorkflow), Run: run(func(p *play) error {
		return p.shard.server.starts.StartWorkflow(p.ctx(), workflowID, workflowName)
	})},
	pollTask: {Verb: uint8(pollTask), Run: run(func(p *play) error {
		tasks, err := p.shard.server.polls.Poll(p.ctx(), p.queue, 1)
		for i := range tasks {
			p.shard.delivered(p, &tasks[i])
		}
		return err
	})},
	reportTask: {Verb: uint8(reportTask), Run: run(func(p *play) error {
		status := model.TaskCompleted
		if p.failed {
			status = model.TaskFailed
		}
		return p.shard.server.takes.UpdateTask(p.ctx(),
			sweeper.TaskResult{TaskID: p.task, WorkflowID: workflowID, Status: status})
	})},
	systemTasks: {Verb: uint8(systemTasks), Run: run(func(p *play) error {
		return p.shard.server.systems.PollSystemTasks(p.ctx(), p.queue)
	})},
	sweep: {Verb: uint8(sweep), Run: run(func(p *play) error {
		return p.shard.server.sweeps.Sweep(p.ctx(), workflowID)
	})},
	audit: {Verb: uint8(audit), Run: run(func(p *play) error {
		setup := p.shard.lab.setup
		did, err := remedy.Audit(p.ctx(), p.shard.ports, remedy.Settings{
			LockTimeToTry: setup.Settings.LockTimeToTry, LockLeaseTime: setup.Settings.LockLeaseTime,
			Remove: setup.Audit.Remove, Tasks: setup.Audit.Tasks,
		}, workflowID)
		p.shard.audited(did)
		return err
	})},
	processUnacks: {Verb: uint8(processUnacks), Run: run(func(p *play) error {
		return p.shard.unacks(p)
	})},
}

// run does what an operation is. The engine's own errors are its own business, and it has logged them; a call that is
// not modelled ends the run, since nothing that follows would mean anything.
func run(do func(p *play) error) func(*sim.Actor, *sim.Operation) sim.Reply {
	return func(a *sim.Actor, _ *sim.Operation) sim.Reply {
		p := a.Solo().Tag.(*play)
		err := do(p)
		if errors.Is(err, sweeper.ErrUnmodelled) {
			p.shard.lab.fail(err)
		}
		if err != nil {
			return sim.Reply{Code: 1}
		}
		return sim.Reply{}
	}
}

func (p *play) ctx() context.Context { return world.Context(p.solo.Actor()) }

// slotsMax bounds the operations of one workflow at one time.
const slotsMax = 64

// actorName names a slot: where it stands in an id, it tells apart what was made by operations at one time.
func actorName(id sim.ActorID) string { return slotNames[id&(slotsMax-1)] }

var slotNames = func() (names [slotsMax]string) {
	for i := range names {
		names[i] = fmt.Sprintf("a%d", i)
	}
	return names
}()

// start begins an operation at a time that may be later.
func (s *shard) start(k kind, at int64, who thread) *play {
	p := s.ready(k, who, at)
	s.at(p, at)
	return p
}

// at has an operation begin at a time.
func (s *shard) at(p *play, at int64) {
	p.ready, p.begun = at, at
	s.plan(event{at: at, kind: begins, play: p})
}

// ready makes an operation that begins at a time.
func (s *shard) ready(k kind, who thread, at int64) *play {
	p := s.lab.freePlay()
	*p = play{solo: p.solo, shard: s, kind: k, who: who, ready: at, begun: at, pos: s.begun}
	s.begun++
	s.plays = append(s.plays, p)
	p.slot = s.slotFor(who)
	return p
}

// slotFor is the lowest slot that is free, or the one that the thread left a hold behind with.
func (s *shard) slotFor(who thread) sim.ActorID {
	for i := 0; i < len(s.leaks); i++ {
		l := s.leaks[i]
		same := l.who == who && who.number != 0
		if !same && s.holds(l.slot) {
			continue
		}
		s.leaks[i] = s.leaks[len(s.leaks)-1]
		s.leaks = s.leaks[:len(s.leaks)-1]
		if same {
			return l.slot
		}
		s.slots &^= 1 << l.slot // its lease has ended
		i--
	}
	for i := range sim.ActorID(slotsMax) {
		if s.slots&(1<<i) == 0 {
			s.slots |= 1 << i
			return i
		}
	}
	s.lab.fail(fmt.Errorf("more than %d operations on one workflow at one time", slotsMax))
	return 0
}

// holds tells whether a slot holds the workflow's lock.
func (s *shard) holds(slot sim.ActorID) bool {
	holder, _, held := s.world.LockHolderOf(s.lab.workflow)
	return held && holder == slot
}

// play lets an operation's code go on from its beginning.
func (s *shard) play(p *play) {
	s.went(p, p.solo.Play(s, p.slot, p.pos, operations[p.kind]))
}

// went sees what became of an operation that went on: it is at a step that waits for its time, or has returned.
func (s *shard) went(p *play, returned bool) {
	if f := p.solo.Failure(); f != nil {
		s.lab.fail(f)
		return
	}
	if !returned {
		return
	}
	for i, q := range s.plays {
		if q == p {
			s.plays[i] = s.plays[len(s.plays)-1]
			s.plays = s.plays[:len(s.plays)-1]
			break
		}
	}
	if s.holds(p.slot) {
		s.leaks = append(s.leaks, leak{p.who, p.slot})
	} else {
		s.slots &^= 1 << p.slot
	}
	s.returned(p)
	if p.client != nil {
		p.client.returned(p)
	}
	s.lab.release(p)
}
