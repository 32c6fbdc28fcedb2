package catalogue

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"fermata/model"
	"fermata/sim"
	"fermata/sim/explore"
	"fermata/sim/world"
	"fermata/sweeper"
)

// finds are the violations of what judges, a word for each oracle and object.
func finds(r *explore.Result) []string {
	out := []string{}
	for _, f := range r.Finds {
		if f.Violation.Judging {
			out = append(out, f.Violation.Oracle+" "+f.Violation.Object)
		}
	}
	slices.Sort(out)
	return out
}

// reducedFinds are those of DPOR, with the ghosts of the scenario's oracles or without.
func reducedFinds(t *testing.T, c *Case, ghosts bool) []string {
	t.Helper()
	in := c.instance()
	m := sim.NewMemo(in.system)
	defer m.Close()
	o := explore.Options{}
	if ghosts {
		o.GhostAccesses = in.ghosts()
	}
	r := explore.DPOR(m, o)
	require.True(t, r.Exhausted, r.Limit)
	return finds(r)
}

// TestDPORSeesWhatPlainSees: whichever oracle judges a scenario, one run of each trace class violates it if any run
// does: on every scenario cut down, every engine, and some on other locks, queues and stores. The oracles of the order
// of calls and returns, with which DPOR is plain search, are looked at where plain search is short.
func TestDPORSeesWhatPlainSees(t *testing.T) {
	t.Parallel()
	others := []Parts{
		{Lock: "disabled"}, {Lock: "local"}, {Lock: "postgres"}, {Queue: "sql"}, {Queue: "dyno"}, {Store: "sql"},
		{Store: "redis"},
	}
	compared := 0
	for k, s := range Scenarios() {
		for i, e := range Engines() {
			var on []Parts
			if inFull(s) || i == k%len(Engines()) {
				on = append(on, Parts{})
			}
			if i == 1 && !testing.Short() {
				if inFull(s) {
					on = append(on, others...)
				} else {
					on = append(on, others[k%len(others)])
				}
			}
			for _, parts := range on {
				small := *cutDown(s)
				c := &Case{Scenario: &small, Engine: e, Scope: small.Scope, Parts: parts}
				if !inFull(s) && (c.elsewhere() != "" || !c.fewStates()) {
					continue
				}
				compared++
				t.Run(s.Name+"/"+e.Name+"/"+parts.Lock+parts.Queue+parts.Store, func(t *testing.T) {
					compareOracles(t, c)
				})
			}
		}
	}
	require.Greater(t, compared, 110)
}

// compareOracles has every oracle judge the case, all together for plain search and one by one for DPOR. Where plain
// search is long the search of states stands in, which is held against it elsewhere.
func compareOracles(t *testing.T, c *Case) {
	s := c.Scenario
	judge := func(ordered bool) {
		s.Judged = nil
		for _, o := range oracles {
			if sees := c.sightsOf(o.name); ordered || len(sees) == 0 || sees[0].name != order.name {
				s.Judged = append(s.Judged, o.name)
			}
		}
	}
	judge(true)
	m := sim.New(c.instance().system)
	all := explore.Plain(m, explore.Options{SchedulesMax: 300})
	m.Close()
	if !all.Exhausted {
		judge(false)
		m = sim.NewMemo(c.instance().system)
		all = explore.Cached(m, explore.Options{})
		m.Close()
	}
	require.True(t, all.Exhausted)
	seen := finds(all)
	for _, oracle := range slices.Clone(s.Judged) {
		s.Judged = []string{oracle}
		want := slices.DeleteFunc(slices.Clone(seen), func(f string) bool { return !strings.HasPrefix(f, oracle+" ") })
		require.Equal(t, want, reducedFinds(t, c, true), oracle)
	}
}

