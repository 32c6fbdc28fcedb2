package sim

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"fmt"
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

// RenamerWorld is a World whose actors can be renamed. In as, several actors may have one name.
type RenamerWorld interface {
	World
	Renamer
	// Alike tells who is alike, before the first run.
	Alike(classes [][]ActorID)
	// ObjectAs, ReplyAs and StepAs give an object, a reply or a step in which each actor a is called as[a].
	ObjectAs(o Object, as []ActorID) Object
	ReplyAs(r Reply, as []ActorID) Reply
	StepAs(s Step, as []ActorID) Step
	// Names tells whether the reply to a step names an actor where ReplyAs leaves the name as it is. From then on
	// no actor of the run is renamed.
	Names(s *Step, r Reply) bool
	// Biased tells that the World did not treat actors that are alike alike, in any run since it was made: it
	// decided something by their names. Then nothing may be concluded of one from another.
	Biased() bool
}

// renaming gives the actors of each class of System.Alike new names, so that states which differ only in who is
// who have one key.
type renaming struct {
	world   RenamerWorld
	judge   Renamer // nil if there is no Judge
	classes [][]ActorID
	// numberings is how many alikes there are, and namings are the ways to call the actors that were needed, by
	// names. The last was of word.
	numberings int
	namings    map[string]*naming
	word       []byte
	// alone are, by actor, the namings in which it is the first of its class, and every other is not told apart
	// from the others of its class: what such a naming makes of the actor's node says where it is, whoever it is.
	alone []*naming

	order  []ActorID // actors by their new names
	as     []ActorID // new names by actor
	moved  bool      // some actor has another name
	about  [][]byte
	events []uint16
}

// newRenaming gives nil if no actors are alike, or if the World or the Judge cannot rename them.
func newRenaming(sys *System) *renaming {
	checkAlike(sys)
	n := &renaming{classes: sys.Alike, namings: map[string]*naming{}}
	var ok bool
	if n.world, ok = sys.World.(RenamerWorld); !ok || len(sys.Alike) == 0 {
		return nil
	}
	if sys.Judge != nil {
		if n.judge, ok = sys.Judge.(Renamer); !ok {
			return nil
		}
	}
	n.world.Alike(sys.Alike)
	actors := len(sys.Actors)
	n.order, n.as, n.about = make([]ActorID, actors), make([]ActorID, actors), make([][]byte, actors)
	return n
}

// know is told how many numberings there are, once there are.
func (n *renaming) know(numberings int) {
	n.numberings = numberings
	n.alone = make([]*naming, len(n.as))
	for a := range n.as {
		n.alone[a] = n.named(n.aloneAs(ActorID(a)))
	}
}

// own are the actors' own names.
func (n *renaming) own() []ActorID {
	as := make([]ActorID, len(n.as))
	for i := range as {
		as[i] = ActorID(i)
	}
	return as
}

func (n *renaming) aloneAs(a ActorID) []ActorID {
	as := n.own()
	for _, class := range n.classes {
		other := class[0]
		for _, id := range class {
			if id == a {
				other = class[len(class)-1]
			}
		}
		for _, id := range class {
			if as[id] = other; id == a {
				as[id] = class[0]
			}
		}
	}
	return as
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
			if !a.SameFaults(first) {
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

// Renames tells whether OrbitKey takes states that differ in names alone for one: actors are alike, and the World
// and the Judge can rename them. It ends for good where the World turns out to be biased.
func (m *Machine) Renames() bool { return m.renaming != nil && !m.renaming.world.Biased() }

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
		if key, ok := m.KeyAs(dst, n.as); ok {
			return append(key, 0), n.as
		}
	}
	return append(m.Key(dst), 0), nil
}

// KeyAs is the Key of the state in which each actor a is called as[a], a renaming within the classes of
// System.Alike: what Key is after the same run in which they are called so from the start. False if actors cannot
// be renamed.
func (m *Machine) KeyAs(dst []byte, as []ActorID) ([]byte, bool) {
	n := m.renaming
	if n == nil || m.named {
		return dst, false
	}
	to, begin := n.named(as), len(dst)
	dst, ok := n.world.KeyAs(dst, as)
	if !ok {
		return dst[:begin], false
	}
	m.keyed = len(dst) - begin
	for id, name := range as {
		n.order[name] = ActorID(id)
	}
	for _, id := range n.order {
		dst = binary.AppendUvarint(dst, uint64(n.number(m, to, id)))
	}
	dst = m.keyBudget(dst)
	n.events = n.renamed(n.events[:0], to, &m.history)
	dst = keyNumbers(dst, n.events)
	if n.judge == nil {
		return dst, true
	}
	if dst, ok = n.judge.KeyAs(dst, as); !ok {
		return dst[:begin], false
	}
	return dst, true
}

// number is what a naming makes of where an actor is.
func (n *renaming) number(m *Machine, to *naming, id ActorID) uint32 {
	a := &m.actors[id]
	if a.state == crashed {
		return 0
	}
	t := m.trees[id]
	return uint32(n.node(to, t.alike, t.nodes[a.node].number)) + 1
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
	if c := cmp.Compare(n.number(m, n.alone[a], a), n.number(m, n.alone[b], b)); c != 0 {
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
	n.about[a] = n.aboutEvents(append(dst, 0), &m.history, a)
	return n.about[a]
}

// aboutEvents appends an actor's events: in which run of calls or of returns, and what.
func (n *renaming) aboutEvents(dst []byte, h *history, a ActorID) []byte {
	run := uint64(0)
	for i := range h.events {
		if i > 0 && h.events[i].Kind != h.events[i-1].Kind {
			run++
		}
		if h.index != nil && h.events[i].Actor == a {
			event := n.event(n.alone[a], h, h.numbers[i])
			dst = binary.AppendUvarint(binary.AppendUvarint(dst, run), uint64(event))
		}
	}
	return dst
}

// renamed appends the history under other names, in canonical order.
func (n *renaming) renamed(dst []uint16, to *naming, h *history) []uint16 {
	for i, number := range h.numbers {
		dst = append(dst, n.event(to, h, number))
		for ; i > 0; i-- {
			p, q := &h.known[dst[i-1]], &h.known[dst[i]]
			if p.Kind != q.Kind || p.Actor <= q.Actor {
				break
			}
			dst[i-1], dst[i] = dst[i], dst[i-1]
		}
	}
	return dst
}
