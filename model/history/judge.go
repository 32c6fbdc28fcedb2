package history

import (
	"fermata/model/spec"
)

// Subject is what a judge judges by.
type Subject[S comparable] struct {
	Spec spec.Spec[S]
	// Initial is an object's state at the beginning.
	Initial func(spec.Object) S
	// Started is that of one for which an operation Start stands anywhere in the history; if it is nil,
	// Initial holds for all. Until a Start comes both are followed.
	Started func(spec.Object) S
	// Needs is an operation without which the history is not judged by this specification; 0 for none.
	Needs spec.OperationName
}

// The initial states that a search can come from.
const (
	fromInitial uint8 = iota
	fromStarted
)

// Judge judges a history by one specification. It is made for one Check.
type Judge interface {
	// begin makes it the n-th judge of a check.
	begin(n int, d *directory)
	see(e Event)
	// finish judges what is still open: nothing more will come.
	finish() outcome
	// again makes what gathers the objects that the outcome names from a second reading.
	again(o outcome) gatherer
}

// outcome is what a judge found.
type outcome struct {
	name       string
	operations int
	needed     bool // what it needs was there
	// violations counts the objects that have one. The first of them is that whose return without an
	// explanation comes first.
	violations int
	first      target
	// spent are objects for which the search met its limit.
	spent []target
}

// target is an object to read again.
type target struct {
	object spec.Object
	line   int // of the return that nothing explains; 0 if that is not known
	from   uint8
}

// judge is a Judge.
type judge[S comparable] struct {
	Subject[S]
	limits  spec.Limits
	n       int // which of the check's judges it is
	objects *directory
	places  []int32 // in tracks, from 1, by an object's number
	tracks  []track[S]
	sets    sets[S]
	active  []*active[S]
	free    []*active[S]
	buffer  []spec.Possible[S]
	outcome outcome
}

// track is an object's state of the search.
type track[S comparable] struct {
	set    uint32     // while nothing is open
	active *active[S] // while something is
	// died is, for each initial state, the line of the return that nothing explains from there on.
	died    [2]int32
	started bool // a Start was seen
	over    bool // no more is followed
	spent   bool
}

// active is an object with operations open.
type active[S comparable] struct {
	follower[S]
	track int32
	at    int // in the judge's list
}

// NewJudge makes a judge.
func NewJudge[S comparable](s Subject[S]) Judge {
	return &judge[S]{
		Subject: s, limits: spec.DefaultLimits, sets: sets[S]{spec: s.Spec},
		outcome: outcome{name: s.Spec.Name(), needed: s.Needs == 0},
	}
}

func (j *judge[S]) begin(n int, d *directory) { j.n, j.objects = n, d }

func (j *judge[S]) see(e Event) {
	if e.Kind == spec.Call {
		e.Op.places[j.n] = j.called(e.Op.Operation)
	}
	place := e.Op.places[j.n] - 1
	if place < 0 {
		return
	}
	t := &j.tracks[place]
	if t.over {
		return
	}
	if t.active == nil {
		t.active = j.activate(place)
	}
	t.active.add(e)
	j.advance(t, false)
}

// called gives the place of the operation's object, from 1; 0 if it has none.
func (j *judge[S]) called(op spec.Operation) int32 {
	object, known := j.Spec.Object(op)
	if !known {
		return 0
	}
	j.outcome.operations++
	j.outcome.needed = j.outcome.needed || op.Name == j.Needs
	place := j.place(object)
	t := &j.tracks[place-1]
	t.started = t.started || op.Name == spec.Start
	return place
}

// place finds the object's place, from 1, or makes one.
func (j *judge[S]) place(object spec.Object) int32 {
	n := int(j.objects.number(object))
	if n >= len(j.places) {
		j.places = append(j.places, make([]int32, n+1-len(j.places))...)
	}
	if j.places[n] == 0 {
		j.tracks = append(j.tracks, track[S]{set: j.sets.put(j.initial(object))})
		j.places[n] = int32(len(j.tracks))
	}
	return j.places[n]
}

