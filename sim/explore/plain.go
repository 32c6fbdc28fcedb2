package explore

import (
	"fmt"

	"fermata/sim"
)

// Plain searches depth first through every schedule, running each from its start. It is the
// reference that every other search is held against: it remembers nothing and leaves nothing out.
func Plain(m *sim.Machine, o Options) *Result { return plain(m, -1, o) }

// PreemptionBounded is Plain over the schedules with at most that many preemptions: switches away
// from an actor that could go on (Musuvathi and Qadeer, PLDI 2007). The clock and faults are free.
func PreemptionBounded(m *sim.Machine, preemptions int, o Options) *Result {
	return plain(m, preemptions, o)
}

// level is one choice of the schedule in progress: what was open and which of it is taken.
type level struct {
	open  []sim.Choice
	taken int
	// current is who took the step before, canGoOn whether it could take this one too, and spent how
	// many preemptions came before.
	current sim.ActorID
	canGoOn bool
	spent   int
	// print is the fingerprint of the run before the choice.
	print uint64
}

func plain(m *sim.Machine, bound int, o Options) *Result {
	r := &Result{}
	var path []level
	for {
		m.Reset()
		if r.retake(m, &o, path); r.Failure == nil {
			path = descend(m, bound, r, &o, path)
		}
		if r.cut(&o) {
			return r
		}
		for len(path) > 0 && path[len(path)-1].taken == len(path[len(path)-1].open)-1 {
			path = path[:len(path)-1]
		}
		if len(path) == 0 {
			r.Exhausted = !r.PreemptionsCut
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
func descend(m *sim.Machine, bound int, r *Result, o *Options, path []level) []level {
	for {
		l := level{current: m.Current(), canGoOn: m.CanGoOn(), print: m.Fingerprint()}
		if n := len(path); n > 0 {
			l.spent = path[n-1].spent
			if path[n-1].preempts() {
				l.spent++
			}
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
		if bound >= 0 && l.spent >= bound && l.canGoOn {
			l.open = r.withoutSwitches(m, l.open)
		}
		path = append(path, l)
		r.take(m, l.open[0], len(l.open), o)
		if o.FirstOnly && r.Judging() != nil {
			return path
		}
	}
}

// preempts tells whether the level's choice switches away from an actor that could go on.
func (l *level) preempts() bool {
	c := l.open[l.taken]
	return l.canGoOn && c.Actor != l.current && c.Actor != sim.Clock && c.Fault == sim.NoFault
}

// withoutSwitches keeps the choices of the current actor, of the clock and of faults.
func (r *Result) withoutSwitches(m *sim.Machine, open []sim.Choice) []sim.Choice {
	kept := open[:0]
	for _, c := range open {
		if c.Actor == m.Current() || c.Actor == sim.Clock || c.Fault != sim.NoFault {
			kept = append(kept, c)
		} else {
			r.PreemptionsCut = true
		}
	}
	return kept
}
