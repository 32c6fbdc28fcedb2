package sim

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"fmt"
	"slices"
)

// Renamer is a World or a Judge that knows every place in its state that names an actor. It treats actors that are
// alike alike: what it does in a state in which two of them have exchanged their names is what it does in this
// one, but for the names.
type Renamer interface {
	// KeyAs appends the key of the state in which each actor a is called as[a]. False if the state names an
	// actor where it cannot be renamed; what was appended is then of no use.
	KeyAs(dst []byte, as []ActorID) ([]byte, bool)
	// About appends what the state says of one actor, without any actor's name. It decides nothing but the order
	// in which actors take their new names: the more it says, the more states have one key.
	About(dst []byte, a ActorID) []byte
}

// RenamerWorld is a World whose actors can be renamed.
type RenamerWorld interface {
	World
	Renamer
	// Names tells whether the reply to a step names an actor. What the code does with it is not known, so that
	// from then on no actor of the run is renamed.
	Names(s *Step, r Reply) bool
}

// renaming gives the actors of each class of System.Alike new names, so that states which differ only in who is
// who have one key.
type renaming struct {
	world   RenamerWorld
	judge   Renamer // nil if there is no Judge
	classes [][]ActorID
	order   []ActorID // actors by their new names
	as      []ActorID // new names by actor
	moved   bool      // some actor has another name
	about   [][]byte
	events  History
}

// newRenaming gives nil if no actors are alike, or if the World or the Judge cannot rename them.
func newRenaming(sys *System) *renaming {
	checkAlike(sys)
	n := &renaming{classes: sys.Alike}
	var ok bool
	if n.world, ok = sys.World.(RenamerWorld); !ok || len(sys.Alike) == 0 {
		return nil
	}
	if sys.Judge != nil {
		if n.judge, ok = sys.Judge.(Renamer); !ok {
			return nil
		}
	}
	n.order, n.as = make([]ActorID, len(sys.Actors)), make([]ActorID, len(sys.Actors))
	n.about = make([][]byte, len(sys.Actors))
	return n
}

// checkAlike refuses classes whose actors are not alike by what the System says of them.
func checkAlike(sys *System) {
	seen := make([]bool, len(sys.Actors))
	for _, class := range sys.Alike {
		for i, id := range class {
			switch {
			case int(id) >= len(sys.Actors) || seen[id]:
				panic(fmt.Sprintf("sim: actor %d is not in one class of Alike", id))
			case i > 0 && class[i-1] > id:
				panic("sim: a class of Alike is not in the order of its actors")
			}
			seen[id] = true
			a, first := &sys.Actors[id], &sys.Actors[class[0]]
			if a.MayCrash != first.MayCrash || a.MayFail != first.MayFail {
				panic(fmt.Sprintf("sim: %s and %s are not alike: not the same faults may hit them", first.Name, a.Name))
			}
			for j := range sys.Actors {
				if a.Server != "" && j != int(id) && sys.Actors[j].Server == a.Server {
					panic(fmt.Sprintf("sim: %s is like another and does not live alone on its server", a.Name))
				}
			}
		}
	}
}

// OrbitKey is Key up to the names of actors that are alike: it appends the key of a state that comes from this one
// by one exchange of names everywhere. Two states with one OrbitKey are therefore one but for the names. It
// gives the new names by actor, valid until the next call; nil if every actor keeps its own. That a reply named
// an actor is part of the key.
func (m *Machine) OrbitKey(dst []byte) ([]byte, []ActorID) {
	n := m.renaming
	if n == nil {
		return m.Key(dst), nil
	}
	if m.named {
		return append(m.Key(dst), 1), nil
	}
	if n.choose(m); n.moved {
		if key, ok := n.key(m, dst); ok {
			return append(key, 0), n.as
		}
	}
	return append(m.Key(dst), 0), nil
}

// choose orders the actors of each class by where they are and then by what is said of them. Where that is the same
// the order stays as it is: it can keep two states apart that are one, and never make one of two that differ.
func (n *renaming) choose(m *Machine) {
	n.moved = false
	for i := range n.order {
		n.order[i], n.as[i] = ActorID(i), ActorID(i)
		n.about[i] = n.about[i][:0]
	}
	for _, class := range n.classes {
		n.sort(m, class)
	}
	if !n.moved {
		return
	}
	for name, id := range n.order {
		n.as[id] = ActorID(name)
	}
}

