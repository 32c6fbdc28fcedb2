package world_test

import (
	"fmt"
	"maps"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"fermata/model"
	"fermata/sim"
	"fermata/sim/world"
)

// drawDeadlines draws which kinds of deadline may fire.
func drawDeadlines(t *rapid.T) func(*world.Config) {
	kinds := rapid.IntRange(0, 7).Draw(t, "deadlines")
	return func(c *world.Config) {
		c.Deadlines = world.Deadlines{
			MessageVisibility: kinds&1 != 0, DeadOwnerLease: kinds&2 != 0, LivingOwnerLease: kinds&4 != 0,
		}
	}
}

// disturb changes what a key may leave out: the time, when what is overdue was due and with what priority,
// how long leases last.
func disturb(t *rapid.T, w *world.World) {
	w.Shift(rapid.Int64Range(0, 2).Draw(t, "shift") * 7_000)
	for _, queue := range w.Queues() {
		rows := w.Rows(queue)
		for i := range rows {
			if rapid.IntRange(0, 2).Draw(t, "change row") == 0 {
				rows[i].Due = rapid.SampledFrom([]int64{0, -1, -5, -31_000, 5_000, 50 - int64(w.Now())}).
					Draw(t, "due")
				rows[i].Priority = rapid.SampledFrom([]int64{0, 7}).Draw(t, "priority")
			}
		}
		w.SetRows(queue, rows)
	}
	for _, id := range []model.WorkflowID{"w1", "w2"} {
		if _, held := w.Lease(id); held && rapid.Bool().Draw(t, "change lease") {
			w.SetLease(id, rapid.SampledFrom([]int64{30_000, 60_000, 0, -5}).Draw(t, "left"))
		}
	}
}

// TestEqualKeysBehaveEqually: of two states with equal keys, every next step answers the same and leads to
// states with equal keys: any port call, the clock's next step, a crash. So a search may take one for the
// other. Only the time itself is told apart, which nobody asks for where no definition sets a timeout.
func TestEqualKeysBehaveEqually(t *testing.T) {
	pairs := 0
	rapid.Check(t, func(t *rapid.T) {
		b := newBench(t, drawDeadlines(t))
		defer b.m.Close()
		for range 40 {
			b.do(drawCall(t))
			if rapid.IntRange(0, 5).Draw(t, "advance") == 0 {
				b.do("advance")
			}
			one := b.w.Save(nil)
			key := string(b.w.Key(nil))
			disturb(t, b.w)
			twin := b.w.Save(nil)
			if string(b.w.Key(nil)) == key && string(twin) != string(one) {
				pairs++
				behaveEqually(t, b, one, twin)
			}
			b.w.Load(one)
		}
	})
	require.Greater(t, pairs, 100)
}

func behaveEqually(t *rapid.T, b *bench, one, twin []byte) {
	for range 8 {
		call := drawCall(t)
		if call[2:] == "env.now" {
			continue
		}
		s := b.pend(call)[0]
		a := sim.ActorID(call[0] - 'a')
		replies, keys := each(b, one, twin, func() sim.Reply { return b.w.Apply(a, &s, 0) })
		require.Equal(t, replies[0], replies[1], call)
		require.Equal(t, keys[0], keys[1], call)
	}
	for dead := -1; dead < len(actorNames); dead++ {
		var clock [2]sim.Step
		i := 0
		_, keys := each(b, one, twin, func() sim.Reply {
			if dead >= 0 {
				b.w.Crashed(sim.ActorID(dead))
			}
			if b.w.NextAdvance(&clock[i]) {
				b.w.Apply(sim.Clock, &clock[i], 0)
			}
			i++
			return sim.Reply{}
		})
		require.Equal(t, clock[0], clock[1], "after the crash of %d", dead)
		require.Equal(t, keys[0], keys[1], "after the crash of %d", dead)
	}
}

// each does the same from either state.
func each(b *bench, one, twin []byte, do func() sim.Reply) (replies [2]sim.Reply, keys [2]string) {
	for i, state := range [][]byte{one, twin} {
		b.w.Load(state)
		replies[i] = do()
		keys[i] = string(b.w.Key(nil))
	}
	return replies, keys
}

// TestKeysAreOfWhatRemains: the same state at another time has the same key.
func TestKeysAreOfWhatRemains(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := drawState(t)
		defer b.m.Close()
		key := b.w.Key(nil)
		b.w.Shift(rapid.Int64Range(1, 1<<40).Draw(t, "by"))
		require.Equal(t, key, b.w.Key(nil))
	})
}

