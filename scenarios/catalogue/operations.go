package catalogue

import (
	"context"
	"errors"

	"fermata/model"
	"fermata/sim"
	"fermata/sim/world"
	"fermata/sweeper"
)

// The operations of the scenarios' actors: sim.Operation.Verb.
const (
	opSweep uint8 = 1 + iota
	opUpdateTask
	opPoll
	opInspect
	opProcessUnacks
	// Those of requests.
	opDecide
	opSystemTasks
	opTerminate
	opPause
	opResume
	opRetry
	opRerun
	opRestart
	opRemove
	opRequeue
	opRepair
	opAudit
	opStart
	opEnd
)

var operationNames = [...]string{
	opSweep: "Sweep", opUpdateTask: "UpdateTask", opPoll: "Poll", opInspect: "Inspect",
	opProcessUnacks: "ProcessUnacks", opAudit: "Audit",
}

func operationName(verb uint8) string {
	if r, ok := requests[verb]; ok {
		return r.name
	}
	return operationNames[verb]
}

// locks tells whether an operation must hold the workflow's lock where it changes the workflow: those that decide, and
// an operator's that ask for the lock, and the state audit. The operator's others take none in any release.
func locks(verb uint8) bool {
	switch verb {
	case opSweep, opUpdateTask, opDecide, opSystemTasks, opTerminate, opPause, opAudit:
		return true
	}
	return false
}

// reopens tells whether an operation may make a workflow RUNNING that has ended.
func reopens(verb uint8) bool { return verb == opRetry || verb == opRerun || verb == opRestart }

// The codes of operations' replies. A status or a flag goes in N, a task in Object.
const (
	replyDone uint16 = iota
	replyNothing
	replyError
	replyBusy
)

// server is one process of the engine; actors on it share it. What the engine cannot do is nil.
type server struct {
	name   string
	sweeps sweeper.Server
	takes  sweeper.TaskUpdater
	polls  sweeper.TaskPoller
	one    sweeper.WorkflowSweeper
}

// begin makes the server afresh.
func (s *server) begin(e sweeper.Engine, ports sweeper.Ports, settings sweeper.Settings) {
	s.sweeps = e.New(ports, settings)
	s.takes, _ = s.sweeps.(sweeper.TaskUpdater)
	s.polls, _ = s.sweeps.(sweeper.TaskPoller)
	s.one, _ = s.sweeps.(sweeper.WorkflowSweeper)
}

// close closes the server, if it can be.
func (s *server) close() {
	if c, ok := s.sweeps.(sweeper.Closer); ok {
		c.Close()
	}
}

// sweepOnce is one run of the reconciler.
func sweepOnce(s *server, id sim.Object) sim.Operation {
	return sim.Operation{Verb: opSweep, Object: id, Run: func(a *sim.Actor, _ *sim.Operation) sim.Reply {
		return replyOf(s.sweeps.PollAndSweep(world.Context(a)))
	}}
}

// sweepNow sweeps a workflow whose message the server has.
func sweepNow(s *server, id model.WorkflowID, object sim.Object) sim.Operation {
	return sim.Operation{Verb: opSweep, Object: object, Run: func(a *sim.Actor, _ *sim.Operation) sim.Reply {
		return replyOf(s.one.Sweep(world.Context(a), id))
	}}
}

// updateTask reports a task's result, as a worker does. An empty id is the workflow of the task in Arg.
func updateTask(
	s *server,
	w *world.World,
	wf model.WorkflowID,
	task sim.Object,
	status model.TaskStatus,
) sim.Operation {
	return sim.Operation{Verb: opUpdateTask, Object: task, Arg: sim.Reply{N: int64(status)},
		Run: func(a *sim.Actor, op *sim.Operation) sim.Reply {
			id, of := model.TaskID(w.ObjectName(op.Object)), wf
			if of == "" {
				of = w.TaskOf(op.Arg.Ref).WorkflowID
			}
			return replyOf(s.takes.UpdateTask(world.Context(a), sweeper.TaskResult{
				TaskID: id, WorkflowID: of, Status: model.TaskStatus(op.Arg.N),
			}))
		}}
}

