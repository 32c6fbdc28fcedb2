package world_test

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"testing"

	"github.com/stretchr/testify/require"

	"fermata/model"
	"fermata/sim"
	"fermata/sim/world"
	"fermata/sweeper"
)

// through makes port calls as actor a, one after the other, until run returns. The one numbered fault, from
// 1, fails by an injected error.
func through(t *testing.T, b *bench, fault int, run func(ctx context.Context, p sweeper.Ports)) {
	t.Helper()
	b.by = [3]sim.Operation{{Run: func(a *sim.Actor, _ *sim.Operation) sim.Reply {
		run(world.Context(a), b.w.Ports())
		return sim.Reply{}
	}}}
	b.m.System().Budget.Faults = 1
	b.m.Reset()
	for step := 1; b.m.Pending(0) != nil; step++ {
		c := sim.Choice{}
		if step == fault {
			c.Fault = sim.ErrorBefore
		}
		b.m.Take(c)
	}
	require.Nil(t, b.m.Failure())
}

// TestRepliesOfTheStore: what getWorkflow gives is record and tasks by sequence number, or the record
// alone; createTasks gives back what it inserted; what is not there is ErrNotFound (design 5).
func TestRepliesOfTheStore(t *testing.T) {
	b := newBench(t)
	defer b.m.Close()
	t1, t2 := task("w1", "t1", model.TaskScheduled), task("w1", "t2", model.TaskScheduled)
	record := model.WorkflowRecord{ID: "w1", Def: "two", Status: model.Running, Priority: 7, FailedTaskID: "f"}
	through(t, b, 0, func(ctx context.Context, p sweeper.Ports) {
		_, err := p.Execution.GetWorkflow(ctx, "w1", true)
		check(t, errors.Is(err, sweeper.ErrNotFound), err)
		_, err = p.Execution.GetTask(ctx, t1.ID)
		check(t, errors.Is(err, sweeper.ErrNotFound), err)
		check(t, p.Execution.CreateWorkflow(ctx, model.Workflow{
			WorkflowRecord: record, Tasks: []model.Task{t1},
		}) == nil, "createWorkflow writes the record alone")
		bare, err := p.Execution.GetWorkflow(ctx, "w1", true)
		check(t, err == nil && reflect.DeepEqual(bare, model.Workflow{WorkflowRecord: record}), bare)

		created, err := p.Execution.CreateTasks(ctx, []model.Task{t2, t1})
		check(t, err == nil && reflect.DeepEqual(created, []model.Task{t2, t1}), created)
		again, err := p.Execution.CreateTasks(ctx, []model.Task{t1, task("w1", "t1x", model.TaskScheduled)})
		check(t, err == nil && len(again) == 0, again)

		whole, err := p.Execution.GetWorkflow(ctx, "w1", true)
		want := model.Workflow{WorkflowRecord: record, Tasks: []model.Task{t1, t2}}
		check(t, err == nil && reflect.DeepEqual(whole, want), whole)
		bare, err = p.Execution.GetWorkflow(ctx, "w1", false)
		check(t, err == nil && reflect.DeepEqual(bare, model.Workflow{WorkflowRecord: record}), bare)
	})
}

// TestRetriesAndIterations: a task is known by reference and retry count. An iteration alone does not make
// a new one: loop tasks have references of their own in the engine.
func TestRetriesAndIterations(t *testing.T) {
	b := newBench(t)
	defer b.m.Close()
	first := task("w1", "t1", model.TaskScheduled)
	retry, loop := first, first
	retry.ID, retry.RetryCount = "retry", 1
	loop.ID, loop.Iteration = "loop", 2
	through(t, b, 0, func(ctx context.Context, p sweeper.Ports) {
		created, _ := p.Execution.CreateTasks(ctx, []model.Task{first, retry, loop})
		check(t, reflect.DeepEqual(created, []model.Task{first, retry}), created)
	})
}

