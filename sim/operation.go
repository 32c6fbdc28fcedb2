package sim

import "encoding/binary"

// Operation is what an actor is asked to do. Its call is recorded with its first step and its
// return with its last. Run must be a function of the operation and of the replies it gets.
type Operation struct {
	Verb   uint8 // the system gives the words
	Object Object
	Arg    Reply
	Run    func(a *Actor, op *Operation) Reply
}

// Script gives an actor's operation number pos, from 0, as a function of pos and of the reply of
// the operation before it; false when there is none left.
type Script func(pos int, last Reply) (Operation, bool)

// EventKind tells a call from a return.
type EventKind uint8

// Call and Return are the kinds of events.
const (
	Call EventKind = 1 + iota
	Return
)

// Event is a call or a return in a History. Reply is set in a return only.
type Event struct {
	Kind   EventKind
	Actor  ActorID
	Verb   uint8
	Object Object
	Arg    Reply
	Reply  Reply
}

// History is the calls and returns of a run in canonical order: of two events between which no
// call follows a return, the one of the lower actor stands first. Histories with the same
// operations, replies and return-before-call order are equal.
type History []Event

func callOf(a ActorID, op *Operation) Event {
	return Event{Kind: Call, Actor: a, Verb: op.Verb, Object: op.Object, Arg: op.Arg}
}

func returnOf(a ActorID, op *Operation, result Reply) Event {
	return Event{Kind: Return, Actor: a, Verb: op.Verb, Object: op.Object, Arg: op.Arg, Reply: result}
}

// history is a History in the making. With numbers it also keeps each event's number, which is how
// an event stands in the key of a state.
type history struct {
	events  History
	numbers []uint16
	index   map[Event]uint16 // nil: no numbers
	known   []Event
	shared  Numbers // numbers the events; nil: in the order in which they come
	off     bool    // nothing is recorded
}

func (h *history) reset() { h.events, h.numbers = h.events[:0], h.numbers[:0] }

// add appends an event and keeps the order canonical.
func (h *history) add(e Event) { h.addAs(e, nil) }

// addAs appends an event of which the number is kept at mark, raised by 1, as soon as it is known.
func (h *history) addAs(e Event, mark *uint32) {
	if h.off {
		return
	}
	h.events = append(h.events, e)
	if h.index != nil {
		h.numbers = append(h.numbers, h.marked(e, mark))
	}
	for i := len(h.events) - 1; i > 0; i-- {
		p, q := &h.events[i-1], &h.events[i]
		if p.Kind != q.Kind || p.Actor <= q.Actor {
			return
		}
		*p, *q = *q, *p
		if h.index != nil {
			h.numbers[i-1], h.numbers[i] = h.numbers[i], h.numbers[i-1]
		}
	}
}

// keyNumbers appends events as numbers, and how many there are.
func keyNumbers(dst []byte, numbers []uint16) []byte {
	dst = binary.AppendUvarint(dst, uint64(len(numbers)))
	for _, n := range numbers {
		dst = binary.AppendUvarint(dst, uint64(n))
	}
	return dst
}

func (h *history) marked(e Event, mark *uint32) uint16 {
	switch {
	case mark == nil:
		return h.number(e)
	case *mark == 0:
		*mark = uint32(h.number(e)) + 1
	}
	return uint16(*mark - 1)
}

func (h *history) number(e Event) uint16 {
	n, ok := h.index[e]
	if !ok {
		next := h.next(e)
		if next > 1<<16-2 {
			panic("sim: a search met more than 65,535 different calls and returns")
		}
		n = uint16(next)
		h.index[e] = n
		h.note(e, next)
	}
	return n
}
