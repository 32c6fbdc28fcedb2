package history

import "fermata/model/spec"

// follower hands an object's events to a search. A search wants an operation's reply at its call, so
// the events wait here until that is known.
type follower[S comparable] struct {
	search *spec.Search[S]
	queue  []Event
	head   int        // of the queue
	waits  *Operation // whose return the head waits for
	open   int        // operations called and not returned, in the file
}

// begin makes it follow an object at which nothing is open.
func (f *follower[S]) begin(from []spec.Possible[S]) {
	f.queue, f.head, f.waits, f.open = f.queue[:0], 0, nil, 0
	f.search.Begin(from)
}

func (f *follower[S]) add(e Event) {
	f.queue = append(f.queue, e)
	if e.Kind == spec.Call {
		f.open++
		return
	}
	f.open--
	if f.waits == e.Op {
		f.waits = nil
	}
}

// next goes on to the next return and gives its operation and what the search says; nil if there is
// none, or if a reply is not known yet. With ended no more replies will come.
func (f *follower[S]) next(ended bool) (*Operation, spec.Verdict) {
	if f.waits != nil && !ended {
		return nil, spec.Ok
	}
	for f.head < len(f.queue) {
		e := f.queue[f.head]
		switch o := e.Op; {
		case e.Kind == spec.Return:
			f.drop()
			return o, f.search.Return(o.Number)
		case !o.Open():
			f.search.Call(o.Number, o.Operation, o.Reply, o.Returned)
		case ended:
			f.search.Call(o.Number, o.Operation, spec.UnknownReply, spec.Never)
		default:
			f.waits = o
			return nil, spec.Ok
		}
		f.drop()
	}
	return nil, spec.Ok
}

// drop takes the head away, and what is before it out of memory now and then.
func (f *follower[S]) drop() {
	f.queue[f.head] = Event{}
	if f.head++; f.head == len(f.queue) {
		f.queue, f.head = f.queue[:0], 0
	} else if f.head > 64 && 2*f.head > len(f.queue) {
		n := copy(f.queue, f.queue[f.head:])
		clear(f.queue[n:])
		f.queue, f.head = f.queue[:n], 0
	}
}

// quiet tells whether nothing is open: what is possible now is all that the rest depends on.
func (f *follower[S]) quiet() bool { return f.open == 0 && f.head == len(f.queue) }
