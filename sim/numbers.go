package sim

// Numbers gives each key a number: counted from 0 in each space, in the order in which keys come. Machines whose
// Systems have one Numbers, and whose Worlds take their numbers from it, have equal keys in equal states, so that they
// can share a set of known states. It may be asked by several at once.
type Numbers interface {
	// Number gives the number of a comparable key. It is asked for a key once by each machine, which remembers.
	Number(space string, key any) int
}

// next numbers an operation, or a reply at a node, that is new to this machine.
func (a *alike) next(key any) int32 {
	if a.shared != nil {
		return int32(a.shared.Number(a.space, key))
	}
	return int32(len(a.from))
}

// next numbers an event that is new to this machine.
func (h *history) next(e Event) int {
	if h.shared != nil {
		return h.shared.Number("events", e)
	}
	return len(h.known)
}

// note keeps the event under its number.
func (h *history) note(e Event, n int) {
	for len(h.known) <= n {
		h.known = append(h.known, Event{})
	}
	h.known[n] = e
}
