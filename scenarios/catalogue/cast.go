package catalogue

import (
	"fmt"

	"fermata/model"
	"fermata/sim"
	"fermata/sim/world"
	"fermata/sweeper"
)

// cast makes the actors of one instance of a case.
type cast struct {
	c       *Case
	world   *world.World
	ports   sweeper.Ports
	servers []*server
	actors  []sim.ActorSpec
	set     sweeper.Settings // those that settings gives
	// remembered tells that what the engine does is remembered in reply trees, begun that the servers are made.
	remembered, begun bool
	// parts are the parts that several may play, by actor; empty for others.
	parts []string
	// sweeping are the sweepers among them, a bit each.
	sweeping uint64
	// served are the workflows of those that work on tasks, by actor; w1 for others.
	served []model.WorkflowID
}

// settings are the engine's settings in the case.
func (c *cast) settings() sweeper.Settings {
	st := sweeper.DefaultSettings()
	st.RepairServiceEnabled = c.c.RepairService()
	st.LockEnabled = c.c.Lock() != "disabled"
	if change := c.c.Scenario.Settings; change != nil {
		change(&st)
	}
	return st
}

// server gives the server of that name, made on first use.
func (c *cast) server(name string) *server {
	for _, s := range c.servers {
		if s.name == name {
			return s
		}
	}
	s := &server{name: name}
	c.servers = append(c.servers, s)
	return s
}

// start makes every server afresh, at the start of a run; once for all runs along reply trees, where no code is run
// but what has not been run before, and that keeps nothing.
func (c *cast) start() {
	if c.begun && c.remembered {
		return
	}
	c.begun = true
	for _, s := range c.servers {
		s.begin(c.c.Engine, c.ports, c.set)
	}
}

// stop closes every server that can be closed, at the end of a run that a Host runs.
func (c *cast) stop() {
	for _, s := range c.servers {
		s.close()
	}
}

// add adds an actor. Where the lock is that of one server, all actors are threads of one.
func (c *cast) add(name, server string, script sim.Script) *sim.ActorSpec {
	if c.c.Lock() == "local" {
		server = "server"
	}
	c.actors = append(c.actors, sim.ActorSpec{Name: name, Server: server, Script: script})
	return &c.actors[len(c.actors)-1]
}

// sweepers adds the sweepers of the scope, each on a server of its own. They pop what they sweep, unless it was
// redelivered: then each has it already.
func (c *cast) sweepers(id model.WorkflowID) {
	for i := range c.c.Scope.Sweepers {
		name := fmt.Sprintf("sweeper-%d", i+1)
		s := c.server(name)
		script := repeat(c.c.Scope.Sweeps, sweepOnce(s, c.world.Object(string(id))))
		if c.c.Scope.Redelivered {
			script = c.inHand(s)
		}
		c.add(name, name, c.spaced(script))
		c.mayBeHit()
		c.sweeping |= 1 << (len(c.actors) - 1)
		c.plays("sweeper")
	}
}

// inHand sweeps each workflow of the case in turn, as often as the scope says.
func (c *cast) inHand(s *server) sim.Script {
	var ops []sim.Operation
	for _, id := range c.c.workflows() {
		ops = append(ops, sweepNow(s, id, c.world.Object(string(id))))
	}
	return func(pos int, _ sim.Reply) (sim.Operation, bool) {
		return ops[pos%len(ops)], pos < len(ops)*c.c.Scope.Sweeps
	}
}

// sweeps tells whether the actor is a sweeper.
func (c *cast) sweeps(a sim.ActorID) bool { return c.sweeping&(1<<(a&63)) != 0 }

// workers adds a worker for each workflow of a scenario that can be sized: it has the first task, and polls for the
// others one after the other.
func (c *cast) workers() {
	for i, id := range c.c.workflows() {
		refs := c.c.refs(id)
		c.worker(fmt.Sprintf("worker-%d", i+1), id, model.TaskID(refs[0]), refs[1:]...)
	}
}

// serves is the workflow whose tasks the actor works on.
func (c *cast) serves(a sim.ActorID) model.WorkflowID {
	if int(a) < len(c.served) {
		return c.served[a]
	}
	return w1
}

// unacks adds the queue's own thread, if it has one and the time passes: one run over every queue that the
// scenario has, for each advance of the clock.
func (c *cast) unacks() {
	job := c.world.Unacks()
	if job == nil || c.c.Scope.Advances == 0 || c.c.Scenario.DeadUnacks {
		return
	}
	ops := make([]sim.Operation, 0, 1)
	for _, queue := range c.queues() {
		ops = append(ops, processUnacks(job, queue, c.world.Object(queue)))
	}
	c.add("unacks", "unacks", func(pos int, _ sim.Reply) (sim.Operation, bool) {
		return ops[pos%len(ops)], pos < len(ops)*c.c.Scope.Advances
	})
}

