package history

import (
	"cmp"
	"container/heap"
	"fmt"

	"fermata/model/spec"
)

// instantMax bounds timestamps and uncertainties, so that their sums fit: nanoseconds of 146 years.
const instantMax = 1 << 62

// order puts operations with timestamps into the order of real time. An operation that began at begin
// and ended at end, by clocks that may be wrong by uncertainty, took effect between begin-uncertainty
// and end+uncertainty, both included. Two operations are ordered only if the one's last moment is before
// the other's first: what touches is concurrent, so at one instant calls come before returns.
//
// The file is in the order of begin, and no uncertainty is above the header's. So once a line begins at
// b, nothing that is still to come can be called before b-uncertainty.
type order struct {
	headed      bool
	uncertainty int64 // the header's
	begun       int64 // begin of the line read last
	any         bool  // there was one
	waiting     instants
	actors      map[spec.Actor]actorTime
	seen        int
}

// actorTime is what an actor did last, by its own clock, whose uncertainty does not matter then.
type actorTime struct {
	number, line int
	end          int64
	open         bool
}

// instant is an event with the moment from which, or up to which, it can be.
type instant struct {
	at   int64
	kind spec.EventKind // calls first
	seen int
	op   *Operation
}

func (o *order) bound(uncertainty int64) *wrong {
	if uncertainty < 0 || uncertainty > instantMax/2 {
		return refuse("nanoseconds, from 0 on", "field \"uncertainty\" is %d", uncertainty)
	}
	o.uncertainty = uncertainty
	o.actors = map[spec.Actor]actorTime{}
	return nil
}

// release moves to ready what was called or returned before the moment.
func (o *order) release(ready []Event, before int64) []Event {
	for len(o.waiting) > 0 && o.waiting[0].at < before {
		next := heap.Pop(&o.waiting).(instant)
		ready = append(ready, Event{next.kind, next.op})
	}
	return ready
}

func (o *order) add(at int64, kind spec.EventKind, op *Operation) {
	o.seen++
	heap.Push(&o.waiting, instant{at, kind, o.seen, op})
}

// whole reads an operation with timestamps.
func (r *Reader) whole(line []byte) *wrong {
	if err := r.row.read(line); err != nil {
		return err
	}
	if r.row.have.has(fKind) {
		return refuse("operations with timestamps, as on the lines before", "a call or a return")
	}
	if err := r.row.within("an operation", wholeFields, set(fID, fActor, fOp, fWorkflow, fBegin)); err != nil {
		return err
	}
	actor, op, err := r.operation()
	if err != nil {
		return err
	}
	o := &Operation{
		Number: int(r.row.number(fID)), Actor: actor, Operation: op, Returned: spec.Never,
		CallLine: r.lines.number,
	}
	if r.row.have.has(fEnd) {
		o.ReturnLine = r.lines.number
		o.Reply, err = r.reply(op.Name)
	} else if more := r.row.have & replyFields &^ set(fUnknown); more != 0 {
		err = refuse(`"end"`, "a reply, %s, of an operation without an end", first(more))
	}
	if err != nil {
		return err
	}
	return r.timed(o)
}

// timed adds an operation with timestamps.
func (r *Reader) timed(o *Operation) *wrong {
	begin, end, ended := r.row.number(fBegin), r.row.number(fEnd), r.row.have.has(fEnd)
	around := r.order.uncertainty
	if r.row.have.has(fUncertainty) {
		around = r.row.number(fUncertainty)
	}
	if err := r.pairs.fresh(o.Number); err != nil {
		return err
	}
	if err := r.order.times(&r.row, begin, end, around); err != nil {
		return err
	}
	if err := r.order.turn(o, begin, end, !ended); err != nil {
		return err
	}
	r.ready = r.order.release(r.ready, begin-r.order.uncertainty)
	r.order.add(begin-around, spec.Call, o)
	if ended {
		r.order.add(end+around, spec.Return, o)
	}
	return nil
}

// times refuses what no clock can show.
func (o *order) times(r *row, begin, end, around int64) *wrong {
	for _, f := range []field{fBegin, fEnd} {
		if n := r.number(f); n < -instantMax/2 || n > instantMax {
			return refuse(fmt.Sprintf("nanoseconds, at most %d", int64(instantMax)), "field %q is %d", names[f], n)
		}
	}
	switch {
	case around < 0 || around > o.uncertainty:
		return refuse(fmt.Sprintf("from 0 to the header's, %d", o.uncertainty), "field \"uncertainty\" is %d", around)
	case r.have.has(fEnd) && end < begin:
		return refuse("an end at or after the begin", "time runs backwards: begin %d, end %d", begin, end)
	case o.any && begin < o.begun:
		return refuse("operations in the order of begin", "time runs backwards: begin %d, after a line with %d",
			begin, o.begun)
	}
	o.any, o.begun = true, begin
	return nil
}

// turn refuses an actor that does two things at once.
func (o *order) turn(op *Operation, begin, end int64, open bool) *wrong {
	last, known := o.actors[op.Actor]
	switch {
	case known && last.open:
		return refuse("another actor", "%s calls operation %d while its operation %d of line %d is open",
			op.Actor, op.Number, last.number, last.line)
	case known && begin < last.end:
		return refuse("one operation of an actor at a time",
			"%s begins operation %d at %d, before its operation %d of line %d ended at %d",
			op.Actor, op.Number, begin, last.number, last.line, last.end)
	}
	o.actors[op.Actor] = actorTime{op.Number, op.CallLine, end, open}
	return nil
}

// instants is a heap.
type instants []instant

func (h instants) Len() int { return len(h) }
func (h instants) Less(i, j int) bool {
	a, b := h[i], h[j]
	return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.kind, b.kind), cmp.Compare(a.seen, b.seen)) < 0
}
func (h instants) Swap(i, j int) { h[i], h[j] = h[j], h[i] }

// Push adds what comes; it is heap.Interface.
func (h *instants) Push(x any) { *h = append(*h, x.(instant)) }

// Pop takes the last one away; it is heap.Interface.
func (h *instants) Pop() any {
	last := (*h)[len(*h)-1]
	*h = (*h)[:len(*h)-1]
	return last
}
