package spec

import (
	"errors"
	"fmt"
	"slices"
	"sort"
)

// ErrDisagree is a history on which the search and porcupine do not agree: a fault of this package.
var ErrDisagree = errors.New("spec: the search and porcupine disagree")

// contextMax is how many operations before a violation are looked through for what explains it.
const contextMax = 60

// hidingStepsMax bounds the calls of Step that are spent on making an explanation smaller.
const hidingStepsMax = 30_000_000

// Explanation is the smallest part of one object's history found that has no linearization.
type Explanation[S comparable] struct {
	// Verdict is Violation, or what else porcupine says of the history; then nothing else is set.
	Verdict Verdict
	// Before are the states in which the object can be where Part begins: nothing was open there.
	Before []S
	// Part are the events of Window's shortest beginning, from there on. What is open at its end has
	// the reply Unknown, behind it.
	Part []Event
	// Last is the number of the operation whose return nothing explains.
	Last int
	// Operations are the numbers of those that it takes, in the order of their calls. All other
	// operations of Part may have any of their effects or none, and return whenever they like: still
	// nothing explains what these returned.
	Operations []int
	// Others are the numbers of the others.
	Others []int
}

// Explain judges a closed history of one object from a set of initial states, and if there is no
// linearization looks for the smallest part of it that has none:
//
//   - the shortest beginning, as FindWindow;
//   - from the last moments at which nothing was open, with the states that were possible there;
//   - without the operations whose replies and returns do not matter. One is left out only if the rest
//     still has no linearization with it in the history as one that never returned, which has every
//     effect that it may have or none. So what is left is no accident of the leaving out.
//
// Porcupine has the last word. It must find no order for the part that is left, nor for all that was
// called meanwhile; only where that is beyond its limit, as with many operations that never returned, does
// the search speak for the others. A history that the search cannot follow is for porcupine alone, and
// its part is only the shortest beginning.
//
// The error is ErrHistory, or ErrDisagree.
func Explain[S comparable](limits Limits, spec Spec[S], from []S, events []Event) (Explanation[S], error) {
	divided, err := parts(spec, events)
	if err != nil {
		return Explanation[S]{}, err
	}
	if len(divided) != 1 {
		return Explanation[S]{}, fmt.Errorf("%w: %d objects: expected one", ErrHistory, len(divided))
	}
	x := &explainer[S]{limits: limits, spec: spec, search: NewSearch(limits, spec), from: from}
	x.p = divided[0].unclosed()
	whole := x.follow()
	if whole == Violation {
		return x.explain(events)
	}
	verdict := checkPart(limits, spec, from, x.p)
	if verdict != Violation {
		return Explanation[S]{Verdict: verdict}, nil
	}
	if whole == Ok {
		return Explanation[S]{}, fmt.Errorf("%w: only porcupine finds none for %s", ErrDisagree, x.p.object)
	}
	return x.byPorcupine(events), nil
}

// explainer is one call of Explain.
type explainer[S comparable] struct {
	limits Limits
	spec   Spec[S]
	search *Search[S]
	from   []S
	p      part
	steps  int // spent on runs
	sound  int // length of the beginning that the last run found linearizable
}

// follow searches through the whole part. On a violation the part then begins at one of the last
// moments at which nothing was open.
func (x *explainer[S]) follow() Verdict {
	type cut struct {
		states []S
		first  int // operation after it
	}
	cuts := []cut{{states: x.from}}
	verdict, called := x.run(x.p, func(called int) {
		cuts = append(cuts, cut{states: states(x.search.Possible(nil)), first: called})
		for len(cuts) > 1 && called-cuts[1].first >= contextMax {
			cuts = cuts[1:]
		}
	})
	if verdict == Violation {
		for len(cuts) > 1 && called-cuts[0].first > contextMax {
			cuts = cuts[1:]
		}
		x.from = cuts[0].states
		x.p.records = x.p.records[cuts[0].first:]
	}
	return verdict
}

