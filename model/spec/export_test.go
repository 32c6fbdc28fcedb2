package spec

// CheckOrder is CheckWitness without what makes it right: it lets an operation take effect outside its interval.
func CheckOrder[S comparable](spec Spec[S], initial func(Object) S, events []Event, order []int) (Verdict, error) {
	list, err := ordered(events, order)
	if err != nil {
		return 0, err
	}
	return explains(spec, initial, list)
}
