package catalogue

import (
	"cmp"
	"encoding/binary"
	"slices"

	"fermata/sim"
)

// ledger numbers the histories of an instance's runs: equal ones, of which faults hit the same operations, have one
// number.
type ledger struct {
	numbers map[string]int
	key     []byte
	at      int // of the run at rest
}

// ends looks up the history of a run that has ended.
func (l *ledger) ends(h sim.History, hits *hits) {
	l.at = -1
	if len(h) == 0 {
		return
	}
	l.key = hits.key(historyKey(l.key[:0], h), nil)
	n, known := l.numbers[string(l.key)]
	if !known {
		n = len(l.numbers)
		l.numbers[string(l.key)] = n
	}
	l.at = n
}

// historyKey is a history as bytes, the same for equal histories. A return is of its actor's last call.
func historyKey(dst []byte, h sim.History) []byte {
	for _, e := range h {
		dst = binary.AppendUvarint(dst, uint64(e.Actor)<<1|uint64(e.Kind&1))
		if e.Kind == sim.Call {
			dst = append(dst, e.Verb)
			dst = binary.AppendUvarint(dst, uint64(e.Object))
			dst = binary.AppendVarint(dst, e.Arg.N)
			continue
		}
		dst = binary.AppendUvarint(dst, uint64(e.Reply.Code))
		dst = binary.AppendUvarint(dst, uint64(e.Reply.Object))
		dst = binary.AppendVarint(dst, e.Reply.N)
	}
	return dst
}

// namesMax is how many ways there may be to call the actors, for histories to be counted up to names.
const namesMax = 5_040

// upToNames is the least key of a history under any names that actors who are alike may have.
func (in *instance) upToNames(h sim.History) string {
	if in.names == nil && in.world.Renames() {
		in.names = namesOf(in.system)
	}
	if len(in.names) < 2 {
		return string(in.judge.hits.key(historyKey(nil, h), nil))
	}
	var least []byte
	for _, as := range in.names {
		key := in.judge.hits.key(historyKey(nil, in.renamed(h, as)), as)
		if least == nil || slices.Compare(key, least) < 0 {
			least = key
		}
	}
	return string(least)
}

// renamed is the history in which every actor a is called as[a], in canonical order.
func (in *instance) renamed(h sim.History, as []sim.ActorID) sim.History {
	out := slices.Clone(h)
	for i := range out {
		e := &out[i]
		e.Actor, e.Object = as[e.Actor], in.world.ObjectAs(e.Object, as)
		e.Arg, e.Reply = in.world.ReplyAs(e.Arg, as), in.world.ReplyAs(e.Reply, as)
	}
	for from, to := 0, 0; from < len(out); from = to {
		for ; to < len(out) && out[to].Kind == out[from].Kind; to++ {
		}
		slices.SortStableFunc(out[from:to], func(e, f sim.Event) int { return cmp.Compare(e.Actor, f.Actor) })
	}
	return out
}

// namesOf lists the ways to call the actors of a system: every order of each class. It is their own names alone where
// there are too many ways.
func namesOf(s *sim.System) [][]sim.ActorID {
	own := make([]sim.ActorID, len(s.Actors))
	for i := range own {
		own[i] = sim.ActorID(i)
	}
	all := [][]sim.ActorID{own}
	for _, class := range s.Alike {
		ways := 1
		for i := range class {
			ways *= i + 1
			if ways*len(all) > namesMax {
				return [][]sim.ActorID{own}
			}
		}
		all = eachOrder(all, class)
	}
	return all
}

// eachOrder gives each of the ways to call the actors once for every order of a class.
func eachOrder(all [][]sim.ActorID, class []sim.ActorID) (more [][]sim.ActorID) {
	for _, order := range ordersOf(class) {
		for _, as := range all {
			as = slices.Clone(as)
			for i, id := range class {
				as[id] = order[i]
			}
			more = append(more, as)
		}
	}
	return more
}

func ordersOf(class []sim.ActorID) (all [][]sim.ActorID) {
	if len(class) == 0 {
		return [][]sim.ActorID{nil}
	}
	for i, id := range class {
		for _, rest := range ordersOf(slices.Concat(class[:i], class[i+1:])) {
			all = append(all, append([]sim.ActorID{id}, rest...))
		}
	}
	return all
}
