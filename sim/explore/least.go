package explore

import (
	"cmp"
	"slices"

	"fermata/sim"
)

// least searches breadth first, alone, until enough is found: the first find of an oracle and object is then the least
// there is, by the number of its steps and then by its choices in the order in which Machine.Choices offers them.
//
// The states of one length are taken in the order of the schedules that led to each first, so that the schedules of the
// next length come in order too. Where states that differ in names alone are one, that schedule is the least to any of
// them: the least schedule p·c to any has a p that is the least to one of the state before, or another of its length
// would come before p, and go on by c under other names, and so come before p·c; and for the same reason no violation
// one step further has a lesser schedule than the one met first. Nothing sleeps: a step that comes to the same in
// another order may be the one that is least.
func least(m *sim.Machine, o *Options, enough func(*Result) bool) *Result {
	alone := *o
	alone.Without |= Sleep
	m.Reset()
	l := &leastSearch{searcher: newSearcher(m, &alone, variant{key: (*sim.Machine).OrbitKey}, nil)}
	l.arrive(0)
	for len(l.next.at) > 0 {
		l.now, l.next = l.next, layer{ids: l.now.ids[:0], at: l.now.at[:0], saves: l.now.saves[:0]}
		for i, id := range l.now.ids {
			l.expand(id, l.now.saves[l.now.at[i]:])
			if l.r.cut(&alone) || enough(l.r) {
				return l.r
			}
		}
		l.known.room.give(l.now.size())
	}
	l.r.Exhausted = !l.r.cut(&alone)
	return l.r
}

type leastSearch struct {
	*searcher
	// states says of each state how it was come to first.
	states    []origin
	now, next layer
	taken     []sim.Choice
	open      []sim.Choice
}

// origin is the choice that led to a state, and from which.
type origin struct {
	from   uint32
	choice sim.Choice
}

// layer is the states of one length, and where the save of each begins.
type layer struct {
	ids   []uint32
	at    []int
	saves []byte
}

// originSize and placeSize are what a state takes beside its key and its save.
const (
	originSize = 8
	placeSize  = 12
)

func (l *layer) size() int { return len(l.saves) + placeSize*len(l.ids) }

// arrive looks at the state that the machine is in. If it is new it keeps it for the next layer, or judges it if it is
// the end of a run: that is as long as the schedule that led there.
func (l *leastSearch) arrive(from uint32) {
	if l.biased() {
		return
	}
	l.key, _ = l.variant.key(l.m, l.key[:0])
	_, fresh, full := l.meet(sleepers{})
	if !full && !fresh {
		return
	}
	if full {
		l.r.Limit = "memory"
		return
	}
	l.r.States++
	if l.open = l.m.Choices(l.open[:0]); len(l.open) == 0 {
		l.r.endRun(l.m, l.o)
		return
	}
	if l.m.Steps() >= l.m.System().Limits.StepsMax {
		l.r.Limit = "steps"
		return
	}
	begin := len(l.next.saves)
	l.next.saves = l.m.Save(l.next.saves)
	if !l.known.room.take(len(l.next.saves) - begin + originSize + placeSize) {
		l.r.Limit = "memory"
		return
	}
	l.next.ids, l.next.at = append(l.next.ids, uint32(len(l.states))), append(l.next.at, begin)
	l.states = append(l.states, origin{from, l.m.Transition().Choice})
}

// expand takes every choice of a state.
func (l *leastSearch) expand(id uint32, saved []byte) {
	l.taken = l.taken[:0]
	for at := id; at != 0; at = l.states[at].from {
		l.taken = append(l.taken, l.states[at].choice)
	}
	slices.Reverse(l.taken)
	l.m.Jump(saved, l.taken)
	l.choices = l.m.Choices(l.choices[:0])
	for i, c := range l.choices {
		if i > 0 {
			l.m.Jump(saved, l.taken)
		}
		l.r.take(l.m, c, len(l.choices), l.o)
		if l.r.decided(l.o) {
			return
		}
		if l.arrive(id); l.r.Limit != "" || l.r.Failure != nil {
			return
		}
	}
}

// before tells whether a schedule comes before another: it has fewer steps, or comes first in the order of choices.
func before(a, b []sim.Choice) bool {
	if c := cmp.Compare(len(a), len(b)); c != 0 {
		return c < 0
	}
	return slices.CompareFunc(a, b, compare) < 0
}

// compare tells which of two choices Machine.Choices offers first.
func compare(c, d sim.Choice) int {
	kind := func(c sim.Choice) int {
		switch {
		case c.Fault != sim.NoFault:
			return 2
		case c.Actor == sim.Clock:
			return 1
		}
		return 0
	}
	return cmp.Or(
		cmp.Compare(kind(c), kind(d)), cmp.Compare(c.Actor, d.Actor),
		cmp.Compare(c.Fault, d.Fault), cmp.Compare(c.Alt, d.Alt),
	)
}
