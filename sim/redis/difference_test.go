package redis_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"fermata/internal/redistest"
	"fermata/model"
	"fermata/sim"
	"fermata/sim/redis"
	"fermata/sim/redis/server"
	"fermata/sim/world"
	"fermata/sweeper"
)

// onRedis are parts that between them have every lock, queue and store that is made of Redis commands.
var onRedis = []world.Parts{
	{Lock: "redisson", Queue: "orkes", Store: "record"},
	{Lock: "redisson", Queue: "dyno", Store: "redis"},
	{Lock: "noop", Queue: "orkes", Store: "redis"},
	{Lock: "disabled", Queue: "dyno", Store: "record"},
}

// bench is three actors on a World on a Redis.
type bench struct {
	w *world.World
	r *redis.World
	m *sim.Machine
	// calls are what each actor does next.
	calls [3]func(ctx context.Context)
}

// newBench makes actors on a Redis; through, if not nil, stands between.
func newBench(t require.TestingT, target string, parts world.Parts, through func(redis.Server) redis.Server) *bench {
	two := model.WorkflowDef{Name: "two", Tasks: []model.WorkflowTask{
		{Ref: "t1", Type: model.Simple, Def: model.TaskDef{Name: "q1"}},
	}}
	b := &bench{w: world.New(world.Config{
		Definitions:  []model.WorkflowDef{two},
		Deadlines:    world.Deadlines{MessageVisibility: true, LivingOwnerLease: true},
		AtomicRepair: true, Parts: parts,
		ActorName: func(id sim.ActorID) string { return string(rune('a' + id)) },
	})}
	opened, err := server.Open(context.Background(), target, server.Options{})
	require.NoError(t, err)
	on := redis.Connect(opened)
	if through != nil {
		on = through(on)
	}
	r, err := redis.New(b.w, on)
	require.NoError(t, err)
	b.r = r
	s := &sim.System{World: resting{r}, OperationName: func(uint8) string { return "call" }}
	s.Budget.Advances = 1
	for i := range b.calls {
		s.Actors = append(s.Actors, sim.ActorSpec{
			Name: string(rune('a' + i)),
			Script: func(pos int, _ sim.Reply) (sim.Operation, bool) {
				return sim.Operation{Run: func(a *sim.Actor, _ *sim.Operation) sim.Reply {
					b.calls[i](world.Context(a))
					return sim.Reply{}
				}}, pos == 0 && b.calls[i] != nil
			},
		})
	}
	b.m = sim.New(s)
	return b
}

// resting is the World without its Reset, so that one run goes on after the other.
type resting struct{ *redis.World }

func (resting) Reset() {}

func (b *bench) close(t require.TestingT) {
	b.r.Check()
	err := b.r.Err()
	b.m.Close()
	closed := b.r.Close()
	require.NoError(t, err)
	require.NoError(t, closed)
}

// together makes up to three calls at the same time, in a drawn order of their steps.
func (b *bench) together(t *rapid.T) {
	for i := range b.calls {
		b.calls[i] = b.drawCall(t)
	}
	b.m.Reset()
	var open []sim.Choice
	for {
		open = b.m.Choices(open[:0])
		if len(open) == 0 {
			return
		}
		b.m.Take(open[rapid.IntRange(0, len(open)-1).Draw(t, "next")])
		if b.m.Failure() != nil {
			t.Fatal(b.m.Failure())
		}
		if err := b.r.Err(); err != nil {
			t.Fatal(err)
		}
	}
}

// differ runs drawn calls on a Redis and in memory: at each step they answer alike, and at the end they hold
// the same.
func differ(t *testing.T, target string) {
	for _, parts := range onRedis {
		t.Run(strings.Join([]string{parts.Lock, parts.Queue, parts.Store}, "+"), func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				b := newBench(t, target, parts, nil)
				defer b.close(t)
				for range rapid.IntRange(1, 10).Draw(t, "rounds") {
					b.together(t)
					b.r.Check()
					require.NoError(t, b.r.Err())
				}
			})
		})
	}
}

// TestMemoryAndMiniredisDoTheSame: the embedded Redis and the model of it.
func TestMemoryAndMiniredisDoTheSame(t *testing.T) { differ(t, server.Embedded) }

// TestMemoryAndRedisDoTheSame: a real server and the model of it.
func TestMemoryAndRedisDoTheSame(t *testing.T) { differ(t, redistest.Start(t)) }

// lying is a Redis that does not do as it should with one command.
type lying struct {
	redis.Server
	lie func(args []any) ([]any, bool) // what is sent instead; false for nothing
}

