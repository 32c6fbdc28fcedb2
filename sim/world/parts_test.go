package world_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"fermata/sim"
	"fermata/sim/world"
)

// everyPart is parts that between them have every lock, queue and store.
var everyPart = []world.Parts{
	{Lock: "local", Queue: "dyno", Store: "record"},
	{Lock: "postgres", Queue: "sql", Store: "sql"},
	{Lock: "postgres-reentrant", Queue: "orkes", Store: "redis"},
	{Lock: "noop", Queue: "dyno", Store: "redis"},
	{Lock: "disabled", Queue: "sql", Store: "record"},
}

// onEveryPart runs a law on each of them.
func onEveryPart(t *testing.T, law func(t *testing.T, on func(*world.Config))) {
	for _, parts := range everyPart {
		t.Run(strings.Join([]string{parts.Lock, parts.Queue, parts.Store}, "+"), func(t *testing.T) {
			law(t, func(c *world.Config) { c.Parts = parts })
		})
	}
}

// drawOn is a bench on parts after a few calls, and perhaps an advance.
func drawOn(t *rapid.T, on func(*world.Config)) *bench {
	b := newBench(t, on)
	for range rapid.IntRange(0, 12).Draw(t, "calls before") {
		b.do(drawPartCall(t, b))
		if rapid.IntRange(0, 5).Draw(t, "advance") == 0 {
			b.do("advance")
		}
	}
	return b
}

// drawPartCall draws a call; where the queue has a thread of its own, its run is one.
func drawPartCall(t *rapid.T, b *bench) string {
	if b.w.Unacks() != nil && rapid.IntRange(0, 9).Draw(t, "unacks") == 0 {
		return "c queue.processUnacks q1"
	}
	return drawCall(t)
}

// TestEveryPartIsNamed: the parts of these tests are all there are.
func TestEveryPartIsNamed(t *testing.T) {
	seen := map[string]bool{"redisson": true} // the other tests'
	for _, p := range everyPart {
		seen[p.Lock], seen["queue "+p.Queue], seen["store "+p.Store] = true, true, true
	}
	for _, name := range world.Locks() {
		require.True(t, seen[name], name)
	}
	for _, name := range world.Queues() {
		require.True(t, seen["queue "+name], name)
	}
	for _, name := range world.Stores() {
		require.True(t, seen["store "+name], name)
	}
	_, err := world.Parts{Queue: "kafka"}.Named()
	require.EqualError(t, err, `unknown queue "kafka": expected one of orkes, dyno, sql`)
}

// TestStepsOfEveryPartAreTruthful: two steps, of whatever place in their calls, that declare no access in conflict
// commute in every state.
func TestStepsOfEveryPartAreTruthful(t *testing.T) {
	onEveryPart(t, func(t *testing.T, on func(*world.Config)) {
		independent, apart := 0, 0
		rapid.Check(t, func(t *rapid.T) {
			b := drawOn(t, on)
			defer b.m.Close()
			for range 400 {
				s, u, ok := drawMidway(t, b)
				if !ok {
					continue
				}
				same := commute(b, 0, s, 1, u)
				switch {
				case !sim.Dependent(&s, &u):
					independent++
					require.True(t, same, "%s, %s: declared independent", b.w.StepText(0, &s), b.w.StepText(1, &u))
				case !same:
					apart++
				}
			}
		})
		if !testing.Short() { // by which a fifth of the checks are drawn
			require.Greater(t, independent, 200)
			require.Greater(t, apart, 5)
		}
	})
}

// drawMidway draws two calls of different actors, takes some steps of each, and gives the next of both.
func drawMidway(t *rapid.T, b *bench) (s, u sim.Step, ok bool) {
	b.pend("a"+drawPartCall(t, b)[1:], "b"+drawPartCall(t, b)[1:])
	for actor := range sim.ActorID(2) {
		for range rapid.IntRange(0, 4).Draw(t, "steps of the call") {
			if b.m.Pending(actor) != nil {
				b.m.Take(sim.Choice{Actor: actor})
			}
		}
	}
	if b.m.Pending(0) == nil || b.m.Pending(1) == nil {
		return s, u, false
	}
	return *b.m.Pending(0), *b.m.Pending(1), true
}

// TestStatesOfEveryPartGoOnEqually: a state that was saved and loaded answers as it did.
func TestStatesOfEveryPartGoOnEqually(t *testing.T) {
	onEveryPart(t, func(t *testing.T, on func(*world.Config)) {
		rapid.Check(t, func(t *rapid.T) {
			b := drawOn(t, on)
			defer b.m.Close()
			save, key, queues := b.w.Save(nil), b.w.Key(nil), b.w.Queues()
			var calls []string
			for range rapid.IntRange(1, 8).Draw(t, "calls") {
				calls = append(calls, drawPartCall(t, b), "advance")
			}
			run := func() (told []string) {
				for _, c := range calls {
					told = append(told, b.do(c), string(b.w.Key(nil)))
				}
				return told
			}
			first := run()
			b.w.Load(save)
			require.Equal(t, key, b.w.Key(nil))
			require.Equal(t, queues, b.w.Queues())
			require.Equal(t, first, run())
		})
	})
}

// TestKeysOfEveryPartForgetWhenItIs: the same calls later give the same key.
func TestKeysOfEveryPartForgetWhenItIs(t *testing.T) {
	onEveryPart(t, func(t *testing.T, on func(*world.Config)) {
		rapid.Check(t, func(t *rapid.T) {
			var calls []string
			b := newBench(t, on)
			defer b.m.Close()
			for range rapid.IntRange(1, 10).Draw(t, "calls") {
				calls = append(calls, drawPartCall(t, b))
			}
			start := b.w.Save(nil)
			run := func(later bool) (told []string) {
				b.w.Load(start)
				if later {
					b.do("c queue.push q2 m9 30")
					b.do("advance")
					b.do("c queue.remove q2 m9")
				}
				for _, c := range calls {
					if c[2:] != "env.now" {
						b.do(c)
						told = append(told, string(b.w.Key(nil)))
					}
				}
				return told
			}
			require.Equal(t, run(false), run(true))
		})
	})
}
