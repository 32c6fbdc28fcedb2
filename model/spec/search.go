package spec

import "math"

// Never is the position of a return that did not come.
const Never = math.MaxInt

// branchesMax bounds the branches of a search; what has more is for porcupine, which remembers one
// order at a time.
const branchesMax = 1 << 13

// stepsPerReturn are the calls of Step that each return adds to the limit.
const stepsPerReturn = 64

// Possible is a state in which an object can be, and from which of its initial states it got there.
type Possible[S comparable] struct {
	State S
	From  uint8
}

// Search follows one object through its history, event by event, and knows at every return whether
// the history so far has a linearization. What it keeps is bounded by the operations that are open at
// once. It is exact: after a return its branches are all pairs of a state and a set of open operations
// that have taken effect to which some order leads, up to those that another branch stands for:
//
//   - of operations that are alike (see Shortcut) the one that returns first goes first;
//   - one that can be spared, and changes nothing now, takes effect at once;
//   - the same state without one that never returns stands for that with it, as it can go last.
//
// A reply is known when its operation is called: see Call. The zero value is not usable.
type Search[S comparable] struct {
	spec  Spec[S]
	short Shortcut // or nil
	slots []slot
	used  mask
	never mask // the bits of those that never return
	// branches are distinct; next and seen are those of a return in progress.
	branches   []branch[S]
	next, seen bag[S]
	// steps counts calls of Step since Begin, of which so many are allowed.
	steps, allowed, stepsMax int
	spent                    bool
}

// slot is an open operation.
type slot struct {
	number   int
	op       Operation
	reply    Reply
	returned int
	bit      int
	before   mask // those alike that go first
	spare    bool
}

type branch[S comparable] struct {
	done mask
	at   Possible[S]
}

// NewSearch makes a search that stands at no object: see Begin. The limit is on the calls of Step from
// one Begin to the next; every return adds a few.
func NewSearch[S comparable](limits Limits, spec Spec[S]) *Search[S] {
	short, _ := spec.(Shortcut)
	return &Search[S]{spec: spec, short: short, stepsMax: limits.StepsMax}
}

// Begin forgets everything and starts from the states, each of them possible.
func (s *Search[S]) Begin(from []Possible[S]) {
	s.slots, s.used, s.steps, s.spent = s.slots[:0], mask{}, 0, false
	s.never = mask{}
	s.allowed = s.stepsMax
	s.branches = s.branches[:0]
	for _, p := range from {
		s.branches = append(s.branches, branch[S]{at: p})
	}
}

// Call opens an operation. Its reply, and the position of its return among all returns, are those that
// it will have; Never and UnknownReply if it never returns.
func (s *Search[S]) Call(number int, op Operation, reply Reply, returned int) {
	bit := s.used.free()
	if bit == maskBits {
		s.spent = true
		return
	}
	n := slot{number: number, op: op, reply: reply, returned: returned, bit: bit}
	if s.short != nil {
		n.op, n.reply = s.short.Alike(op, reply)
		n.spare = s.short.Spare(op, reply)
	}
	for i := range s.slots {
		switch o := &s.slots[i]; {
		case o.op != n.op || o.reply != n.reply:
		case o.returned <= n.returned:
			n.before = n.before.with(o.bit)
		default:
			o.before = o.before.with(bit)
		}
	}
	s.used = s.used.with(bit)
	if returned == Never {
		s.never = s.never.with(bit)
	}
	s.slots = append(s.slots, n)
}

// Return closes an operation. It is Violation if no order explains the history up to here, and Unknown
// if a limit was hit, now or before; then the search is over.
func (s *Search[S]) Return(number int) Verdict {
	at := 0
	for at < len(s.slots) && s.slots[at].number != number {
		at++
	}
	if s.spent || at == len(s.slots) {
		return Unknown
	}
	s.allowed += stepsPerReturn
	s.next.reset()
	s.seen.reset()
	bit := s.slots[at].bit
	for _, b := range s.branches {
		s.visit(b, bit)
	}
	for i := 0; i < len(s.seen.list) && !s.spent; i++ {
		s.leave(s.seen.list[i], bit)
	}
	s.branches = append(s.branches[:0], s.next.list...)
	s.close(at)
	switch {
	case s.spent:
		return Unknown
	case len(s.branches) == 0:
		return Violation
	}
	return Ok
}

// close takes a slot away.
func (s *Search[S]) close(at int) {
	bit := s.slots[at].bit
	s.slots = append(s.slots[:at], s.slots[at+1:]...)
	for i := range s.slots {
		s.slots[i].before = s.slots[i].before.without(bit)
	}
	s.used = s.used.without(bit)
}

// visit notes a branch: in next if what returns has taken effect there, else to go on from.
func (s *Search[S]) visit(b branch[S], returns int) {
	if b = s.settled(b); b.done.has(returns) {
		b.done = b.done.without(returns)
		s.next.add(b, s.never)
	} else {
		s.seen.add(b, s.never)
	}
}

// leave visits the branches to which one operation leads. Those that fewer operations lead to come
// first, and stand for those to which more do that never return.
func (s *Search[S]) leave(b branch[S], returns int) {
	for i := range s.slots {
		o := &s.slots[i]
		if b.done.has(o.bit) || !b.done.covers(o.before) {
			continue
		}
		for _, state := range s.step(b.at.State, o) {
			s.visit(branch[S]{b.done.with(o.bit), Possible[S]{state, b.at.From}}, returns)
		}
	}
}

// settled lets what can be spared take effect, where that changes nothing.
func (s *Search[S]) settled(b branch[S]) branch[S] {
	if s.short == nil {
		return b
	}
	for i := range s.slots {
		o := &s.slots[i]
		if !o.spare || b.done.has(o.bit) {
			continue
		}
		for _, state := range s.step(b.at.State, o) {
			if state == b.at.State {
				b.done = b.done.with(o.bit)
			}
		}
	}
	return b
}

func (s *Search[S]) step(state S, o *slot) []S {
	s.steps++
	if s.steps > s.allowed || len(s.next.list)+len(s.seen.list) > branchesMax {
		s.spent = true
		return nil
	}
	return s.spec.Step(state, o.op, o.reply)
}

// Open counts the operations that are open.
func (s *Search[S]) Open() int { return len(s.slots) }

// Possible appends the states in which the object can be, each once. Where nothing is open they are
// all that the rest of the history depends on.
func (s *Search[S]) Possible(to []Possible[S]) []Possible[S] {
	for _, b := range s.branches {
		to = append(to, b.at)
	}
	return distinct(to)
}

// Alive tells whether an order explains the history so far from that initial state.
func (s *Search[S]) Alive(from uint8) bool {
	for _, b := range s.branches {
		if b.at.From == from {
			return true
		}
	}
	return false
}

// Keep drops what comes from other initial states.
func (s *Search[S]) Keep(from uint8) {
	kept := s.branches[:0]
	for _, b := range s.branches {
		if b.at.From == from {
			kept = append(kept, b)
		}
	}
	s.branches = kept
}
