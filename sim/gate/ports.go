package gate

import (
	"context"
	"encoding/json"
	"fmt"

	"fermata/model"
	"fermata/sweeper"
)

// argsWire are the arguments of every port call; each has its own of them.
type argsWire struct {
	ID           string       `json:"id"`
	WorkflowID   string       `json:"workflowId"`
	Queue        string       `json:"queue"`
	Priority     int          `json:"priority"`
	Offset       int64        `json:"offset"`
	Count        int          `json:"count"`
	Timeout      int64        `json:"timeout"`
	TimeToTry    int64        `json:"timeToTry"`
	Lease        int64        `json:"lease"`
	IncludeTasks bool         `json:"includeTasks"`
	Workflow     workflowWire `json:"workflow"`
	Task         taskWire     `json:"task"`
	Tasks        []taskWire   `json:"tasks"`
	Bound        int64        `json:"bound"`
	Ref          string       `json:"ref"`
	RetryCount   int          `json:"retryCount"`
	Iteration    int          `json:"iteration"`
	Name         string       `json:"name"`
}

// port takes one port call of the other process on the ports here.
type port func(ctx context.Context, r *run, args json.RawMessage) (value any, err error)

// of reads the arguments; a frame that is malformed is ErrGate.
func of(do func(ctx context.Context, r *run, a *argsWire) (any, error)) port {
	return func(ctx context.Context, r *run, raw json.RawMessage) (any, error) {
		var a argsWire
		if err := json.Unmarshal(raw, &a); err != nil {
			return nil, fmt.Errorf("%w: malformed arguments: %w", ErrGate, err)
		}
		return do(ctx, r, &a)
	}
}

// ports are the calls of the protocol by name: the table of port calls, and the silent ones that cannot
// be answered in the other process.
var ports = map[string]port{}

func init() { //nolint:gochecknoinits // joins three tables into one
	for _, table := range []map[string]port{lockPorts, queuePorts, storePorts, otherPorts} {
		for name, p := range table { //tidy:unordered from a map into a map
			ports[name] = p
		}
	}
}

var lockPorts = map[string]port{
	sweeper.LockAcquire.String(): of(func(ctx context.Context, r *run, a *argsWire) (any, error) {
		return r.ports.Lock.AcquireLock(ctx, model.WorkflowID(a.ID), model.Millis(a.TimeToTry), model.Millis(a.Lease))
	}),
	sweeper.LockRelease.String(): of(func(ctx context.Context, r *run, a *argsWire) (any, error) {
		return nil, r.ports.Lock.ReleaseLock(ctx, model.WorkflowID(a.ID))
	}),
	sweeper.LockDelete.String(): of(func(ctx context.Context, r *run, a *argsWire) (any, error) {
		return nil, r.ports.Lock.DeleteLock(ctx, model.WorkflowID(a.ID))
	}),
}

var queuePorts = map[string]port{
	sweeper.QueuePush.String(): of(func(ctx context.Context, r *run, a *argsWire) (any, error) {
		return nil, r.ports.Queue.Push(ctx, a.Queue, a.ID, a.Priority, model.Seconds(a.Offset))
	}),
	sweeper.QueuePushMillis.String(): of(func(ctx context.Context, r *run, a *argsWire) (any, error) {
		return nil, r.ports.Queue.PushMillis(ctx, a.Queue, a.ID, a.Priority, model.Millis(a.Offset))
	}),
	sweeper.QueuePushIfNotExists.String(): of(func(ctx context.Context, r *run, a *argsWire) (any, error) {
		return r.ports.Queue.PushIfNotExists(ctx, a.Queue, a.ID, a.Priority, model.Seconds(a.Offset))
	}),
	sweeper.QueuePop.String(): of(func(ctx context.Context, r *run, a *argsWire) (any, error) {
		ids, err := r.ports.Queue.Pop(ctx, a.Queue, a.Count, model.Millis(a.Timeout))
		return append([]string{}, ids...), err
	}),
	sweeper.QueueAck.String(): of(func(ctx context.Context, r *run, a *argsWire) (any, error) {
		return r.ports.Queue.Ack(ctx, a.Queue, a.ID)
	}),
	sweeper.QueueRemove.String(): of(func(ctx context.Context, r *run, a *argsWire) (any, error) {
		return nil, r.ports.Queue.Remove(ctx, a.Queue, a.ID)
	}),
	sweeper.QueueSetUnackTimeout.String(): of(func(ctx context.Context, r *run, a *argsWire) (any, error) {
		return r.ports.Queue.SetUnackTimeout(ctx, a.Queue, a.ID, model.Millis(a.Timeout))
	}),
	sweeper.QueueSetUnackTimeoutIfShorter.String(): of(func(ctx context.Context, r *run, a *argsWire) (any, error) {
		return r.ports.Queue.SetUnackTimeoutIfShorter(ctx, a.Queue, a.ID, model.Millis(a.Timeout))
	}),
	sweeper.QueueResetOffsetTime.String(): of(func(ctx context.Context, r *run, a *argsWire) (any, error) {
		return r.ports.Queue.ResetOffsetTime(ctx, a.Queue, a.ID)
	}),
	sweeper.QueuePostpone.String(): of(func(ctx context.Context, r *run, a *argsWire) (any, error) {
		return r.ports.Queue.Postpone(ctx, a.Queue, a.ID, a.Priority, model.Seconds(a.Offset))
	}),
	sweeper.QueueContainsMessage.String(): of(func(ctx context.Context, r *run, a *argsWire) (any, error) {
		return r.ports.Queue.ContainsMessage(ctx, a.Queue, a.ID)
	}),
}

// listener tells the listener of a workflow's end.
func listener(tell func(l sweeper.WorkflowStatusListener, ctx context.Context, wf model.Workflow) error) port {
	return of(func(ctx context.Context, r *run, a *argsWire) (any, error) {
		wf := model.Workflow{WorkflowRecord: model.WorkflowRecord{ID: model.WorkflowID(a.ID)}}
		return nil, tell(r.ports.Listener, ctx, wf)
	})
}

var otherPorts = map[string]port{
	sweeper.ListenerCompleted.String():  listener(sweeper.WorkflowStatusListener.OnWorkflowCompleted),
	sweeper.ListenerTerminated.String(): listener(sweeper.WorkflowStatusListener.OnWorkflowTerminated),
	sweeper.ListenerFinalized.String():  listener(sweeper.WorkflowStatusListener.OnWorkflowFinalized),
	sweeper.EnvJitter.String(): of(func(ctx context.Context, r *run, a *argsWire) (any, error) {
		return r.ports.Env.Jitter(ctx, model.Seconds(a.Bound)), nil
	}),
	"env.newTaskID": of(func(ctx context.Context, r *run, a *argsWire) (any, error) {
		return r.ports.Env.NewTaskID(ctx, a.Ref, a.RetryCount, a.Iteration), nil
	}),
	"metadata.getWorkflowDef": of(func(ctx context.Context, r *run, a *argsWire) (any, error) {
		return definitionToWire(r.ports.Metadata.GetWorkflowDef(ctx, a.Name)), nil
	}),
}