// run searches through a part from the states where it begins. It calls quiet, with the number of
// operations called so far, whenever nothing is open, and returns how many were called in all.
func (x *explainer[S]) run(p part, quiet func(called int)) (verdict Verdict, called int) {
	x.search.Begin(possible(x.from))
	x.sound = 0
	defer func() { x.steps += x.search.steps }()
	for _, m := range p.moments() {
		r := &p.records[m.n]
		switch {
		case m.kind == Call:
			called = m.n + 1
			returned := r.returned
			if r.open {
				returned = Never
			}
			x.search.Call(m.n, r.operation, r.reply, returned)
		case !r.open:
			if verdict := x.search.Return(m.n); verdict != Ok {
				return verdict, called
			}
			x.sound = m.position + 1
			if x.search.Open() == 0 {
				quiet(called)
			}
		}
	}
	return Ok, called
}

// violates tells whether the search finds no order.
func (x *explainer[S]) violates(p part) bool {
	verdict, _ := x.run(p, func(int) {})
	return verdict == Violation
}

// explain makes the part, which violates, as small as it gets, and asks porcupine.
func (x *explainer[S]) explain(events []Event) (Explanation[S], error) {
	limit := 1 + sort.Search(len(events), func(i int) bool { return x.violates(x.p.before(i + 1)) })
	if limit > len(events) { // the search's limit hid it
		return Explanation[S]{Verdict: Unknown}, nil
	}
	window := x.p.before(limit)
	hidden := x.hide(window)
	e := x.explanation(window, events, limit, hidden)
	few := x.limits
	few.StepsMax /= 10
	whole := checkPart(few, x.spec, x.from, window)
	small := checkPart(x.limits, x.spec, x.from, window.only(hidden))
	switch {
	case whole == Ok || small == Ok:
		return e, fmt.Errorf("%w: only the search finds none for %s", ErrDisagree, window.object)
	case small == Unknown:
		return Explanation[S]{Verdict: Unknown}, nil
	}
	return e, nil
}

// byPorcupine is the window alone, where the search met its limit.
func (x *explainer[S]) byPorcupine(events []Event) Explanation[S] {
	sound := x.sound
	limit := sound + 1 + sort.Search(len(events)-sound-1, func(i int) bool {
		return checkPart(x.limits, x.spec, x.from, x.p.before(sound+i+1)) == Violation
	})
	window := x.p.before(limit)
	return x.explanation(window, events, limit, make([]bool, len(window.records)))
}

func (x *explainer[S]) explanation(window part, events []Event, limit int, hidden []bool) Explanation[S] {
	e := Explanation[S]{Verdict: Violation, Before: x.from, Last: events[limit-1].Op}
	for n, r := range window.records {
		if hidden[n] {
			e.Others = append(e.Others, r.number)
		} else {
			e.Operations = append(e.Operations, r.number)
		}
	}
	for _, m := range window.moments() {
		r := &window.records[m.n]
		next := Event{Kind: m.kind, Actor: r.actor, Op: r.number}
		if m.kind == Call {
			next.Operation = r.operation
		} else {
			next.Reply = r.reply
		}
		e.Part = append(e.Part, next)
	}
	return e
}

// hide tells which operations need not be seen. If hiding more leaves a violation, so does hiding less;
// so blocks are tried first, and operations one by one last, the oldest first. The one whose return nothing
// explains stays: without it there is no violation.
func (x *explainer[S]) hide(window part) []bool {
	n := len(window.records)
	hidden := make([]bool, n)
	for size := max(1, n/2); ; size /= 2 {
		for start := 0; start < n; start += size {
			trial := append([]bool(nil), hidden...)
			for i := start; i < min(n, start+size); i++ {
				trial[i] = true
			}
			if !slices.Equal(trial, hidden) && x.steps < hidingStepsMax && x.violates(window.weakened(trial)) {
				hidden = trial
			}
		}
		if size == 1 {
			return hidden
		}
	}
}

func possible[S comparable](from []S) []Possible[S] {
	list := make([]Possible[S], len(from))
	for i, s := range from {
		list[i].State = s
	}
	return list
}

func states[S comparable](from []Possible[S]) []S {
	list := make([]S, len(from))
	for i, p := range from {
		list[i] = p.State
	}
	return list
}
