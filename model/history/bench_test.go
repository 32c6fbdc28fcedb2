package history_test

import (
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"fermata/model"
	. "fermata/model/history"
	"fermata/model/spec"
)

// judges are a fresh set of those that fermata check uses.
func judges() []Judge {
	return []Judge{
		NewJudge(Subject[spec.WorkflowState]{
			Spec:    spec.Workflow{},
			Initial: spec.Always(spec.WorkflowState{Status: model.Running}),
			Started: spec.Always(spec.WorkflowState{}),
		}),
		NewJudge(Subject[spec.EntryState]{
			Spec:    spec.Entry{},
			Initial: spec.Always(spec.EntryState{Workflow: spec.WorkflowState{Status: model.Running}, Present: true}),
			Started: spec.Always(spec.EntryState{}),
			Needs:   spec.Inspect,
		}),
		NewJudge(Subject[spec.Epoch]{Spec: spec.TaskQueue{}, Initial: spec.Always(spec.EpochClosed)}),
		NewJudge(Subject[spec.LockState]{Spec: spec.Lock{}, Initial: spec.Always(spec.LockState{})}),
	}
}

// shape is a generated history: so many operations, each workflow with the operations of one that is
// started, queued, polled, completed, swept and read, workers at once.
type shape struct {
	operations, workers int
	shared              bool // one workflow for all, which goes on and on
	single              bool // a workflow for each operation, which only starts it
	timed               bool
}

// plan is what happens to a workflow.
var plan = []struct {
	name  spec.OperationName
	reply spec.Reply
}{
	{spec.Start, spec.Reply{}}, {spec.Push, spec.Reply{}}, {spec.Poll, spec.Reply{Done: true}},
	{spec.GetWorkflow, spec.Reply{Status: model.Running}},
	{spec.Acquire, spec.Reply{Done: true}}, {spec.Sweep, spec.Reply{}}, {spec.Release, spec.Reply{}},
	{spec.UpdateTask, spec.Reply{}}, {spec.Inspect, spec.Reply{Status: model.Completed}},
	{spec.GetWorkflow, spec.Reply{Status: model.Completed}},
}

// sharedPlan goes on for ever, by any number of workers at once.
var sharedPlan = plan[3:4]

// generate writes such a history without violation.
func generate(tb testing.TB, w io.Writer, s shape) {
	tb.Helper()
	rng := rand.New(rand.NewPCG(1, 2))
	b := AppendHeader(nil, 50)
	type worker struct{ next, workflow, id int }
	workers := make([]worker, s.workers)
	steps, workflows := plan, 0
	switch {
	case s.shared:
		steps = sharedPlan
	case s.single:
		steps = plan[:1]
	}
	for id := 0; id < s.operations; {
		i := rng.IntN(len(workers))
		k := &workers[i]
		if k.id == 0 {
			if k.next == 0 && !s.shared {
				workflows++
				k.workflow = workflows
			}
			id++
			k.id = id
			e := event(i, k.workflow, steps[k.next].name)
			if s.timed {
				b = AppendTimed(b, Timed{
					ID: id, Actor: e.Actor, Operation: e.Operation, Reply: steps[k.next].reply,
					Begin: int64(id) * 1000, End: int64(id)*1000 + 400,
				})
				k.id, k.next = 0, (k.next+1)%len(steps)
			} else {
				b = AppendCall(b, id, e.Actor, e.Operation)
			}
		} else {
			b = AppendReturn(b, k.id, steps[k.next].name, steps[k.next].reply)
			k.id, k.next = 0, (k.next+1)%len(steps)
		}
		if len(b) > 1<<16 {
			_, err := w.Write(b)
			require.NoError(tb, err)
			b = b[:0]
		}
	}
	_, err := w.Write(b)
	require.NoError(tb, err)
}

func event(worker, workflow int, name spec.OperationName) spec.Event {
	e := spec.Event{Kind: spec.Call, Actor: spec.Actor(fmt.Sprintf("worker-%d", worker))}
	e.Operation = spec.Operation{
		Name: name, Workflow: model.WorkflowID(fmt.Sprintf("5f0c8a4e-workflow-%09d", workflow)),
	}
	switch name {
	case spec.Push, spec.Poll, spec.UpdateTask:
		e.Operation.Task = "task-1"
	case spec.Acquire, spec.Release:
		e.Operation.Owner = e.Actor
	}
	if name == spec.UpdateTask {
		e.Operation.Result = model.TaskCompleted
	}
	return e
}

// file generates a history into a file.
func file(tb testing.TB, s shape) string {
	tb.Helper()
	path := filepath.Join(tb.TempDir(), "history.jsonl")
	f, err := os.Create(path)
	require.NoError(tb, err)
	generate(tb, f, s)
	require.NoError(tb, f.Close())
	return path
}

// BenchmarkCheck reads and judges histories without violation; ops/s are operations a second.
func BenchmarkCheck(b *testing.B) {
	for _, c := range []struct {
		name string
		shape
	}{
		{"workflows", shape{operations: 200_000, workers: 50}},
		{"one workflow", shape{operations: 200_000, workers: 8, shared: true}},
		{"timestamps", shape{operations: 200_000, workers: 50, timed: true}},
	} {
		b.Run(c.name, func(b *testing.B) {
			path := file(b, c.shape)
			b.ResetTimer()
			for b.Loop() {
				f, err := os.Open(path)
				require.NoError(b, err)
				result, err := Check(f, path, Options{}, judges()...)
				require.NoError(b, err)
				require.Equal(b, spec.Ok, result.Verdict)
				require.Equal(b, c.operations, result.Operations)
				require.NoError(b, f.Close())
			}
			b.ReportMetric(float64(c.operations)*float64(b.N)/b.Elapsed().Seconds(), "ops/s")
		})
	}
}
