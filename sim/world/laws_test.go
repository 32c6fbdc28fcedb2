package world_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"fermata/sim"
	"fermata/sweeper"
)

// calls are port calls over few objects, so that they meet.
func drawCall(t *rapid.T) string {
	pick := func(of ...string) string { return rapid.SampledFrom(of).Draw(t, "word") }
	wf, queue := pick("w1", "w2"), pick("q1", "q2", "_deciderQueue")
	id := pick("w1.t1", "w1.t2", "w2.t1", "w1")
	figure := pick("0", "5", "30")
	return pick("a", "b", "c") + " " + pick(
		"lock.acquire "+wf, "lock.release "+wf, "lock.delete "+wf,
		"queue.push "+queue+" "+id+" "+figure, "queue.push "+queue+" "+id+" "+figure+" 7",
		"queue.pushMillis "+queue+" "+id+" "+figure, "queue.pushMillis "+queue+" "+id+" "+figure+" 7",
		"queue.setUnackTimeoutIfShorter "+queue+" "+id+" "+figure+"000",
		"queue.pop "+queue, "queue.pop "+queue+" 2",
		"queue.ack "+queue+" "+id, "queue.remove "+queue+" "+id,
		"queue.setUnackTimeout "+queue+" "+id+" "+figure+"000", "queue.postpone "+queue+" "+id+" "+figure,
		"queue.containsMessage "+queue+" "+id,
		"dao.createWorkflow "+wf+" RUNNING", "dao.updateWorkflow "+wf+" "+pick("RUNNING", "COMPLETED"),
		"dao.getWorkflow "+wf, "dao.getWorkflow "+wf+" no-tasks", "dao.removeWorkflow "+wf,
		"dao.removeTask "+wf+"."+pick("t1", "t2", "t1x"),
		"dao.removeFromPendingWorkflow "+wf, "dao.getTask "+wf+".t1",
		"dao.createTasks "+wf+" t1", "dao.createTasks "+wf+" t1x t2",
		"dao.updateTask "+wf+" "+pick("t1", "t2", "t1x")+" "+pick("SCHEDULED", "COMPLETED"),
		"repair.task "+queue+" "+wf+pick(".t1", ".t2"), "listener.completed "+wf, "env.now",
	)
}

// drawState is a bench after a few calls, and perhaps an advance.
func drawState(t *rapid.T) *bench {
	b := newBench(t)
	for range rapid.IntRange(0, 12).Draw(t, "calls before") {
		b.do(drawCall(t))
		if rapid.IntRange(0, 5).Draw(t, "advance") == 0 {
			b.do("advance")
		}
	}
	return b
}

// outcome is what two steps answer, and the state after both.
type outcome struct {
	first, second sim.Reply
	key           string
}

// inOrder takes two steps one after the other from the present state, and puts that back.
func inOrder(b *bench, x sim.ActorID, s sim.Step, y sim.ActorID, u sim.Step) outcome {
	before := b.w.Save(nil)
	defer b.w.Load(before)
	var o outcome
	o.first = b.w.Apply(x, &s, 0)
	o.second = b.w.Apply(y, &u, 0)
	o.key = string(b.w.Key(nil))
	return o
}

// commute tells whether two steps answer the same and lead to the same state in both orders.
func commute(b *bench, x sim.ActorID, s sim.Step, y sim.ActorID, u sim.Step) bool {
	one, other := inOrder(b, x, s, y, u), inOrder(b, y, u, x, s)
	return one.first == other.second && one.second == other.first && one.key == other.key
}

// drawPair draws the next steps of two actors in a state, the clock's next one among them.
func drawPair(t *rapid.T, b *bench) (x sim.ActorID, s sim.Step, y sim.ActorID, u sim.Step) {
	one, other := drawCall(t), drawCall(t)
	one, other = "a"+one[1:], "b"+other[1:]
	steps := b.pend(one, other)
	if rapid.IntRange(0, 4).Draw(t, "clock") == 0 {
		if b.w.NextAdvance(&u) {
			return 0, steps[0], sim.Clock, u
		}
	}
	return 0, steps[0], 1, steps[1]
}

