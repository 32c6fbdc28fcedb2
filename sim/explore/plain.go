package explore

import (
	"fmt"

	"fermata/sim"
)

// Plain searches depth first through every schedule, running each from its start. It is the
// reference that every other search is held against: it remembers nothing and leaves nothing out.
func Plain(m *sim.Machine, o Options) *Result { return plain(m, nil, o, &Result{}) }

// PreemptionBounded is Plain over the schedules with at most that many preemptions: switches away
// from an actor that could go on (Musuvathi and Qadeer, PLDI 2007). The clock and faults are free.
func PreemptionBounded(m *sim.Machine, preemptions int, o Options) *Result {
	r := &Result{}
	b := bound{most: preemptions, cost: (*level).preemption, cut: &r.PreemptionsCut}
	return plain(m, &b, o, r)
}

// DelayBounded is Plain over the schedules with at most that many delays (Emmi, Qadeer and Rakamaric, POPL
// 2011). The scheduler that is delayed lets the actor go on that stepped last and, if it cannot, the next
// in turn that can, the first after the last. A delay passes over one actor that it would have let go on.
// The clock and faults are free.
func DelayBounded(m *sim.Machine, delays int, o Options) *Result {
	r := &Result{}
	b := bound{most: delays, cost: delaysOf(m.Actors()), cut: &r.DelaysCut}
	return plain(m, &b, o, r)
}

// bound is what the choices of a schedule may cost together, and where it is told that it left some out.
type bound struct {
	most int
	cost func(l *level, c sim.Choice) int
	cut  *bool
	kept []sim.Choice
}

// level is one choice of the schedule in progress: what was open and which of it is taken.
type level struct {
	open  []sim.Choice
	taken int
	// current is who took the step before, canGoOn whether it could take this one too, and spent how
	// many preemptions, or delays, came before.
	current sim.ActorID
	canGoOn bool
	spent   int
	// print is the fingerprint of the run before the choice.
	print uint64
}

func plain(m *sim.Machine, b *bound, o Options, r *Result) *Result {
	var path []level
	r.frontier = func() (depth, open int) {
		for i := range path {
			open += len(path[i].open) - path[i].taken - 1
		}
		return len(path), open
	}
	for {
		m.Reset()
		if r.retake(m, &o, path); r.Failure == nil {
			path = descend(m, b, r, &o, path)
		}
		if r.cut(&o) {
			return r
		}
		for len(path) > 0 && path[len(path)-1].taken == len(path[len(path)-1].open)-1 {
			path = path[:len(path)-1]
		}
		if len(path) == 0 {
			r.Exhausted = b == nil || !*b.cut
			return r
		}
		path[len(path)-1].taken++
	}
}

// retake takes the choices of the path on a fresh run, as long as the run is what it was.
func (r *Result) retake(m *sim.Machine, o *Options, path []level) {
	for i := range path {
		l := &path[i]
		var before sim.Choice
		if i > 0 {
			before = path[i-1].open[path[i-1].taken]
		}
		if !r.unchanged(m, i, l.print, before) {
			return
		}
		r.take(m, l.open[l.taken], len(l.open), o)
	}
}

// unchanged tells whether the run is still what it was: after i choices, the last of which is given, it
// had that fingerprint.
func (r *Result) unchanged(m *sim.Machine, i int, print uint64, before sim.Choice) bool {
	if r.Failure = m.Failure(); r.Failure == nil && m.Fingerprint() != print {
		r.Failure = &sim.Failure{Kind: sim.Diverged, Actor: m.ActorName(before.Actor),
			Value: fmt.Sprintf("choice %d of a schedule had another effect than before", i)}
	}
	return r.Failure == nil
}

// descend takes the first open choice until the run is over.
func descend(m *sim.Machine, b *bound, r *Result, o *Options, path []level) []level {
	for {
		l := level{current: m.Current(), canGoOn: m.CanGoOn(), print: m.Fingerprint()}
		if n := len(path); n > 0 && b != nil {
			last := &path[n-1]
			l.spent = last.spent + b.cost(last, last.open[last.taken])
		}
		if n := len(path); n < cap(path) {
			l.open = path[:n+1][n].open[:0] // reuse what an earlier schedule left there
		}
		l.open = m.Choices(l.open)
		if len(l.open) == 0 {
			r.endRun(m, o)
			return path
		}
		if m.Steps() >= m.System().Limits.StepsMax {
			r.Limit = "steps"
			return path
		}
		if b != nil {
			l.open = b.within(&l)
		}
		path = append(path, l)
		r.take(m, l.open[0], len(l.open), o)
		if r.decided(o) {
			return path
		}
	}
}

// preemption is 1 if the choice switches away from an actor that could go on.
func (l *level) preemption(c sim.Choice) int {
	if l.canGoOn && c.Actor != l.current && c.Actor != sim.Clock && c.Fault == sim.NoFault {
		return 1
	}
	return 0
}

// delaysOf gives how many of so many actors are passed over by a choice.
func delaysOf(actors int) func(l *level, c sim.Choice) int {
	return func(l *level, c sim.Choice) (passed int) {
		if c.Actor == sim.Clock || c.Fault != sim.NoFault {
			return 0
		}
		first := 0
		if l.current != sim.Nobody {
			first = int(l.current)
			if !l.canGoOn {
				first++
			}
		}
		turn := func(a sim.ActorID) int { return (int(a) - first + actors) % actors }
		for _, o := range l.open {
			if o.Actor != sim.Clock && o.Fault == sim.NoFault && o.Alt == 0 && turn(o.Actor) < turn(c.Actor) {
				passed++
			}
		}
		return passed
	}
}

// within keeps the choices that the bound allows. Whom a choice that is kept passes over is kept too, so
// that its cost stays what it is.
func (b *bound) within(l *level) []sim.Choice {
	b.kept = b.kept[:0]
	for _, c := range l.open {
		if l.spent+b.cost(l, c) <= b.most {
			b.kept = append(b.kept, c)
		}
	}
	if len(b.kept) < len(l.open) {
		*b.cut = true
	}
	return append(l.open[:0], b.kept...)
}
