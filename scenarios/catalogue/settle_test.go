package catalogue

import (
	"bytes"
	"io/fs"
	"testing"

	"github.com/stretchr/testify/require"

	"fermata/model"
	"fermata/sim/world"
	"fermata/testdata"
)

// What heals says after how long and by whom: by an actor of the run itself, or by who settles.
func TestHealsByWhom(t *testing.T) {
	for _, c := range []struct {
		schedule string
		after    model.Millis
		by       string
	}{
		{"early-release.conductor-3.17.0", 0, "worker-1"},
		{"pause-against-decide.conductor-3.31.2", 0, "operator-2"},
		{"ended-parent-pushed.conductor-3.31.2", 0, "a sweep"},
		{"zombie-message.conductor-3.31.2", 250, "a sweep"},
		{"retry-removed.proposed-locked-operators.lock-error", 0, "a worker's result for t1#1@operator.1"},
	} {
		text, err := fs.ReadFile(testdata.Schedules, "schedules/"+c.schedule+".sched")
		require.NoError(t, err)
		s, err := ReadSchedule(bytes.NewReader(text), c.schedule)
		require.NoError(t, err)
		r, _, err := Replay(s, ReplayOptions{})
		require.NoError(t, err)
		f := r.Findings[0]
		require.Equal(t, Heals, f.Severity, c.schedule)
		require.Equal(t, c.after, f.HealsAfter, c.schedule)
		require.Equal(t, c.by, f.HealedBy, c.schedule)
	}
}

// Whoever has a condition hold is named: the time, a poll, a worker's result. What holds from the start is nobody's
// doing.
func TestWhoSettles(t *testing.T) {
	c := scoped(t, "torn-repair", "proposed", "sweepers=1")
	c.Parts.Queue = "sql"
	in := c.instance()
	m := in.coroutines()
	defer m.Close()
	choice, ok := ofActor(m, "poller-1") // its pop, and nothing more
	require.True(t, ok)
	m.Take(choice)
	due := func(w *world.World) bool {
		at, ok := w.Message("t1", "t1")
		return !ok || at == 0
	}
	begun := func(w *world.World) bool {
		task, _ := w.Task("t1")
		return task.Status != model.TaskScheduled
	}
	ended := func(w *world.World) bool { return w.Status(w1) == model.Completed }
	always, never := func(*world.World) bool { return true }, func(*world.World) bool { return false }
	s := settle(in, due, begun, ended, always, never)
	require.Equal(t, []string{"the time: queue.unack t1 t1", "a poll of t1", "a worker's result for t1", "", ""}, s.by)
	require.Positive(t, s.healed[0])
	require.Zero(t, s.healed[3])
	require.EqualValues(t, -1, s.healed[4])
}
