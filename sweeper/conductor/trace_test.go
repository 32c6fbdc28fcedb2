package conductor_test

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"
	"github.com/stretchr/testify/require"

	"fermata/model"
	"fermata/sweeper"
	"fermata/sweeper/conductor"
	"fermata/sweeper/proposed"
)

// engines are what every script runs on. A reply that they share is printed once.
func engines() []sweeper.Engine {
	return []sweeper.Engine{conductor.Release3170(), conductor.Release3213(), proposed.Proposed()}
}

// others are the engines that a script runs on only if it names them.
func others() []sweeper.Engine {
	releases := []sweeper.Engine{
		conductor.Release3140(), conductor.Release32112(), conductor.Release32114(), conductor.Release32115(),
		conductor.Release32123(), conductor.Release3312(), conductor.Release3323(), proposed.LockedOperators(),
	}
	return append(releases, conductor.PR214()...)
}

// run is one engine with a world of its own. Its twin, if any, is the combination of measures that has
// to behave the same, call for call.
type run struct {
	name   string
	world  *fake
	server sweeper.FullServer
	twin   *run
}

func newRun(e sweeper.Engine, def string, settings sweeper.Settings) *run {
	world := newFake()
	world.defs["w"] = definitions[def]
	return &run{name: e.Name, world: world, server: e.New(world.ports(), settings).(sweeper.FullServer)}
}

// script runs each command on every engine. Commands:
//
//	new def=NAME [repair] [nolock]     a fresh world
//	    [engines=(NAME,...)]           on these engines in place of all of engines()
//	    [newer]                        on the newer engines in place of them
//	start | sweep | decide | terminate | pause | resume | repair | get  [id=w1]
//	retry [resume=yes] | rerun [task=ID] | restart | remove | requeue | skip ref=R | reset  [id=w1]
//	poll queue=Q [count=N] | poll-system queue=JOIN | poll-and-sweep
//	update task=ID status=S [callback=N]
//	advance seconds=N                  of the clock
//	hold | unhold                      the lock, by another actor
//	drop | push queue=Q id=ID          a message lost, a message from nowhere
//	fail call=(VERB ARGS...) when=before|after
//	state                              the world at rest
type script struct{ runs []*run }

func TestTraces(t *testing.T) {
	datadriven.Walk(t, "testdata", func(t *testing.T, path string) {
		s := &script{}
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
			return s.handle(t, d)
		})
	})
}

func (s *script) handle(t *testing.T, d *datadriven.TestData) string {
	if d.Cmd == "new" {
		s.runs = newRuns(t, d)
		return ""
	}
	var outs []string
	for _, r := range s.runs {
		out := r.handle(t, d)
		if r.twin != nil {
			require.Equal(t, out, r.twin.handle(t, d), "%s differs from %s", r.twin.name, r.name)
		}
		outs = append(outs, out)
	}
	return merge(s.runs, outs)
}

func newRuns(t *testing.T, d *datadriven.TestData) []*run {
	settings := sweeper.DefaultSettings()
	settings.RepairServiceEnabled = d.HasArg("repair")
	settings.LockEnabled = !d.HasArg("nolock")
	var def string
	d.ScanArgs(t, "def", &def)
	require.Contains(t, definitions, def)
	var runs []*run
	if named, ok := d.Arg("engines"); ok {
		for _, name := range named.Vals {
			runs = append(runs, newRun(engineNamed(t, name), def, settings))
		}
		return runs
	}
	if d.HasArg("newer") {
		for _, e := range newer() {
			runs = append(runs, newRun(e, def, settings))
		}
		return runs
	}
	for _, e := range engines() {
		runs = append(runs, newRun(e, def, settings))
	}
	none := proposed.Measures{}
	all := proposed.Measures{LockFirst: true, AtomicRepair: true, RemoveFirst: true}
	runs[0].twin = newRun(none.Engine(), def, settings)
	runs[2].twin = newRun(all.Engine(), def, settings)
	return runs
}

func engineNamed(t *testing.T, name string) sweeper.Engine {
	for _, e := range append(engines(), others()...) {
		if e.Name == name {
			return e
		}
	}
	require.Failf(t, "no such engine", "%s", name)
	return sweeper.Engine{}
}