// TestDPORSeesWhatStatesSee: the same with the clock, on every scenario with one sweeper, of the oracles that look at
// no order of calls and returns, and but for lock-discipline, with which DPOR takes long.
func TestDPORSeesWhatStatesSee(t *testing.T) {
	t.Parallel()
	compared := 0
	for _, s := range Scenarios() {
		for _, e := range []string{"proposed", "conductor-3.31.2", "conductor-3.17.0"} {
			one := *s
			c := &Case{Scenario: &one, Engine: engine(t, e), Scope: Scope{Sweepers: 1, Sweeps: 1, Advances: 1}}
			if e != "proposed" && (testing.Short() || s == repairInScheduleGap) || !inFull(s) && !c.fewStates() {
				continue // millions of runs
			}
			compared++
			t.Run(s.Name+"/"+e, func(t *testing.T) {
				one.Judged = nil
				for _, o := range oracles {
					sees := c.sightsOf(o.name)
					if len(sees) == 0 || sees[0].name != order.name && sees[0].name != holderOfWrite.name {
						one.Judged = append(one.Judged, o.name)
					}
				}
				in := c.instance()
				m := sim.NewMemo(in.system)
				defer m.Close()
				states := explore.Cached(m, explore.Options{})
				require.True(t, states.Exhausted)
				require.Equal(t, finds(states), reducedFinds(t, c, true))
			})
		}
	}
	require.Greater(t, compared, 20)
}

// act is an operation on w1 of a few port calls.
func act(c *cast, verb uint8, result sim.Reply, run func(a *sim.Actor)) sim.Script {
	op := sim.Operation{Verb: verb, Object: c.world.Object(string(w1))}
	op.Run = func(a *sim.Actor, _ *sim.Operation) sim.Reply {
		run(a)
		return result
	}
	return repeat(1, op)
}

// blindSpots are programs of two actors whose steps touch nothing in common, or are raced elsewhere; the first actor
// goes first in the only run that DPOR makes without ghosts, and only the other order violates.
var blindSpots = []struct {
	oracle string
	parts  Parts
	cast   func(c *cast)
}{
	{"terminal-is-not-queued", Parts{}, func(c *cast) {
		c.add("holder", "a", act(c, opSweep, sim.Reply{}, func(a *sim.Actor) {
			_, _ = c.ports.Lock.AcquireLock(world.Context(a), w1, 0, 0)
		}))
		c.add("finisher", "b", act(c, opUpdateTask, sim.Reply{}, func(a *sim.Actor) {
			ctx := world.Context(a)
			_ = c.ports.Execution.UpdateWorkflow(ctx, completed())
			_ = c.ports.Queue.Remove(ctx, model.DeciderQueue, string(w1))
		}))
	}},
	{"task-once", Parts{}, func(c *cast) {
		c.add("repairer", "a", func(pos int, _ sim.Reply) (sim.Operation, bool) {
			run := func(a *sim.Actor) { _ = c.ports.Queue.Push(world.Context(a), "t1", "t1", 0, 0) }
			verb, result := opSweep, sim.Reply{}
			if pos == 1 {
				run = func(a *sim.Actor) { _, _ = c.ports.Queue.Pop(world.Context(a), "t1", 1, 0) }
				verb, result = opPoll, sim.Reply{Object: c.world.Object("t1")}
			}
			op, _ := act(c, verb, result, run)(0, sim.Reply{})
			return op, pos < 2
		})
		c.add("worker", "b", act(c, opUpdateTask, sim.Reply{}, func(a *sim.Actor) {
			_ = c.ports.Execution.UpdateTask(world.Context(a), taskOf("t1", 0, model.TaskCompleted))
		}))
	}},
	{"task-unique", Parts{Store: "redis"}, func(c *cast) {
		c.add("retrier", "a", act(c, opUpdateTask, sim.Reply{}, func(a *sim.Actor) {
			_ = c.ports.Execution.UpdateTask(world.Context(a), taskOf("t1", 1, model.TaskScheduled))
		}))
		c.add("scheduler", "b", act(c, opSweep, sim.Reply{}, func(a *sim.Actor) {
			_ = c.ports.Execution.UpdateTask(world.Context(a), taskOf("again", 0, model.TaskScheduled))
		}))
	}},
	{"lock-discipline", Parts{Lock: "local"}, func(c *cast) {
		c.add("deleter", "a", act(c, opInspect, sim.Reply{}, func(a *sim.Actor) {
			_ = c.ports.Lock.DeleteLock(world.Context(a), w1)
		}))
		c.add("sweeper", "b", act(c, opSweep, sim.Reply{}, func(a *sim.Actor) {
			ctx := world.Context(a)
			if held, _ := c.ports.Lock.AcquireLock(ctx, w1, 0, 0); held {
				_ = c.ports.Listener.OnWorkflowCompleted(ctx, completed())
			}
		}))
	}},
	{"status-and-entry", Parts{}, func(c *cast) {
		listens := func(a *sim.Actor) { _ = c.ports.Listener.OnWorkflowCompleted(world.Context(a), completed()) }
		c.add("late reader", "a", act(c, opInspect, sim.Reply{N: int64(model.Running)}, listens))
		c.add("finisher", "b", func(pos int, _ sim.Reply) (sim.Operation, bool) {
			verb, result := opUpdateTask, sim.Reply{}
			if pos == 1 {
				verb, result = opInspect, sim.Reply{Code: replyNothing, N: int64(model.Completed)}
			}
			op, _ := act(c, verb, result, func(a *sim.Actor) {
				_ = c.ports.Execution.UpdateWorkflow(world.Context(a), completed())
			})(0, sim.Reply{})
			if pos == 0 {
				op.Object, op.Arg = c.world.Object("t1"), sim.Reply{N: int64(model.TaskCompleted)}
			}
			return op, pos < 2
		})
	}},
}

