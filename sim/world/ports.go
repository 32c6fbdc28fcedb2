package world

import (
	"context"
	"time"

	"fermata/model"
	"fermata/sim"
	"fermata/sweeper"
)

// actorContext carries the actor to the ports.
type actorContext struct{ actor *sim.Actor }

type actorKey struct{}

// Context is a context that carries the actor: what an operation passes to the engine. It is never
// cancelled, unless a Host runs the operation: then when that is to end.
func Context(a *sim.Actor) context.Context {
	if a.Hosted() {
		return hostedContext{a.Context(), a}
	}
	return actorContext{a}
}

func (actorContext) Deadline() (deadline time.Time, ok bool) { return time.Time{}, false }
func (actorContext) Done() <-chan struct{}                   { return nil }
func (actorContext) Err() error                              { return nil }

func (c actorContext) Value(key any) any {
	if key == (actorKey{}) {
		return c.actor
	}
	return nil
}

// Actor finds the actor in the context that an operation was given.
func Actor(ctx context.Context) *sim.Actor { return actorOf(ctx) }

// Present is the virtual time without a step: for what must tell an engine of another process the time
// whether or not it asks.
func (p environment) Present() model.Millis { return p.w.Now() }

// actorOf finds the actor in the context that an engine was given and passed on.
func actorOf(ctx context.Context) *sim.Actor {
	if c, ok := ctx.(actorContext); ok {
		return c.actor
	}
	if a := find(ctx); a != nil {
		return a
	}
	panic(lost)
}

// lost is what a call without an actor panics with.
const lost = "world: a port was called without the context that the operation was given"

// find finds the actor in the context, however it is wrapped; nil if there is none.
func find(ctx context.Context) *sim.Actor {
	a, _ := ctx.Value(actorKey{}).(*sim.Actor)
	return a
}

// errorOf is the sentinel error that a reply's code stands for.
func errorOf(r sim.Reply) error {
	switch r.Code {
	case failedNotFound:
		return sweeper.ErrNotFound
	case failedNotOwner:
		return sweeper.ErrIllegalMonitorState
	case failedConflict:
		return sweeper.ErrConflict
	case failedInjected:
		return sweeper.ErrInjected
	case failedFenced:
		return sweeper.ErrFenced
	}
	return nil
}

// yes is the reply of a step that answers true or false.
func yes(r sim.Reply) (bool, error) { return r.Code == done, errorOf(r) }

// Ports are the ports onto this World. They find the actor in the context. Several goroutines may call them at once if
// the World is Guarded.
func (w *World) Ports() sweeper.Ports {
	p := sweeper.Ports{
		Lock: lockPort{w}, Queue: w.queuePart.port(), Execution: w.storePart.port(), Listener: listenerPort{w},
		Metadata: definitionsPort{w}, Env: environment{w},
	}
	if w.cfg.AtomicRepair {
		p.AtomicRepair = repairPort{w}
	}
	if w.cfg.Fence {
		p.Fence = fencePort{lockPort{w}}
	}
	if w.cfg.Guarded {
		return w.guarded(p)
	}
	return p
}

type lockPort struct{ w *World }

// step is a step of the lock: acquire reads the time, for its lease.
func (p lockPort) step(v sweeper.Verb, id model.WorkflowID) sim.Step {
	s := sim.Step{Verb: sim.Verb(v), Object: p.w.Object(string(id))}
	s.Touch(p.w.lockObject(s.Object), sim.Write)
	if v != sweeper.LockDelete {
		s.Touch(p.w.time, sim.Read)
	}
	return s
}

func (p lockPort) AcquireLock(ctx context.Context, id model.WorkflowID, timeToTry, lease model.Millis) (bool, error) {
	return yes(p.try(ctx, id, timeToTry, lease))
}

func (p lockPort) try(ctx context.Context, id model.WorkflowID, timeToTry, lease model.Millis) sim.Reply {
	s := p.step(sweeper.LockAcquire, id)
	s.A, s.B = int64(timeToTry), int64(lease)
	return actorOf(ctx).Do(&s)
}

func (p lockPort) ReleaseLock(ctx context.Context, id model.WorkflowID) error {
	s := p.step(sweeper.LockRelease, id)
	return errorOf(actorOf(ctx).Do(&s))
}

