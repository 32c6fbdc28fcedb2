package world_test

import (
	"reflect"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"fermata/model"
	"fermata/sim"
	"fermata/sim/world"
)

// worldOf is a world of actors called so, of whom all are alike.
func worldOf(parts world.Parts, names ...string) *world.World {
	w := world.New(world.Config{Parts: parts, ActorName: func(a sim.ActorID) string { return names[a] }})
	var class []sim.ActorID
	for i := range names {
		class = append(class, sim.ActorID(i))
	}
	w.Alike([][]sim.ActorID{class})
	return w
}

// TestNamesInIDs: whatever holds an id names who minted it, once or several times, and nothing else names anybody; of
// two names of which one begins as the other does, the whole one.
func TestNamesInIDs(t *testing.T) {
	w := worldOf(world.Parts{}, "sweeper-1", "sweeper-10", "x.y")
	swap := []sim.ActorID{1, 2, 0}
	for name, want := range map[string]string{ //tidy:unordered each on its own
		"t2@sweeper-1.1": "t2@sweeper-10.1", "t2#1.2@sweeper-10.3": "t2#1.2@x.y.3",
		"TASK.t@x.y.2":        "TASK.t@sweeper-1.2",
		"task t2@sweeper-1.1": "task t2@sweeper-10.1", "t2": "t2", "sweeper-1": "sweeper-1",
		"t2@sweeper-100.1":                       "t2@sweeper-100.1",
		"lease q a@sweeper-1.1, lease q b@x.y.1": "lease q a@sweeper-10.1, lease q b@sweeper-1.1",
	} {
		require.Equal(t, want, w.ObjectName(w.ObjectAs(w.Object(name), swap)))
	}
}

// TestEveryIDIsRenamed: whatever field of a task or a record holds an id, it is under the other name, and no other
// field is changed.
func TestEveryIDIsRenamed(t *testing.T) {
	w := worldOf(world.Parts{}, "one", "other")
	swap := []sim.ActorID{1, 0}
	task, record := w.TaskAs(mintedBy[model.Task]("one"), swap), w.RecordAs(mintedBy[model.WorkflowRecord]("one"), swap)
	require.Equal(t, mintedBy[model.Task]("other"), task)
	require.Equal(t, mintedBy[model.WorkflowRecord]("other"), record)
}

// mintedBy is a value of which every id is one that the actor minted.
func mintedBy[V any](actor string) V {
	var v V
	value := reflect.ValueOf(&v).Elem()
	for i := range value.NumField() {
		switch value.Field(i).Interface().(type) {
		case model.TaskID, model.WorkflowID:
			value.Field(i).SetString(value.Type().Field(i).Name + "@" + actor + ".1")
		}
	}
	return v
}

// TestChildrenOfActorsThatAreAlike: two states that differ in which of two actors started the sub-workflow have one key
// under other names: its record, its tasks, its lock and its messages.
func TestChildrenOfActorsThatAreAlike(t *testing.T) {
	for _, parts := range []world.Parts{{}, {Store: "redis"}} {
		w := worldOf(parts, "one", "other")
		begun := func(actor string) []byte {
			w.Reset()
			id := model.WorkflowID("s.child@" + actor + ".1")
			task := model.Task{ID: model.TaskID("c@" + actor + ".2"), WorkflowID: id, Ref: "c", Type: model.Simple}
			w.PutWorkflow(model.Workflow{
				WorkflowRecord: model.WorkflowRecord{ID: id, Status: model.Running, ParentWorkflowID: "p"},
				Tasks:          []model.Task{task},
			})
			w.PutWorkflow(model.Workflow{
				WorkflowRecord: model.WorkflowRecord{ID: "p", Status: model.Running},
				Tasks:          []model.Task{{ID: "s", WorkflowID: "p", Ref: "s", SubWorkflowID: id}},
			})
			w.PutMessage(model.DeciderQueue, string(id), 0, 0)
			return w.Save(nil)
		}
		one, other := begun("one"), begun("other")
		key := w.Key(nil)
		w.Load(one)
		require.NotEqual(t, key, w.Key(nil))
		swapped, ok := w.KeyAs(nil, []sim.ActorID{1, 0})
		require.True(t, ok)
		require.Equal(t, key, swapped, parts)
		w.Load(other)
	}
}

// TestTiesByNameAreBias: two messages of one score are in the order of their names. That is bias where other names
// would turn the order round, and only there.
func TestTiesByNameAreBias(t *testing.T) {
	for _, tie := range []struct {
		one, other string
		due        model.Millis
		biased     bool
	}{
		{"t2@one.1", "t2@other.1", 0, true}, {"t2@one.1", "t2@other.1", 5, false}, {"t2@one.1", "t3@other.1", 0, false},
		{"t2@one.1", "t2@one.2", 0, false}, {"t2@one.1", "t2", 0, false}, {"t2@one.1", "t2@p", 0, true},
		{"a", "b", 0, false}, {"t2@one.1", "t2@one.1", 0, false},
	} {
		for _, queue := range []string{"orkes", "dyno"} {
			w := worldOf(world.Parts{Queue: queue}, "one", "other", "zoe")
			w.PutMessage("q", tie.one, 0, 0)
			w.PutMessage("q", tie.other, 0, tie.due)
			// The payloads of dyno are a set, in the order of names whatever the score.
			biased := tie.biased || queue == "dyno" && tie.one == "t2@one.1" && tie.other == "t2@other.1"
			require.Equal(t, biased, w.Biased(), "%v %s", tie, queue)
		}
	}
}

// TestKeyAsOfOwnNames: the key of a state in which nobody is called otherwise is its key.
func TestKeyAsOfOwnNames(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := drawState(t)
		defer b.m.Close()
		b.w.Alike([][]sim.ActorID{{0, 1}})
		same, ok := b.w.KeyAs(nil, []sim.ActorID{0, 1, 2})
		require.True(t, ok)
		require.Equal(t, b.w.Key(nil), same)
	})
}
