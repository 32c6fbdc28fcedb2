package catalogue

import (
	"testing"

	"github.com/stretchr/testify/require"

	"fermata/testdata"
)

func stepper(t *testing.T, name string) *Stepper {
	t.Helper()
	file, err := testdata.Schedules.Open("schedules/" + name)
	require.NoError(t, err)
	defer file.Close()
	s, err := ReadSchedule(file, name)
	require.NoError(t, err)
	w, err := NewStepper(s, ReplayOptions{})
	require.NoError(t, err)
	t.Cleanup(w.Close)
	return w
}

// TestStepperWalks: forth and back one comes by the same steps and states as the picture has.
func TestStepperWalks(t *testing.T) {
	const name = "stale-lookup.conductor-3.17.0.sched"
	p := pictureOf(t, name, "proposed")
	w := stepper(t, name)
	at := func(n int) {
		t.Helper()
		require.Len(t, w.Steps(), n)
		now, _ := w.State()
		require.Equal(t, p.States[n], now)
	}
	at(0)
	require.False(t, w.Back())
	for n := 1; n <= len(p.Finding.Trace.Steps); n++ {
		open, due := w.Open()
		step := p.Finding.Trace.Steps[n-1]
		require.Contains(t, open[due], step.Actor+"  "+step.Text)
		require.True(t, w.Next())
		at(n)
	}
	require.True(t, w.Over())
	require.False(t, w.Next())
	require.True(t, w.Back())
	at(len(p.Finding.Trace.Steps) - 1)
	require.True(t, w.Violation())
	at(p.Finding.Trace.At)
	require.Equal(t, "terminal-stays", w.Seen()[len(w.Seen())-1].Oracle)
	w.Home()
	at(0)
	w.End()
	at(len(p.Finding.Trace.Steps))
	require.Zero(t, w.Left())
}

// TestStepperLeavesTheSchedule: another actor is chosen at the step that flips the verdict, the walk goes on from there
// and passes, and what is saved replays.
func TestStepperLeavesTheSchedule(t *testing.T) {
	const name = "stale-lookup.conductor-3.17.0.sched"
	p := pictureOf(t, name, "proposed")
	w := stepper(t, name)
	_, err := w.Schedule()
	require.ErrorIs(t, err, ErrUsage)
	for range p.Passing.At - 1 {
		require.True(t, w.Next())
	}
	open, due := w.Open()
	other := 0
	for i, text := range open {
		if i != due && text[:9] == "sweeper-1" {
			other = i
		}
	}
	require.NotEqual(t, due, other)
	w.Choose(other)
	require.Equal(t, p.Passing.At, w.Left())
	w.End()
	for _, s := range w.Seen() {
		require.False(t, s.Judging, s.Message)
	}
	saved, err := w.Schedule()
	require.NoError(t, err)
	expect, _ := saved.Header("expect")
	require.Equal(t, "ok", expect)
	r, _, err := Replay(saved, ReplayOptions{})
	require.NoError(t, err)
	require.Equal(t, OK, r.Verdict)

	w.Home()
	require.Zero(t, w.Left())
	require.Equal(t, p.Passing.At, w.Leaves())
	require.False(t, w.Violation(), "the walk stays where it was led")
	require.True(t, w.Return())
	require.Len(t, w.Steps(), p.Passing.At-1)
	require.Zero(t, w.Leaves())
	require.False(t, w.Return())
	require.True(t, w.Violation(), "this is the schedule again")
}

// TestStepperComesBackByItself: who takes the schedule's own choice where another was taken is on the schedule again.
func TestStepperComesBackByItself(t *testing.T) {
	w := stepper(t, "stale-lookup.conductor-3.17.0.sched")
	_, due := w.Open()
	require.Zero(t, due)
	w.Choose(1)
	require.Equal(t, 1, w.Left())
	require.True(t, w.Back())
	w.Choose(0)
	require.Zero(t, w.Leaves())
	require.True(t, w.Violation())
}

// TestStepperMarksTheWindow: from the violation on the trace has the window that a finding's has.
func TestStepperMarksTheWindow(t *testing.T) {
	files, err := testdata.Schedules.ReadDir("schedules")
	require.NoError(t, err)
	for _, f := range files {
		p := pictureOf(t, f.Name(), "proposed").Finding.Trace
		w := stepper(t, f.Name())
		require.Zero(t, w.Trace().At)
		require.Equal(t, len(p.Steps), w.Length())
		require.True(t, w.Violation())
		w.End()
		got := w.Trace()
		require.Equal(t, []int{p.At, p.WindowFrom, p.WindowTo}, []int{got.At, got.WindowFrom, got.WindowTo}, f.Name())
		require.Equal(t, p.Notes, got.Notes)
		for i := range p.Steps {
			require.Equal(t, p.Steps[i].Note, got.Steps[i].Note)
		}
	}
}

// TestStepperSavesWhatAReplayShows: a walk that is saved before the violation expects what comes after it.
func TestStepperSavesWhatAReplayShows(t *testing.T) {
	w := stepper(t, "stale-lookup.conductor-3.17.0.sched")
	require.True(t, w.Violation())
	require.True(t, w.Back())
	saved, err := w.Schedule()
	require.NoError(t, err)
	expect, _ := saved.Header("expect")
	require.Equal(t, "violation terminal-stays permanent", expect)
	r, _, err := Replay(saved, ReplayOptions{})
	require.NoError(t, err)
	require.Equal(t, Violated, r.Verdict)
}
