package bubble

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"fermata/sim"
)

// lookEvery is how long, by the wall clock, a run is left alone before its goroutines are looked at. What is decided
// by it has no verdict.
const lookEvery = 50 * time.Millisecond

// await waits for the driver's news, or for the end of the run if news is nil. If the run does not come to rest it is
// given up, with the failure that is returned.
func (s *stage) await(r *run, news **sim.News) *sim.Failure {
	var waiters []uint64
	for looks := 1; ; looks++ {
		s.watch.Reset(lookEvery)
		select {
		case n := <-r.news:
			s.watch.Stop()
			if news != nil {
				*news = n
			}
			return nil
		case <-r.done:
			s.watch.Stop()
			return r.early(news != nil)
		case <-s.watch.C:
		}
		all := goroutinesOf(r.name())
		f, now := r.deadlock(all)
		switch {
		case f != nil && slices.Equal(now, waiters):
			r.deadlocked = true
		case time.Duration(looks)*lookEvery >= s.host.Patience:
			f = r.restless(all)
		default:
			waiters = now
			continue
		}
		r.abandoned = true
		return f
	}
}

// early is the failure of a run whose bubble ended before it was told to.
func (r *run) early(unexpected bool) *sim.Failure {
	if !unexpected {
		return nil
	}
	r.abandoned = true
	return &sim.Failure{Kind: sim.Uncontrolled, Actor: engineName, Value: "ended the bubble of its run: " + r.why}
}

// deadlock finds goroutines that wait for a mutex while all others are at rest: nobody will free it, unless the
// schedule lets somebody go on, and it cannot be asked before all are at rest. It gives their numbers as well.
func (r *run) deadlock(all []goroutine) (*sim.Failure, []uint64) {
	var waiters []uint64
	var first *goroutine
	for i := range all {
		g := &all[i]
		switch {
		case g.ours() || g.durable:
		case g.mutex():
			waiters = append(waiters, g.id)
			if first == nil || g.id < first.id {
				first = g
			}
		default:
			return nil, nil
		}
	}
	if first == nil {
		return nil, nil
	}
	text := fmt.Sprintf("waits for a mutex at %s, which %s; a mutex that is held meanwhile cannot be scheduled",
		first.where(), r.holders(all))
	return &sim.Failure{Kind: sim.Uncontrolled, Actor: r.nameOf(first), Value: text}, waiters
}

// holders tells who may hold a mutex: those that are held at a port call, else those that rest elsewhere.
func (r *run) holders(all []goroutine) string {
	var who []string
	r.stage.port.Lock() // for the words
	defer r.stage.port.Unlock()
	for _, c := range r.heldNow() {
		who = append(who, fmt.Sprintf("%s may hold at %s", c.Op.Name(), r.stage.text(&c.Held)))
	}
	if len(who) == 0 {
		for i := range all {
			if g := &all[i]; g.durable && !g.ours() {
				who = append(who, fmt.Sprintf("%s may hold in %s at %s", r.nameOf(g), g.state, g.where()))
			}
		}
	}
	if len(who) == 0 {
		return "nobody will free"
	}
	slices.Sort(who)
	return strings.Join(slices.Compact(who), ", ")
}

// restless is the failure of a run that did not come to rest in time, by a goroutine that is to blame.
func (r *run) restless(all []goroutine) *sim.Failure {
	var worst *goroutine
	for i := range all {
		if g := &all[i]; !g.ours() && (worst == nil || worst.durable && !g.durable) {
			worst = g
		}
	}
	if worst == nil {
		return &sim.Failure{Kind: sim.Uncontrolled, Actor: engineName, Value: "does not come to rest"}
	}
	text := fmt.Sprintf("does not come to rest: %s at %s", worst.state, worst.where())
	if worst.blocked() && !worst.durable {
		text = fmt.Sprintf("waits for what is outside of the bubble: %s at %s", worst.state, worst.where())
	}
	return &sim.Failure{Kind: sim.Uncontrolled, Actor: r.nameOf(worst), Value: text}
}

// leak is the failure of a run that left goroutines behind, by the first of them.
func (r *run) leak() *sim.Failure {
	all := goroutinesOf(r.name())
	slices.SortFunc(all, func(a, b goroutine) int { return strings.Compare(a.text(), b.text()) })
	for i := range all {
		if g := &all[i]; !g.ours() {
			return &sim.Failure{Kind: sim.LeakedGoroutine, Actor: r.nameOf(g), Value: g.text()}
		}
	}
	return &sim.Failure{Kind: sim.LeakedGoroutine, Actor: engineName, Value: r.why}
}
