package report

import (
	"bytes"
	"io/fs"
	"path"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"fermata/scenarios/catalogue"
	"fermata/testdata"
)

// A step in the engine's own words: the method that the port call stands for.
func TestJavaCalls(t *testing.T) {
	for step, want := range map[string]string{
		"dao.getWorkflow w1 no-tasks":           "ExecutionDAO.getWorkflow(w1, includeTasks=false)",
		"queue.push t1 t1 0s prio=100":          "QueueDAO.push(t1, t1, 0s, prio=100)",
		"dao.updateTask t1 COMPLETED executed":  "ExecutionDAO.updateTask(t1, COMPLETED, executed)",
		"lock.release w1":                       "Lock.releaseLock(w1)",
		"advance 30s lock.lease w1":             "30s pass: lock.lease w1",
		"repair.task t1 t1":                     "repair.task t1 t1",
		"redis.zadd q t1 0s for queue.push":     "redis.zadd q t1 0s for queue.push",
		"listener.completed w1":                 "WorkflowStatusListener.onWorkflowCompletedIfEnabled(w1)",
		"sql.taskIDs w1 for dao.getWorkflow":    "PostgresExecutionDAO.getTasksForWorkflow(w1) for dao.getWorkflow",
		"crash":                                 "crash",
		"queue.pop _deciderQueue 2 fails after": "QueueDAO.pop(_deciderQueue, 2, fails, after)",
	} {
		require.Equal(t, want, javaCall(step))
	}
}

// Every step that the text of a release makes has a method of the engine above it, and no name of ours is left.
func TestEveryStepHasAMethod(t *testing.T) {
	goName := regexp.MustCompile(`EXECUTOR|SWEEPER|POLLER|[a-z]\d{3,}`)
	seen := map[string]bool{}
	for name, s := range committed(t) {
		engine, _ := s.Header("engine")
		if !catalogue.IsRelease(engine) {
			continue
		}
		r, _, err := catalogue.Replay(s, catalogue.ReplayOptions{})
		require.NoError(t, err, name)
		at := upstreamOf(engine)
		for _, step := range r.Findings[0].Trace.Steps {
			if len(step.Sites) == 0 {
				continue
			}
			method := at.method(step.Sites)
			require.NotEmpty(t, method, "%s: %s, by %s", name, step.Text, step.Sites)
			require.False(t, goName.MatchString(method), method)
			seen[method] = true
		}
	}
	require.Greater(t, len(seen), 10)
	require.True(t, seen["WorkflowExecutorOps.completeWorkflow"])
	require.True(t, seen["OrkesWorkflowSweepWorker.sweep"])
}

func committed(t *testing.T) map[string]*catalogue.Schedule {
	files, err := fs.Glob(testdata.Schedules, "schedules/*.sched")
	require.NoError(t, err)
	all := map[string]*catalogue.Schedule{}
	for _, f := range files {
		text, err := fs.ReadFile(testdata.Schedules, f)
		require.NoError(t, err)
		all[path.Base(f)], err = catalogue.ReadSchedule(bytes.NewReader(text), f)
		require.NoError(t, err)
	}
	return all
}

// What a schedule of no violation comes to is said, and nothing is claimed of it.
func TestIssueOfNoViolation(t *testing.T) {
	c, err := catalogue.NewCase("stale-lookup", "conductor-3.31.2", "")
	require.NoError(t, err)
	var b bytes.Buffer
	u := &Upstream{Report: &catalogue.Report{Case: c, Verdict: catalogue.OK}, Replay: "fermata replay x.sched"}
	require.NoError(t, WriteIssue(&b, u))
	require.True(t, strings.HasPrefix(b.String(), "# No violation: stale-lookup on Conductor 3.31.2\n"), b.String())
	require.Contains(t, b.String(), "no proof")
	u.Report.Verdict, u.Report.Reason = catalogue.Unknown, "cut by a limit: steps"
	b.Reset()
	require.NoError(t, WriteIssue(&b, u))
	require.Contains(t, b.String(), "Verdict: **unknown**. cut by a limit: steps.\n")
}

// Every scenario's reports lead to where they are, and what is no report of a repository leads nowhere.
func TestIssueLinks(t *testing.T) {
	link := regexp.MustCompile(`^\[([\w-]+/[\w-]+)#(\d+)\]\(https://github\.com/([\w-]+/[\w-]+)/issues/(\d+)\)$`)
	for _, s := range catalogue.Scenarios() {
		for _, i := range s.Issues {
			m := link.FindStringSubmatch(issueLink(i))
			require.NotNil(t, m, "%s of %s", i, s.Name)
			require.Equal(t, m[1]+m[2], m[3]+m[4])
		}
	}
	require.Equal(t, "[conductor-oss/conductor#213](https://github.com/conductor-oss/conductor/issues/213)",
		issueLink("conductor#213"))
	require.Equal(t, "other#1", issueLink("other#1"))
	require.Equal(t, "a/b#x", issueLink("a/b#x"))
}

// Each change has its words, and each part its names upstream.
func TestUpstreamWords(t *testing.T) {
	for _, e := range catalogue.Engines() {
		c, err := catalogue.NewCase("early-release", e.Name, "")
		require.NoError(t, err)
		for _, name := range catalogue.ChangeNames(e.Name) {
			require.NotEmpty(t, changeWords[name], name)
		}
		at := upstreamOf(e.Name)
		require.Equal(t, strings.HasPrefix(e.Name, "conductor-"), strings.HasPrefix(at.title, "Conductor "), e.Name)
		require.Contains(t, properties(c, &at), "conductor.app.lock-lease-time=60000ms")
	}
	for _, names := range []struct {
		of    []string
		words map[string]string
	}{{catalogue.Locks(), lockWords}, {catalogue.Queues(), queueWords}, {catalogue.Stores(), storeWords}} {
		for _, name := range names.of {
			require.NotEmpty(t, names.words[name], name)
		}
	}
}

// A heading's anchor is what GitHub makes of it.
func TestAnchors(t *testing.T) {
	require.Equal(t, "a-poll-slips-between-conductor-3312-lock-postgres-reentrant",
		anchor("A poll slips between (Conductor 3.31.2, lock postgres-reentrant)"))
}
