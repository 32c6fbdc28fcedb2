package sim

import "fmt"

// RecheckAs holds code and scripts against what System.Alike says of them: on the replies that the reply trees
// remember of an actor, each actor called as[a] in them, the actor of its new name takes the same steps, returns
// the same and is asked the same next, but for the names. The first difference is a *Failure. It is nil where no
// actors can be renamed.
func (m *Machine) RecheckAs(as []ActorID) error {
	if m.renaming == nil {
		return nil
	}
	for id, t := range m.trees {
		p := pair{m.renaming, as, t, m.trees[as[id]], len(t.nodes), nil}
		if f := p.recheck(); f != nil {
			return f
		}
	}
	return nil
}

// recheckAlike is RecheckAs of each two who are alike, as long as anybody is renamed.
func (m *Machine) recheckAlike() error {
	if !m.Renames() {
		return nil
	}
	for _, class := range m.sys.Alike {
		for i, a := range class {
			for _, b := range class[:i] {
				as := m.renaming.own()
				as[a], as[b] = b, a
				if err := m.RecheckAs(as); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// pair is an actor's tree beside that of the actor that takes its name.
type pair struct {
	n        *renaming
	as       []ActorID
	one, two *replyTree
	nodes    int // of one, at the beginning
	left     [][2]int32
}

func (p *pair) recheck() *Failure {
	edges := make([]int, p.nodes)
	for i := range edges {
		edges[i] = len(p.one.nodes[i].next)
	}
	seen := make([]bool, p.nodes)
	f := p.edge(&p.one.start, &p.two.start)
	for f == nil && len(p.left) > 0 {
		at := p.left[len(p.left)-1]
		p.left = p.left[:len(p.left)-1]
		if int(at[0]) >= p.nodes || seen[at[0]] {
			continue
		}
		seen[at[0]] = true
		for i := 0; i < edges[at[0]] && f == nil; i++ {
			e := p.one.nodes[at[0]].next[i]
			reply := p.n.world.ReplyAs(e.reply, p.as)
			f = p.edge(&e, p.two.child(at[1], reply))
		}
		if e := p.one.nodes[at[0]].restart; e != nil && f == nil {
			f = p.edge(e, p.two.restart(at[1], e.reply))
		}
	}
	return f
}

// edge compares where two replies lead, and has the nodes there looked at.
func (p *pair) edge(e, g *edge) *Failure {
	one, two := p.one.nodes[e.node], p.two.nodes[g.node]
	switch {
	case e.last != g.last || p.n.world.ReplyAs(e.result, p.as) != g.result:
		return p.differ(one, "returned", fmt.Sprintf("%t %v", e.last, e.result), fmt.Sprintf("%t %v", g.last, g.result))
	case len(e.idle) != len(g.idle):
		return p.differ(one, "did without a step", fmt.Sprint(e.idle), fmt.Sprint(g.idle))
	case one.state != two.state || one.pos != two.pos || !p.same(&one.op, &two.op):
		return p.differ(one, "went on with", said(one), said(two))
	case p.n.world.StepAs(one.step, p.as) != two.step:
		return p.differ(one, "took", p.one.words(&one.step), p.two.words(&two.step))
	}
	for i := range e.idle {
		if p.n.eventAs(e.idle[i], p.as) != g.idle[i] {
			return p.differ(one, "did without a step", fmt.Sprint(e.idle[i]), fmt.Sprint(g.idle[i]))
		}
	}
	p.left = append(p.left, [2]int32{e.node, g.node})
	return nil
}

func (p *pair) same(o, q *Operation) bool {
	return o.Verb == q.Verb && p.n.world.ObjectAs(o.Object, p.as) == q.Object &&
		p.n.world.ReplyAs(o.Arg, p.as) == q.Arg
}

func said(n *treeNode) string {
	return fmt.Sprintf("operation %d (%d %d %v) in state %d", n.pos, n.op.Verb, n.op.Object, n.op.Arg, n.state)
}

func (p *pair) differ(at *treeNode, what, one, two string) *Failure {
	return &Failure{Kind: Diverged, Actor: p.two.actor.spec.Name, Value: fmt.Sprintf(
		"in operation %d, on the replies of %s under other names, %s %s %s and %s %s; does it look into names?",
		at.pos, p.one.actor.spec.Name, p.one.actor.spec.Name, what, one, p.two.actor.spec.Name, two)}
}