// TestAccessesAreTruthful: two steps that declare no access in conflict commute in every state. And the
// declarations are worth something: there are steps in conflict that do not commute, and steps that do
// not conflict.
func TestAccessesAreTruthful(t *testing.T) {
	independent, apart := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		b := drawState(t)
		defer b.m.Close()
		for range 150 {
			x, s, y, u := drawPair(t, b)
			same := commute(b, x, s, y, u)
			if sim.Dependent(&s, &u) {
				if !same {
					apart++
				}
				continue
			}
			independent++
			require.True(t, same, "%s and %s are declared independent", b.w.StepText(x, &s), b.w.StepText(y, &u))
		}
	})
	require.Greater(t, independent, 500)
	require.Greater(t, apart, 50)
}

// TestAFalseDeclarationIsFound: with any one access of a step left out, the same law finds it.
func TestAFalseDeclarationIsFound(t *testing.T) {
	for name, c := range map[string]struct{ before, one, other string }{ //tidy:unordered each on its own
		"a lock":     {"a lock.release w1", "a lock.acquire w1", "b lock.acquire w1"},
		"a queue":    {"c queue.push q1 w1.t1", "a queue.pop q1", "b queue.pop q1"},
		"a record":   {"c dao.createWorkflow w1 RUNNING", "a dao.updateWorkflow w1 COMPLETED", "b dao.getWorkflow w1"},
		"its tasks":  {"c dao.createWorkflow w1 RUNNING", "a dao.createTasks w1 t1", "b dao.getWorkflow w1"},
		"one task":   {"c dao.createTasks w1 t1", "a dao.updateTask w1 t1 COMPLETED", "b dao.getTask w1.t1"},
		"a removal":  {"c dao.createTasks w1 t1", "a dao.removeWorkflow w1", "b dao.getTask w1.t1"},
		"the repair": {"c dao.createTasks w1 t1", "a repair.task q1 w1.t1", "b queue.pop q1"},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			defer b.m.Close()
			b.do("c dao.createWorkflow w1 RUNNING")
			b.do(c.before)
			steps := b.pend(c.one, c.other)
			require.True(t, sim.Dependent(&steps[0], &steps[1]))
			require.False(t, commute(b, 0, steps[0], 1, steps[1]), "the law would not see the lie")
		})
	}
}

// TestLoadedStatesGoOnEqually: a state that was saved and loaded answers as it did.
func TestLoadedStatesGoOnEqually(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := drawState(t)
		defer b.m.Close()
		save, key, queues := b.w.Save(nil), b.w.Key(nil), b.w.Queues()
		calls := rapid.SliceOfN(rapid.Custom(drawCall), 1, 8).Draw(t, "calls")
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
}

// TestKeysForgetWhenItIs: the same calls later give the same key: what counts of a deadline is the time
// that is left.
func TestKeysForgetWhenItIs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := newBench(t)
		defer b.m.Close()
		start := b.w.Save(nil)
		calls := rapid.SliceOfN(rapid.Custom(drawCall), 1, 10).Draw(t, "calls")
		run := func(later bool) (told []string) {
			b.w.Load(start)
			b.do("c queue.push q2 m9 30")
			if later {
				require.Equal(t, "clock  advance 30s queue.visibility q2 m9", b.do("advance"))
			}
			b.do("c queue.remove q2 m9")
			for _, c := range calls {
				if c[2:] != "env.now" {
					told = append(told, b.do(c), string(b.w.Key(nil)))
				}
			}
			return told
		}
		require.Equal(t, run(false), run(true))
	})
}

// TestEveryPortCallIsDrawn: the laws above are about the whole table.
func TestEveryPortCallIsDrawn(t *testing.T) {
	drawn := map[string]bool{}
	rapid.Check(t, func(t *rapid.T) {
		b := newBench(t)
		defer b.m.Close()
		for range 40 {
			s := b.pend(drawCall(t))[0]
			drawn[sweeper.Verb(s.Verb).String()] = true
		}
	})
	for _, c := range sweeper.PortCalls[1:] {
		switch c.Verb {
		case sweeper.EnvJitter, sweeper.ClockAdvance, sweeper.ListenerTerminated, sweeper.ListenerFinalized:
			continue // a choice, the clock's, and the same step as the listener's other calls
		}
		if c.Port == "" || c.Verb == sweeper.QueuePushIfNotExists || c.Verb == sweeper.QueueResetOffsetTime {
			continue // of other parts; and calls whose steps are others
		}
		require.True(t, drawn[c.Name], c.Name)
	}
}