func (j *judge[S]) initial(object spec.Object) []spec.Possible[S] {
	j.buffer = append(j.buffer[:0], spec.Possible[S]{State: j.Initial(object), From: fromInitial})
	if j.Started != nil {
		j.buffer = append(j.buffer, spec.Possible[S]{State: j.Started(object), From: fromStarted})
	}
	return j.buffer
}

func (j *judge[S]) activate(n int32) *active[S] {
	var a *active[S]
	if last := len(j.free) - 1; last >= 0 {
		a, j.free = j.free[last], j.free[:last]
	} else {
		a = &active[S]{follower: follower[S]{search: spec.NewSearch(j.limits, j.Spec)}}
	}
	a.track, a.at = n, len(j.active)
	j.active = append(j.active, a)
	a.begin(j.sets.list[j.tracks[n].set])
	return a
}

func (j *judge[S]) release(t *track[S]) {
	a := t.active
	last := len(j.active) - 1
	j.active[a.at] = j.active[last]
	j.active[a.at].at = a.at
	j.active = j.active[:last]
	j.free = append(j.free, a)
	t.active = nil
}

// advance follows the object as far as replies are known.
func (j *judge[S]) advance(t *track[S], ended bool) {
	a := t.active
	for {
		op, verdict := a.next(ended)
		switch {
		case verdict == spec.Unknown:
			t.over, t.spent = true, true
		case op != nil:
			j.note(t, a, op)
		case a.quiet():
			j.buffer = a.search.Possible(j.buffer[:0])
			t.set = j.sets.put(j.buffer)
			j.release(t)
			return
		default:
			return
		}
		if t.over {
			j.release(t)
			return
		}
	}
}

// note writes down from which initial states nothing explains the return. Once a Start was seen the
// other one does not matter.
func (j *judge[S]) note(t *track[S], a *active[S], op *Operation) {
	for from := range t.died {
		if t.died[from] == 0 && !a.search.Alive(uint8(from)) {
			t.died[from] = int32(op.ReturnLine)
		}
	}
	if t.started && j.Started != nil && t.died[fromInitial] == 0 {
		t.died[fromInitial] = int32(op.ReturnLine)
		a.search.Keep(fromStarted)
	}
	t.over = t.died[fromInitial] != 0 && t.died[fromStarted] != 0
}

func (j *judge[S]) finish() outcome {
	for len(j.active) > 0 {
		a := j.active[len(j.active)-1]
		t := &j.tracks[a.track]
		if j.advance(t, true); t.active != nil {
			j.release(t)
		}
	}
	for n := range j.tracks {
		t := &j.tracks[n]
		if line := int(t.died[j.origin(t)]); line != 0 {
			j.outcome.violations++
			if j.outcome.first.line == 0 || line < j.outcome.first.line {
				j.outcome.first = target{line: line, from: j.origin(t)}
			}
		}
	}
	j.name()
	return j.outcome
}

// origin is the initial state that holds for the object.
func (j *judge[S]) origin(t *track[S]) uint8 {
	if t.started && j.Started != nil {
		return fromStarted
	}
	return fromInitial
}

// name finds the objects of the first violation and of those that were not followed to the end.
func (j *judge[S]) name() {
	for object, n := range j.objects.numbers { //tidy:unordered a line belongs to one object; the rest is sorted
		if int(n) >= len(j.places) || j.places[n] == 0 {
			continue
		}
		t := &j.tracks[j.places[n]-1]
		line := int(t.died[j.origin(t)])
		switch {
		case line != 0 && line == j.outcome.first.line:
			j.outcome.first.object = object
		case line == 0 && t.spent:
			j.outcome.spent = append(j.outcome.spent, target{object: object, from: j.origin(t)})
		}
	}
}