// queues are the decider queue and, where a queue's thread runs for each alone, the queues of the tasks.
func (c *cast) queues() []string {
	names := []string{model.DeciderQueue}
	if c.c.Queue() == "sql" {
		return names // one transaction over all
	}
	if c.c.Scenario.Whole {
		return append(names, c.c.wholeQueues()...)
	}
	for _, def := range c.c.definitions() {
		for _, t := range def.Tasks {
			names = append(names, t.Def.Name)
		}
	}
	return names
}

// worker adds a worker that completes a task it has, and then polls each of the queues in turn and
// completes what it gets.
func (c *cast) worker(name string, id model.WorkflowID, has model.TaskID, queues ...string) {
	c.workerWith(name, id, has, model.TaskCompleted, queues...)
}

// workerWith is worker whose first result is another one.
func (c *cast) workerWith(
	name string, id model.WorkflowID, has model.TaskID, result model.TaskStatus, queues ...string,
) {
	s := c.server("api-" + name)
	first := updateTask(s, c.world, id, c.world.Object(string(has)), result)
	polls := c.polls(s, id, queues)
	c.add(name, s.name, func(pos int, last sim.Reply) (sim.Operation, bool) {
		if pos == 0 {
			return first, true
		}
		return polls(pos-1, last)
	})
	c.worksFor(id)
}

// pollingWorker adds a worker that has nothing yet: it polls each of the queues in turn, and completes what it gets, of
// the workflow, or of any if id is empty.
func (c *cast) pollingWorker(name string, id model.WorkflowID, queues ...string) {
	s := c.server("api-" + name)
	c.add(name, s.name, c.polls(s, id, queues))
	c.worksFor(id)
}

// polls polls each of the queues and completes what it gets; it ends with the first that gives nothing.
func (c *cast) polls(s *server, id model.WorkflowID, queues []string) sim.Script {
	ops := make([]sim.Operation, len(queues))
	for i, q := range queues {
		if ops[i] = poll(s, c.world, c.world.Object(q)); id == "" {
			ops[i] = pollWhole(s, c.world, c.world.Object(q))
		}
	}
	next := updateTask(s, c.world, id, 0, model.TaskCompleted)
	return func(pos int, last sim.Reply) (sim.Operation, bool) {
		if pos%2 == 1 {
			next.Object, next.Arg.Ref = last.Object, last.Ref
			return next, last.Code == replyDone
		}
		if pos/2 >= len(ops) || pos > 0 && last.Code != replyDone {
			return sim.Operation{}, false
		}
		return ops[pos/2], true
	}
}

// asks adds an actor that asks the engine for each of the operations in turn, of one workflow or queue, on a server of
// its own.
func (c *cast) asks(name, of string, verbs ...uint8) {
	s := c.server("api-" + name)
	ops := make([]sim.Operation, len(verbs))
	for i, verb := range verbs {
		ops[i] = ask(verb, s, c.world, of)
	}
	c.does(name, s, ops...)
}

// does adds an actor that performs the operations in turn, on that server.
func (c *cast) does(name string, s *server, ops ...sim.Operation) {
	c.add(name, s.name, func(pos int, _ sim.Reply) (sim.Operation, bool) {
		if pos >= len(ops) {
			return sim.Operation{}, false
		}
		return ops[pos], true
	})
}

// systemWorker adds a worker of the engine's own for a queue of asynchronous system tasks of one workflow.
func (c *cast) systemWorker(name string, id model.WorkflowID, queue string, times int) {
	s := c.server("api-" + name)
	c.add(name, s.name, repeat(times, ask(opSystemTasks, s, c.world, queue)))
	c.worksFor(id)
}

// worksFor says whose tasks the last actor works on.
func (c *cast) worksFor(id model.WorkflowID) {
	for len(c.served) < len(c.actors) {
		c.served = append(c.served, w1)
	}
	c.served[len(c.actors)-1] = id
}

// poller adds a worker that polls a queue so many times, and keeps what it gets.
func (c *cast) poller(name, queue string, times int) {
	s := c.server("api-" + name)
	c.add(name, s.name, repeat(times, poll(s, c.world, c.world.Object(queue))))
	c.plays(fmt.Sprintf("poller of %s, %d times", queue, times))
}

// audit adds an actor that inspects the workflow under its lock.
func (c *cast) audit(name string, id model.WorkflowID, times int) {
	c.add(name, name, repeat(times, inspect(c.ports, c.settings(), id, c.world.Object(string(id)))))
	c.plays(fmt.Sprintf("audit of %s, %d times", id, times))
}

func repeat(times int, op sim.Operation) sim.Script {
	return func(pos int, _ sim.Reply) (sim.Operation, bool) { return op, pos < times }
}
