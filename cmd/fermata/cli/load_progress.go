package cli

import (
	"fmt"
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"

	"fermata/scenarios/load"
)

// permille is the whole of a bar.
const permille = 1000

// loadProgress shows on standard error how far the runs of a call of load are: a bar on a terminal, else a line every
// few seconds.
type loadProgress struct {
	l     *loading
	mu    sync.Mutex
	runs  []load.Progress
	share []float64 // of each run, from 0 to 1
	work  []float64 // of each run, in workflows
	ended int       // runs
	begun time.Time
	next  time.Time
	bar   *progressbar.ProgressBar // nil without a terminal
}

func (l *loading) progress(runs int) *loadProgress {
	p := &loadProgress{l: l, runs: make([]load.Progress, runs), share: make([]float64, runs),
		work: make([]float64, runs), begun: l.a.now()}
	p.next = p.begun.Add(progressEvery)
	for i := range p.work {
		s := &l.rows[i/l.seeds].setup
		p.work[i] = 1 + s.Arrivals.Rate()*s.For.Seconds()
	}
	if l.a.bar {
		p.bar = progressbar.NewOptions64(permille,
			progressbar.OptionSetWriter(l.a.err),
			progressbar.OptionSetWidth(20),
			progressbar.OptionSetDescription("load"),
			progressbar.OptionSetPredictTime(false),
			progressbar.OptionThrottle(100*time.Millisecond),
			progressbar.OptionClearOnFinish(),
		)
	}
	return p
}

// see takes note of how far a run is.
func (p *loadProgress) see(run int, at load.Progress) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.runs[run] = at
	p.share[run] = shareOf(&p.l.rows[run/p.l.seeds].setup, time.Duration(at.Now))
	p.show()
}

// end takes note that a run is over.
func (p *loadProgress) end(run int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.share[run] = 1
	p.ended++
	p.show()
}

// drainShare is how much of a run's work is guessed to be in its drain: little, since what arrives makes the work.
const drainShare = 0.1

// shareOf guesses how much of a run's work is done by then.
func shareOf(s *load.Setup, now time.Duration) float64 {
	share := (1 - drainShare) * min(float64(now)/float64(s.For), 1)
	if now > s.For && s.Drain > 0 {
		share += drainShare * min(float64(now-s.For)/float64(s.Drain), 1)
	}
	return share
}

func (p *loadProgress) show() {
	now := p.l.a.now()
	switch {
	case p.bar != nil:
		p.bar.Describe("load: " + p.words(now))
		_ = p.bar.Set64(min(int64(permille*p.done()), permille-1)) // full is for the end
	case now.After(p.next):
		p.next = now.Add(progressEvery)
		fmt.Fprintf(p.l.a.err, "load: %.0f %%, %s\n", 100*p.done(), p.words(now))
	}
}

// done is how much of all the work is done, from 0 to 1.
func (p *loadProgress) done() float64 {
	var done, all float64
	for i, w := range p.work {
		done += w * p.share[i]
		all += w
	}
	return done / all
}

// words say how much virtual time has passed in all runs together, how fast, and how long it may still take.
func (p *loadProgress) words(now time.Time) string {
	var virtual time.Duration
	for i := range p.runs {
		virtual += time.Duration(p.runs[i].Now)
	}
	said := fmt.Sprintf("%s of virtual time", virtual.Round(time.Second))
	passed := now.Sub(p.begun)
	if passed > 0 {
		said += fmt.Sprintf(", %.0f s a second", virtual.Seconds()/passed.Seconds())
	}
	if done := p.done(); done > 0 && done < 1 && passed > 0 {
		left := time.Duration(float64(passed) * (1 - done) / done)
		said += fmt.Sprintf(", about %s left", left.Round(time.Second))
	}
	if len(p.runs) > 1 {
		said += fmt.Sprintf("; %d of %d runs", p.ended, len(p.runs))
	}
	return said
}

func (p *loadProgress) close() {
	if p.bar != nil {
		_ = p.bar.Finish() // a bar that cannot be drawn is no reason to stop
		_ = p.bar.Clear()
	}
}
