package report_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"fermata/internal/report"
	"fermata/scenarios/catalogue"
	"fermata/testdata"
)

// stepper begins a walk along a committed schedule, with a word of it replaced.
func stepper(t *testing.T, name, old, instead string) *catalogue.Stepper {
	t.Helper()
	text, err := testdata.Schedules.ReadFile("schedules/" + name + ".sched")
	require.NoError(t, err)
	s, err := catalogue.ReadSchedule(strings.NewReader(strings.Replace(string(text), old, instead, 1)), name)
	require.NoError(t, err)
	w, err := catalogue.NewStepper(s, catalogue.ReplayOptions{})
	require.NoError(t, err)
	t.Cleanup(w.Close)
	return w
}

// screen is a screen without its styles. None of its lines is too wide, and they are not too many.
func screen(t *testing.T, w *catalogue.Stepper, v report.WalkView) string {
	t.Helper()
	lines := report.Walk(w, v)
	require.LessOrEqual(t, len(lines), v.Height)
	var b strings.Builder
	for _, line := range lines {
		text := ""
		for _, span := range line {
			text += span.Text
		}
		require.LessOrEqual(t, len([]rune(text)), min(v.Width, report.Width), "%q", text)
		b.WriteString(strings.TrimRight(text, " ") + "\n")
	}
	return b.String()
}

func forth(n int) func(*catalogue.Stepper) {
	return func(w *catalogue.Stepper) {
		for range n {
			w.Next()
		}
	}
}

func TestWalk(t *testing.T) {
	const race = "stale-lookup.conductor-3.17.0"
	violation := func(w *catalogue.Stepper) { w.Violation() }
	end := func(w *catalogue.Stepper) { w.End() }
	full := report.WalkView{Width: 80, Height: 24}
	for _, c := range []struct {
		name, schedule string
		old, instead   string
		walk           func(*catalogue.Stepper)
		view           report.WalkView
	}{
		{name: "start", schedule: race, walk: forth(0)},
		{name: "middle", schedule: race, walk: forth(14)},
		{name: "violation", schedule: race, walk: violation},
		{name: "violation_tall", schedule: race, walk: violation, view: report.WalkView{Width: 120, Height: 50}},
		{name: "violation_narrow", schedule: race, walk: violation, view: report.WalkView{Width: 60, Height: 20}},
		{name: "end", schedule: race, walk: end},
		{name: "left", schedule: race, walk: func(w *catalogue.Stepper) {
			forth(9)(w)
			w.Choose(0)
			forth(1)(w)
		}, view: report.WalkView{Width: 80, Height: 24, Message: "saved: fermata replay x.sched"}},
		{name: "before_leaving", schedule: race, walk: func(w *catalogue.Stepper) {
			forth(9)(w)
			w.Choose(0)
			w.Back()
			w.Back()
		}},
		{name: "actors", schedule: "repair-in-schedule-gap.conductor-3.17.0", walk: violation},
		{name: "many_actors", schedule: race, old: "sweepers=1", instead: "sweepers=12", walk: forth(12)},
		{name: "many_choices", schedule: race, old: "sweepers=1", instead: "sweepers=30", walk: forth(12)},
		{name: "all_choices", schedule: race, old: "sweepers=1", instead: "sweepers=30", walk: forth(12),
			view: report.WalkView{Width: 80, Height: 24, Choices: true, Typed: "2"}},
		{name: "clock", schedule: "stale-lookup.proposed.queue-dyno", walk: end},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := stepper(t, c.schedule, c.old, c.instead)
			c.walk(w)
			if c.view == (report.WalkView{}) {
				c.view = full
			}
			golden(t, "walk_"+c.name+".txt", screen(t, w, c.view))
		})
	}
}

// TestWalkFitsEverySize: whatever the size of the terminal, the screen fits, and has the title and the keys.
func TestWalkFitsEverySize(t *testing.T) {
	w := stepper(t, "repair-in-schedule-gap.conductor-3.17.0", "", "")
	for {
		for height := 2; height < 60; height += 3 {
			for _, width := range []int{1, 2, 10, 19, 40, 60, 79, 80, 200} {
				s := screen(t, w, report.WalkView{Width: width, Height: height})
				require.True(t, strings.HasPrefix(s, "r"), s)
				if width >= 40 {
					require.Contains(t, s, "quit\n", "%d by %d", width, height)
				}
			}
		}
		if !w.Next() {
			return
		}
	}
}

// TestWalkStyles: what stands out on a screen, and that the rest does not.
func TestWalkStyles(t *testing.T) {
	w := stepper(t, "stale-lookup.conductor-3.17.0", "", "")
	w.Violation()
	styled := map[report.Style][]string{}
	for _, line := range report.Walk(w, report.WalkView{Width: 80, Height: 24}) {
		for _, span := range line {
			styled[span.Style] = append(styled[span.Style], span.Text)
		}
	}
	require.Equal(t, []string{"*workflow w1: RUNNING, was COMPLETED"}, styled[report.Changed])
	require.Len(t, styled[report.Wrong], 4)
	require.Contains(t, styled[report.Wrong][0], "^ the violation: from the copy read")
	require.Contains(t, styled[report.Wrong][2], "VIOLATION at step 33: terminal-stays")
	require.Len(t, styled[report.Strong], 2)
	require.Contains(t, styled[report.Strong][1], "dao.updateWorkflow w1 RUNNING")
}
