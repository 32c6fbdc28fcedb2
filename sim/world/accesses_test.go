package world_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"fermata/model"
	"fermata/sim"
	"fermata/sim/world"
	"fermata/sweeper"
)

// changedObjects are the objects whose contents two states do not share. A task row that is gone is the
// removal of it or of its workflow, which declares the object "removals" for all rows.
func changedObjects(before, after map[string]string) []string {
	var changed []string
	for name, was := range before { //tidy:unordered sorted below
		is, there := after[name]
		switch {
		case !there && len(name) > 5 && name[:5] == "task ":
			changed = append(changed, "removals")
		case is != was:
			changed = append(changed, name)
		}
	}
	for name := range after { //tidy:unordered sorted below
		if _, there := before[name]; !there {
			changed = append(changed, name)
		}
	}
	slices.Sort(changed)
	return slices.Compact(changed)
}

// lie finds what a step does in the present state beyond what it declares, given something that happens
// before it: an object that it changes and does not declare as written; or, if what happens touches no
// object that the step declares, a reply or a change that comes out differently for it. The state is as
// it was afterwards. Empty if there is none.
func lie(b *bench, a sim.ActorID, s sim.Step, happens func()) string {
	before := b.w.Save(nil)
	defer b.w.Load(before)
	at := b.w.Contents()
	reply := b.w.Apply(a, &s, 0)
	after := b.w.Contents()
	for _, name := range changedObjects(at, after) {
		if b.w.Reaches(&s, name) != sim.Write {
			return "writes " + name
		}
	}
	b.w.Load(before)
	happens()
	other := b.w.Contents()
	happened := changedObjects(at, other)
	for _, name := range happened {
		if b.w.Reaches(&s, name) != 0 {
			return ""
		}
	}
	if b.w.Apply(a, &s, 0) != reply {
		return fmt.Sprintf("its reply depends on one of %v", happened)
	}
	otherAfter := b.w.Contents()
	for _, name := range changedObjects(after, otherAfter) {
		if !slices.Contains(happened, name) {
			return fmt.Sprintf("what becomes of %s depends on one of %v", name, happened)
		}
	}
	for _, name := range happened {
		if name != "removals" && otherAfter[name] != other[name] {
			return "writes " + name + " where it was changed before"
		}
	}
	return ""
}

// drawHappening draws what may happen before an actor's step: another actor's step, or that time passes
// without a deadline. Before the clock's step nothing happens: it is made anew for each state.
func drawHappening(t *rapid.T, b *bench, a sim.ActorID) func() {
	if a == sim.Clock {
		return func() {}
	}
	if rapid.IntRange(0, 3).Draw(t, "what happens") == 0 {
		return happening(b, "time")
	}
	return happening(b, drawCall(t)[len("c "):])
}

// drawStep draws a step of actor a, or the clock's next one.
func drawStep(t *rapid.T, b *bench) (sim.ActorID, sim.Step) {
	var s sim.Step
	if rapid.IntRange(0, 9).Draw(t, "clock") == 0 && b.w.NextAdvance(&s) {
		return sim.Clock, s
	}
	return 0, b.pend("a" + drawCall(t)[1:])[0]
}

// TestStepsDoWhatTheyDeclare: what a step changes it declares as written, and neither its reply nor what
// it changes depends on an object that it does not declare.
func TestStepsDoWhatTheyDeclare(t *testing.T) {
	held := 0
	rapid.Check(t, func(t *rapid.T) {
		b := drawState(t)
		defer b.m.Close()
		for range 20 {
			a, s := drawStep(t, b)
			require.Empty(t, lie(b, a, s, drawHappening(t, b, a)), b.w.StepText(a, &s))
			require.True(t, b.w.Enabled(a, &s), "no step blocks: %s", b.w.StepText(a, &s))
			held++
		}
	})
	require.Greater(t, held, 300)
}

// spareAccesses are the declarations that no reply and no content here depends on, with the reason.
var spareAccesses = map[string]string{
	"lock.delete lock":                      "Redisson's forgets nothing; another lock's would",
	"listener.completed listener":           "what was heard is no content here, but its order is judged",
	"dao.removeFromPendingWorkflow pending": "nothing here reads the list of pending workflows",
	"advance queue":                         "a message becomes due by the time alone",
}

