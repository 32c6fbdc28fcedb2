package sim

import "fmt"

// replyTree remembers what one actor's code does: within an operation, its next step is a function
// of the operation and of the replies so far. An edge is a reply, a node holds the next step. A node
// is made once, by running the code on the recorded replies; after that no code is run.
//
// An operation that returns leads to the root of the next one, and equal operations at one position
// of a script share a root: what an actor did before is forgotten when its operation returns.
type replyTree struct {
	actor *Actor // runs the code; not the actor that the machine shows
	world World  // for words
	nodes []*treeNode
	roots map[rootKey]int32
	start edge   // to the first operation
	live  int32  // the node at which the coroutine is parked, or noNode
	alike *alike // nil: a node's number is its index
}

const noNode int32 = -1

type rootKey struct {
	pos    int // scriptOver where no operation is left
	verb   uint8
	object Object
	arg    Reply
}

const scriptOver = -1

type treeNode struct {
	state   actorState
	number  int32 // in the words of the actor's class
	step    Step
	plain   bool // step is, in the words of a QuickWorld
	op      Operation
	pos     int
	call    uint32 // mark of the operation's call in the history
	parent  int32  // noNode at a root
	reply   Reply  // that led here from parent
	next    []edge
	index   map[Reply]int32 // of next, once that is long
	failure *Failure
	ended   bool     // ending is known
	ending  *Failure // how the code breaks out if it is ended here
	restart *edge    // where a restart leads; nil until that is asked
}

// edge is where a reply leads: to a node, perhaps by the end of an operation, perhaps past
// operations that took no step.
type edge struct {
	reply  Reply
	digest uint64 // of the node's step and the reply
	node   int32
	last   bool
	result Reply
	mark   uint32 // of the return in the history
	idle   []Event
}

// indexFrom is the number of edges from which on they are found by a map.
const indexFrom = 8

func (n *treeNode) edge(r Reply) *edge {
	if n.index != nil {
		if i, ok := n.index[r]; ok {
			return &n.next[i]
		}
		return nil
	}
	for i := range n.next {
		if n.next[i].reply == r {
			return &n.next[i]
		}
	}
	return nil
}

func (n *treeNode) add(e edge) *edge {
	n.next = append(n.next, e)
	last := len(n.next) - 1
	switch {
	case n.index != nil:
		n.index[e.reply] = int32(last)
	case last == indexFrom:
		n.index = map[Reply]int32{}
		for i := range n.next {
			n.index[n.next[i].reply] = int32(i)
		}
	}
	return &n.next[last]
}

func newReplyTree(a *Actor, w World, class *alike) *replyTree {
	t := &replyTree{actor: a, world: w, roots: map[rootKey]int32{}, live: noNode, alike: class}
	t.actor.co = newCoroutine(t.actor)
	t.start.node, t.start.idle = t.begin(0, Reply{})
	return t
}

// child is where the reply leads from node n. It is valid until the tree grows.
func (t *replyTree) child(n int32, r Reply) *edge {
	node := t.nodes[n]
	if e := node.edge(r); e != nil {
		return e
	}
	e := t.grow(n, r)
	e.digest = t.world.Digest(t.actor.id, &node.step, r)
	return node.add(e)
}

func (t *replyTree) grow(n int32, r Reply) edge {
	from := t.nodes[n]
	node := &treeNode{state: parked, op: from.op, pos: from.pos, parent: n, reply: r}
	if t.alike != nil {
		node.number = t.alike.child(from.number, r)
	}
	if f := t.seek(n); f != nil {
		node.state, node.failure = failed, f
		return edge{reply: r, node: t.add(node)}
	}
	a := t.actor
	a.co.reply = r
	if a.co.resume() {
		t.live = noNode
		e := edge{reply: r, last: true, result: a.co.result}
		e.node, e.idle = t.begin(from.pos+1, a.co.result)
		return e
	}
	return edge{reply: r, node: t.add(node)}
}

// begin finds the root of operation pos, running the code to its first step if it is new. The
// coroutine is at the end of an operation.
func (t *replyTree) begin(pos int, last Reply) (int32, []Event) {
	a := t.actor
	var idle []Event
	for ; ; pos++ {
		op, ok := a.spec.Script(pos, last)
		key := rootKey{pos, op.Verb, op.Object, op.Arg}
		if !ok {
			key = rootKey{pos: scriptOver}
		}
		if n, ok := t.roots[key]; ok {
			return n, idle
		}
		node := &treeNode{state: finished, pos: pos, parent: noNode}
		if t.alike != nil {
			node.number = t.alike.root(key)
		}
		if ok {
			a.undertake(pos, op)
			if a.co.resume() {
				last = a.co.result
				idle = append(idle, callOf(a.id, &op), returnOf(a.id, &op, last))
				continue
			}
			node.state, node.op = parked, op
		}
		n := t.add(node)
		t.roots[key] = n
		return n, idle
	}
}

