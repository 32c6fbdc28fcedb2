package cli

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"fermata/internal/report"
	"fermata/internal/schematest"
	"fermata/scenarios/catalogue"
	"fermata/sweeper"
	"fermata/sweeper/conductor"
)

// moduleRoot is where the sources of this module are.
const moduleRoot = "../../.."

// calls are one of each command that writes documents, with the exit code of each: each leaves its schedules in dir.
func calls(dir string) []struct {
	words []string
	code  int
} {
	sched := filepath.Join(dir, "early-release.conductor-3.17.0.sched")
	const both = "conductor-3.17.0,proposed"
	return []struct {
		words []string
		code  int
	}{
		{[]string{"find", "--engine", both, "--scenario", "early-release", "--scope", "sweepers=1",
			"--schedules", "2000", "--out", dir}, exitViolation},
		{[]string{"verify", "--engine", "proposed", "--scenario", "early-release", "--scope", "sweepers=1",
			"--out", dir}, exitClean},
		{[]string{"verify", "--engine", "proposed", "--scenario", "early-release", "--states-max", "10", "--out", dir},
			exitHarness},
		{[]string{"replay", sched}, exitViolation},
		{[]string{"matrix", "--engine", both, "--scenario", "early-release", "--scope", "sweepers=1"}, exitViolation},
		{[]string{"check", filepath.Join(dir, "history.txt"), "--html="}, exitViolation},
	}
}

// history is one that nothing explains: a workflow leaves COMPLETED.
const history = `worker-1 call 1 UpdateTask workflow=w1 task=t2 result=COMPLETED
worker-1 return 1 => none
api-1 call 2 GetWorkflow workflow=w1
api-1 return 2 => COMPLETED
api-1 call 3 GetWorkflow workflow=w1
api-1 return 3 => RUNNING
`

// TestDocumentsFollowTheirSchemas: what the commands really write is what the schemas say.
func TestDocumentsFollowTheirSchemas(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "history.txt"), []byte(history), 0o644))
	for _, c := range calls(dir) {
		for _, format := range report.Formats() {
			a, out, said := inProcess(t.Context())
			code := a.main(append(c.words, "--format", format, "--source-root", moduleRoot))
			require.Equal(t, c.code, code, "%v %s: %s", c.words, format, said)
			switch format {
			case report.FormatSARIF:
				require.NoError(t, schematest.SARIF(out.Bytes()), c.words)
			case report.FormatJUnit:
				require.NoError(t, schematest.JUnit(out.Bytes()), c.words)
				require.NoError(t, schematest.Lint(t, out.Bytes()), c.words)
			}
		}
	}
}

// TestFindingsAreAtSourceLines: the log points at the line of the engine that made the violating step.
func TestFindingsAreAtSourceLines(t *testing.T) {
	a, out, said := inProcess(t.Context())
	words := []string{"find", "--engine", "conductor-3.17.0", "--scenario", "stale-lookup", "--out", t.TempDir(),
		"--source-root", moduleRoot, "--annotations", "github"}
	require.Equal(t, exitViolation, a.main(append(words, "--format", "sarif")))
	require.Contains(t, out.String(), `"uri": "sweeper/conductor/executor_decide.go"`)
	require.Contains(t, said.String(), "::error file=sweeper/conductor/executor_decide.go,line=")
}

// TestInterruptedDocumentIsWhole: Ctrl-C leaves a document with what was covered, and an error for each case that was
// not.
func TestInterruptedDocumentIsWhole(t *testing.T) {
	for _, format := range []string{report.FormatSARIF, report.FormatJUnit, report.FormatMarkdown} {
		ctx, cancel := context.WithCancel(t.Context())
		a, out, _ := inProcess(ctx)
		reads := 0
		a.now = func() time.Time {
			if reads++; reads == 3 {
				cancel()
			}
			return time.Unix(0, 0)
		}
		require.Equal(t, exitHarness, a.main([]string{"find", "--engine", "proposed", "--schedules", "1000000000",
			"--out", filepath.Join(t.TempDir(), "found"), "--format", format}))
		require.Contains(t, out.String(), "interrupted before it began")
		switch format {
		case report.FormatSARIF:
			require.NoError(t, schematest.SARIF(out.Bytes()))
			require.Contains(t, out.String(), `"executionSuccessful": false`)
		case report.FormatJUnit:
			require.NoError(t, schematest.JUnit(out.Bytes()))
			require.Contains(t, out.String(), fmt.Sprintf(`failures="0" errors="%d"`, len(catalogue.Scenarios())))
		}
	}
}

// sweeperOnly is an engine that can sweep and nothing else.
func sweeperOnly() sweeper.Engine {
	e := conductor.Release3170()
	whole := e.New
	e.Name, e.About = "a-sweeper", "sweeps, and does nothing else"
	e.New = func(p sweeper.Ports, s sweeper.Settings) sweeper.Server {
		return struct{ sweeper.Server }{whole(p, s)}
	}
	return e
}

// TestNotApplicableIsNoPass: alone it does not fail a call; if it is all there is, nothing was looked at.
func TestNotApplicableIsNoPass(t *testing.T) {
	run := func(words ...string) (code int, out, said string) {
		a, o, e := inProcess(t.Context())
		a.extra = []sweeper.Engine{sweeperOnly()}
		code = a.main(words)
		return code, o.String(), e.String()
	}
	scenario := []string{"--scenario", "early-release", "--scope", "sweepers=1"}
	for _, command := range []string{"find", "verify", "matrix"} {
		code, out, said := run(append([]string{command, "--engine", "a-sweeper"}, scenario...)...)
		require.Equal(t, exitHarness, code, "%s: %s", command, said)
		require.Contains(t, out, "not applicable")
		words := append([]string{command, "--engine", "a-sweeper,proposed"}, scenario...)
		if command == "find" {
			words = append(words, "--schedules", "2000")
		}
		code, _, said = run(words...)
		require.Equal(t, exitClean, code, "%s: %s", command, said)
	}
	_, out, _ := run(append([]string{"verify", "--engine", "a-sweeper,proposed"}, scenario...)...)
	require.Contains(t, out, "2 cases: 1 ok, 0 with a violation, 0 unknown, 1 not applicable\n")

	_, out, _ = run(append([]string{"matrix", "--engine", "a-sweeper", "--format", "json"}, scenario...)...)
	want := filepath.Join(t.TempDir(), "want.json")
	require.NoError(t, os.WriteFile(want, []byte(out), 0o644))
	code, _, said := run(append([]string{"matrix", "--engine", "a-sweeper", "--expect", want}, scenario...)...)
	require.Equal(t, exitHarness, code, said)
	_, _, said = run(append([]string{"find", "--engine", "a-sweeper", "--annotations", "github"}, scenario...)...)
	require.Contains(t, said, "::notice title=not applicable%3A early-release on a-sweeper::")
}
