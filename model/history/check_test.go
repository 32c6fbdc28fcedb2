package history_test

import (
	"bytes"
	"io"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"fermata/model"
	. "fermata/model/history"
	"fermata/model/spec"
)

// drawn is a history of several workflows and tasks: each actor calls what it likes, and what comes back
// is drawn too, so that few are linearizable for long.
func drawn(t *rapid.T) []spec.Event {
	var events []spec.Event
	open := map[spec.Actor]spec.Event{}
	names := []spec.OperationName{
		spec.Start, spec.GetWorkflow, spec.Sweep, spec.UpdateTask, spec.Inspect, spec.Pause, spec.Resume, spec.Push,
		spec.Poll, spec.Ack, spec.Acquire, spec.Release,
	}
	names = rapid.SliceOfNDistinct(rapid.SampledFrom(names), 2, 5, rapid.ID).Draw(t, "names")
	statuses := []model.WorkflowStatus{model.Running, model.Running, model.Completed, 0}
	for n := range rapid.IntRange(1, 24).Draw(t, "events") {
		actor := rapid.SampledFrom([]spec.Actor{"a", "b", "c", "d"}).Draw(t, "actor")
		if call, busy := open[actor]; busy {
			delete(open, actor)
			reply := spec.Reply{Done: rapid.Bool().Draw(t, "done"), Err: rapid.IntRange(0, 5).Draw(t, "err") == 0}
			if name := call.Operation.Name; name == spec.GetWorkflow || name == spec.Inspect {
				reply.Status = rapid.SampledFrom(statuses).Draw(t, "status")
				reply.Present = reply.Status == model.Running
			}
			if rapid.IntRange(0, 9).Draw(t, "unknown") == 0 {
				reply = spec.UnknownReply
			}
			events = append(events, spec.Event{Kind: spec.Return, Actor: actor, Op: call.Op, Reply: reply})
			continue
		}
		e := event(0, rapid.IntRange(1, 2).Draw(t, "workflow"), rapid.SampledFrom(names).Draw(t, "name"))
		e.Actor, e.Op = actor, n+1
		if e.Operation.Owner != "" {
			e.Operation.Owner = actor
		}
		if e.Operation.Name == spec.Ack {
			e.Operation.Task = "task-1"
		}
		open[actor] = e
		events = append(events, e)
	}
	return events
}

// lines writes events down.
func lines(events []spec.Event) []byte {
	b := AppendHeader(nil, 0)
	names := map[int]spec.OperationName{}
	for _, e := range events {
		if e.Kind == spec.Call {
			names[e.Op] = e.Operation.Name
			b = AppendCall(b, e.Op, e.Actor, e.Operation)
		} else {
			b = AppendReturn(b, e.Op, names[e.Op], e.Reply)
		}
	}
	return b
}

// byPorcupine judges the whole history at once, as package spec alone does.
func byPorcupine[S comparable](
	t require.TestingT, s spec.Spec[S], initial, started S, events []spec.Event,
) spec.Verdict {
	known := spec.Select(s, spec.Close(events))
	verdict, err := spec.Check(s, func(o spec.Object) S {
		for _, e := range events {
			if e.Operation.Name == spec.Start && e.Operation.Workflow == o.Workflow {
				return started
			}
		}
		return initial
	}, known)
	require.NoError(t, err)
	return verdict
}

// TestVerdictIsPorcupines: reading and judging event by event comes to what porcupine says of the whole,
// for every specification.
func TestVerdictIsPorcupines(t *testing.T) {
	running := spec.WorkflowState{Status: model.Running}
	seen := map[spec.Verdict]int{}
	rapid.Check(t, func(t *rapid.T) {
		events := drawn(t)
		want := map[string]spec.Verdict{
			"workflow": byPorcupine(t, spec.Workflow{}, running, spec.WorkflowState{}, events),
			"status and decider entry": byPorcupine(t, spec.Entry{},
				spec.EntryState{Workflow: running, Present: true}, spec.EntryState{}, events),
			"task queue": byPorcupine(t, spec.TaskQueue{}, spec.EpochClosed, spec.EpochClosed, events),
			"lock":       byPorcupine(t, spec.Lock{}, spec.LockState{}, spec.LockState{}, events),
		}
		result, err := Check(bytes.NewReader(lines(events)), "h.jsonl", Options{}, judges()...)
		require.NoError(t, err)
		var broken []string
		for _, f := range result.Findings {
			broken = append(broken, f.Spec)
			require.Equal(t, f.Line, f.Lines[len(f.Lines)-1].Number, "the last line is what nothing explains")
		}
		for _, name := range result.Judged {
			require.Equal(t, want[name] == spec.Violation, slices.Contains(broken, name), "%s\n%s", name, lines(events))
		}
		seen[result.Verdict]++
	})
	require.NotZero(t, seen[spec.Ok])
	require.NotZero(t, seen[spec.Violation])
}

