package sim

// replyTree remembers what one actor's code does: within an operation, its next step is a function
// of the operation and of the replies so far. An edge is a reply, a node holds the next step. A node
// is made once, by running the code on the recorded replies; after that no code is run.
//
// An operation that returns leads to the root of the next one, and equal operations at one position
// of a script share a root: what an actor did before is forgotten when its operation returns.
type replyTree struct {
	actor *Actor // runs the code; not the actor that the machine shows
	nodes []treeNode
	roots map[rootKey]int32
	start edge  // to the first operation
	live  int32 // the node at which the coroutine is parked, or noNode
}

const noNode int32 = -1

type rootKey struct {
	pos    int
	verb   uint8
	object Object
	arg    Reply
}

type treeNode struct {
	state   actorState
	step    Step
	op      Operation
	pos     int
	parent  int32 // noNode at a root
	reply   Reply // that led here from parent
	next    map[Reply]edge
	failure *Failure
}

// edge is where a reply leads: to a node, perhaps by the end of an operation, perhaps past
// operations that took no step.
type edge struct {
	node   int32
	last   bool
	result Reply
	idle   []Event
}

func newReplyTree(id ActorID, spec *ActorSpec) *replyTree {
	t := &replyTree{roots: map[rootKey]int32{}, live: noNode}
	t.actor = &Actor{id: id, spec: spec}
	t.actor.co = newCoroutine(t.actor)
	t.start.node, t.start.idle = t.begin(0, Reply{})
	return t
}

// child is where the reply leads from node n.
func (t *replyTree) child(n int32, r Reply) edge {
	if e, ok := t.nodes[n].next[r]; ok {
		return e
	}
	e := t.grow(n, r)
	if t.nodes[n].next == nil {
		t.nodes[n].next = map[Reply]edge{}
	}
	t.nodes[n].next[r] = e
	return e
}

func (t *replyTree) grow(n int32, r Reply) edge {
	t.seek(n)
	a, from := t.actor, &t.nodes[n]
	a.co.reply = r
	if a.co.resume() {
		t.live = noNode
		e := edge{last: true, result: a.co.result}
		e.node, e.idle = t.begin(from.pos+1, a.co.result)
		return e
	}
	node := treeNode{state: parked, step: a.pending, op: from.op, pos: from.pos, parent: n, reply: r}
	return edge{node: t.add(node)}
}

// begin finds the root of operation pos, running the code to its first step if it is new.
func (t *replyTree) begin(pos int, last Reply) (int32, []Event) {
	a := t.actor
	var idle []Event
	for ; ; pos++ {
		op, ok := a.spec.Script(pos, last)
		if !ok {
			return t.root(rootKey{pos: pos}, func() treeNode { return treeNode{state: finished, pos: pos} }), idle
		}
		key := rootKey{pos, op.Verb, op.Object, op.Arg}
		if n, ok := t.roots[key]; ok {
			return n, idle
		}
		t.rest()
		a.op, a.pos = op, pos
		if !a.co.resume() {
			node := treeNode{state: parked, step: a.pending, op: op, pos: pos, parent: noNode}
			return t.root(key, func() treeNode { return node }), idle
		}
		last = a.co.result
		idle = append(idle, callOf(a.id, &op), returnOf(a.id, &op, last))
	}
}

func (t *replyTree) root(key rootKey, make func() treeNode) int32 {
	if n, ok := t.roots[key]; ok {
		return n
	}
	node := make()
	node.parent = noNode
	n := t.add(node)
	t.roots[key] = n
	return n
}

// add appends a node; if the code broke out, it is one from which nothing goes on.
func (t *replyTree) add(node treeNode) int32 {
	if f := t.actor.co.failure; f != nil && node.state == parked {
		node.state, node.failure = failed, f
		t.replaceCoroutine()
	}
	t.nodes = append(t.nodes, node)
	n := int32(len(t.nodes) - 1)
	if node.state == parked {
		t.live = n
	}
	return n
}

// seek runs the code again up to node n, unless it is there.
func (t *replyTree) seek(n int32) {
	if t.live == n {
		return
	}
	t.rest()
	var path []Reply
	top := n
	for ; t.nodes[top].parent != noNode; top = t.nodes[top].parent {
		path = append(path, t.nodes[top].reply)
	}
	a := t.actor
	a.op, a.pos = t.nodes[top].op, t.nodes[top].pos
	a.co.resume()
	for i := len(path) - 1; i >= 0; i-- {
		a.co.reply = path[i]
		a.co.resume()
	}
	t.live = n
}

// rest ends the operation in progress, if there is one.
func (t *replyTree) rest() {
	if t.live != noNode {
		t.actor.co.abandon()
		t.live = noNode
	}
}

func (t *replyTree) replaceCoroutine() {
	t.actor.co.close()
	t.actor.co = newCoroutine(t.actor)
	t.live = noNode
}

func (t *replyTree) close() {
	t.rest()
	t.actor.co.close()
}

// Recheck runs the code to every node of the tree again and tells the first that now offers another
// step; noNode if the code does what it did.
func (t *replyTree) recheck() int32 {
	for n := range t.nodes {
		node := &t.nodes[n]
		if node.state != parked {
			continue
		}
		t.rest()
		t.seek(int32(n))
		if t.actor.pending != node.step {
			return int32(n)
		}
	}
	return noNode
}
