package spec

import "fmt"

// witnessStatesMax bounds the states that an object can be in; with more, trying an order is no short cut.
const witnessStatesMax = 1 << 10

// CheckWitness tries one order of operations, by their numbers, as the linearization: the order in
// which a run committed them. It is Ok if the order is one, and Unknown if it is not, which says
// nothing against the history: only Check can. It takes time linear in the history.
//
// Operations with the reply Unknown may be left out: then they had no effect. The error is ErrHistory,
// as for Check, or an order that leaves out another operation, repeats one, or names one that the
// history does not have.
func CheckWitness[S comparable](
	spec Spec[S], initial func(Object) S, events []Event, order []int,
) (Verdict, error) {
	list, err := ordered(events, order)
	if err != nil {
		return 0, err
	}
	if !inRealTime(list, len(events)) {
		return Unknown, nil
	}
	return explains(spec, initial, list)
}

// explains tells whether the operations, one by one in that order, can give their replies.
func explains[S comparable](spec Spec[S], initial func(Object) S, list []record) (Verdict, error) {
	states := make(map[Object][]S)
	for _, r := range list {
		object, known := spec.Object(r.operation)
		if !known {
			return 0, malformed(r.called, "specification %q does not know %s", spec.Name(), r.operation.Name)
		}
		from, seen := states[object]
		if !seen {
			from = []S{initial(object)}
		}
		var next []S
		for _, s := range from {
			next = append(next, spec.Step(s, r.operation, r.reply)...)
		}
		if len(next) == 0 || len(next) > witnessStatesMax {
			return Unknown, nil
		}
		states[object] = distinct(next)
	}
	return Ok, nil
}

// ordered gives the history's operations in the given order.
func ordered(events []Event, order []int) ([]record, error) {
	list, err := records(events)
	if err != nil {
		return nil, err
	}
	index := make(map[int]int, len(list))
	for i, r := range list {
		index[r.number] = i
	}
	taken := make([]bool, len(list))
	sorted := make([]record, 0, len(order))
	for _, number := range order {
		i, known := index[number]
		if !known || taken[i] {
			return nil, fmt.Errorf("%w: the order names operation %d, which is unknown or named before",
				ErrHistory, number)
		}
		taken[i] = true
		sorted = append(sorted, list[i])
	}
	for i, r := range list {
		if !taken[i] && !r.reply.Unknown {
			return nil, fmt.Errorf("%w: the order leaves out operation %d, which returned", ErrHistory, r.number)
		}
	}
	return sorted, nil
}

// inRealTime tells whether no operation stands after one that was called when it had returned.
func inRealTime(list []record, end int) bool {
	earliest := end // return among those that stand later
	for i := len(list) - 1; i >= 0; i-- {
		if earliest < list[i].called {
			return false
		}
		earliest = min(earliest, list[i].returned)
	}
	return true
}
