package catalogue

import (
	"testing"

	"github.com/stretchr/testify/require"

	"fermata/testdata"
)

// pictureOf draws a committed schedule, beside another engine.
func pictureOf(t *testing.T, name, beside string) *Picture {
	t.Helper()
	file, err := testdata.Schedules.Open("schedules/" + name)
	require.NoError(t, err)
	defer file.Close()
	s, err := ReadSchedule(file, name)
	require.NoError(t, err)
	r, _, err := Replay(s, ReplayOptions{})
	require.NoError(t, err)
	e := engine(t, beside)
	p, err := PictureOf(r.Findings[0], &e)
	require.NoError(t, err)
	return p
}

// value gives a fact of a state.
func (s State) value(kind, name string) string {
	for _, f := range s.Facts {
		if f.Kind == kind && f.Name == name {
			return f.Value
		}
	}
	return ""
}

// TestPictureOfTheRace: the states of 3.17.0's race step by step, who holds the lock when, the schedule that passes,
// and where the proposed fix parts from it.
func TestPictureOfTheRace(t *testing.T) {
	p := pictureOf(t, "stale-lookup.conductor-3.17.0.sched", "proposed")
	f := p.Finding
	require.Len(t, p.States, len(f.Trace.Steps)+1)
	require.Equal(t, "RUNNING", p.States[0].value("workflow", "w1"))
	require.Equal(t, "free", p.States[0].value("lock", "w1"))
	require.Equal(t, "RUNNING", p.States[f.Trace.At].value("workflow", "w1"))
	completed := 0
	for i, s := range f.Trace.Steps {
		if s.Text == "dao.updateWorkflow w1 COMPLETED" {
			completed = i + 1
			require.Equal(t, "COMPLETED", p.States[i+1].value("workflow", "w1"))
			require.Equal(t, "RUNNING", p.States[i].value("workflow", "w1"))
		}
	}
	require.Positive(t, completed)
	last := p.States[len(p.States)-1]
	require.Equal(t, "no message", last.value("queue", "_deciderQueue w1"))
	require.Equal(t, "called once", last.value("listener", "completed of w1"))

	for _, h := range p.Holds {
		require.Regexp(t, "^lock.acquire", f.Trace.Steps[h.From-1].Text)
		require.Equal(t, h.Actor, f.Trace.Steps[h.From-1].Actor)
		require.False(t, h.Open)
		require.Regexp(t, "^lock.release", f.Trace.Steps[h.To-1].Text)
		require.Equal(t, "60s", h.Lease.String())
	}
	require.Len(t, p.Holds, 3)

	require.NotNil(t, p.Passing)
	require.Less(t, p.Passing.At, f.Trace.At)
	require.NotEqual(t, p.Passing.Failing, p.Passing.Other)
	require.Equal(t, stepWords(f.Trace.Steps[p.Passing.At-2]), stepWords(p.Passing.Trace.Steps[p.Passing.At-2]))
	t.Log(p.Passing.At, p.Passing.Failing, "|", p.Passing.Other)

	require.Equal(t, "", p.Beside.Violated)
	at := p.Beside.PartsAt
	require.Equal(t, "sweeper-1 dao.getWorkflow w1 => RUNNING", stepWords(f.Trace.Steps[at-1]))
	require.Equal(t, "sweeper-1 lock.acquire w1 => timeout", stepWords(p.Beside.Trace.Steps[at-1]))
}

// TestEveryRedCellCanBeDrawn: all committed schedules.
func TestEveryRedCellCanBeDrawn(t *testing.T) {
	entries, err := testdata.Schedules.ReadDir("schedules")
	require.NoError(t, err)
	for _, e := range entries {
		t.Run(e.Name(), func(t *testing.T) {
			p := pictureOf(t, e.Name(), "proposed")
			require.Len(t, p.States, len(p.Finding.Trace.Steps)+1)
			require.NotEmpty(t, p.Beside.Trace.Steps)
			t.Log(p.Passing != nil, p.Beside.PartsAt, p.Beside.Violated)
		})
	}
}