// sort hands out the names of a class, by insertion: classes are small and often in order.
func (n *renaming) sort(m *Machine, class []ActorID) {
	for i := 1; i < len(class); i++ {
		for j := i; j > 0 && n.less(m, n.order[class[j]], n.order[class[j-1]]); j-- {
			n.order[class[j]], n.order[class[j-1]] = n.order[class[j-1]], n.order[class[j]]
			n.moved = true
		}
	}
}

func (n *renaming) less(m *Machine, a, b ActorID) bool {
	if c := cmp.Compare(m.number(a), m.number(b)); c != 0 {
		return c < 0
	}
	return bytes.Compare(n.said(m, a), n.said(m, b)) < 0
}

// said is all that is said of an actor.
func (n *renaming) said(m *Machine, a ActorID) []byte {
	if len(n.about[a]) > 0 {
		return n.about[a]
	}
	dst := n.world.About(append(n.about[a], 0), a)
	if n.judge != nil {
		dst = n.judge.About(append(dst, 0), a)
	}
	n.about[a] = m.history.about(append(dst, 0), a)
	return n.about[a]
}

// key is Key under the names chosen.
func (n *renaming) key(m *Machine, dst []byte) ([]byte, bool) {
	begin := len(dst)
	dst, ok := n.world.KeyAs(dst, n.as)
	if !ok {
		return dst, false
	}
	m.keyed = len(dst) - begin
	for _, id := range n.order {
		dst = binary.AppendUvarint(dst, uint64(m.number(id)))
	}
	dst = m.keyBudget(dst)
	n.events = m.history.renamed(n.events[:0], n.as)
	dst = m.history.key(dst, n.events)
	if n.judge == nil {
		return dst, true
	}
	return n.judge.KeyAs(dst, n.as)
}

// about appends an actor's events: in which run of calls or of returns, and what.
func (h *history) about(dst []byte, a ActorID) []byte {
	run := uint64(0)
	for i := range h.events {
		if i > 0 && h.events[i].Kind != h.events[i-1].Kind {
			run++
		}
		if e := h.events[i]; e.Actor == a {
			e.Actor = 0
			dst = binary.AppendUvarint(binary.AppendUvarint(dst, run), uint64(h.number(e)))
		}
	}
	return dst
}

// renamed appends the history under other names, in canonical order.
func (h *history) renamed(dst History, as []ActorID) History {
	if h.index == nil {
		return dst
	}
	for from := 0; from < len(h.events); {
		to := from
		for ; to < len(h.events) && h.events[to].Kind == h.events[from].Kind; to++ {
			e := h.events[to]
			e.Actor = as[e.Actor]
			dst = append(dst, e)
		}
		slices.SortFunc(dst[from:to], func(a, b Event) int { return cmp.Compare(a.Actor, b.Actor) })
		from = to
	}
	return dst
}

// key appends events as numbers, and how many there are.
func (h *history) key(dst []byte, events History) []byte {
	dst = binary.AppendUvarint(dst, uint64(len(events)))
	for _, e := range events {
		dst = binary.AppendUvarint(dst, uint64(h.number(e)))
	}
	return dst
}

// alike numbers the nodes of actors that are alike: equal replies in equal operations, equal numbers.
type alike struct {
	roots  map[rootKey]int32
	nodes  map[childKey]int32
	known  int32
	shared Numbers // nil: numbers are counted here
	space  string
}

type childKey struct {
	parent int32
	reply  Reply
}

func newAlike(shared Numbers, first ActorID) *alike {
	return &alike{
		roots: map[rootKey]int32{}, nodes: map[childKey]int32{}, shared: shared, space: fmt.Sprint("nodes ", first),
	}
}

func (a *alike) root(key rootKey) int32 {
	n, ok := a.roots[key]
	if !ok {
		n = a.next(key)
		a.roots[key] = n
	}
	return n
}

func (a *alike) child(parent int32, r Reply) int32 {
	key := childKey{parent, r}
	n, ok := a.nodes[key]
	if !ok {
		n = a.next(key)
		a.nodes[key] = n
	}
	return n
}
