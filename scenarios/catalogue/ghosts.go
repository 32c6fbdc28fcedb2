package catalogue

import (
	"slices"

	"fermata/model"
	"fermata/sim"
	"fermata/sim/world"
	"fermata/sweeper"
)

// An oracle sees more than a step's own accesses if what it says depends on the order of steps that touch nothing in
// common. DPOR takes two orders for one only if no oracle that judges the scenario tells them apart: so what an oracle
// looks at beyond a step is declared here, as an object that no World has. Some steps write it, and others read it.

// sight is such an object.
type sight struct {
	name string
	// writes tells that the step may change what is looked at, reads that the oracle looks when it sees the step.
	// Steps that write it conflict, and so do those that write and those that read it. nil is no step.
	writes, reads func(w *world.World, s *sim.Step) bool
}

var (
	// whetherEnded is whether a workflow has ended, is queued, and is held: judged at every step that changes one of
	// the three.
	whetherEnded = sight{name: "whether ended, queued and held",
		writes: func(w *world.World, s *sim.Step) bool {
			return changesLock(s) || changesRecord(s) || changesEntry(w, s)
		}}
	// rowsOfAll is every task row of a workflow: judged when one is inserted.
	rowsOfAll = sight{name: "task rows", writes: func(_ *world.World, s *sim.Step) bool { return changesRow(s) }}
	// rowOfPush is the status of the task whose message is pushed.
	rowOfPush = sight{name: "the row of a message",
		writes: func(_ *world.World, s *sim.Step) bool { return changesRow(s) },
		reads:  func(_ *world.World, s *sim.Step) bool { return pushes(s) }}
	// commandsOfQueue is the order of the commands on a queue of several keys.
	commandsOfQueue = sight{name: "commands on queues",
		writes: func(_ *world.World, s *sim.Step) bool {
			return changes(s) && (passes(s) || s.Call != 0 && ofQueues(callOf(s)))
		}}
	// holderOfWrite is who holds the lock when a decide writes.
	holderOfWrite = sight{name: "the holder",
		writes: func(_ *world.World, s *sim.Step) bool { return changesLock(s) },
		reads:  func(_ *world.World, s *sim.Step) bool { return changes(s) && !changesLock(s) }}
	// endsTold is what the listener has been told of an end, which an operator's reopening forgets.
	endsTold = sight{name: "what was told of an end",
		writes: func(_ *world.World, s *sim.Step) bool {
			switch callOf(s) {
			case sweeper.ListenerCompleted, sweeper.ListenerTerminated, sweeper.ListenerFinalized:
				return true
			}
			return changesRecord(s)
		}}
	// order is which operation returned before which was called. No step tells whether it is the last of its
	// operation, so that no two are taken in one order.
	order = sight{name: "calls and returns", writes: func(*world.World, *sim.Step) bool { return true }}
)

// sights says of each oracle what it looks at beyond a step. An end of a run is the same for all orders that DPOR takes
// for one, and needs nothing.
var sights = []struct {
	oracle string
	sees   []sight
}{
	{"terminal-stays", nil},      // a write, and the record that it writes
	{"first-terminal-wins", nil}, // the same
	{"listener-once", []sight{endsTold}},
	{"listener-order", []sight{endsTold}},
	{"running-is-queued", nil}, // the end
	{"terminal-is-not-queued", []sight{whetherEnded}},
	{"ended-is-dequeued", nil}, // the end
	{"status-and-entry", []sight{order}},
	{"workflow-linearizable", []sight{order}},
	{"task-unique", []sight{rowsOfAll}},
	{"task-once", []sight{rowOfPush, commandsOfQueue}},
	{"first-terminal-task-wins", nil}, // a write, and the row that it writes
	{"message-has-task", []sight{rowOfPush}},
	{"lock-discipline", []sight{holderOfWrite}},
	{"mutual-exclusion", nil}, // what the lock answered; without a lock see sightsOf
	{"no-orphan", nil},        // the end
	{"no-self-wait", nil},     // what the lock answered
	{"lock-freed", nil},       // the end
	{"no-deadlock", nil},      // the end
	{"parent-agrees", nil},    // where the end settles
	{"progress", nil},         // where the end settles
	{"bounded-completion", nil},
}

