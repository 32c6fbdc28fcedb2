package explore

import (
	"errors"
	"runtime"

	"fermata/sim"
)

// Team is who searches beside the first worker, and how it is noted what their judges saw. Every member's system is a
// system as the first one is.
type Team struct {
	// Workers is how many there are with the first; 0 is one for each processor, and 1 nobody beside it.
	Workers int
	// Member makes a system more. Where states are shared all systems must have one NewNumbers.
	Member func() *sim.System
	// Note, if not nil, takes from a system's judge what it noted since it was last asked, on the worker's goroutine or
	// when all have ended; Noted gets what of it counts, when all have ended.
	Note  func(s *sim.System) any
	Noted func(note any)
	// Memo tells that walks go along reply trees: on machines made with sim.NewMemo.
	Memo bool
	// Recheck has the code run again, at the end, along all that was remembered of it, unless a walk found something.
	Recheck bool
}

// size is how many workers there are.
func (t *Team) size() int {
	if t.Workers > 0 {
		return t.Workers
	}
	return runtime.GOMAXPROCS(0)
}

func (t *Team) noted(s *sim.System) {
	if t.Note != nil {
		t.Noted(t.Note(s))
	}
}

// aloneFor is how many transitions the first worker takes alone: below that, others do not pay.
const aloneFor = 1 << 15

// States is Cached by a team, each on a machine made with sim.NewMemo. However many they are, what is found is the
// same, unless a limit or a Stop cuts the search: of each oracle and object the least violation, by its steps and then
// by its choices in the order of Machine.Choices; with FirstOnly, the least of all and what comes before it. The first
// worker searches for it alone, once anybody has found any. The states are the same too; transitions may differ.
// Limits may be passed by a few thousand. Stop and Progress are called on the goroutine that called States, Ended and
// Entered on any, several at once.
func States(m *sim.Machine, team Team, o Options) *Result {
	return byNames(o, func(o Options) *Result { return states(m, team, o, aloneFor) })
}

func states(m *sim.Machine, team Team, o Options, alone int64) *Result {
	first := newSearcher(m, &o, variant{key: (*sim.Machine).OrbitKey}, nil)
	all, r := []*searcher{first}, first.r
	first.begin()
	if n := team.size(); n == 1 || first.run(alone) || !first.known.spread() {
		first.run(endless) // where memory is short, alone
	} else {
		for range n - 1 {
			m := sim.NewMemo(team.Member())
			defer m.Close()
			all = append(all, newSearcher(m, &o, first.variant, first))
		}
		r = together(all, &o)
	}
	r.Memory = first.known.room.size()
	for _, s := range all {
		s.known = nil
	}
	if r.Limit == "" && (len(r.Finds) > 0 || r.Failure != nil) {
		r.least(m, &o)
	}
	for _, s := range all {
		team.noted(s.m.System())
		if team.Recheck && r.Failure == nil && r.Limit == "" {
			_ = errors.As(s.m.Recheck(), &r.Failure)
		}
	}
	return r
}

// least puts the least finds in place of those that were met first. Where that search is cut, they stay.
func (r *Result) least(m *sim.Machine, o *Options) {
	l := byNames(*o, func(o Options) *Result {
		return least(m, &o, func(l *Result) bool { return r.enough(m, &o, l) })
	})
	switch {
	case l.Failure != nil:
		r.Failure = l.Failure
	case l.Limit != "":
		r.NotLeast = l.Limit
		return
	case r.Judging() != nil && l.Judging() == nil:
		r.NotLeast = "it met no violation" // which cannot be; what was found is found
		return
	}
	r.Finds = l.Finds
	if r.decided(o) {
		r.Schedules, r.Transitions, r.States = l.Schedules, l.Transitions, l.States
	}
}

// enough tells that everything that was found is found again. Where actors are alike it need not have the same name:
// then there is no end before the last state.
func (r *Result) enough(m *sim.Machine, o *Options, again *Result) bool {
	if o.FirstOnly || r.Failure != nil || len(m.System().Alike) > 0 && o.Without&Symmetry == 0 {
		return false
	}
	for i := range r.Finds {
		if !again.knows(r.Finds[i].Violation) {
			return false
		}
	}
	return true
}

// count adds what another covered.
func (r *Result) count(other *Result) {
	r.Schedules += other.Schedules
	r.Transitions += other.Transitions
	r.States += other.States
	r.judging += other.judging
	if r.Failure == nil {
		r.Failure = other.Failure
	}
}

// add adds what another worker covered and found. Of two finds that are one the lesser stays.
func (r *Result) add(other *Result) {
	r.count(other)
	for _, f := range other.Finds {
		r.found(f)
	}
	if r.Limit == "" && other.Limit != limitStopped || other.Limit == limitBiased {
		r.Limit = other.Limit
	}
}

func (r *Result) found(f Find) {
	for i := range r.Finds {
		if have := &r.Finds[i]; same(have.Violation, f.Violation) {
			if before(f.Choices, have.Choices) {
				*have = f
			}
			return
		}
	}
	r.Finds = append(r.Finds, f)
}
