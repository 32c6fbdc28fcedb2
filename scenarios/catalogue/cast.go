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
}

// settings are the engine's settings in the case.
func (c *cast) settings() sweeper.Settings {
	st := sweeper.DefaultSettings()
	st.RepairServiceEnabled = c.c.Scenario.Repair
	st.LockEnabled = c.c.Lock() != "disabled"
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
func (c *cast) add(name, server string, script sim.Script) {
	if c.c.Lock() == "local" {
		server = "server"
	}
	c.actors = append(c.actors, sim.ActorSpec{Name: name, Server: server, Script: script})
}

// sweepers adds the sweepers of the scope, each on a server of its own.
func (c *cast) sweepers(id model.WorkflowID) {
	object := c.world.Object(string(id))
	for i := range c.c.Scope.Sweepers {
		name := fmt.Sprintf("sweeper-%d", i+1)
		c.add(name, name, repeat(c.c.Scope.Sweeps, sweepOnce(c.server(name), object)))
		c.plays("sweeper")
	}
}

// unacks adds the queue's own thread, if it has one and the time passes: one run over every queue that the
// scenario has, for each advance of the clock.
func (c *cast) unacks() {
	job := c.world.Unacks()
	if job == nil || c.c.Scope.Advances == 0 {
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
	for i := range c.c.Scenario.Definitions {
		for _, t := range c.c.Scenario.Definitions[i].Tasks {
			names = append(names, t.Def.Name)
		}
	}
	return names
}

// worker adds a worker that completes a task it has, and then polls each of the queues in turn and
// completes what it gets.
func (c *cast) worker(name string, id model.WorkflowID, has model.TaskID, queues ...string) {
	s := c.server("api-" + name)
	ops := make([]sim.Operation, len(queues))
	for i, q := range queues {
		ops[i] = poll(s, c.world, c.world.Object(q))
	}
	first := updateTask(s, c.world, id, c.world.Object(string(has)), model.TaskCompleted)
	next := first
	c.add(name, s.name, func(pos int, last sim.Reply) (sim.Operation, bool) {
		switch {
		case pos == 0:
			return first, true
		case pos%2 == 1:
			if pos/2 >= len(ops) {
				return sim.Operation{}, false
			}
			return ops[pos/2], true
		}
		next.Object = last.Object
		return next, last.Code == replyDone
	})
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
