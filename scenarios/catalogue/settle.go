package catalogue

import (
	"fmt"
	"slices"

	"fermata/model"
	"fermata/sim"
	"fermata/sim/world"
)

// Settling goes on from an end of a run, fairly and deterministically, until nothing changes any
// more: every due sweep is swept, every queued task polled, by a worker or by the engine's own, every task in progress
// completed, and then time passes to the next deadline. It tells a violation that stays from one that heals, and by
// whom.

// settleRoundsMax bounds the advances of the clock while settling, and settleOperationsMax the
// operations between two of them.
const (
	settleRoundsMax     = 200
	settleOperationsMax = 100
)

// settled is where settling led.
type settled struct {
	// elapsed is the virtual time until nothing changed any more, or the state came again.
	elapsed model.Millis
	// done is the time at which the last workflow ended; -1 if one never did.
	done model.Millis
	// tasksDone is the time at which the last task ended.
	tasksDone model.Millis
	// healed tells for each condition that was asked for when it first held at the end of a round; -1 for never.
	// by tells who it was that had it hold; empty if it held from the start.
	healed []model.Millis
	// disagreements are the SUB_WORKFLOW tasks that are not as their sub-workflows in the end.
	disagreements []disagreement
	by            []string
	// open are the workflows that never ended.
	open  []model.WorkflowID
	lines []string
	// ended tells whether every task of a workflow that a worker has to end has ended, or should have.
	ended func(model.Workflow) bool
}

// resting is the world of an instance without its Reset, so that a machine can go on from where it is.
type resting struct{ *world.World }

func (resting) Reset() {}

// settler runs operations one after the other on the world as it is.
type settler struct {
	in      *instance
	machine *sim.Machine
	op      sim.Operation
	result  sim.Reply
	server  *server
	audits  *audits
	// held has for each condition whether it holds, and by who did what last made it hold.
	conditions []func(*world.World) bool
	held       []bool
	by         []string
}

// did notes what holds after something was done, in the words of whoever did it.
func (s *settler) did(who string) {
	for i, holds := range s.conditions {
		now := holds(s.in.world)
		if now && !s.held[i] {
			s.by[i] = who
		}
		s.held[i] = now
	}
}

func newSettler(in *instance) *settler {
	s := &settler{in: in, server: &server{name: "settling"}}
	begin := func() { s.server.begin(in.c.Engine, in.cast.ports, in.cast.settings()) }
	if in.c.Host == nil {
		begin()
		begin = nil // one server for all
	}
	s.machine = sim.New(&sim.System{
		World: resting{in.world}, OperationName: operationName,
		Host: in.c.Host, Start: begin, Stop: s.server.close,
		Actors: s.actors(),
	})
	return s
}

// settlingName is of who settles: none of the cast, whose locks and ids are not its own. It has the number after
// theirs.
const settlingName = "settling"

func (s *settler) actors() []sim.ActorSpec {
	idle := func(int, sim.Reply) (op sim.Operation, ok bool) { return op, false }
	cast := slices.Repeat([]sim.ActorSpec{{Script: idle}}, len(s.in.cast.actors))
	return append(cast, sim.ActorSpec{
		Name: settlingName, Script: func(pos int, last sim.Reply) (sim.Operation, bool) {
			if pos > 0 {
				s.result = last
			}
			return s.op, pos == 0 && s.op.Run != nil
		},
	})
}

// run runs one operation to its end, for whoever has it done, and tells its result.
func (s *settler) run(who string, op sim.Operation) sim.Reply {
	defer s.did(who)
	s.op, s.result = op, sim.Reply{Code: replyError}
	s.machine.Reset()
	var open []sim.Choice
	for {
		if open = s.machine.Choices(open[:0]); len(open) == 0 {
			return s.result
		}
		s.machine.Take(open[0])
	}
}

// settle goes on from the instance's present state of the world, and puts that back at the end. A condition is
// asked at the start and after each round.
func settle(in *instance, conditions ...func(*world.World) bool) settled {
	s, w := newSettler(in), in.world
	defer s.machine.Close()
	s.audits = s.periodic()
	before := w.Save(nil)
	w.Settling(true)
	defer func() {
		w.Settling(false)
		w.Load(before)
	}()
	out := settled{done: -1, tasksDone: -1, ended: in.tasksEnded}
	start := w.Now()
	seen := map[string]bool{}
	s.conditions = conditions
	s.held, s.by = make([]bool, len(conditions)), make([]string, len(conditions))
	s.did("")
	for range conditions {
		out.healed, out.by = append(out.healed, -1), append(out.by, "")
	}
	for round := 0; round < settleRoundsMax; round++ {
		out.elapsed = w.Now() - start
		out.note(w, s)
		s.giveBack()
		s.work()
		out.note(w, s)
		key := string(w.Key(nil)) + s.audits.phase(w.Now())
		if seen[key] {
			break
		}
		seen[key] = true
		if !s.advance() {
			break
		}
	}
	out.lines, out.disagreements = describe(w), disagreements(w)
	for _, id := range w.Workflows() {
		if status := w.Status(id); status != 0 && !status.Terminal() {
			out.open = append(out.open, id)
		}
	}
	return out
}