// TestKeysForgetWhatIsOver: how long ago a message came due, or a lease ended that may not fire, is in no key;
// what a priority put in front is told apart, as others are compared with it.
func TestKeysForgetWhatIsOver(t *testing.T) {
	b := newBench(t, func(c *world.Config) { c.Deadlines.LivingOwnerLease = false })
	defer b.m.Close()
	b.do("a lock.acquire w1")
	key := func(lease int64, rows ...world.Row) string {
		b.w.SetLease("w1", lease)
		b.w.SetRows("q1", rows)
		return string(b.w.Key(nil))
	}
	b.w.Shift(90_000)
	require.Equal(t, key(-1), key(-30_000))
	require.Equal(t, key(0), key(-30_000))
	require.NotEqual(t, key(0), key(1))
	require.Equal(t, key(0, world.Row{ID: "m", Due: -1, Priority: 7}), key(0, world.Row{ID: "m", Due: -9}))
	require.NotEqual(t, key(0, world.Row{ID: "m", Due: 0}), key(0, world.Row{ID: "m", Due: -1}))
	front := func(priority int64) world.Row { return world.Row{ID: "m", Due: priority - int64(b.w.Now())} }
	require.NotEqual(t, key(0, front(7)), key(0, front(8)))
	require.NotEqual(t, key(0, front(7)), key(0, world.Row{ID: "m", Due: -1}))
}

// TestKeysHoldTheTimeWhereRecordsDo: where a definition sets a timeout, records hold timestamps, and what
// they mean depends on the time.
func TestKeysHoldTheTimeWhereRecordsDo(t *testing.T) {
	leaf := model.TaskDef{Name: "q1"}
	timeouts := map[string]func(*model.WorkflowDef, *model.TaskDef){
		"workflow": func(wf *model.WorkflowDef, _ *model.TaskDef) { wf.TimeoutSeconds = 1 },
		"task":     func(_ *model.WorkflowDef, def *model.TaskDef) { def.TimeoutSeconds = 1 },
		"poll":     func(_ *model.WorkflowDef, def *model.TaskDef) { def.PollTimeoutSeconds = 1 },
		"response": func(_ *model.WorkflowDef, def *model.TaskDef) { def.ResponseTimeoutSeconds = 1 },
		"none":     func(*model.WorkflowDef, *model.TaskDef) {},
	}
	for name, set := range timeouts { //tidy:unordered each on its own
		wf, def := model.WorkflowDef{Name: "timed"}, leaf
		set(&wf, &def)
		fork := model.WorkflowTask{Ref: "f", Type: model.ForkJoin, ForkTasks: [][]model.WorkflowTask{
			{{Ref: "t1", Type: model.Simple, Def: leaf}}, {{Ref: "t2", Type: model.Simple, Def: def}},
		}}
		wf.Tasks = []model.WorkflowTask{{Ref: "t0", Type: model.Simple, Def: leaf}, fork}
		w := world.New(world.Config{Definitions: []model.WorkflowDef{{Name: "other"}, wf}})
		key := string(w.Key(nil))
		w.Shift(1)
		require.Equal(t, name != "none", key != string(w.Key(nil)), name)
	}
}

// TestLargeStatesAreSavedWhole: nothing that a state holds is cut when it is saved.
func TestLargeStatesAreSavedWhole(t *testing.T) {
	b := newBench(t)
	defer b.m.Close()
	const many = 300
	for i := range many {
		id := fmt.Sprintf("w%03d", i)
		b.do("a dao.updateTask w1 t1" + id + " SCHEDULED")
		b.do("a dao.createWorkflow " + id + " RUNNING")
		b.do("a lock.acquire " + id)
		b.do("a lock.acquire w1")
		b.do(fmt.Sprintf("a queue.push q1 %s 30 %d", id, 1000*i))
		b.do("a queue.push q" + id + " m1")
	}
	before := b.w.Contents()
	require.Equal(t, 1+4*many+3, len(before), "the time; a record, a row, a lock, a queue each; and w1's and q1")
	state := b.w.Save(nil)
	b.w.Reset()
	require.Equal(t, 1, len(b.w.Contents()))
	require.Equal(t, []byte("rest"), b.w.Load(append(state, "rest"...)))
	require.True(t, maps.Equal(before, b.w.Contents()))
}

// TestDigestsAreOfContents: a step and its reply have the same digest in a world that met other names and
// values first, and different ones have different digests.
func TestDigestsAreOfContents(t *testing.T) {
	seen := map[uint64]string{}
	rapid.Check(t, func(t *rapid.T) {
		b, other := newBench(t), newBench(t)
		defer b.m.Close()
		defer other.m.Close()
		start := other.w.Save(nil)
		for range rapid.IntRange(1, 20).Draw(t, "calls elsewhere") {
			other.do(drawCall(t))
		}
		other.w.Load(start)
		for range 20 {
			call := drawCall(t)
			a := sim.ActorID(call[0] - 'a')
			digest, said := digested(b, a, call)
			same, alsoSaid := digested(other, a, call)
			require.Equal(t, said, alsoSaid)
			require.Equal(t, digest, same, said)
			if first, ok := seen[digest]; ok {
				require.Equal(t, first, said, "two of one digest")
			}
			seen[digest] = said
		}
	})
	require.Greater(t, len(seen), 100)
}

// digested takes a call's step and gives its digest, and step and reply as text.
func digested(b *bench, a sim.ActorID, call string) (uint64, string) {
	s := b.pend(call)[0]
	r := b.w.Apply(a, &s, 0)
	said := fmt.Sprint(a, " ", b.w.StepText(a, &s), " ", b.w.Content(&s), " => ", b.w.ReplyText(&s, r))
	if r.Ref != 0 {
		said += " " + b.w.Value(r.Ref)
	}
	return b.w.Digest(a, &s, r), said
}
