package world_test

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"fermata/model"
	"fermata/sim"
	"fermata/sim/world"
	"fermata/sweeper"
)

// bench drives a world by single port calls of three actors, a, b and c.
type bench struct {
	t  require.TestingT
	w  *world.World
	m  *sim.Machine
	by [3]sim.Operation // what each actor does next
}

// resting is the world without its Reset.
type resting struct{ *world.World }

func (resting) Reset() {}

var actorNames = []string{"a", "b", "c"}

// newBench makes a bench on which every kind of deadline but the task timeouts may fire, after the changes.
func newBench(t require.TestingT, change ...func(*world.Config)) *bench {
	b := &bench{t: t}
	two := model.WorkflowDef{Name: "two", Tasks: []model.WorkflowTask{
		{Ref: "t1", Type: model.Simple, Def: model.TaskDef{Name: "q1"}},
		{Ref: "t2", Type: model.Simple, Def: model.TaskDef{Name: "q2"}},
	}}
	cfg := world.Config{
		Definitions:  []model.WorkflowDef{two},
		Deadlines:    world.Deadlines{MessageVisibility: true, DeadOwnerLease: true, LivingOwnerLease: true},
		AtomicRepair: true,
		ActorName:    func(id sim.ActorID) string { return actorNames[id] },
	}
	for _, c := range change {
		c(&cfg)
	}
	b.w = world.New(cfg)
	s := &sim.System{World: resting{b.w}, OperationName: func(uint8) string { return "call" }}
	s.Budget.Advances = 1
	for i, name := range actorNames {
		s.Actors = append(
			s.Actors,
			sim.ActorSpec{Name: name, Script: func(pos int, _ sim.Reply) (sim.Operation, bool) {
				return b.by[i], pos == 0 && b.by[i].Run != nil
			}},
		)
	}
	b.m = sim.New(s)
	return b
}

// pend makes the actor's next step without taking it. Each actor has at most one.
func (b *bench) pend(calls ...string) []sim.Step {
	b.by = [3]sim.Operation{}
	var ids []sim.ActorID
	for _, call := range calls {
		words := strings.Fields(call)
		id := sim.ActorID(strings.Index("abc", words[0]))
		ids = append(ids, id)
		b.by[id] = sim.Operation{Run: func(a *sim.Actor, _ *sim.Operation) sim.Reply {
			b.call(world.Context(a), words[1:])
			return sim.Reply{}
		}}
	}
	b.m.Reset()
	var steps []sim.Step
	for _, id := range ids {
		require.NotNil(b.t, b.m.Pending(id), calls)
		steps = append(steps, *b.m.Pending(id))
	}
	return steps
}

// do makes a call and gives its steps in the words of schedules.
func (b *bench) do(call string) string {
	if name, ok := strings.CutPrefix(call, "crash "); ok {
		b.w.Crashed(sim.ActorID(strings.Index("abc", name)))
		return "fault  " + call
	}
	if call == "advance" {
		b.by = [3]sim.Operation{}
		b.m.Reset()
		open := b.m.Choices(nil)
		if len(open) == 0 {
			return "clock  nothing is due"
		}
		b.m.Take(open[0])
	} else {
		return b.runToEnd(call)
	}
	return b.taken()
}

// runToEnd takes every step of a call, a line a step.
func (b *bench) runToEnd(call string) string {
	b.pend(call)
	actor := sim.ActorID(strings.Index("abc", call[:1]))
	var lines []string
	for b.m.Pending(actor) != nil {
		b.m.Take(sim.Choice{Actor: actor})
		lines = append(lines, b.taken())
	}
	return strings.Join(lines, "\n")
}

// taken is the last step in the words of schedules.
func (b *bench) taken() string {
	require.Nil(b.t, b.m.Failure())
	l := b.m.DescribeTaken()
	if l.Reply == "" {
		return l.Actor + "  " + l.Step
	}
	return l.Actor + "  " + l.Step + " => " + l.Reply
}

// call makes a port call from its words: those of schedules, but with every figure bare.
func (b *bench) call(ctx context.Context, words []string) {
	p, args := b.w.Ports(), words[1:]
	figure := func(i int) int {
		if i >= len(args) {
			return 0
		}
		n, err := strconv.Atoi(args[i])
		require.NoError(b.t, err)
		return n
	}
	var id model.WorkflowID
	if len(args) > 0 {
		id = model.WorkflowID(args[0])
	}
	switch sweeper.VerbNamed(words[0]) {
	case sweeper.LockAcquire:
		_, _ = p.Lock.AcquireLock(ctx, id, 500, 60_000)
	case sweeper.LockRelease:
		_ = p.Lock.ReleaseLock(ctx, id)
	case sweeper.LockDelete:
		_ = p.Lock.DeleteLock(ctx, id)
	case sweeper.QueuePush:
		_ = p.Queue.Push(ctx, args[0], args[1], figure(3), model.Seconds(figure(2)))
	case sweeper.QueuePushMillis:
		_ = p.Queue.PushMillis(ctx, args[0], args[1], figure(3), model.Millis(figure(2)))
	case sweeper.QueuePushIfNotExists:
		_, _ = p.Queue.PushIfNotExists(ctx, args[0], args[1], figure(3), model.Seconds(figure(2)))
	case sweeper.QueuePop:
		_, _ = p.Queue.Pop(ctx, args[0], max(figure(1), 1), 100)
	case sweeper.QueueAck:
		_, _ = p.Queue.Ack(ctx, args[0], args[1])
	case sweeper.QueueRemove:
		_ = p.Queue.Remove(ctx, args[0], args[1])
	case sweeper.QueueSetUnackTimeout:
		_, _ = p.Queue.SetUnackTimeout(ctx, args[0], args[1], model.Millis(figure(2)))
	case sweeper.QueueSetUnackTimeoutIfShorter:
		_, _ = p.Queue.SetUnackTimeoutIfShorter(ctx, args[0], args[1], model.Millis(figure(2)))
	case sweeper.QueueResetOffsetTime:
		_, _ = p.Queue.ResetOffsetTime(ctx, args[0], args[1])
	case sweeper.QueuePostpone:
		_, _ = p.Queue.Postpone(ctx, args[0], args[1], figure(3), model.Seconds(figure(2)))
	case sweeper.QueueContainsMessage:
		_, _ = p.Queue.ContainsMessage(ctx, args[0], args[1])
	case sweeper.QueueProcessUnacks:
		_ = b.w.Unacks()(ctx, args[0])
	case sweeper.RepairTask:
		_, _ = p.AtomicRepair.RepairTask(ctx, model.TaskID(args[1]), args[0])
	case sweeper.EnvNow:
		p.Env.Now(ctx)
	default:
		b.callStore(ctx, words)
	}
}