func (o *settled) note(w *world.World, s *settler) {
	for i := range s.conditions {
		if o.healed[i] < 0 && s.held[i] {
			o.healed[i], o.by[i] = o.elapsed, s.by[i]
		}
	}
	if o.tasksDone < 0 && all(w, o.ended) {
		o.tasksDone = o.elapsed
	}
	if o.done < 0 && all(w, func(wf model.Workflow) bool { return wf.Status.Terminal() }) {
		o.done = o.elapsed
	}
}

func all(w *world.World, holds func(model.Workflow) bool) bool {
	for _, id := range w.Workflows() {
		if wf, ok := w.Workflow(id); ok && !holds(wf) {
			return false
		}
	}
	return true
}

// work does what is due now: sweeps, polls, and the completion of every task in progress.
func (s *settler) work() {
	for range settleOperationsMax {
		key := string(s.in.world.Key(nil))
		s.run("a sweep", sweepOnce(s.server, 0))
		s.complete()
		for _, q := range s.in.world.Queues() {
			s.pollOnce(q)
		}
		if string(s.in.world.Key(nil)) == key {
			return
		}
	}
}

// giveBack runs the queue's own thread, if it has one.
func (s *settler) giveBack() {
	job := s.in.world.Unacks()
	if job == nil || s.in.c.Scenario.DeadUnacks {
		return
	}
	for _, q := range s.in.world.Queues() {
		s.run("the queue's own thread", processUnacks(job, q, s.in.world.Object(q)))
	}
}

// complete has the workers finish what they have in hand.
func (s *settler) complete() {
	w := s.in.world
	for _, id := range w.Workflows() {
		wf, _ := w.Workflow(id)
		for _, t := range wf.Tasks {
			if t.Status == model.TaskInProgress && s.in.hasWorker(t) && s.server.takes != nil {
				s.run("a worker's result for "+string(t.ID),
					updateTask(s.server, w, id, w.Object(string(t.ID)), model.TaskCompleted))
			}
		}
	}
}

// advance lets time pass to the next deadline of any kind, or to the next audit, which it then runs.
func (s *settler) advance() bool {
	var step sim.Step
	deadline := s.in.world.NextAdvance(&step)
	audit := s.audits.sooner(&step, deadline, s.in.world.Now())
	if !deadline && !audit {
		return false
	}
	s.in.world.Apply(sim.Clock, &step, 0)
	s.did("the time: " + s.in.world.ObjectName(step.Object))
	if audit {
		s.run("the state audit", s.in.cast.auditing(s.in.world.Workflows()))
	}
	return true
}

// describe tells the state of the world, a line a fact.
func describe(w *world.World) []string {
	var lines []string
	for _, id := range w.Workflows() {
		wf, ok := w.Workflow(id)
		if !ok {
			lines = append(lines, string(id)+": not in the store")
			continue
		}
		lines = append(lines, string(id)+": "+wf.Status.String())
		for _, t := range wf.Tasks {
			line := "  " + string(t.ID) + ": " + t.Status.String()
			if w.Queued(t.QueueName(), string(t.ID)) {
				line += ", queued"
			}
			lines = append(lines, line)
		}
		lines = append(lines, "  decider queue: "+deciderEntry(w, id))
		if holder, holds, ok := w.LockHolder(id); ok {
			lines = append(lines, "  lock: held "+times(holds)+" by "+w.ActorName(holder))
		}
	}
	return lines
}

func deciderEntry(w *world.World, id model.WorkflowID) string {
	due, ok := w.Message(model.DeciderQueue, string(id))
	switch {
	case !ok:
		return "no message"
	case due <= 0:
		return "a message, due now"
	}
	return "a message, due in " + due.String()
}

func times(n int) string {
	if n == 1 {
		return "once"
	}
	return fmt.Sprintf("%d times", n)
}
