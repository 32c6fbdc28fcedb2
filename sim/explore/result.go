package explore

import "fermata/sim"

// Find is a violation with the schedule that leads to it: nothing follows the violation.
type Find struct {
	Violation sim.Violation
	Choices   []sim.Choice
	// AtRest tells that the violation is about the end of the run, not about its last step.
	AtRest bool
}

// Options bound a search and say what to do with what it meets. The zero value bounds nothing.
type Options struct {
	// SchedulesMax, StatesMax and TransitionsMax cut a search; 0 means no limit.
	SchedulesMax, StatesMax, TransitionsMax int64
	// MemoryMiB cuts a search that caches states, or DPOR: so many MiB may be taken by the states, or classes, that are
	// known; 0 means no limit.
	MemoryMiB int
	// Without leaves reductions out of a search that caches states.
	Without Reductions
	// FirstOnly ends the search at the first judging violation; with FirstOf, at the first of that oracle.
	FirstOnly bool
	FirstOf   string
	// Stop, if not nil, is asked now and then whether to end the search.
	Stop func() bool
	// Progress, if not nil, is told now and then how far the search is.
	Progress func(*Result)
	// GhostAccesses, if not nil, are accesses of a step beyond those that it declares: what an oracle reads
	// when it sees the step. Only DPOR asks.
	GhostAccesses func(s *sim.Step) []sim.Access
	// Coverage has a walk count trace classes and reads-from pairs, which costs time and memory.
	Coverage bool
	// Ended, if not nil, is called at the end of each complete schedule.
	Ended func(m *sim.Machine)
	// Entered, if not nil, is called for each choice taken, with the number that were open.
	Entered func(m *sim.Machine, open int)
}

// Result is what a search covered and found.
type Result struct {
	// Schedules are complete runs, Transitions choices taken, States different states. States is 0
	// for a search that does not tell states apart.
	Schedules, Transitions, States int64
	// Memory is how many bytes the states, or classes, take that a search has to tell apart.
	Memory int64
	// Finds has the first find for each oracle and object, in the order found.
	Finds []Find
	// Exhausted tells that every schedule of the scope is covered.
	Exhausted bool
	// Limit names the limit that cut the search; empty if none did.
	Limit string
	// NotLeast names the limit that cut the search for the least finds: they are then those that were met first.
	NotLeast string
	// Failure is code that broke out of the machine; the search ended there.
	Failure *sim.Failure
	// PreemptionsCut tells that a bound on preemptions left schedules out.
	PreemptionsCut bool
	// DelaysCut tells that a bound on delays left schedules out.
	DelaysCut bool
	// SleepBlocked are runs of DPOR that ended because all that was open there had been searched before:
	// they are redundant, and not judged at their end.
	SleepBlocked int64
	// Accounts say what each strategy of a walk did, in the order of their first runs.
	Accounts []Account
	// Classes and Pairs are the different trace classes (of DPOR too) and reads-from pairs of a walk; 0 of a walk
	// without Options.Coverage.
	Classes, Pairs int64

	judging  int64 // violations that judge, known ones too
	looked   int64 // transitions at the last look at Stop and Progress
	coverage *coverage
	makers   []string                 // of a walk: which strategy made each of the Finds
	frontier func() (depth, open int) // nil for a walk
}

// Frontier tells, of a search in progress, how many steps the path to where it is has, and how many choices along it
// are known to be still to be taken. Both are 0 for a walk, which has no path to come back along.
func (r *Result) Frontier() (depth, open int) {
	if r.frontier == nil {
		return 0, 0
	}
	return r.frontier()
}

// Judging gives the first find of an oracle that decides the verdict; nil if there is none.
func (r *Result) Judging() *Find {
	for i := range r.Finds {
		if r.Finds[i].Violation.Judging {
			return &r.Finds[i]
		}
	}
	return nil
}

// decided tells whether what was found ends the search.
func (r *Result) decided(o *Options) bool {
	for i := range r.Finds {
		v := &r.Finds[i].Violation
		if o.FirstOnly && v.Judging && (o.FirstOf == "" || o.FirstOf == v.Oracle) {
			return true
		}
	}
	return false
}

// keep adds the violations that are not known yet.
func (r *Result) keep(vs []sim.Violation, choices []sim.Choice, atRest bool) {
	for _, v := range vs {
		if v.Judging {
			r.judging++
		}
		if r.knows(v) {
			continue
		}
		r.Finds = append(r.Finds, Find{v, append([]sim.Choice(nil), choices...), atRest})
	}
}

func (r *Result) knows(v sim.Violation) bool {
	for i := range r.Finds {
		if same(r.Finds[i].Violation, v) {
			return true
		}
	}
	return false
}

// same tells whether two violations are one finding: the same oracle about the same object.
func same(v, w sim.Violation) bool { return v.Oracle == w.Oracle && v.Object == w.Object }

// The limits that are asked for by their names.
const (
	limitSchedules = "schedules"
	limitStopped   = "stopped"
)

// checkEvery is how many transitions pass, at least, between two looks at Stop and Progress.
const checkEvery = 1 << 11

// cut tells whether the search must end now, and notes why.
func (r *Result) cut(o *Options) bool {
	switch {
	case r.Failure != nil:
		return true
	case r.decided(o):
		return true
	case o.SchedulesMax > 0 && r.Schedules >= o.SchedulesMax:
		r.Limit = limitSchedules
	case o.StatesMax > 0 && r.States >= o.StatesMax:
		r.Limit = "states"
	case o.TransitionsMax > 0 && r.Transitions >= o.TransitionsMax:
		r.Limit = "transitions"
	case r.Transitions-r.looked >= checkEvery:
		r.looked = r.Transitions
		if o.Progress != nil {
			o.Progress(r)
		}
		if o.Stop != nil && o.Stop() {
			r.Limit = limitStopped
		}
	}
	return r.Limit != ""
}
