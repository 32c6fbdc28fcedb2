package conductor_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"fermata/model"
	"fermata/sweeper"
	"fermata/sweeper/conductor"
)

// newer are the engines of the scripts in testdata/newer.
func newer() []sweeper.Engine {
	return []sweeper.Engine{conductor.Release3223(), conductor.Release3312(), conductor.ReleaseOrkes()}
}

// TestHoldCountsOfNewer is TestHoldCounts for the newer engines.
func TestHoldCountsOfNewer(t *testing.T) {
	sweep := func(t *testing.T, r *run) { require.NoError(t, r.server.Sweep(as("sweeper"), "w1")) }
	paths := []struct {
		name    string
		prepare func(t *testing.T, r *run)
		act     func(t *testing.T, r *run)
		want    map[string]string
	}{
		{
			"sweep of a terminal workflow",
			func(t *testing.T, r *run) { r.result(t, "worker", "t1.0", model.TaskCompleted) }, sweep,
			map[string]string{
				"conductor-3.22.3": "acq1 remove rel0",
				"conductor-3.31.2": "acq1 remove rel0",
				"orkes-community":  "acq1 remove rel0",
			},
		},
		{
			"sweep completes",
			func(t *testing.T, r *run) { r.unheard(t, "t1.0", model.TaskCompleted) }, sweep,
			map[string]string{
				"conductor-3.22.3": "acq1 acq2 rel1 finalized remove rel0 remove rel!",
				"conductor-3.31.2": "acq1 acq2 rel1 finalized remove rel0 remove rel!",
				"orkes-community":  "acq1 rel0 finalized remove remove rel!",
			},
		},
		{
			"sweep terminates",
			func(t *testing.T, r *run) { r.unheard(t, "t1.0", model.TaskFailed) }, sweep,
			map[string]string{
				"conductor-3.22.3": "acq1 acq2 acq3 finalized remove rel2 rel1 remove rel0",
				"conductor-3.31.2": "acq1 acq2 acq3 finalized remove rel2 rel1 remove rel0",
				"orkes-community":  "acq1 acq2 finalized remove rel1 remove rel0",
			},
		},
		{
			"sweep misses the lock",
			func(_ *testing.T, r *run) { r.world.owner, r.world.holds = "other", 1 }, sweep,
			map[string]string{
				"conductor-3.22.3": "timeout",
				"conductor-3.31.2": "timeout",
				"orkes-community":  "timeout",
			},
		},
		{
			"updateTask completes",
			func(*testing.T, *run) {},
			func(t *testing.T, r *run) { r.result(t, "worker", "t1.0", model.TaskCompleted) },
			map[string]string{
				"conductor-3.22.3": "acq1 rel0 finalized remove rel!",
				"conductor-3.31.2": "acq1 rel0 finalized remove rel!",
				"orkes-community":  "acq1 rel0 finalized remove rel!",
			},
		},
	}
	for _, p := range paths {
		for _, e := range newer() {
			t.Run(p.name+"/"+e.Name, func(t *testing.T) {
				r := start(t, e, "one", sweeper.DefaultSettings())
				p.prepare(t, r)
				r.world.trace = nil
				p.act(t, r)
				require.Equal(t, p.want[e.Name], r.path())
			})
		}
	}
}

// TestStaleLookupInNewer: none of the newer engines decides on what it read before it locked.
func TestStaleLookupInNewer(t *testing.T) {
	for _, e := range newer() {
		r := start(t, e, "two", sweeper.DefaultSettings())
		r.unheard(t, "t1.0", model.TaskCompleted)
		r.world.hooks["lock.acquire w1"] = func() {
			_, err := r.server.Decide(as("worker"), "w1")
			require.NoError(t, err)
			r.result(t, "worker", "t2.0", model.TaskCompleted)
		}
		require.NoError(t, r.server.Sweep(as("sweeper"), "w1"))
		require.Equal(t, model.Completed, r.world.workflows["w1"].Status, e.Name)
		require.Empty(t, r.world.queues[model.DeciderQueue], e.Name)
		require.Zero(t, r.world.holds, e.Name)
	}
}