// add appends a node. If it is parked, the coroutine is parked there; if the code broke out, it
// becomes one from which nothing goes on.
func (t *replyTree) add(node *treeNode) int32 {
	n := int32(len(t.nodes))
	t.nodes = append(t.nodes, node)
	if t.alike == nil {
		node.number = n
	}
	if node.state != parked {
		return n
	}
	if f := t.actor.co.failure; f != nil {
		node.state, node.failure = failed, f
		t.replaceCoroutine()
		return n
	}
	node.step, t.live = *t.actor.pending, n
	if q := quick(t.world); q != nil {
		node.plain = q.Plain(&node.step)
	}
	return n
}

// seek runs the code again up to node n, unless it is there, and tells how it breaks out.
func (t *replyTree) seek(n int32) *Failure {
	if t.live == n {
		return nil
	}
	if f := t.rest(); f != nil {
		return f
	}
	path := []*treeNode{t.nodes[n]}
	for top := path[0]; top.parent != noNode; top = path[len(path)-1] {
		path = append(path, t.nodes[top.parent])
	}
	t.actor.undertake(path[0].pos, path[0].op)
	for i := len(path) - 1; i >= 0; i-- {
		if f := t.again(path[i]); f != nil {
			return f
		}
	}
	t.live = n
	return nil
}

// again gives the code the reply that leads to a node, and tells whether it does what it did.
func (t *replyTree) again(node *treeNode) *Failure {
	co := t.actor.co
	co.reply = node.reply
	returned := co.resume()
	if !returned && co.failure == nil && *t.actor.pending == node.step {
		return nil
	}
	now := "returned"
	switch {
	case co.failure != nil:
		now = "broke out: " + co.failure.Error()
	case !returned:
		now = "took " + t.words(t.actor.pending)
	}
	return t.diverged(node.pos, returned, "took "+t.words(&node.step), now)
}

func (t *replyTree) words(s *Step) string { return t.world.StepText(t.actor.id, s) }

// diverged ends the operation in progress, unless it returned, and tells what differs.
func (t *replyTree) diverged(pos int, returned bool, was, now string) *Failure {
	if co := t.actor.co; !returned && co.failure == nil {
		co.abandon()
	}
	t.replaceCoroutine()
	text := fmt.Sprintf("in operation %d, on equal replies, it first %s and then %s; "+
		"does it keep something between operations?", pos, was, now)
	return &Failure{Kind: Diverged, Actor: t.actor.spec.Name, Value: text}
}

// rest ends the operation in progress, if there is one, and tells how the code breaks out.
func (t *replyTree) rest() *Failure {
	if t.live == noNode {
		return nil
	}
	t.live = noNode
	f := t.actor.co.abandon()
	if f != nil {
		t.replaceCoroutine()
	}
	return f
}

// end tells how the code breaks out if a crash ends it at node n.
func (t *replyTree) end(n int32) *Failure {
	node := t.nodes[n]
	if !node.ended {
		node.ended = true
		if node.ending = t.seek(n); node.ending == nil {
			node.ending = t.rest()
		}
	}
	return node.ending
}

func (t *replyTree) replaceCoroutine() {
	t.actor.co.close()
	t.actor.co = newCoroutine(t.actor)
	t.live = noNode
}

func (t *replyTree) close() *Failure {
	f := t.rest()
	t.actor.co.close()
	return f
}

// recheck runs the code again to every node of the tree and along every edge, and tells the first
// difference.
func (t *replyTree) recheck() *Failure {
	for n, node := range t.nodes {
		for i := range node.next {
			if f := t.recheckEdge(int32(n), &node.next[i]); f != nil {
				return f
			}
		}
		if node.state != parked {
			continue
		}
		if f := t.fresh(int32(n)); f != nil {
			return f
		}
	}
	return nil
}

// fresh seeks a node from the start of its operation.
func (t *replyTree) fresh(n int32) *Failure {
	if f := t.rest(); f != nil {
		return f
	}
	return t.seek(n)
}

func (t *replyTree) recheckEdge(n int32, e *edge) *Failure {
	to := t.nodes[e.node]
	if !e.last && to.state != parked {
		return nil // the code broke out there
	}
	if f := t.fresh(n); f != nil {
		return f
	}
	if !e.last {
		f := t.again(to)
		if f == nil {
			t.live = e.node
		}
		return f
	}
	a := t.actor
	a.co.reply = e.reply
	returned := a.co.resume()
	t.live = noNode
	was, pos := fmt.Sprintf("returned %v", e.result), t.nodes[n].pos
	switch {
	case a.co.failure != nil:
		return t.diverged(pos, false, was, "broke out: "+a.co.failure.Error())
	case !returned:
		return t.diverged(pos, false, was, "took "+t.words(a.pending))
	case a.co.result != e.result:
		return t.diverged(pos, true, was, fmt.Sprintf("returned %v", a.co.result))
	}
	return nil
}