func (l lying) Do(args ...any) (any, error) {
	args, sent := l.lie(args)
	if !sent {
		return "OK", nil
	}
	return l.Server.Do(args...)
}

func (l lying) Eval(script string, keys []string, args ...any) (any, error) {
	words, sent := l.lie(append([]any{"EVAL"}, args...))
	if !sent {
		return "OK", nil
	}
	return l.Server.Eval(script, keys, words[1:]...)
}

// TestADifferenceIsFound: a Redis that loses a write, sets another score, or leaves another time to live, is told from
// one that does as it should.
func TestADifferenceIsFound(t *testing.T) {
	orkes := world.Parts{}
	dyno := world.Parts{Queue: "dyno", Store: "redis"}
	swap := func(command string, at int, other any) func([]any) ([]any, bool) {
		return func(args []any) ([]any, bool) {
			if args[0] == command && len(args) > at {
				args = slices.Clone(args)
				args[at] = other
			}
			return args, true
		}
	}
	for name, c := range map[string]struct { //tidy:unordered each on its own
		parts world.Parts
		lie   func([]any) ([]any, bool)
		calls func(ctx context.Context, p sweeper.Ports)
		says  string
	}{
		"a lost write": {orkes,
			func(args []any) ([]any, bool) { return args, args[0] != "ZADD" },
			func(ctx context.Context, p sweeper.Ports) { _ = p.Queue.Push(ctx, "q1", "m", 0, 0) },
			"key fermata:.*QUEUE.q1.c: expected m=1000000, miniredis has $"},
		"another score": {dyno, swap("ZADD", 2, "7"),
			func(ctx context.Context, p sweeper.Ports) { _ = p.Queue.Push(ctx, "q1", "m", 0, 0) },
			"expected m=1000000, miniredis has m=7$"},
		"another lease": {orkes, swap("EVAL", 1, 59_000),
			func(ctx context.Context, p sweeper.Ports) { _, _ = p.Lock.AcquireLock(ctx, "w1", 500, 60_000) },
			"expected 60000 ms to live, miniredis has 59000$"},
		"another answer": {orkes, swap("ZSCORE", 2, "other"),
			func(ctx context.Context, p sweeper.Ports) {
				_ = p.Queue.Push(ctx, "q1", "m", 0, 0)
				_, _ = p.Queue.ContainsMessage(ctx, "q1", "m")
			},
			"queue.containsMessage q1 m: expected true, miniredis answered false$"},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, server.Embedded, c.parts, func(s redis.Server) redis.Server { return lying{s, c.lie} })
			b.calls[0] = func(ctx context.Context) { c.calls(ctx, b.w.Ports()) }
			b.m.Reset()
			for b.m.Pending(0) != nil {
				b.m.Take(sim.Choice{})
			}
			b.r.Check()
			require.ErrorIs(t, b.r.Err(), redis.ErrDiffers)
			require.Regexp(t, c.says, b.r.Err().Error())
			b.m.Close()
			require.NoError(t, b.r.Close())
		})
	}
}

// TestPartsThatAreNoRedis are refused.
func TestPartsThatAreNoRedis(t *testing.T) {
	for _, parts := range []world.Parts{{Lock: "local"}, {Queue: "sql"}, {Store: "sql"}} {
		b := redis.Backing{Target: server.Embedded, Ctx: context.Background()}
		_, err := b.Open(world.New(world.Config{Parts: parts, ActorName: func(sim.ActorID) string { return "a" }}))
		require.ErrorIs(t, err, redis.ErrNoCommands)
	}
}

// BenchmarkCommands is how many commands a second a replay sends to the embedded Redis, each compared.
func BenchmarkCommands(b *testing.B) {
	on := newBench(b, server.Embedded, world.Parts{Queue: "dyno", Store: "redis"}, nil)
	defer on.close(b)
	p := on.w.Ports()
	on.calls[0] = func(ctx context.Context) {
		for range 100 {
			_ = p.Queue.Push(ctx, "q1", "m", 0, 0)
			_, _ = p.Queue.Pop(ctx, "q1", 1, 0)
			_, _ = p.Queue.Ack(ctx, "q1", "m")
		}
	}
	b.ResetTimer()
	steps := 0
	for range b.N {
		on.m.Reset()
		for on.m.Pending(0) != nil {
			on.m.Take(sim.Choice{})
			steps++
		}
	}
	b.ReportMetric(float64(steps)/b.Elapsed().Seconds(), "commands/s")
}