func (p lockPort) DeleteLock(ctx context.Context, id model.WorkflowID) error {
	s := p.step(sweeper.LockDelete, id)
	return errorOf(actorOf(ctx).Do(&s))
}

type listenerPort struct{ w *World }

func (p listenerPort) tell(ctx context.Context, v sweeper.Verb, id model.WorkflowID) error {
	s := sim.Step{Verb: sim.Verb(v), Object: p.w.Object(string(id))}
	s.Touch(p.w.pool.of(listenerOf, s.Object), sim.Write)
	return errorOf(actorOf(ctx).Do(&s))
}

func (p listenerPort) OnWorkflowCompleted(ctx context.Context, wf model.Workflow) error {
	return p.tell(ctx, sweeper.ListenerCompleted, wf.ID)
}

func (p listenerPort) OnWorkflowTerminated(ctx context.Context, wf model.Workflow) error {
	return p.tell(ctx, sweeper.ListenerTerminated, wf.ID)
}

func (p listenerPort) OnWorkflowFinalized(ctx context.Context, wf model.Workflow) error {
	return p.tell(ctx, sweeper.ListenerFinalized, wf.ID)
}

type definitionsPort struct{ w *World }

func (p definitionsPort) GetWorkflowDef(_ context.Context, name string) *model.WorkflowDef {
	return p.w.definition(name)
}

// DefinitionOf is the definition of a stored workflow, without a step; nil if there is none.
func (p definitionsPort) DefinitionOf(id model.WorkflowID) *model.WorkflowDef {
	if ref := p.w.storePart.record(p.w.Object(string(id))); ref != 0 {
		return p.w.definition(p.w.pool.entries[ref].record.Def)
	}
	return nil
}

type environment struct{ w *World }

func (p environment) Now(ctx context.Context) model.Millis {
	s := sim.Step{Verb: sim.Verb(sweeper.EnvNow)}
	s.Touch(p.w.time, sim.Read)
	return model.Millis(actorOf(ctx).Do(&s).N)
}

// NewTaskID names the task after what it is and who made it: ref@actor.operation, with #retry and
// .iteration where they are not 0.
func (p environment) NewTaskID(ctx context.Context, ref string, retryCount, iteration int) model.TaskID {
	a := actorOf(ctx)
	return mintedID(ref, retryCount, iteration, p.w.cfg.ActorName(a.ID()), a.Operation()+1)
}

func (p environment) Jitter(ctx context.Context, bound model.Seconds) model.Seconds {
	if p.w.cfg.Advances == 0 || bound == 0 {
		return 0
	}
	s := sim.Step{Verb: sim.Verb(sweeper.EnvJitter), A: int64(bound)}
	return model.Seconds(actorOf(ctx).Do(&s).N)
}

type repairPort struct{ w *World }

// touchKeys declares what the repair reads and writes where store or queue are keys of Redis, or rows of SQL.
func (w *World) touchKeys(s *sim.Step, queue, task string) {
	if w.parts.Store == "redis" {
		s.Touch(w.key(keyTask, task), sim.Read)
	}
	switch w.parts.Queue {
	case "dyno":
		s.Touch(w.key(keyMessages, queue), sim.Write)
		s.Touch(w.key(keyQueue, queue), sim.Write)
	case "sql":
		s.Touch(w.pool.object(everyQueue), sim.Read)
	}
}

// repairPriority is the priority of a push without one.
const repairPriority = 100

func (p repairPort) RepairTask(ctx context.Context, id model.TaskID, queue string) (bool, error) {
	s := sim.Step{
		Verb:   sim.Verb(sweeper.RepairTask),
		Object: p.w.Object(queue),
		Other:  p.w.Object(string(id)),
		B:      repairPriority,
	}
	s.Touch(s.Object, sim.Write)
	s.Touch(p.w.taskObject(string(id)), sim.Read)
	s.Touch(p.w.removals, sim.Read)
	s.Touch(p.w.time, sim.Read)
	p.w.touchKeys(&s, queue, string(id))
	return yes(actorOf(ctx).Do(&s))
}