// TestNothingIsShared: what a caller does to a workflow that it read or wrote does not reach the store
// (design 4: a reply is a value).
func TestNothingIsShared(t *testing.T) {
	b := newBench(t)
	defer b.m.Close()
	through(t, b, 0, func(ctx context.Context, p sweeper.Ports) {
		wf := model.Workflow{WorkflowRecord: model.WorkflowRecord{ID: "w1", Def: "two", Status: model.Running}}
		_ = p.Execution.CreateWorkflow(ctx, wf)
		tasks := []model.Task{task("w1", "t1", model.TaskScheduled)}
		created, _ := p.Execution.CreateTasks(ctx, tasks)
		read, _ := p.Execution.GetWorkflow(ctx, "w1", true)
		wf.Status, tasks[0].Status, created[0].Status = model.Failed, model.TaskFailed, model.TaskFailed
		read.Status, read.Tasks[0].Status = model.Failed, model.TaskFailed
		again, _ := p.Execution.GetWorkflow(ctx, "w1", true)
		check(t, again.Status == model.Running && again.Tasks[0].Status == model.TaskScheduled, again)
	})
	for _, data := range []reflect.Type{reflect.TypeFor[sim.Step](), reflect.TypeFor[sim.Reply]()} {
		plain(t, data)
	}
}

// plain tells that values of the type are copied whole.
func plain(t *testing.T, data reflect.Type) {
	t.Helper()
	switch data.Kind() {
	case reflect.Struct:
		for i := range data.NumField() {
			plain(t, data.Field(i).Type)
		}
	case reflect.Array:
		plain(t, data.Elem())
	default:
		require.True(t, reflect.Int <= data.Kind() && data.Kind() <= reflect.Uint64, data.String())
	}
}

// TestRepliesOfTheQueue: a pop gives the ids, at most a hundred however many are asked for; pushIfNotExists,
// ack, setUnackTimeout and containsMessage tell what they did or found (1.10 A).
func TestRepliesOfTheQueue(t *testing.T) {
	b := newBench(t)
	defer b.m.Close()
	through(t, b, 0, func(ctx context.Context, p sweeper.Ports) {
		none, err := p.Queue.Pop(ctx, "q1", 5, 100)
		check(t, err == nil && len(none) == 0, none)
		for i := range 150 {
			_ = p.Queue.Push(ctx, "q1", fmt.Sprintf("m%03d", i), 0, 0)
		}
		none, err = p.Queue.Pop(ctx, "q1", 0, 100)
		check(t, err == nil && len(none) == 0, none)
		one, err := p.Queue.Pop(ctx, "q1", 1, 100)
		check(t, err == nil && reflect.DeepEqual(one, []string{"m000"}), one)
		most, err := p.Queue.Pop(ctx, "q1", 1000, 100)
		check(t, err == nil && len(most) == 100 && most[0] == "m001" && most[99] == "m100", most)

		pushed, err := p.Queue.PushIfNotExists(ctx, "q1", "m000", 0, 0)
		check(t, err == nil && !pushed, "m000 is in flight")
		pushed, err = p.Queue.PushIfNotExists(ctx, "q1", "new", 0, 0)
		check(t, err == nil && pushed, "new was not there")
		there, err := p.Queue.ContainsMessage(ctx, "q1", "m000")
		check(t, err == nil && there, "m000 is in flight")
		acked, err := p.Queue.Ack(ctx, "q1", "m000")
		check(t, err == nil && acked, "m000 is acknowledged")
		moved, err := p.Queue.SetUnackTimeout(ctx, "q1", "m000", 1)
		check(t, err == nil && !moved, "m000 is gone")
		moved, err = p.Queue.SetUnackTimeoutIfShorter(ctx, "q1", "m000", 1)
		check(t, err == nil && !moved, "m000 is gone")
		there, err = p.Queue.ContainsMessage(ctx, "q1", "m000")
		check(t, err == nil && !there, "m000 is gone")
		moved, err = p.Queue.Postpone(ctx, "q1", "m000", 0, 60)
		check(t, err == nil && moved, "postpone is a push")
	})
}

