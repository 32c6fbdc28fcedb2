package gate_test

import (
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"fermata/scenarios/catalogue"
	"fermata/sim/gate"
	"fermata/sim/world"
	"fermata/testdata"
)

// TestMain serves as the engine's process where it was started as one.
func TestMain(m *testing.M) {
	if mood, ok := os.LookupEnv("GATE_TEST_HOST"); ok && os.Getenv("FERMATA_GATE") != "" {
		serve(mood)
	}
	os.Exit(m.Run())
}

func start(t *testing.T, mood string, o gate.Options) (*gate.Process, error) {
	t.Helper()
	t.Setenv("GATE_TEST_HOST", mood)
	p, err := gate.Start("'"+os.Args[0]+"'", o)
	if err == nil {
		t.Cleanup(p.Close)
	}
	return p, err
}

// TestSchedulesReplayThroughTheGate: every committed schedule of 3.17.0 is the same run, to the
// fingerprint, whether its text runs here or in another process.
func TestSchedulesReplayThroughTheGate(t *testing.T) {
	for _, o := range []gate.Options{{}, {Socket: true}} {
		p, err := start(t, "", o)
		require.NoError(t, err)
		names, err := fs.Glob(testdata.Schedules, "schedules/*.conductor-3.17.0.sched")
		require.NoError(t, err)
		require.NotEmpty(t, names)
		replayed := 0
		for _, name := range names {
			f, err := testdata.Schedules.Open(name)
			require.NoError(t, err)
			s, err := catalogue.ReadSchedule(f, name)
			require.NoError(t, err)
			c, err := catalogue.CaseOf(s, "")
			require.NoError(t, err)
			if slices.ContainsFunc(c.Scenario.Definitions, world.Timed) {
				continue // a read of the clock is a step of the schedule, and behind the gate none
			}
			replayed++
			here, _, err := catalogue.Replay(s, catalogue.ReplayOptions{})
			require.NoError(t, err)
			there, _, err := catalogue.Replay(s, catalogue.ReplayOptions{
				Engine: p.Name, Extra: append(catalogue.Engines(), p.Engine()), Times: 3,
			})
			require.NoError(t, err, name)
			require.Equal(t, here.Findings[0].Fingerprint, there.Findings[0].Fingerprint, name)
			require.Equal(t, here.Findings[0].Message, there.Findings[0].Message, name)
			require.Equal(t, here.Findings[0].Severity, there.Findings[0].Severity, name)
		}
		require.Greater(t, replayed, 20)
	}
}

// TestSearchesThroughTheGate: find draws the same schedules and verify sees the same states as with the
// text in this process.
func TestSearchesThroughTheGate(t *testing.T) {
	p, err := start(t, "", gate.Options{})
	require.NoError(t, err)
	cases := func(engine string) *catalogue.Case {
		c, err := catalogue.NewCase("stale-lookup", engine, "sweepers=1 advance=0", p.Engine())
		require.NoError(t, err)
		return c
	}
	here, err := catalogue.Find(cases("conductor-3.17.0"), catalogue.FindOptions{Seed: 1})
	require.NoError(t, err)
	there, err := catalogue.Find(cases(p.Name), catalogue.FindOptions{Seed: 1})
	require.NoError(t, err)
	require.Equal(t, here.Schedules, there.Schedules)
	require.Equal(t, here.Findings[0].Schedule.Lines, there.Findings[0].Schedule.Lines)

	here, err = catalogue.Verify(cases("conductor-3.17.0"), catalogue.VerifyOptions{})
	require.NoError(t, err)
	there, err = catalogue.Verify(cases(p.Name), catalogue.VerifyOptions{})
	require.NoError(t, err)
	require.Equal(t, here.States, there.States)
	require.Equal(t, here.Steps, there.Steps)
	require.Equal(t, catalogue.Violated, there.Verdict)
}

// TestStartRefuses: an engine that does not come up, in one line, and within the bound.
func TestStartRefuses(t *testing.T) {
	for mood, want := range map[string]string{
		"protocol-2":   "the engine speaks protocol 2: expected 1",
		"no-token":     "a stranger: hello without the token of this run",
		"cannot-start": "the engine cannot start: WorkflowSweeper has no known constructor",
		"no-json": "expected a frame, one JSON object a line: " +
			`invalid character 'S' looking for beginning of value: "Starting engine..."`,
		"dies-at-start": "the engine's process has ended (exit status 1); " +
			"it last wrote: Error: Unable to access jarfile engine.jar",
		"silent": "no answer within 500ms",
	} {
		t.Run(mood, func(t *testing.T) {
			_, err := start(t, mood, gate.Options{Bound: 500 * time.Millisecond})
			require.EqualError(t, err, "gate: "+want)
			require.ErrorIs(t, err, gate.ErrGate)
		})
	}
	_, err := gate.Start("/no/such/engine", gate.Options{})
	require.ErrorContains(t, err, "/no/such/engine: no such file or directory")
	_, err = gate.Start("java 'unclosed", gate.Options{})
	require.ErrorContains(t, err, "expected a command line")
	_, err = gate.Start("", gate.Options{})
	require.ErrorContains(t, err, "expected a command line: it is empty")
}

// TestSocket: a stranger is turned away and changes nothing; nobody at all is noticed.
func TestSocket(t *testing.T) {
	var log strings.Builder
	p, err := start(t, "stranger", gate.Options{Socket: true, Log: &log})
	require.NoError(t, err)
	require.Equal(t, "host-3.17.0", p.Name)
	p.Close()
	require.Contains(t, log.String(), "the stranger was told")
	require.Contains(t, log.String(), "a stranger: hello without the token")

	_, err = start(t, "never-connects", gate.Options{Socket: true, Bound: 300 * time.Millisecond})
	require.EqualError(t, err, "gate: the engine did not connect within 300ms")
}

// TestBreaks: whatever a process does, the run it was in has no verdict, and says why.
func TestBreaks(t *testing.T) {
	for mood, want := range map[string]string{
		"dies": "the engine's process has ended (exit status 3); " +
			"it last wrote: java.lang.OutOfMemoryError: Java heap space",
		"hangs": "no answer within 500ms",
		"malformed": "expected a frame, one JSON object a line: " +
			`unexpected end of JSON input: "{\"type\":\"step\",\"call\":"`,
		"huge":         "a frame of more than 1048576 bytes from the engine",
		"fails":        "unmodelled call: QueueDAO.flush(queue)",
		"other-actor":  `a step by "somebody" in a call by "worker-1"`,
		"other-call":   `a frame of type "step" about call 101, while call 1 is on`,
		"unlisted":     `unmodelled call: the table of port calls has no "queue.flush"`,
		"speaks-twice": `the engine spoke out of turn, before a frame of type "call"`,
		"no-crash":     `expected the crash of call`,
	} {
		t.Run(mood, func(t *testing.T) {
			p, err := start(t, mood, gate.Options{Bound: 500 * time.Millisecond})
			require.NoError(t, err)
			c, err := catalogue.NewCase("stale-lookup", p.Name, "sweepers=1", p.Engine())
			require.NoError(t, err)
			r, err := catalogue.Verify(c, catalogue.VerifyOptions{})
			require.NoError(t, err)
			require.Equal(t, catalogue.Unknown, r.Verdict)
			require.Contains(t, r.Reason, want)
			p.Close()
			p.Close()
		})
	}
}