// sightsOf are those of an oracle in a case. Where locks are disabled mutual-exclusion looks at the ends of operations.
func (c *Case) sightsOf(oracle string) []sight {
	if oracle == "mutual-exclusion" && c.Lock() == "disabled" {
		return []sight{order}
	}
	for _, s := range sights {
		if s.oracle == oracle {
			return s.sees
		}
	}
	return []sight{order}
}

// ghosts are the accesses that DPOR must know of for the oracles that judge the scenario; nil if there are none. The
// result of the function is valid until its next call.
func (in *instance) ghosts() func(s *sim.Step) []sim.Access {
	var seen []sight
	var objects []sim.Object
	for _, oracle := range in.c.Scenario.Judged {
		for _, s := range in.c.sightsOf(oracle) {
			seen = append(seen, s)
			objects = append(objects, in.world.Object("ghost: "+s.name))
		}
	}
	if len(seen) == 0 {
		return nil
	}
	var accesses []sim.Access
	return func(s *sim.Step) []sim.Access {
		accesses = accesses[:0]
		for i, g := range seen {
			if g.writes(in.world, s) {
				accesses = append(accesses, sim.Access{Object: objects[i], Kind: sim.Write})
			} else if g.reads != nil && g.reads(in.world, s) {
				accesses = append(accesses, sim.Access{Object: objects[i], Kind: sim.Read})
			}
		}
		return accesses
	}
}

// notInEveryOrder lists the oracles that DPOR shows the runs that it makes, but not every order that they tell apart:
// those that look beyond a step and do not judge the scenario, but for those that do not run at all.
func (c *Case) notInEveryOrder(without []string) (names []string) {
	for i := range oracles {
		name := oracles[i].name
		judges := slices.Contains(c.Scenario.Judged, name)
		if !judges && !slices.Contains(without, name) && len(c.sightsOf(name)) > 0 {
			names = append(names, name)
		}
	}
	return names
}

// passes tells whether a step lets time pass.
func passes(s *sim.Step) bool {
	return callOf(s) == sweeper.ClockAdvance || callOf(s) == sweeper.ClockWait
}

// changesLock tells whether a step may change who holds a lock. The clock ends leases.
func changesLock(s *sim.Step) bool {
	switch callOf(s) {
	case sweeper.LockAcquire, sweeper.LockRelease, sweeper.LockDelete, sweeper.ClockAdvance,
		sweeper.ClockWait:
		return true
	}
	return false
}

// changesRecord tells whether a step may change a workflow's record.
func changesRecord(s *sim.Step) bool {
	switch callOf(s) {
	case sweeper.DAOCreateWorkflow, sweeper.DAOUpdateWorkflow, sweeper.DAORemoveWorkflow:
		return changes(s)
	}
	return false
}

// changesRow tells whether a step may change a task's row, or which tasks a workflow has.
func changesRow(s *sim.Step) bool {
	switch callOf(s) {
	case sweeper.DAOCreateTasks, sweeper.DAOUpdateTask, sweeper.DAORemoveTask, sweeper.DAOCreateWorkflow,
		sweeper.DAORemoveWorkflow:
		return changes(s)
	}
	return false
}

// changesEntry tells whether a step may change what is in the decider queue. Of a command it is not known which queue
// it is on.
func changesEntry(w *world.World, s *sim.Step) bool {
	if passes(s) {
		return true
	}
	return changes(s) && ofQueues(callOf(s)) && (sweeper.Verb(s.Verb).IsCommand() ||
		callOf(s) == sweeper.QueueProcessUnacks || w.ObjectName(s.Object) == model.DeciderQueue)
}

// pushes tells whether a step may put a message into a queue.
func pushes(s *sim.Step) bool {
	switch callOf(s) {
	case sweeper.QueuePush, sweeper.QueuePushMillis, sweeper.QueuePushIfNotExists, sweeper.QueuePostpone,
		sweeper.RepairTask:
		return changes(s)
	}
	return false
}

// ofQueues tells whether a call is one of a queue.
func ofQueues(call sweeper.Verb) bool {
	switch call {
	case sweeper.QueuePush, sweeper.QueuePushMillis, sweeper.QueuePushIfNotExists, sweeper.QueuePop, sweeper.QueueAck,
		sweeper.QueueRemove, sweeper.QueueSetUnackTimeout, sweeper.QueueSetUnackTimeoutIfShorter,
		sweeper.QueuePostpone, sweeper.QueueContainsMessage, sweeper.QueueProcessUnacks, sweeper.RepairTask:
		return true
	}
	return false
}