// TestRepliesOfTheLock: true or false; a release by a non-owner is ErrIllegalMonitorState (1.8).
func TestRepliesOfTheLock(t *testing.T) {
	b := newBench(t)
	defer b.m.Close()
	b.do("b lock.acquire w2")
	through(t, b, 0, func(ctx context.Context, p sweeper.Ports) {
		got, err := p.Lock.AcquireLock(ctx, "w1", 500, 60_000)
		check(t, err == nil && got, "w1 is free")
		got, err = p.Lock.AcquireLock(ctx, "w2", 500, 60_000)
		check(t, err == nil && !got, "w2 is b's")
		check(t, p.Lock.ReleaseLock(ctx, "w2") == nil, "RedisLock swallows it")
		check(t, p.Lock.ReleaseLock(ctx, "w1") == nil, "w1 is a's")
		check(t, p.Lock.DeleteLock(ctx, "w1") == nil, "deleteLock does nothing")
	})
}

// TestAnInjectedErrorIsErrInjected, from every port that can fail.
func TestAnInjectedErrorIsErrInjected(t *testing.T) {
	calls := map[string]func(ctx context.Context, p sweeper.Ports) error{
		"lock": func(ctx context.Context, p sweeper.Ports) error {
			_, err := p.Lock.AcquireLock(ctx, "w1", 500, 60_000)
			return err
		},
		"queue": func(ctx context.Context, p sweeper.Ports) error {
			_, err := p.Queue.Pop(ctx, "q1", 1, 100)
			return err
		},
		"store": func(ctx context.Context, p sweeper.Ports) error {
			_, err := p.Execution.GetWorkflow(ctx, "w1", true)
			return err
		},
		"tasks": func(ctx context.Context, p sweeper.Ports) error {
			_, err := p.Execution.CreateTasks(ctx, nil)
			return err
		},
		"listener": func(ctx context.Context, p sweeper.Ports) error {
			return p.Listener.OnWorkflowFinalized(ctx, model.Workflow{})
		},
		"repair": func(ctx context.Context, p sweeper.Ports) error {
			_, err := p.AtomicRepair.RepairTask(ctx, "t1", "q1")
			return err
		},
	}
	for name, call := range calls { //tidy:unordered each on its own
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			defer b.m.Close()
			through(t, b, 1, func(ctx context.Context, p sweeper.Ports) {
				err := call(ctx, p)
				check(t, errors.Is(err, sweeper.ErrInjected), err)
			})
		})
	}
}

// TestAWaiterIsWokenByTheRelease: the acquire of an actor that waits is one step. Taken before the holder's
// release it has waited in vain; taken after it, it has the lock, and no step of another fits in between
// unless the schedule says so (1.8: a waiter is woken by the release, it does not poll).
func TestAWaiterIsWokenByTheRelease(t *testing.T) {
	b := newBench(t)
	defer b.m.Close()
	b.do("a lock.acquire w1")
	steps := b.pend("a lock.release w1", "b lock.acquire w1")
	require.True(t, b.w.Enabled(1, &steps[1]), "an acquire never blocks: its try time may run out")
	early := inOrder(b, 1, steps[1], 0, steps[0])
	late := inOrder(b, 0, steps[0], 1, steps[1])
	require.Equal(t, "timeout", b.w.ReplyText(&steps[1], early.first))
	require.Equal(t, "true", b.w.ReplyText(&steps[1], late.second))
	require.Equal(t, b.w.Now(), model.Millis(world.StartTime), "a try that times out takes no virtual time")
}

// check is for inside an actor, where an assertion may not end the goroutine.
func check(t *testing.T, holds bool, said any) {
	t.Helper()
	if !holds {
		t.Errorf("%+v", said)
	}
}