func completed() model.Workflow {
	return model.Workflow{WorkflowRecord: model.WorkflowRecord{ID: w1, Def: "one", Status: model.Completed}}
}

func taskOf(id model.TaskID, retries int, status model.TaskStatus) model.Task {
	return model.Task{
		ID: id, WorkflowID: w1, Ref: "t1", Type: model.Simple, DefName: "t1", Status: status, Seq: 1,
		RetryCount: retries,
	}
}

// TestWithoutGhostsSomethingIsMissed: each sight is needed: a search that does not know of it makes one run where two
// differ for the oracle.
func TestWithoutGhostsSomethingIsMissed(t *testing.T) {
	for _, b := range blindSpots {
		t.Run(b.oracle, func(t *testing.T) {
			s := judgedBy(lockTakenAway, b.oracle)
			s.Scope, s.Cast, s.Deadlines = Scope{}, b.cast, world.Deadlines{}
			s.Start = func(w *world.World) { begun(w, "one", model.TaskScheduled) }
			c := &Case{Scenario: s, Engine: engine(t, "proposed"), Parts: b.parts}
			m := sim.New(c.instance().system)
			defer m.Close()
			plain := explore.Plain(m, explore.Options{})
			require.NotEmpty(t, finds(plain))
			require.Equal(t, finds(plain), reducedFinds(t, c, true))
			require.Empty(t, reducedFinds(t, c, false))
		})
	}
}

// TestEveryOracleSaysWhatItSees: an oracle that is not in the table is taken to see every order.
func TestEveryOracleSaysWhatItSees(t *testing.T) {
	var names, said []string
	for i := range oracles {
		names = append(names, oracles[i].name)
	}
	for _, s := range sights {
		said = append(said, s.oracle)
	}
	require.ElementsMatch(t, names, said)
	c := &Case{Scenario: staleLookup, Engine: engine(t, "proposed")}
	require.Equal(t, order.name, c.sightsOf("new")[0].name)
}