// falseDeclarations are situations in which a step with that declaration left out does what it does not
// declare: calls that come before, the step's own, and what happens in between, if anything.
var falseDeclarations = map[string]struct {
	before        []string
	step, happens string
}{
	"lock.acquire lock":           {nil, "lock.acquire w1", ""},
	"lock.acquire time":           {nil, "lock.acquire w1", "time"},
	"lock.release lock":           {[]string{"a lock.acquire w1"}, "lock.release w1", ""},
	"lock.release time":           {[]string{"a lock.acquire w1", "a lock.acquire w1"}, "lock.release w1", "time"},
	"queue.push queue":            {nil, "queue.push q1 m1", ""},
	"queue.push time":             {nil, "queue.push q1 m1", "time"},
	"queue.pushMillis queue":      {nil, "queue.pushMillis q1 m1 250", ""},
	"queue.pushMillis time":       {nil, "queue.pushMillis q1 m1 250", "time"},
	"queue.pop queue":             {[]string{"c queue.push q1 m1"}, "queue.pop q1", ""},
	"queue.pop time":              {[]string{"c queue.push q1 m1"}, "queue.pop q1", "time"},
	"queue.ack queue":             {[]string{"c queue.push q1 m1"}, "queue.ack q1 m1", ""},
	"queue.remove queue":          {[]string{"c queue.push q1 m1"}, "queue.remove q1 m1", ""},
	"queue.setUnackTimeout queue": {[]string{"c queue.push q1 m1"}, "queue.setUnackTimeout q1 m1 9", ""},
	"queue.setUnackTimeout time":  {[]string{"c queue.push q1 m1"}, "queue.setUnackTimeout q1 m1 9", "time"},
	"queue.setUnackTimeoutIfShorter queue": {
		[]string{"c queue.push q1 m1 60"}, "queue.setUnackTimeoutIfShorter q1 m1 9", "",
	},
	"queue.setUnackTimeoutIfShorter time": {
		[]string{"c queue.push q1 m1 60"}, "queue.setUnackTimeoutIfShorter q1 m1 9", "time",
	},
	"queue.postpone queue":        {nil, "queue.postpone q1 m1 60", ""},
	"queue.postpone time":         {nil, "queue.postpone q1 m1 60", "time"},
	"queue.containsMessage queue": {nil, "queue.containsMessage q1 m1", "queue.push q1 m1"},
	"dao.createWorkflow record":   {nil, "dao.createWorkflow w1 RUNNING", ""},
	"dao.updateWorkflow record":   {nil, "dao.updateWorkflow w1 RUNNING", ""},
	"dao.getWorkflow record":      {nil, "dao.getWorkflow w1", "dao.createWorkflow w1 RUNNING"},
	"dao.getWorkflow tasks": {
		[]string{"c dao.createWorkflow w1 RUNNING"},
		"dao.getWorkflow w1",
		"dao.createTasks w1 t1",
	},
	"dao.removeWorkflow record":   {[]string{"c dao.createWorkflow w1 RUNNING"}, "dao.removeWorkflow w1", ""},
	"dao.removeWorkflow tasks":    {[]string{"c dao.createTasks w1 t1"}, "dao.removeWorkflow w1", ""},
	"dao.removeWorkflow removals": {[]string{"c dao.createTasks w1 t1"}, "dao.removeWorkflow w1", ""},
	"dao.removeTask tasks":        {[]string{"c dao.createTasks w1 t1"}, "dao.removeTask w1.t1", ""},
	"dao.removeTask removals":     {[]string{"c dao.createTasks w1 t1"}, "dao.removeTask w1.t1", ""},
	"dao.getTask task":            {nil, "dao.getTask w1.t1", "dao.createTasks w1 t1"},
	"dao.getTask removals": {
		[]string{"c dao.createTasks w1 t1"},
		"dao.getTask w1.t1",
		"dao.removeWorkflow w1",
	},
	"dao.createTasks tasks": {nil, "dao.createTasks w1 t1", ""},
	"dao.createTasks task":  {nil, "dao.createTasks w1 t1", ""},
	"dao.updateTask tasks":  {nil, "dao.updateTask w1 t1 COMPLETED", ""},
	"dao.updateTask task":   {nil, "dao.updateTask w1 t1 COMPLETED", ""},
	"repair.task queue":     {[]string{"c dao.createTasks w1 t1"}, "repair.task q1 w1.t1", ""},
	"repair.task task":      {nil, "repair.task q1 w1.t1", "dao.createTasks w1 t1"},
	"repair.task removals": {
		[]string{"c dao.createTasks w1 t1"},
		"repair.task q1 w1.t1",
		"dao.removeWorkflow w1",
	},
	"repair.task time": {[]string{"c dao.createTasks w1 t2"}, "repair.task q1 w1.t2", "time"},
	"env.now time":     {nil, "env.now", "time"},
	"advance time":     {[]string{"c queue.push q1 m1 30"}, "advance", ""},
	"advance lock":     {[]string{"c lock.acquire w1"}, "advance", ""},
}

// TestEveryFalseDeclarationIsCaught: with any one access of any step left out, the check of the test above
// finds it, but for those that stand in for what this world does not have.
func TestEveryFalseDeclarationIsCaught(t *testing.T) {
	for name, c := range falseDeclarations { //tidy:unordered each on its own
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			defer b.m.Close()
			for _, call := range c.before {
				b.do(call)
			}
			a, s := sim.Clock, sim.Step{}
			if c.step != "advance" {
				a, s = 0, b.pend("a " + c.step)[0]
			} else {
				require.True(t, b.w.NextAdvance(&s))
			}
			happens := happening(b, c.happens)
			require.Empty(t, lie(b, a, s, happens))
			left := 0
			for i := range s.Access[:s.Accesses] {
				if accessName(b, &s, i) == name {
					left++
					require.NotEmpty(t, lie(b, a, without(s, i), happens))
				}
			}
			require.Equal(t, 1, left)
		})
	}
}

