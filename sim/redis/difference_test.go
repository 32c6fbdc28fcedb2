package redis_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"fermata/internal/drawn"
	"fermata/internal/redistest"
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

// bench is actors on a World on a Redis.
type bench struct {
	*drawn.Bench
	r *redis.World
}

// newBench makes actors on a Redis; through, if not nil, stands between.
func newBench(t require.TestingT, target string, parts world.Parts, through func(redis.Server) redis.Server) *bench {
	opened, err := server.Open(context.Background(), target, server.Options{})
	require.NoError(t, err)
	on := redis.Connect(opened)
	if through != nil {
		on = through(on)
	}
	w := drawn.NewWorld(parts)
	r, err := redis.New(w, on)
	require.NoError(t, err)
	return &bench{drawn.New(w, r), r}
}

func (b *bench) close(t require.TestingT) {
	b.r.Check()
	err := b.r.Err()
	b.Machine.Close()
	closed := b.r.Close()
	require.NoError(t, err)
	require.NoError(t, closed)
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
					b.Together(t, b.r.Err)
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
			b.Calls[0] = func(ctx context.Context) { c.calls(ctx, b.World.Ports()) }
			b.Run()
			b.r.Check()
			require.ErrorIs(t, b.r.Err(), redis.ErrDiffers)
			require.Regexp(t, c.says, b.r.Err().Error())
			b.Machine.Close()
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
	p := on.World.Ports()
	on.Calls[0] = func(ctx context.Context) {
		for range 100 {
			_ = p.Queue.Push(ctx, "q1", "m", 0, 0)
			_, _ = p.Queue.Pop(ctx, "q1", 1, 0)
			_, _ = p.Queue.Ack(ctx, "q1", "m")
		}
	}
	b.ResetTimer()
	steps := 0
	for range b.N {
		before := on.r.Steps()
		on.Run()
		steps += on.r.Steps() - before
	}
	b.ReportMetric(float64(steps)/b.Elapsed().Seconds(), "commands/s")
}