// lookedAt is what the oracles look at beyond a step, in words, by the name of the sight.
func lookedAt(w *world.World) map[string]string {
	out := map[string]string{}
	for _, id := range w.Workflows() {
		wf, _ := w.Workflow(id)
		holder, _, held := w.LockHolder(id)
		lock := strings.Repeat("held ", 1+int(holder))
		if !held {
			lock = "free "
		}
		rows := ""
		for _, t := range wf.Tasks {
			rows += string(t.ID) + " " + t.Status.String() + strings.Repeat("!", t.RetryCount) + " "
		}
		out[whetherEnded.name] += lock + wf.Status.String()
		if w.Queued(model.DeciderQueue, string(id)) {
			out[whetherEnded.name] += " queued"
		}
		out[rowsOfAll.name] += rows
		out[rowOfPush.name] += rows
		out["ids"] += string(id) + " "
		if held {
			out[holderOfWrite.name] += string(id) + " " + lock
		}
	}
	return out
}

// TestSightsAreTrue: on every lock, queue and store, a step that changes what an oracle looks at beyond it writes the
// ghost of it, and the steps at which it looks write or read it.
func TestSightsAreTrue(t *testing.T) {
	t.Parallel()
	on := []Parts{}
	for _, l := range Locks() {
		on = append(on, Parts{Lock: l})
	}
	for _, q := range Queues() {
		for _, s := range Stores() {
			on = append(on, Parts{Queue: q, Store: s})
		}
	}
	all := []sight{whetherEnded, rowsOfAll, rowOfPush, holderOfWrite}
	changed := map[string]int{}
	for _, parts := range on {
		for _, s := range Scenarios() {
			for _, e := range []string{"conductor-3.17.0", "conductor-3.31.2", "proposed"} {
				c := &Case{Scenario: s, Engine: engine(t, e), Scope: s.Scope, Parts: parts}
				c.Scope.Advances = 2
				in := c.instance()
				m := sim.New(in.system)
				var before map[string]string
				explore.Walk(m, explore.NewRandom(1), explore.Options{SchedulesMax: 40,
					Entered: func(m *sim.Machine, _ int) {
						step, after := m.Transition().Step, lookedAt(in.world)
						for _, g := range all {
							if g.name == holderOfWrite.name && before["ids"] != after["ids"] {
								continue // whose lock it is was not looked at before
							}
							if step != nil && m.Steps() > 1 && before[g.name] != after[g.name] {
								changed[g.name]++
								require.True(t, g.writes(in.world, step), "%s: %s", g.name, m.DescribeTaken().Step)
							}
						}
						sees(t, in, step)
						before = after
					}})
				m.Close()
			}
		}
	}
	for _, g := range all {
		require.Greater(t, changed[g.name], 100, g.name)
	}
}

// sees holds the steps at which an oracle looks beyond the step against its sight.
func sees(t *testing.T, in *instance, step *sim.Step) {
	if step == nil {
		return // a crash
	}
	e := in.world.Last()
	task := e.Queue != 0 && in.world.ObjectName(e.Queue) != model.DeciderQueue
	if e.Pushed && task {
		require.True(t, rowOfPush.reads(in.world, step), in.world.StepText(0, step))
	}
	if e.TaskInserted {
		require.True(t, rowsOfAll.writes(in.world, step), in.world.StepText(0, step))
	}
	if step.Call != 0 && task && (e.Removed || e.Pushed || len(e.Delivered) > 0) {
		reads := sweeper.Verb(step.Verb) == sweeper.RedisHGet || !changes(step)
		require.True(t, reads || commandsOfQueue.writes(in.world, step), in.world.StepText(0, step))
	}
}

// TestDPORSeesWhatPlainSeesOfFaults: the same with one fault of each kind.
func TestDPORSeesWhatPlainSeesOfFaults(t *testing.T) {
	t.Parallel()
	for _, s := range []*Scenario{staleLookup, tornRepair, missedCompletion, lockTakenAway} {
		for _, e := range []string{"conductor-3.17.0", "conductor-3.22.3", "proposed"} {
			for i, kind := range kindWords {
				t.Run(s.Name+"/"+e+"/"+kind, func(t *testing.T) {
					small := *cutDown(s)
					c := &Case{Scenario: &small, Engine: engine(t, e), Scope: small.Scope}
					c.Scope.Faults, c.Scope.Kinds = 1, 1<<i
					compareOracles(t, c)
				})
			}
		}
	}
}
