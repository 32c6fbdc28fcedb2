package world

import (
	"context"

	"fermata/model"
	"fermata/sim"
	"fermata/sweeper"
)

// guard is ports that several goroutines may call at once: each call is between Enter and Leave of its actor, and one
// without an actor ends.
type guard struct {
	w *World
	p sweeper.Ports
}

func (w *World) guarded(p sweeper.Ports) sweeper.Ports {
	g := guard{w, p}
	guarded := sweeper.Ports{
		Lock: guardedLock{g}, Queue: guardedQueue{g}, Execution: guardedStore{g}, Listener: guardedListener{g},
		Metadata: p.Metadata, Env: guardedEnvironment{g},
	}
	if p.AtomicRepair != nil {
		guarded.AtomicRepair = guardedRepair{g}
	}
	if p.Fence != nil {
		guarded.Fence = guardedFence{g}
	}
	return guarded
}

// enter begins a call; what it returns ends it.
func (g guard) enter(ctx context.Context, v sweeper.Verb) *sim.Actor {
	return g.w.enter(ctx, v.String())
}

func (w *World) enter(ctx context.Context, call string) *sim.Actor {
	a := find(ctx)
	if a == nil && w.cfg.Lost != nil {
		w.cfg.Lost(call)
	}
	if a == nil {
		panic(lost)
	}
	a.Enter()
	return a
}

type guardedLock struct{ guard }

func (g guardedLock) AcquireLock(ctx context.Context, id model.WorkflowID, try, lease model.Millis) (bool, error) {
	defer g.enter(ctx, sweeper.LockAcquire).Leave()
	return g.p.Lock.AcquireLock(ctx, id, try, lease)
}

func (g guardedLock) ReleaseLock(ctx context.Context, id model.WorkflowID) error {
	defer g.enter(ctx, sweeper.LockRelease).Leave()
	return g.p.Lock.ReleaseLock(ctx, id)
}

func (g guardedLock) DeleteLock(ctx context.Context, id model.WorkflowID) error {
	defer g.enter(ctx, sweeper.LockDelete).Leave()
	return g.p.Lock.DeleteLock(ctx, id)
}

type guardedListener struct{ guard }

func (g guardedListener) OnWorkflowCompleted(ctx context.Context, wf model.Workflow) error {
	defer g.enter(ctx, sweeper.ListenerCompleted).Leave()
	return g.p.Listener.OnWorkflowCompleted(ctx, wf)
}

func (g guardedListener) OnWorkflowTerminated(ctx context.Context, wf model.Workflow) error {
	defer g.enter(ctx, sweeper.ListenerTerminated).Leave()
	return g.p.Listener.OnWorkflowTerminated(ctx, wf)
}

func (g guardedListener) OnWorkflowFinalized(ctx context.Context, wf model.Workflow) error {
	defer g.enter(ctx, sweeper.ListenerFinalized).Leave()
	return g.p.Listener.OnWorkflowFinalized(ctx, wf)
}

type guardedEnvironment struct{ guard }

func (g guardedEnvironment) Now(ctx context.Context) model.Millis {
	defer g.enter(ctx, sweeper.EnvNow).Leave()
	return g.p.Env.Now(ctx)
}

func (g guardedEnvironment) NewTaskID(ctx context.Context, ref string, retryCount, iteration int) model.TaskID {
	defer g.w.enter(ctx, "env.newTaskID").Leave()
	return g.p.Env.NewTaskID(ctx, ref, retryCount, iteration)
}

func (g guardedEnvironment) Jitter(ctx context.Context, bound model.Seconds) model.Seconds {
	defer g.enter(ctx, sweeper.EnvJitter).Leave()
	return g.p.Env.Jitter(ctx, bound)
}

type guardedRepair struct{ guard }

func (g guardedRepair) RepairTask(ctx context.Context, id model.TaskID, queue string) (bool, error) {
	defer g.enter(ctx, sweeper.RepairTask).Leave()
	return g.p.AtomicRepair.RepairTask(ctx, id, queue)
}

type guardedFence struct{ guard }

func (g guardedFence) AcquireToken(
	ctx context.Context, id model.WorkflowID, try, lease model.Millis,
) (sweeper.Token, error) {
	defer g.enter(ctx, sweeper.LockAcquire).Leave()
	return g.p.Fence.AcquireToken(ctx, id, try, lease)
}
