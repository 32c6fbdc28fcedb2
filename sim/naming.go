package sim

import "fmt"

// alike numbers the nodes of actors that are alike: equal replies in equal operations, equal numbers.
type alike struct {
	index int // among the machine's
	roots map[rootKey]int32
	nodes map[childKey]int32
	from  []origin // by number; only of those that this machine knows
	// shared is who gives numbers, in a space; nil: they are counted here.
	shared Numbers
	space  string
}

type childKey struct {
	parent int32
	reply  Reply
}

// origin is what a number was given for: a root, or the reply that leads to the node from its parent.
type origin struct {
	childKey
	root rootKey
}

func newAlike(index int, shared Numbers) *alike {
	return &alike{
		index: index, roots: map[rootKey]int32{}, nodes: map[childKey]int32{},
		shared: shared, space: fmt.Sprint("nodes ", index),
	}
}

func (a *alike) root(key rootKey) int32 {
	n, ok := a.roots[key]
	if !ok {
		n = a.next(key)
		a.roots[key] = n
		a.from = put(a.from, n, origin{childKey{parent: noNode}, key})
	}
	return n
}

func (a *alike) child(parent int32, r Reply) int32 {
	key := childKey{parent, r}
	n, ok := a.nodes[key]
	if !ok {
		n = a.next(key)
		a.nodes[key] = n
		a.from = put(a.from, n, origin{childKey: key})
	}
	return n
}

// naming is one way to call the actors, with what it makes of nodes and events. What it makes of an actor's node
// is the node in which every reply, and the operation, has the new names.
type naming struct {
	as     []ActorID
	nodes  [][]int32 // by numbering and number, plus 1; 0 is not yet known
	events []uint16  // the same for events, which are at most 65,535 then
}

// named finds or makes what is known of a way to call the actors.
func (n *renaming) named(as []ActorID) *naming {
	n.word = n.word[:0]
	for _, id := range as {
		n.word = append(n.word, byte(id))
	}
	to, ok := n.namings[string(n.word)]
	if !ok {
		to = &naming{as: append([]ActorID(nil), as...), nodes: make([][]int32, n.numberings)}
		n.namings[string(n.word)] = to
	}
	return to
}

// node is what a naming makes of a node.
func (n *renaming) node(to *naming, a *alike, number int32) int32 {
	known := to.nodes[a.index]
	if int(number) < len(known) && known[number] != 0 {
		return known[number] - 1
	}
	var named int32
	if from := a.from[number]; from.parent == noNode {
		from.root.object = n.world.ObjectAs(from.root.object, to.as)
		from.root.arg = n.world.ReplyAs(from.root.arg, to.as)
		named = a.root(from.root)
	} else {
		named = a.child(n.node(to, a, from.parent), n.world.ReplyAs(from.reply, to.as))
	}
	to.nodes[a.index] = put(to.nodes[a.index], number, named+1)
	return named
}

// event is what a naming makes of an event, by number.
func (n *renaming) event(to *naming, h *history, number uint16) uint16 {
	if int(number) < len(to.events) && to.events[number] != 0 {
		return to.events[number] - 1
	}
	named := h.number(n.eventAs(h.known[number], to.as))
	to.events = put(to.events, int32(number), named+1)
	return named
}

func (n *renaming) eventAs(e Event, as []ActorID) Event {
	e.Actor, e.Object = as[e.Actor], n.world.ObjectAs(e.Object, as)
	e.Arg, e.Reply = n.world.ReplyAs(e.Arg, as), n.world.ReplyAs(e.Reply, as)
	return e
}

// put sets an entry of a table that grows.
func put[T any](table []T, at int32, v T) []T {
	if missing := int(at) + 1 - len(table); missing > 0 {
		table = append(table, make([]T, missing)...)
	}
	table[at] = v
	return table
}

// grow plants a reply tree for each actor; those of a class number their nodes together. Where actors are renamed,
// whoever is like nobody numbers its own: replies may name the others. So does everybody where numbers are shared.
func (m *Machine) grow() {
	classes := make([]*alike, len(m.actors))
	known := 0
	number := func(class ...ActorID) {
		together := newAlike(known, m.sys.Numbers)
		known++
		for _, id := range class {
			classes[id] = together
		}
	}
	for _, class := range m.sys.Alike {
		number(class...)
	}
	for i := range m.actors {
		if classes[i] == nil && (m.renaming != nil || m.sys.Numbers != nil) {
			number(ActorID(i))
		}
	}
	if m.renaming != nil {
		m.renaming.know(known)
	}
	m.trees = make([]*replyTree, len(m.actors))
	for i := range m.actors {
		m.trees[i] = newReplyTree(m.actors[i].fresh(), m.world, classes[i])
	}
}
