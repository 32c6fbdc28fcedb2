package catalogue

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"fermata/model"
	"fermata/sim"
	"fermata/sim/explore"
)

// TestWholeLivesAreProved: on the fixed sweeper nothing goes wrong in a whole life of one or two tasks, whatever the
// order; 3.17.0 is red by each of the ways that loads report.
func TestWholeLivesAreProved(t *testing.T) {
	for _, scope := range []string{"", "tasks=2", "sweeps=2", "sweepers=2", "remedy=audit", "branches=2"} {
		proves(t, whole(t, "proposed", scope))
	}
	r, err := Verify(whole(t, "conductor-3.17.0", ""), VerifyOptions{})
	require.NoError(t, err)
	require.Equal(t, Violated, r.Verdict)
	var red []string
	for _, f := range r.Findings {
		red = append(red, f.Oracle)
	}
	require.ElementsMatch(t, []string{"listener-once", "terminal-stays", "running-is-queued", "progress"}, red)
}

// TestWholeLivesAreNotAmongAll: they are known by name, and the matrix has none.
func TestWholeLivesAreNotAmongAll(t *testing.T) {
	for _, s := range Lives() {
		require.True(t, s.Whole)
		require.False(t, slices.ContainsFunc(Scenarios(), func(o *Scenario) bool { return o.Whole }))
		c, err := NewCase(s.Name, "proposed", "")
		require.NoError(t, err)
		require.Equal(t, s.Name, c.Scenario.Name)
	}
}

// TestBranchesAreJoined: with a fork each chain's tasks are done by workers of their own and the JOIN by the engine's,
// and then the workflow is completed.
func TestBranchesAreJoined(t *testing.T) {
	c := whole(t, "conductor-3.17.0", "sweepers=0 tasks=2 branches=2 polls=2")
	in := c.instance()
	m := sim.New(in.system)
	defer m.Close()
	m.Reset()
	explore.Finish(m, nil)
	require.Equal(t, model.Completed, in.world.Status(w1))
	var refs []string
	wf, _ := in.world.Workflow(w1)
	for _, task := range wf.Tasks {
		require.Equal(t, model.TaskCompleted, task.Status)
		refs = append(refs, task.Ref)
	}
	require.ElementsMatch(t, []string{"fork", "b1_t1", "b1_t2", "b2_t1", "b2_t2", "join"}, refs)
	system := 0
	for _, e := range m.History() {
		if e.Kind == sim.Call && e.Verb == opSystemTasks {
			system++
		}
	}
	require.Equal(t, 2, system)
}

// TestWorkersPollSoOften: each of a queue's workers polls as often as the scope says, whether or not it gets anything,
// and reports what it gets.
func TestWorkersPollSoOften(t *testing.T) {
	c := whole(t, "conductor-3.17.0", "sweepers=0 tasks=2 workers=2 polls=3")
	in := c.instance()
	m := sim.New(in.system)
	defer m.Close()
	m.Reset()
	explore.Finish(m, nil)
	polls, reports := map[string]int{}, map[string]int{}
	for _, e := range m.History() {
		switch {
		case e.Kind == sim.Call && e.Verb == opPoll:
			polls[in.actorName(e.Actor)]++
		case e.Kind == sim.Return && e.Verb == opUpdateTask && e.Reply.Code == replyDone:
			reports[in.world.ObjectName(e.Object)]++
		}
	}
	require.Equal(t, map[string]int{"worker-1": 3, "worker-1b": 3, "worker-2": 3, "worker-2b": 3}, polls)
	require.Equal(t, map[string]int{"t1@client.1": 1, "t2@worker-1.2": 1}, reports)
}
