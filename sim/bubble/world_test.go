package bubble_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"fermata/model"
	"fermata/sim"
	"fermata/sim/bubble"
	"fermata/sim/explore"
	"fermata/sim/world"
	"fermata/sweeper"
)

// engine is code on the real ports.
type engine func(ctx context.Context, p sweeper.Ports)

// onWorld is a system of actors on the world's own ports.
func onWorld(t *testing.T, change func(*world.Config), engines ...engine) *sim.System {
	h := bubble.New(t)
	s := &sim.System{Host: h, Histories: true, OperationName: func(uint8) string { return "run" }}
	cfg := world.Config{
		Definitions: []model.WorkflowDef{{Name: "one"}},
		ActorName:   func(id sim.ActorID) string { return s.NameOf(id) },
		Deadlines:   world.Deadlines{MessageVisibility: true},
		Guarded:     true, Lost: h.Lost,
	}
	if change != nil {
		change(&cfg)
	}
	w := world.New(cfg)
	s.World, s.Budget.Advances = w, cfg.Advances
	ports := w.Ports()
	for i, e := range engines {
		s.Actors = append(s.Actors, sim.ActorSpec{
			Name: "sweeper-" + string('1'+rune(i)),
			Script: func(pos int, _ sim.Reply) (sim.Operation, bool) {
				return sim.Operation{Verb: 1, Run: func(a *sim.Actor, _ *sim.Operation) (r sim.Reply) {
					e(world.Context(a), ports)
					return r
				}}, pos == 0
			},
		})
	}
	return s
}

// creates makes tasks for two queues side by side, with ids that the world mints.
func creates(ctx context.Context, p sweeper.Ports) {
	g, ctx := errgroup.WithContext(ctx)
	for _, queue := range []string{"q1", "q2"} {
		g.Go(func() error {
			if ok, err := p.Lock.AcquireLock(ctx, model.WorkflowID(queue), 0, 1000); !ok || err != nil {
				return err
			}
			defer p.Lock.ReleaseLock(ctx, model.WorkflowID(queue)) //nolint:errcheck // a test
			id := p.Env.NewTaskID(ctx, queue, 0, 0)
			_, err := p.Execution.CreateTasks(ctx, []model.Task{{ID: id, Ref: queue, WorkflowID: "w1"}})
			if err != nil {
				return err
			}
			return p.Queue.Push(ctx, queue, string(id), 0, 0)
		})
	}
	_ = g.Wait()
}

func TestGoroutinesOnTheWorldsPorts(t *testing.T) {
	s := onWorld(t, nil, creates)
	m := sim.New(s)
	defer m.Close()
	require.Equal(t, []string{
		"sweeper-1.2 lock.acquire q1 => true",
		"sweeper-1.2 dao.createTasks q1@sweeper-1.1 => q1@sweeper-1.1",
		"sweeper-1.2 queue.push q1 q1@sweeper-1.1 0s",
		"sweeper-1.2 lock.release q1",
		"sweeper-1.3 lock.acquire q2 => true",
		"sweeper-1.3 dao.createTasks q2@sweeper-1.1 => q2@sweeper-1.1",
		"sweeper-1.3 queue.push q2 q2@sweeper-1.1 0s",
		"sweeper-1.3 lock.release q2",
	}, goOn(m))
	r := explore.Plain(m, explore.Options{})
	require.True(t, r.Exhausted)
	require.EqualValues(t, 70, r.Schedules) // 8! / 4!^2
	require.Nil(t, r.Failure)
}

// A wait stays short of the world's next deadline, which is the budget's to let come.
func TestAWaitCrossesNoDeadline(t *testing.T) {
	s := onWorld(t, func(c *world.Config) { c.Advances = 1 }, func(ctx context.Context, p sweeper.Ports) {
		_ = p.Queue.Push(ctx, "q1", "t1", 0, 30)
		time.Sleep(10 * time.Second)
		time.Sleep(1500 * time.Microsecond)
		_, _ = p.Queue.Pop(ctx, "q1", 1, 0)
		time.Sleep(time.Minute)
		_, _ = p.Queue.Pop(ctx, "q1", 1, 0)
	})
	m := sim.New(s)
	defer m.Close()
	require.Equal(t, []string{
		"sweeper-1 queue.push q1 t1 30s",
		"clock wait => 10001ms",
		"sweeper-1 queue.pop q1 => nothing",
		"clock wait => 19998ms",
		"clock advance 1ms queue.visibility q1 t1",
		"clock wait => 40001ms",
		"sweeper-1 queue.pop q1 => t1",
	}, goOn(m))
}

func TestALostContextOnTheWorldsPorts(t *testing.T) {
	f := failureOf(t, onWorld(t, nil, func(_ context.Context, p sweeper.Ports) {
		_, _ = p.Lock.AcquireLock(context.Background(), "w1", 0, 0)
	}))
	require.Equal(t, "sweeper-1 called a port without the context that the operation was given: "+
		"lock.acquire at world_test.go:N (bubble_test.TestALostContextOnTheWorldsPorts.func1)", unnumbered(f))
}

// A deadline of a context is met by an advance of the clock, while a goroutine is held.
func TestAContextEndsWhileAPortCallIsHeld(t *testing.T) {
	s := onWorld(t, func(c *world.Config) { c.Advances = 1 }, func(ctx context.Context, p sweeper.Ports) {
		_ = p.Queue.Push(ctx, "q1", "t1", 0, 30)
		ctx, cancel := context.WithTimeout(ctx, time.Second)
		defer cancel()
		popped := make(chan struct{})
		go func() {
			defer close(popped)
			_, _ = p.Queue.Pop(ctx, "q1", 1, 0)
		}()
		select {
		case <-ctx.Done():
			_ = p.Queue.Remove(ctx, "q1", "t1")
		case <-popped:
		}
	})
	m := sim.New(s)
	defer m.Close()
	m.Take(sim.Choice{Actor: 0})
	require.Equal(t, []string{
		"clock advance 30s queue.visibility q1 t1",
		"sweeper-1 queue.remove q1 t1",
		"sweeper-1.2 queue.pop q1 => nothing",
	}, goOn(m, 1))
	require.Nil(t, m.Failure())
}