// TestLeaseGuard: a decide that has started a FORK near the end of its lease leaves the rest to the next one.
func TestLeaseGuard(t *testing.T) {
	for _, e := range []sweeper.Engine{conductor.Release3223(), conductor.Release3312()} {
		for _, late := range []bool{false, true} {
			r := newRun(e, "fork", sweeper.DefaultSettings())
			r.world.hooks["dao.updateTask f.0 COMPLETED"] = func() {
				if late {
					r.world.now += sweeper.DefaultSettings().LockLeaseTime
				}
			}
			require.NoError(t, r.server.StartWorkflow(as("api"), "w1", "w"))
			again := "queue.push _deciderQueue w1 100 0s"
			if late {
				require.Contains(t, r.world.trace, again)
			} else {
				require.NotContains(t, r.world.trace, again)
			}
		}
	}
}

// TestBatch: a turn sweeps what it popped one after the other, and the first error that a sweep lets out ends it.
func TestBatch(t *testing.T) {
	for _, e := range []sweeper.Engine{conductor.Release3223(), conductor.Release3312()} {
		for _, fails := range []bool{false, true} {
			r := newRun(e, "one", sweeper.DefaultSettings())
			for _, id := range []string{"w1", "w2", "w3"} {
				r.world.upsert(model.DeciderQueue, id, r.world.now)
			}
			if fails {
				r.world.failures["lock.acquire w1"] = "before"
			}
			require.NoError(t, r.server.PollAndSweep(as("sweeper")))
			if fails {
				require.Equal(t, []string{
					"queue.pop _deciderQueue 2 => popped w1 w2", "lock.acquire w1 => error before",
				}, r.world.trace)
				continue
			}
			require.Equal(t, []string{
				"queue.pop _deciderQueue 2 => popped w1 w2",
				"lock.acquire w1 => hold 1", "dao.getWorkflow w1 => none",
				"queue.remove _deciderQueue w1", "lock.release w1 => hold 0",
				"lock.acquire w2 => hold 1", "dao.getWorkflow w2 => none",
				"queue.remove _deciderQueue w2", "lock.release w2 => hold 0",
			}, r.world.trace)
		}
	}
}

// TestLapsedLock: the lock becomes another's between a sweep's lookup and its decide.
func TestLapsedLock(t *testing.T) {
	want := map[string][]string{
		"conductor-3.22.3": {"queue.push _deciderQueue w1 0 30s"},
		"conductor-3.31.2": {"queue.pushMillis _deciderQueue w1 0 250ms", "queue.push _deciderQueue w1 0 30s"},
	}
	for _, e := range []sweeper.Engine{conductor.Release3223(), conductor.Release3312()} {
		r := start(t, e, "one", sweeper.DefaultSettings())
		r.world.hooks["dao.getWorkflow w1"] = func() { r.world.owner = "other" }
		r.world.trace = nil
		require.NoError(t, r.server.Sweep(as("sweeper"), "w1"))
		around := func(calls ...string) []string {
			return append(append([]string{
				"lock.acquire w1 => hold 1", "dao.getWorkflow w1 => RUNNING", "lock.acquire w1 => timeout",
			}, calls...), "lock.release w1 => not the owner")
		}
		require.Equal(t, around(want[e.Name]...), r.world.trace)
	}
}

// TestCommunityRepairsWhatIsOld: no repair while a time of the record or of its tasks is within the minute, nor
// after a decide that wrote the workflow.
func TestCommunityRepairsWhatIsOld(t *testing.T) {
	looks := "queue.containsMessage t1 t1.0 => true"
	r := start(t, conductor.ReleaseOrkes(), "timeouts", sweeper.DefaultSettings())
	for _, old := range []bool{false, true} {
		if old {
			r.world.now += communityAge
			r.world.defs["w"] = definitions["one"] // nothing times out
		}
		r.world.trace = nil
		require.NoError(t, r.server.Sweep(as("sweeper"), "w1"))
		if old {
			require.Contains(t, r.world.trace, looks)
		} else {
			require.NotContains(t, r.world.trace, looks)
		}
	}
	r = start(t, conductor.ReleaseOrkes(), "two", sweeper.DefaultSettings())
	r.unheard(t, "t1.0", model.TaskCompleted)
	r.world.trace = nil
	require.NoError(t, r.server.Sweep(as("sweeper"), "w1"))
	require.NotContains(t, r.world.trace, "queue.containsMessage t2 t2.0 => true")
	r.world.trace = nil
	require.NoError(t, r.server.Sweep(as("sweeper"), "w1"))
	require.Contains(t, r.world.trace, "queue.containsMessage t2 t2.0 => true")
}

// communityAge is what the community's sweeper takes for long.
const communityAge model.Millis = 60_000
