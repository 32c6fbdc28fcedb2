package spec

// EventKind tells a call from a return. The zero value is no event.
type EventKind uint8

// The kinds of events.
const (
	Call EventKind = 1 + iota
	Return
)

// Event is the call or the return of an operation. A call is recorded with the operation's first
// step and a return with its last. It is comparable.
type Event struct {
	Kind  EventKind
	Actor Actor
	// Op is the operation's number, unique in the history.
	Op        int
	Operation Operation // of a call
	Reply     Reply     // of a return
}

// Close returns the history with a return after every other event for each operation left open, in
// the order of their calls, with the reply Unknown. The argument is not changed.
func Close(events []Event) []Event {
	closed := append([]Event(nil), events...)
	returned := make(map[int]bool, len(events)/2)
	for _, e := range events {
		if e.Kind == Return {
			returned[e.Op] = true
		}
	}
	for _, e := range events {
		if e.Kind == Call && !returned[e.Op] {
			closed = append(closed, Event{Kind: Return, Actor: e.Actor, Op: e.Op, Reply: UnknownReply})
		}
	}
	return closed
}

// Select returns the part of a history that the specification knows. Check refuses the rest, so that
// what a check left out is always said by its caller.
func Select[S comparable](spec Spec[S], events []Event) []Event {
	var selected []Event
	known := make(map[int]bool, len(events)/2)
	for _, e := range events {
		if e.Kind == Call {
			_, known[e.Op] = spec.Object(e.Operation)
		}
		if known[e.Op] {
			selected = append(selected, e)
		}
	}
	return selected
}