// poll asks for one task of a queue; its reply has the task's id.
func poll(s *server, w *world.World, queue sim.Object) sim.Operation {
	return pollFor(s, w, queue, func(t model.Task) sim.Reply { return sim.Reply{Object: w.Object(string(t.ID))} })
}

// pollWhole is poll with the whole task in its reply.
func pollWhole(s *server, w *world.World, queue sim.Object) sim.Operation {
	return pollFor(s, w, queue, func(t model.Task) sim.Reply {
		return sim.Reply{Object: w.Object(string(t.ID)), Ref: w.TaskRef(t)}
	})
}

func pollFor(s *server, w *world.World, queue sim.Object, got func(model.Task) sim.Reply) sim.Operation {
	return sim.Operation{Verb: opPoll, Object: queue, Run: func(a *sim.Actor, op *sim.Operation) sim.Reply {
		tasks, err := s.polls.Poll(world.Context(a), w.ObjectName(op.Object), 1)
		if err != nil || len(tasks) == 0 {
			return orNothing(err)
		}
		return got(tasks[0])
	}}
}

// processUnacks is one run of the queue's own thread over one queue.
func processUnacks(job func(context.Context, string) error, queue string, object sim.Object) sim.Operation {
	return sim.Operation{Verb: opProcessUnacks, Object: object, Run: func(a *sim.Actor, _ *sim.Operation) sim.Reply {
		return replyOf(job(world.Context(a), queue))
	}}
}

// inspect is an audit: status and decider entry, read under the lock. N is the status, and Code
// replyNothing if the entry is absent.
func inspect(p sweeper.Ports, st sweeper.Settings, id model.WorkflowID, object sim.Object) sim.Operation {
	return sim.Operation{Verb: opInspect, Object: object, Run: func(a *sim.Actor, _ *sim.Operation) sim.Reply {
		return audit(world.Context(a), p, st, id)
	}}
}

func audit(ctx context.Context, p sweeper.Ports, st sweeper.Settings, id model.WorkflowID) sim.Reply {
	ctx, held, err := auditLocks(ctx, p, st, id)
	if err != nil {
		return sim.Reply{Code: replyError}
	}
	if !held {
		return sim.Reply{Code: replyBusy}
	}
	defer p.Lock.ReleaseLock(ctx, id) //nolint:errcheck // an audit has nobody to tell
	wf, err := p.Execution.GetWorkflow(ctx, id, false)
	if err != nil {
		return sim.Reply{Code: replyError}
	}
	queued, err := p.Queue.ContainsMessage(ctx, model.DeciderQueue, string(id))
	if err != nil {
		return sim.Reply{Code: replyError}
	}
	reply := sim.Reply{N: int64(wf.Status)}
	if !queued {
		reply.Code = replyNothing
	}
	return reply
}

// auditLocks takes the lock for an audit. Where the lock gives tokens its read carries one, as all do that rely on it.
func auditLocks(
	ctx context.Context, p sweeper.Ports, st sweeper.Settings, id model.WorkflowID,
) (context.Context, bool, error) {
	if p.Fence == nil {
		held, err := p.Lock.AcquireLock(ctx, id, st.LockTimeToTry, st.LockLeaseTime)
		return ctx, held, err
	}
	token, err := p.Fence.AcquireToken(ctx, id, st.LockTimeToTry, st.LockLeaseTime)
	return sweeper.WithToken(ctx, id, token), token != 0, err
}

func replyOf(err error) sim.Reply {
	if err != nil {
		return sim.Reply{Code: replyError}
	}
	return sim.Reply{}
}

func orNothing(err error) sim.Reply {
	if err == nil || errors.Is(err, sweeper.ErrNotFound) {
		return sim.Reply{Code: replyNothing}
	}
	return sim.Reply{Code: replyError}
}