func (b *bench) callStore(ctx context.Context, words []string) {
	p, args := b.w.Ports(), words[1:]
	wf := model.Workflow{WorkflowRecord: model.WorkflowRecord{
		ID: model.WorkflowID(args[0]), Def: "two", Status: model.Running,
	}}
	if v := sweeper.VerbNamed(words[0]); v == sweeper.DAOCreateWorkflow || v == sweeper.DAOUpdateWorkflow {
		wf.Status = named(b.t, model.WorkflowStatusNames(), args[1])
	}
	switch sweeper.VerbNamed(words[0]) {
	case sweeper.DAOCreateWorkflow:
		_ = p.Execution.CreateWorkflow(ctx, wf)
	case sweeper.DAOUpdateWorkflow:
		_ = p.Execution.UpdateWorkflow(ctx, wf)
	case sweeper.DAOGetWorkflow:
		_, _ = p.Execution.GetWorkflow(ctx, wf.ID, len(args) == 1)
	case sweeper.DAORemoveWorkflow:
		_ = p.Execution.RemoveWorkflow(ctx, wf.ID)
	case sweeper.DAORemoveFromPending:
		_ = p.Execution.RemoveFromPendingWorkflow(ctx, wf.ID)
	case sweeper.DAOGetTask:
		_, _ = p.Execution.GetTask(ctx, model.TaskID(args[0]))
	case sweeper.DAOCreateTasks:
		var tasks []model.Task
		for _, ref := range args[1:] {
			tasks = append(tasks, task(args[0], ref, model.TaskScheduled))
		}
		_, _ = p.Execution.CreateTasks(ctx, tasks)
	case sweeper.DAOUpdateTask:
		status := named(b.t, model.TaskStatusNames(), args[2])
		_ = p.Execution.UpdateTask(ctx, task(args[0], args[1], model.TaskStatus(status)))
	case sweeper.DAORemoveTask:
		workflow, _, _ := strings.Cut(args[0], ".")
		_ = p.Execution.RemoveTask(ctx, model.WorkflowID(workflow), model.TaskID(args[0]))
	case sweeper.ListenerCompleted:
		_ = p.Listener.OnWorkflowCompleted(ctx, wf)
	case sweeper.ListenerTerminated:
		_ = p.Listener.OnWorkflowTerminated(ctx, wf)
	case sweeper.ListenerFinalized:
		_ = p.Listener.OnWorkflowFinalized(ctx, wf)
	default:
		require.Fail(b.t, "unknown call", "%q", words)
	}
}

func named(t require.TestingT, names []string, name string) model.WorkflowStatus {
	for i, n := range names {
		if n == name {
			return model.WorkflowStatus(i + 1)
		}
	}
	require.Fail(t, "unknown status", name)
	return 0
}

// task is the task of a workflow under that reference; its id is both of them. An "x" at the end of the
// reference is another task of the same one. The callback time of t2 is 30 s.
func task(workflow, ref string, status model.TaskStatus) model.Task {
	same := strings.TrimSuffix(ref, "x")
	callback := model.Seconds(0)
	if same == "t2" {
		callback = 30
	}
	return model.Task{
		ID: model.TaskID(workflow + "." + ref), WorkflowID: model.WorkflowID(workflow), Ref: same,
		Type: model.Simple, DefName: "q" + strings.TrimPrefix(same, "t"), Status: status, Seq: int(same[1] - '0'),
		CallbackAfter: callback,
	}
}

func lines(t *testing.T, b *bench, input string) string {
	t.Helper()
	var out strings.Builder
	for _, call := range strings.Split(strings.TrimSpace(input), "\n") {
		fmt.Fprintln(&out, b.do(strings.TrimSpace(call)))
	}
	return out.String()
}

// interleaved makes the calls before the line "order ..." one after the other, and those behind it at the same
// time, in that order of steps.
func interleaved(t *testing.T, b *bench, input string) string {
	t.Helper()
	before, rest, found := strings.Cut(strings.TrimSpace(input), "order ")
	require.True(t, found)
	var out strings.Builder
	if before != "" {
		out.WriteString(lines(t, b, before))
	}
	calls := strings.Split(rest, "\n")
	b.pend(calls[1:]...)
	for _, name := range strings.Fields(calls[0]) {
		b.m.Take(sim.Choice{Actor: sim.ActorID(strings.Index("abc", name))})
		fmt.Fprintln(&out, b.taken())
	}
	return out.String()
}