// TestTextAndLinesAreTheSame: the two forms of a history have one result.
func TestTextAndLinesAreTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		events := drawn(t)
		text := []string{"# the header's line"}
		for _, e := range events {
			text = append(text, e.String())
		}
		a, err := Check(bytes.NewReader(lines(events)), "h", Options{}, judges()...)
		require.NoError(t, err)
		b, err := Check(strings.NewReader(strings.Join(text, "\n")), "h", Options{}, judges()...)
		require.NoError(t, err)
		require.Equal(t, a.Verdict, b.Verdict)
		require.Equal(t, len(a.Findings), len(b.Findings))
		for i := range a.Findings {
			require.Equal(t, a.Findings[i].Lines, b.Findings[i].Lines)
		}
	})
}

// TestStartAnywhere: a workflow that the history starts is none before, even if that comes late.
func TestStartAnywhere(t *testing.T) {
	for _, c := range []struct {
		first string
		want  spec.Verdict
	}{{"RUNNING", spec.Violation}, {"NONE", spec.Ok}} {
		result, err := Check(strings.NewReader(header+`
			{"kind":"call","id":1,"actor":"a","op":"GetWorkflow","workflow":"w1"}
			{"kind":"return","id":1,"status":"`+c.first+`"}
			{"kind":"call","id":2,"actor":"a","op":"Start","workflow":"w1"}
			{"kind":"return","id":2}`), "h.jsonl", Options{}, judges()...)
		require.NoError(t, err)
		require.Equal(t, c.want, result.Verdict)
		if c.want == spec.Violation {
			require.Equal(t, 4, result.Findings[0].Line)
			require.Equal(t, []string{"no such workflow"}, result.Findings[0].Before)
		}
	}
}

// TestStopped: a check that is told to stop is no pass.
func TestStopped(t *testing.T) {
	var b bytes.Buffer
	generate(t, &b, shape{operations: 10_000, workers: 4})
	asked := 0
	result, err := Check(bytes.NewReader(b.Bytes()), "h.jsonl", Options{Stop: func() bool {
		asked++
		return asked > 2
	}}, judges()...)
	require.NoError(t, err)
	require.Equal(t, spec.Unknown, result.Verdict)
	require.True(t, result.Stopped)
	require.Less(t, result.Operations, 10_000)
}

// TestNothingKnown: a history that no specification knows is no pass either.
func TestNothingKnown(t *testing.T) {
	result, err := Check(strings.NewReader("a call 1 Sweep workflow=w1\na return 1 => none"), "h", Options{},
		NewJudge(Subject[spec.LockState]{Spec: spec.Lock{}, Initial: spec.Always(spec.LockState{})}))
	require.NoError(t, err)
	require.Equal(t, spec.Unknown, result.Verdict)
}

// TestManyOpenOperations: a crash leaves operations open for ever, of which each may have taken effect.
func TestManyOpenOperations(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	b := AppendHeader(nil, 0)
	for id := range 60 {
		e := event(id, 1, []spec.OperationName{spec.Sweep, spec.UpdateTask, spec.Inspect, spec.Pause}[rng.IntN(4)])
		b = AppendCall(b, id, e.Actor, e.Operation)
	}
	for id := 100; id < 160; id++ {
		e := event(id, 1, spec.GetWorkflow)
		b = AppendCall(b, id, e.Actor, e.Operation)
		b = AppendReturn(b, id, spec.GetWorkflow, spec.Reply{Status: model.Running})
	}
	result, err := Check(bytes.NewReader(b), "h.jsonl", Options{}, judges()...)
	require.NoError(t, err)
	require.Equal(t, spec.Ok, result.Verdict)
	require.Equal(t, 60, result.Open)
	b = AppendCall(b, 999, "z", event(0, 1, spec.GetWorkflow).Operation)
	b = AppendReturn(b, 999, spec.GetWorkflow, spec.Reply{Status: model.Failed})
	result, err = Check(bytes.NewReader(b), "h.jsonl", Options{}, judges()...)
	require.NoError(t, err)
	require.Equal(t, spec.Violation, result.Verdict)
	require.NoError(t, result.Findings[0].Visualize(io.Discard))
}

// memoryMax is what the process may take of the system for a million operations.
const memoryMax = 1 << 30

// TestMillionOperations: in bounded memory, whether the workflows come and go, or none is known before,
// or all is about one. go test -run TestMillion -v ./model/history prints what they took.
func TestMillionOperations(t *testing.T) {
	if testing.Short() {
		t.Skip("a million operations take some seconds")
	}
	for _, c := range []struct {
		name string
		shape
	}{
		{"ten operations a workflow", shape{operations: 1_000_000, workers: 50}},
		{"one operation a workflow", shape{operations: 1_000_000, workers: 50, single: true}},
		{"one workflow", shape{operations: 1_000_000, workers: 8, shared: true}},
	} {
		t.Run(c.name, func(t *testing.T) {
			f, err := os.Open(file(t, c.shape))
			require.NoError(t, err)
			defer f.Close()
			result, err := Check(f, "h.jsonl", Options{}, judges()...)
			require.NoError(t, err)
			require.Equal(t, spec.Ok, result.Verdict)
			require.Equal(t, 1_000_000, result.Operations)
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			require.Less(t, m.Sys, uint64(memoryMax))
			t.Logf("%d MiB taken of the system so far", m.Sys>>20)
		})
	}
}
