package spec

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
)

// ErrHistory is a list of events that is no history, or that the specification does not know.
var ErrHistory = errors.New("spec: malformed history")

// record is an operation with its reply and the positions of its events.
type record struct {
	actor            Actor
	number           int
	operation        Operation
	reply            Reply
	called, returned int
	// open tells that the reply Unknown, at a position behind every other event, is no return at all.
	open bool
}

// records lists a history's operations in the order of their calls, and refuses what porcupine would
// answer wrongly without a word.
func records(events []Event) ([]record, error) {
	list := make([]record, 0, len(events)/2)
	index := make(map[int]int, len(events)/2) // from an operation's number
	open := make(map[Actor]int)               // the operation that the actor has open, from 1
	for i, e := range events {
		at, known := index[e.Op]
		switch {
		case e.Kind == Call && known:
			return nil, malformed(i, "operation %d is called a second time", e.Op)
		case e.Kind == Call && open[e.Actor] != 0:
			return nil, malformed(i, "%s calls operation %d with operation %d still open",
				e.Actor, e.Op, list[open[e.Actor]-1].number)
		case e.Kind == Call:
			list = append(list, record{actor: e.Actor, number: e.Op, operation: e.Operation, called: i, returned: -1})
			index[e.Op], open[e.Actor] = len(list)-1, len(list)
		case e.Kind != Return:
			return nil, malformed(i, "neither a call nor a return")
		case !known:
			return nil, malformed(i, "operation %d returns without a call", e.Op)
		case list[at].returned >= 0:
			return nil, malformed(i, "operation %d returns a second time", e.Op)
		case list[at].actor != e.Actor:
			return nil, malformed(i, "operation %d of %s returns to %s", e.Op, list[at].actor, e.Actor)
		default:
			list[at].reply, list[at].returned, open[e.Actor] = e.Reply, i, 0
		}
	}
	for _, r := range list {
		if r.returned < 0 {
			return nil, malformed(r.called, "operation %d never returns (close the history first)", r.number)
		}
	}
	return list, nil
}

func malformed(position int, format string, args ...any) error {
	return fmt.Errorf("%w: event %d: %s", ErrHistory, position+1, fmt.Sprintf(format, args...))
}

// part is what a history says of one object: its operations in the order of their calls.
type part struct {
	object  Object
	records []record
}

// parts divides a history by object, in the objects' order.
func parts[S comparable](spec Spec[S], events []Event) ([]part, error) {
	list, err := records(events)
	if err != nil {
		return nil, err
	}
	var divided []part
	index := make(map[Object]int)
	for _, r := range list {
		object, known := spec.Object(r.operation)
		if !known {
			return nil, malformed(r.called, "specification %q does not know %s", spec.Name(), r.operation.Name)
		}
		at, seen := index[object]
		if !seen {
			at, index[object] = len(divided), len(divided)
			divided = append(divided, part{object: object})
		}
		divided[at].records = append(divided[at].records, r)
	}
	slices.SortFunc(divided, func(p, q part) int { return p.object.compare(q.object) })
	return divided, nil
}

// moment is an event of a part: the call or the return of its n-th operation.
type moment struct {
	position int
	kind     EventKind
	n        int
}

// moments lists a part's events in order.
func (p part) moments() []moment {
	list := make([]moment, 0, 2*len(p.records))
	for n, r := range p.records {
		list = append(list, moment{r.called, Call, n}, moment{r.returned, Return, n})
	}
	slices.SortFunc(list, func(a, b moment) int { return cmp.Compare(a.position, b.position) })
	return list
}

// before gives the part as it was after the first events: what returned later is open, what was
// called later is left out.
func (p part) before(events int) part {
	cut := part{object: p.object}
	for _, r := range p.records {
		if r.called >= events {
			break
		}
		if r.returned >= events {
			r.returned += events // after every event of the part that is kept
			r.reply, r.open = UnknownReply, true
		}
		cut.records = append(cut.records, r)
	}
	return cut
}

// unclosed gives the part with those operations open that return Unknown behind every other event.
func (p part) unclosed() part {
	end := 0
	for _, r := range p.records {
		end = max(end, r.called)
		if !r.reply.Unknown {
			end = max(end, r.returned)
		}
	}
	w := part{object: p.object, records: append([]record(nil), p.records...)}
	for n := range w.records {
		w.records[n].open = w.records[n].reply.Unknown && w.records[n].returned > end
	}
	return w
}

// weakened gives the part with the operations as ones that never returned.
func (p part) weakened(which []bool) part {
	w := part{object: p.object, records: append([]record(nil), p.records...)}
	last := 0
	for _, r := range p.records {
		last = max(last, r.returned)
	}
	for n := range w.records {
		if r := &w.records[n]; which[n] && !r.open {
			r.reply, r.open = UnknownReply, true
			r.returned += last + 1
		}
	}
	return w
}

// only gives the part without the hidden operations.
func (p part) only(hidden []bool) part {
	w := part{object: p.object}
	for n, r := range p.records {
		if !hidden[n] {
			w.records = append(w.records, r)
		}
	}
	return w
}
