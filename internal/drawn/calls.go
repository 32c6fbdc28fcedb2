package drawn

import (
	"context"

	"pgregory.net/rapid"

	"fermata/model"
	"fermata/sweeper"
)

// arguments are those of a drawn call.
type arguments struct {
	queue, id string
	seconds   int
	priority  int
	record    model.Workflow
	task      model.Task
}

func draw(t *rapid.T) arguments {
	pick := func(what string, from ...string) string { return rapid.SampledFrom(from).Draw(t, what) }
	wf, ref := pick("workflow", "w1", "w2"), pick("task", "t1", "t2")
	d := arguments{
		queue: pick("queue", "q1", model.DeciderQueue), id: pick("message", wf+".t1", wf+".t2", "m"),
		seconds:  rapid.SampledFrom([]int{0, 1, 30, 60}).Draw(t, "seconds"),
		priority: rapid.SampledFrom([]int{0, 5, 99, 100}).Draw(t, "priority"),
	}
	d.record.WorkflowRecord = model.WorkflowRecord{
		ID: model.WorkflowID(wf), Def: "two",
		Status: rapid.SampledFrom([]model.WorkflowStatus{model.Running, model.Completed}).Draw(t, "status"),
	}
	d.task = model.Task{
		ID: model.TaskID(pick("id", wf+"."+ref, wf+"."+ref+"x")), WorkflowID: d.record.ID, Ref: ref,
		Type: model.Simple, DefName: "q1", Seq: len(ref), CallbackAfter: model.Seconds(d.seconds),
		Status: rapid.SampledFrom([]model.TaskStatus{model.TaskScheduled, model.TaskCompleted}).Draw(t, "task status"),
	}
	return d
}

// call is a call on a port with drawn arguments.
type call func(ctx context.Context, p sweeper.Ports, d *arguments) error

// second is the error of a call that answers something too.
func second[T any](_ T, err error) error { return err }

var lockCalls = map[string]call{
	"acquire": func(ctx context.Context, p sweeper.Ports, d *arguments) error {
		return second(p.Lock.AcquireLock(ctx, d.record.ID, 500, 60_000))
	},
	"release": func(ctx context.Context, p sweeper.Ports, d *arguments) error {
		return p.Lock.ReleaseLock(ctx, d.record.ID)
	},
	"delete": func(ctx context.Context, p sweeper.Ports, d *arguments) error {
		return p.Lock.DeleteLock(ctx, d.record.ID)
	},
}

var queueCalls = map[string]call{
	"push": func(ctx context.Context, p sweeper.Ports, d *arguments) error {
		return p.Queue.Push(ctx, d.queue, d.id, d.priority, model.Seconds(d.seconds))
	},
	"pushMillis": func(ctx context.Context, p sweeper.Ports, d *arguments) error {
		return p.Queue.PushMillis(ctx, d.queue, d.id, d.priority, model.Millis(d.seconds*250))
	},
	"pushIfNotExists": func(ctx context.Context, p sweeper.Ports, d *arguments) error {
		return second(p.Queue.PushIfNotExists(ctx, d.queue, d.id, d.priority, model.Seconds(d.seconds)))
	},
	"pop": func(ctx context.Context, p sweeper.Ports, d *arguments) error {
		return second(p.Queue.Pop(ctx, d.queue, 1+d.priority%3, 100))
	},
	"ack": func(ctx context.Context, p sweeper.Ports, d *arguments) error {
		return second(p.Queue.Ack(ctx, d.queue, d.id))
	},
	"remove": func(ctx context.Context, p sweeper.Ports, d *arguments) error {
		return p.Queue.Remove(ctx, d.queue, d.id)
	},
	"setUnackTimeout": func(ctx context.Context, p sweeper.Ports, d *arguments) error {
		return second(p.Queue.SetUnackTimeout(ctx, d.queue, d.id, model.Millis(d.seconds*777)))
	},
	"setUnackTimeoutIfShorter": func(ctx context.Context, p sweeper.Ports, d *arguments) error {
		return second(p.Queue.SetUnackTimeoutIfShorter(ctx, d.queue, d.id, model.Millis(d.seconds*777)))
	},
	"resetOffsetTime": func(ctx context.Context, p sweeper.Ports, d *arguments) error {
		return second(p.Queue.ResetOffsetTime(ctx, d.queue, d.id))
	},
	"postpone": func(ctx context.Context, p sweeper.Ports, d *arguments) error {
		return second(p.Queue.Postpone(ctx, d.queue, d.id, d.priority, model.Seconds(d.seconds)))
	},
	"containsMessage": func(ctx context.Context, p sweeper.Ports, d *arguments) error {
		return second(p.Queue.ContainsMessage(ctx, d.queue, d.id))
	},
	"repairTask": func(ctx context.Context, p sweeper.Ports, d *arguments) error {
		return second(p.AtomicRepair.RepairTask(ctx, d.task.ID, "q1"))
	},
}

var storeCalls = map[string]call{
	"createWorkflow": func(ctx context.Context, p sweeper.Ports, d *arguments) error {
		return p.Execution.CreateWorkflow(ctx, d.record)
	},
	"updateWorkflow": func(ctx context.Context, p sweeper.Ports, d *arguments) error {
		return p.Execution.UpdateWorkflow(ctx, d.record)
	},
	"getWorkflow": func(ctx context.Context, p sweeper.Ports, d *arguments) error {
		return second(p.Execution.GetWorkflow(ctx, d.record.ID, d.priority > 0))
	},
	"removeWorkflow": func(ctx context.Context, p sweeper.Ports, d *arguments) error {
		return p.Execution.RemoveWorkflow(ctx, d.record.ID)
	},
	"removeFromPendingWorkflow": func(ctx context.Context, p sweeper.Ports, d *arguments) error {
		return p.Execution.RemoveFromPendingWorkflow(ctx, d.record.ID)
	},
	"getTask": func(ctx context.Context, p sweeper.Ports, d *arguments) error {
		return second(p.Execution.GetTask(ctx, d.task.ID))
	},
	"updateTask": func(ctx context.Context, p sweeper.Ports, d *arguments) error {
		return p.Execution.UpdateTask(ctx, d.task)
	},
	"removeTask": func(ctx context.Context, p sweeper.Ports, d *arguments) error {
		return p.Execution.RemoveTask(ctx, d.record.ID, d.task.ID)
	},
	"createTasks": func(ctx context.Context, p sweeper.Ports, d *arguments) error {
		other := d.task
		other.ID, other.Ref = d.task.ID+"y", "t3"
		return second(p.Execution.CreateTasks(ctx, []model.Task{d.task, other}))
	},
}