// happening is what happens: nothing, the time, or a call of actor c.
func happening(b *bench, what string) func() {
	switch what {
	case "":
		return func() {}
	case "time":
		return func() { b.w.Apply(sim.Clock, &sim.Step{Verb: sim.Verb(sweeper.ClockAdvance), A: 1}, 0) }
	}
	u := b.pend("c " + what)[0]
	return func() { b.w.Apply(2, &u, 0) }
}

// TestEveryDeclarationIsHeld: each access that any step declares has its situation above, or is spare.
func TestEveryDeclarationIsHeld(t *testing.T) {
	drawn := map[string]bool{}
	rapid.Check(t, func(t *rapid.T) {
		b := drawState(t)
		defer b.m.Close()
		for range 200 {
			a, s := drawStep(t, b)
			for i := range s.Access[:s.Accesses] {
				drawn[accessName(b, &s, i)] = true
			}
			b.w.Apply(a, &s, 0)
		}
	})
	for name := range drawn { //tidy:unordered each on its own
		_, held := falseDeclarations[name]
		_, spare := spareAccesses[name]
		require.True(t, held != spare, name)
	}
	require.Subset(t, slices.Collect(maps.Keys(drawn)), slices.Collect(maps.Keys(falseDeclarations)))
	require.Subset(t, slices.Collect(maps.Keys(drawn)), slices.Collect(maps.Keys(spareAccesses)))
}

// TestManyTasksAtOnce: a step that creates more tasks than it can declare one by one is in conflict with every
// step on one of them all the same, and so is one that creates tasks of several workflows.
func TestManyTasksAtOnce(t *testing.T) {
	b := newBench(t)
	defer b.m.Close()
	many := "a dao.createTasks w1 t0 t1 t2 t3 t4 t5 t6 t7 t8 t9"
	for _, one := range []string{
		"b dao.getTask w1.t0", "b dao.getTask w1.t9", "b dao.updateTask w1 t9 COMPLETED", "b repair.task q1 w1.t9",
		"b dao.getWorkflow w1", "b dao.removeWorkflow w1",
	} {
		steps := b.pend(many, one)
		require.True(t, sim.Dependent(&steps[0], &steps[1]), one)
	}
	require.Contains(t, b.do(many), "w1.t0 w1.t1 w1.t2 w1.t3 w1.t4 w1.t5 w1.t6 w1.t7 w1.t8 w1.t9")

	tasks := []model.Task{task("w1", "t1", model.TaskScheduled), task("w2", "t1", model.TaskScheduled)}
	b.by = [3]sim.Operation{{Run: func(a *sim.Actor, _ *sim.Operation) sim.Reply {
		_, _ = b.w.Ports().Execution.CreateTasks(world.Context(a), tasks)
		return sim.Reply{}
	}}}
	b.m.Reset()
	both := *b.m.Pending(0)
	for _, id := range []string{"tasks w1", "tasks w2", "task w1.t1", "task w2.t1"} {
		require.Equal(t, sim.Write, b.w.Reaches(&both, id), id)
	}
}

// accessName names access i of a step by its verb and the sort of object.
func accessName(b *bench, s *sim.Step, i int) string {
	return sweeper.Verb(s.Verb).String() + " " + kindOf(b.w.ObjectName(s.Access[i].Object))
}

// without is the step without its access i.
func without(s sim.Step, i int) sim.Step {
	kept := slices.Delete(slices.Clone(s.Access[:s.Accesses]), i, i+1)
	s.Accesses, s.Access = uint8(len(kept)), [sim.AccessMax]sim.Access{}
	copy(s.Access[:], kept)
	return s
}

// kindOf is what sort of object has the name.
func kindOf(object string) string {
	switch {
	case len(object) == 2 && object[0] == 'w':
		return "record"
	case len(object) == 2 && object[0] == 'q', object == "_deciderQueue":
		return "queue"
	}
	for _, kind := range []string{"lock", "tasks", "task", "listener"} {
		if len(object) > len(kind) && object[:len(kind)+1] == kind+" " {
			return kind
		}
	}
	return object
}

// TestAStepIsPlainData: the step of a port call is the same whatever the world holds when it is made.
func TestAStepIsPlainData(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := newBench(t)
		defer b.m.Close()
		empty := b.w.Save(nil)
		for range 20 {
			call := drawCall(t)
			b.w.Load(empty)
			first := b.pend(call)[0]
			for range rapid.IntRange(1, 8).Draw(t, "calls before") {
				b.do(drawCall(t))
			}
			require.Equal(t, first, b.pend(call)[0], call)
		}
	})
}
