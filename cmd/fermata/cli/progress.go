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
	if a.bar {
		return a.progressBar(label, total)
	}
	next := a.now().Add(progressEvery)
	return func(p catalogue.Progress) {
		if now := a.now(); now.After(next) {
			next = now.Add(progressEvery)
			fmt.Fprintf(a.err, "%s: %s\n", label, progressWords(p))
		}
	}, func() {}
}

func progressWords(p catalogue.Progress) string {
	words := fmt.Sprintf("%d schedules, %d steps", p.Schedules, p.Steps)
	if p.States > 0 {
		words += fmt.Sprintf(", %d states", p.States)
	}
	return words
}

func (a *app) progressBar(label string, total int64) (func(catalogue.Progress), func()) {
	bar := progressbar.NewOptions64(total,
		progressbar.OptionSetWriter(a.err),
		progressbar.OptionSetDescription(label),
		progressbar.OptionSetWidth(20),
		progressbar.OptionShowCount(),
		progressbar.OptionThrottle(100*time.Millisecond),
		progressbar.OptionClearOnFinish(),
	)
	show := func(p catalogue.Progress) {
		n := p.Schedules
		if p.States > 0 {
			n = p.States
		}
		if total > 0 {
			n = min(n, total-1) // full is for the end
		}
		_ = bar.Set64(n) // a bar that cannot be drawn is no reason to stop
	}
	return show, func() { _ = bar.Finish(); _ = bar.Clear() }
}

// cells shows how many cells of a matrix are done, as progress shows a search.
func (a *app) cells(total int64) (func(done int64), func()) {
	if a.bar {
		show, end := a.progressBar("matrix", total)
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
