package gallery_test

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"fermata/sim/gallery"
)

// sample is the trials of one strategy on one program.
type sample struct {
	trials, asked int
	schedules     []float64 // of those that found the bug
}

// found tells whether every trial found the bug.
func (s *sample) found() bool { return len(s.schedules) == s.trials }

// mean is over the trials that found the bug, as in the published tables.
func (s *sample) mean() (mean float64) {
	for _, x := range s.schedules {
		mean += x / float64(len(s.schedules))
	}
	return mean
}

// half is half the width of the mean's 95 percent interval, by the normal approximation; NaN for less than two.
func (s *sample) half() float64 {
	n, mean, square := float64(len(s.schedules)), s.mean(), 0.0
	for _, x := range s.schedules {
		square += (x - mean) * (x - mean)
	}
	if n < 2 {
		return math.NaN()
	}
	return 1.96 * math.Sqrt(square/(n-1)/n)
}

// String is the mean and half its interval, and in how many trials the bug was found if not in all that were asked for.
func (s *sample) String() string {
	if len(s.schedules) == 0 {
		return fmt.Sprintf("0/%d", s.trials)
	}
	text := number(s.mean())
	if half := s.half(); !math.IsNaN(half) {
		text += " ± " + number(half)
	}
	if n := len(s.schedules); n < s.asked {
		text += fmt.Sprintf(" (%d/%d)", n, s.trials)
	}
	return text
}

// number has a decimal where the value is small.
func number(x float64) string {
	if x < 9.95 {
		return fmt.Sprintf("%.1f", x)
	}
	return fmt.Sprintf("%.0f", x)
}

// The marks of what differs from what is published; the page explains them. near is that our interval has not their
// mean in it, and touches the mean's own: that of at most 20 trials, whose deviation is about the mean, is wide.
const (
	near   = "~"
	fewer  = "(f)" // fewer schedules here
	more   = "(m)" // more schedules here
	either = "(s)" // only one of the two finds the bug at all
)

// differs gives the mark of a cell; empty where our interval has the published mean in it, or neither ever found it.
func differs(ours *sample, theirs gallery.Figure) string {
	found := len(ours.schedules)
	switch {
	case found == 0 && theirs.Found == 0:
		return ""
	case found == 0 || theirs.Found == 0:
		return either
	}
	mean, half, published := ours.mean(), ours.half(), float64(theirs.Mean)
	if found == 1 {
		half = 1.96 * mean
	}
	own := 1.96 * published / math.Sqrt(float64(theirs.Found))
	switch off := math.Abs(mean - published); {
	case off <= half+0.5: // theirs is rounded
		return ""
	case off <= half+own:
		return near
	case mean < published:
		return fewer
	}
	return more
}

// TestSample: what a cell says.
func TestSample(t *testing.T) {
	none := sample{trials: 7, asked: 200}
	require.Equal(t, "0/7", none.String())
	some := sample{trials: 3, asked: 3, schedules: []float64{10, 20}}
	require.Equal(t, "15 ± 9.8 (2/3)", some.String())
	cut := sample{trials: 2, asked: 200, schedules: []float64{10, 20}}
	require.Equal(t, "15 ± 9.8 (2/2)", cut.String())
	require.Equal(t, "", differs(&sample{trials: 7}, gallery.Figure{}))
	require.Equal(t, either, differs(&sample{trials: 7}, gallery.Figure{Mean: 5, Found: 20}))
	ours := sample{trials: 4, asked: 4, schedules: []float64{9, 11, 9, 11}}
	for published, mark := range map[gallery.Figure]string{ //tidy:unordered each on its own
		{Mean: 11, Found: 20}: "", {Mean: 13, Found: 20}: near, {Mean: 100, Found: 20}: fewer,
		{Mean: 2, Found: 20}: more, {Found: 0}: either,
	} {
		require.Equal(t, mark, differs(&ours, published))
	}
}

// TestAsPublished: where a strategy and its program are as their authors have them, so is the figure: our interval has
// the published mean in it.
func TestAsPublished(t *testing.T) {
	for strategy, programs := range map[string][]string{ //tidy:unordered each on its own
		"pct-3":  {"CS/account"},
		"pct-10": {"CS/account", "CS/twostage"},
		"pos":    {"CS/account", "CS/lazy01", "CS/twostage", "Chess/InterlockedWorkStealQueueWithState"},
		"urw":    {"CS/account", "CS/deadlock01", "CS/reorder_20", "CS/wronglock"},
		"surw":   {"CS/reorder_3", "CS/reorder_5", "CS/reorder_20", "CS/reorder_50", "CB/stringbuffer-jdk1.4"},
		"rff":    {"CS/reorder_3", "CS/reorder_4", "CS/reorder_10", "CS/reorder_50"},
	} {
		s := singles[slices.IndexFunc(singles, func(m measured) bool { return m.name == strategy })]
		for _, name := range programs {
			p := gallery.Named(name)
			theirs, ok := p.In(s.published)
			require.True(t, ok)
			ours := measure(p, s, seeds)
			require.Empty(t, differs(&ours, theirs), "%s of %s: %s, published %s", strategy, name, &ours, theirs)
		}
	}
}