// merge groups equal outputs under the names of their engines; without a heading if all are equal.
func merge(runs []*run, outs []string) string {
	var b strings.Builder
	done := make([]bool, len(outs))
	for i := range outs {
		if done[i] {
			continue
		}
		var names []string
		for j := i; j < len(outs); j++ {
			if outs[j] == outs[i] {
				done[j] = true
				names = append(names, runs[j].name)
			}
		}
		if len(names) < len(outs) {
			fmt.Fprintf(&b, "[%s]\n", strings.Join(names, ", "))
		}
		b.WriteString(outs[i])
	}
	return b.String()
}

func (r *run) handle(t *testing.T, d *datadriven.TestData) string {
	arg := func(name, otherwise string) string {
		if d.HasArg(name) {
			d.ScanArgs(t, name, &otherwise)
		}
		return otherwise
	}
	number := func(name, otherwise string) int {
		n, err := strconv.Atoi(arg(name, otherwise))
		require.NoError(t, err)
		return n
	}
	switch d.Cmd {
	case "advance":
		r.world.now += model.Seconds(number("seconds", "0")).Millis()
	case "hold":
		r.world.owner, r.world.holds = "other", 1
	case "unhold":
		r.world.owner, r.world.holds = "", 0
	case "push":
		r.world.upsert(arg("queue", ""), arg("id", ""), r.world.now)
	case "drop":
		require.True(t, r.world.drop(arg("queue", ""), arg("id", "")))
	case "fail":
		var words []string
		for _, a := range d.CmdArgs {
			if a.Key == "call" {
				words = a.Vals
			}
		}
		r.world.failures[strings.Join(words, " ")] = arg("when", "before")
	case "state":
		return r.world.state()
	default:
		return r.operate(t, d.Cmd, arg, number)
	}
	return ""
}

func (r *run) operate(
	t *testing.T, cmd string, arg func(string, string) string, number func(string, string) int,
) string {
	ctx, id := as("actor"), model.WorkflowID(arg("id", "w1"))
	r.world.trace = nil
	var err error
	switch cmd {
	case "start":
		err = r.server.StartWorkflow(ctx, id, "w")
	case "sweep":
		err = r.server.Sweep(ctx, id)
	case "decide":
		_, err = r.server.Decide(ctx, id)
	case "terminate":
		err = r.server.TerminateWorkflow(ctx, id, "asked")
	case "pause":
		err = r.server.PauseWorkflow(ctx, id)
	case "resume":
		err = r.server.ResumeWorkflow(ctx, id)
	case "repair":
		err = r.server.VerifyAndRepairWorkflow(ctx, id)
	case "get":
		_, err = r.server.GetWorkflow(ctx, id)
	case "poll":
		_, err = r.server.Poll(ctx, arg("queue", ""), number("count", "1"))
	case "poll-system":
		err = r.server.PollSystemTasks(ctx, arg("queue", ""))
	case "poll-and-sweep":
		err = r.server.PollAndSweep(ctx)
	case "update":
		err = r.server.UpdateTask(ctx, sweeper.TaskResult{
			TaskID: model.TaskID(arg("task", "")), WorkflowID: id,
			Status:        status(t, arg("status", "COMPLETED")),
			CallbackAfter: model.Seconds(number("callback", "0")),
		})
	default:
		known := false
		known, err = r.operator(ctx, cmd, id, arg)
		require.True(t, known, "no such command: %s", cmd)
	}
	out := strings.Join(append(r.world.trace, ""), "\n")
	if err != nil {
		out += "error: " + errorWord(err) + "\n"
	}
	return out
}

// errorWord names the exception; the text of errors is no part of a golden.
func errorWord(err error) string {
	for _, known := range []error{
		sweeper.ErrNotFound, sweeper.ErrConflict, sweeper.ErrTransient, sweeper.ErrInjected,
		sweeper.ErrUnmodelled, conductor.ErrIllegalState,
	} {
		if errors.Is(err, known) {
			return known.Error()
		}
	}
	return err.Error()
}

func status(t *testing.T, name string) model.TaskStatus {
	for s := model.TaskInProgress; s <= model.TaskSkipped; s++ {
		if s.String() == name {
			return s
		}
	}
	require.Failf(t, "no such status", "%s", name)
	return 0
}
