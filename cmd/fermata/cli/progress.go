package cli

import (
	"fmt"
	"time"

	"github.com/schollz/progressbar/v3"

	"fermata/scenarios/catalogue"
)

// progressEvery is how often a line of progress is written where there is no terminal.
const progressEvery = 5 * time.Second

// progress shows on standard error how far a search is: a bar on a terminal, else a line every few
// seconds. total is its budget of schedules, -1 if it has none. The second function ends it.
func (a *app) progress(label string, total int64) (func(catalogue.Progress), func()) {
	speed := &speedometer{begun: a.now()}
	if a.bar {
		return a.progressBar(label, total, speed)
	}
	next := speed.begun.Add(progressEvery)
	return func(p catalogue.Progress) {
		if now := a.now(); now.After(next) {
			next = now.Add(progressEvery)
			fmt.Fprintf(a.err, "%s: %s\n", label, speed.words(p, total, now))
		}
	}, func() {}
}

// speedometer tells how fast a search has been since its beginning.
type speedometer struct{ begun time.Time }

// words say how far a search is, how fast, and what is known to be still before it: of a budget what is spent of it, of
// a path back to its beginning its length and the choices that are left along it.
func (s *speedometer) words(p catalogue.Progress, total int64, now time.Time) string {
	n, what := p.Schedules, "schedules"
	switch {
	case p.States > 0:
		n, what = p.States, "states"
	case p.Classes > 0:
		n, what = p.Classes, "trace classes"
	}
	said := fmt.Sprintf("%d %s", n, what)
	if total > 0 {
		said = fmt.Sprintf("%d of %d %s", n, total, what)
	}
	if p.States == 0 && p.Classes > 0 {
		said += fmt.Sprintf(" in %d schedules", p.Schedules)
	}
	said += fmt.Sprintf(", %d steps", p.Steps)
	if passed := now.Sub(s.begun).Seconds(); passed > 0 {
		said += fmt.Sprintf(", %.0f %s/s", float64(n)/passed, what)
	}
	if p.Depth > 0 {
		said += fmt.Sprintf("; on a path of %d steps, %d choices left along it", p.Depth, p.Open)
	}
	return said
}

// progressBar is a bar where the end is known, else what words say.
func (a *app) progressBar(label string, total int64, speed *speedometer) (func(catalogue.Progress), func()) {
	bar := progressbar.NewOptions64(total,
		progressbar.OptionSetWriter(a.err),
		progressbar.OptionSetDescription(label),
		progressbar.OptionSetWidth(20),
		progressbar.OptionShowCount(),
		progressbar.OptionThrottle(100*time.Millisecond),
		progressbar.OptionClearOnFinish(),
	)
	show := func(p catalogue.Progress) {
		n := max(p.Schedules, p.States)
		if total > 0 {
			n = min(n, total-1) // full is for the end
		} else {
			bar.Describe(label + ": " + speed.words(p, total, a.now()))
		}
		_ = bar.Set64(n) // a bar that cannot be drawn is no reason to stop
	}
	return show, func() { _ = bar.Finish(); _ = bar.Clear() }
}

// cells shows how many cells of a matrix are done, as progress shows a search.
func (a *app) cells(total int64) (func(done int64), func()) {
	if a.bar {
		show, end := a.progressBar("matrix", total, nil)
		return func(n int64) { show(catalogue.Progress{Schedules: n}) }, end
	}
	next := a.now().Add(progressEvery)
	return func(n int64) {
		if now := a.now(); now.After(next) {
			next = now.Add(progressEvery)
			fmt.Fprintf(a.err, "matrix: %d of %d cells\n", n, total)
		}
	}, func() {}
}
