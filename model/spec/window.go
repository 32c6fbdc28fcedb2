package spec

import "sort"

// Window is the part of a history that a report shows: the shortest beginning that has no
// linearization already.
type Window struct {
	Object Object
	// Events is the length of that beginning; its last event is the return that nothing explains.
	Events int
	// Last is the number of the operation that returned there.
	Last int
	// Operations are the numbers of the object's operations called in it, in the order of their calls.
	Operations []int
}

// FindWindow looks for the window of the first object, in the objects' order, whose history violates
// the specification; false if there is none, or if a limit of DefaultLimits hides it. What is open at
// the window's end counts as Unknown: a beginning of a linearizable history is linearizable. The
// error is as for Check.
func FindWindow[S comparable](
	spec Spec[S], initial func(Object) S, events []Event,
) (Window, bool, error) {
	divided, err := parts(spec, events)
	if err != nil {
		return Window{}, false, err
	}
	for _, p := range divided {
		violates := func(length int) bool {
			return checkPart(DefaultLimits, spec, []S{initial(p.object)}, p.before(length)) == Violation
		}
		if !violates(len(events)) {
			continue
		}
		end := sort.Search(len(events), violates)
		window := Window{Object: p.object, Events: end, Last: events[end-1].Op}
		for _, r := range p.before(end).records {
			window.Operations = append(window.Operations, r.number)
		}
		return window, true, nil
	}
	return Window{}, false, nil
}
