package world

import (
	"slices"
	"strings"

	"fermata/sim"
)

// who is what the World knows of the names of actors that are alike: where they stand in names and values, and what
// those are under other names. Minted ids name the actor that made them, and so do the names of keys and objects
// that hold an id.
type who struct {
	class  map[sim.ActorID][]sim.ActorID
	names  []string      // of the actors that are alike, by actor; empty for others
	makers []sim.ActorID // by object
	made   []sim.ActorID // by value
	named  map[string]*naming
	last   *naming
	word   []byte
	turns  map[[2]sim.Object]bool
	biased bool
	order  []row // scratch
	locks  []lock
	flows  []flow
	fences []fence
}

// naming is one way to call the actors, with the objects and values under these names, each once it is known.
type naming struct {
	as      []sim.ActorID
	objects []sim.Object
	refs    []sim.Ref
}

// Alike tells who is alike.
func (w *World) Alike(classes [][]sim.ActorID) {
	w.who = who{class: map[sim.ActorID][]sim.ActorID{}, named: map[string]*naming{}, turns: map[[2]sim.Object]bool{}}
	for _, class := range classes {
		for _, a := range class {
			w.who.class[a] = class
			for len(w.who.names) <= int(a) {
				w.who.names = append(w.who.names, "")
			}
			w.who.names[a] = w.cfg.ActorName(a)
		}
	}
}

// Renames tells that some actors are alike: they can have other names.
func (w *World) Renames() bool { return len(w.who.class) > 0 }

// Biased tells that two messages, or members of one set, stood in the order of names that actors who are alike gave
// them: others would have come first if others had made them.
func (w *World) Biased() bool { return w.who.biased }

// Names is false: every name in a reply is renamed.
func (w *World) Names(*sim.Step, sim.Reply) bool { return false }

func (w *World) naming(as []sim.ActorID) *naming {
	n := &w.who
	if n.last != nil && slices.Equal(n.last.as, as) {
		return n.last
	}
	n.word = n.word[:0]
	for _, a := range as {
		n.word = append(n.word, byte(a))
	}
	t := n.named[string(n.word)]
	if t == nil {
		t = &naming{as: slices.Clone(as)}
		n.named[string(n.word)] = t
	}
	n.last = t
	return t
}

// mention finds the first place in a text, from an index on, where an id names an actor that is alike to others.
func (w *World) mention(text string, from int) (a sim.ActorID, at, end int) {
	for at = from; at < len(text); at++ {
		if text[at] != '@' {
			continue
		}
		for id, name := range w.who.names {
			if end = at + 1 + len(name); name != "" && strings.HasPrefix(text[at+1:], name+".") {
				return sim.ActorID(id), at + 1, end
			}
		}
	}
	return sim.Nobody, 0, 0
}

// maker is the actor, alike to others, that an object's name names; Nobody if there is none.
func (w *World) maker(o sim.Object) sim.ActorID {
	for len(w.who.makers) <= int(o) {
		w.who.makers = append(w.who.makers, sim.Clock) // not yet known
	}
	if w.who.makers[o] == sim.Clock {
		w.who.makers[o], _, _ = w.mention(w.pool.names[o], 0)
	}
	return w.who.makers[o]
}

// Maker is the actor, alike to others, that minted the id of an object's name; Nobody if none did.
func (w *World) Maker(o sim.Object) sim.ActorID { return w.maker(o) }

// text is a name under other names.
func (w *World) text(text string, as []sim.ActorID) string {
	var b strings.Builder
	done := 0
	for {
		a, at, end := w.mention(text, done)
		if a == sim.Nobody {
			return b.String() + text[done:]
		}
		b.WriteString(text[done:at] + w.who.names[as[a]])
		done = end
	}
}

func (w *World) objectAs(t *naming, o sim.Object) sim.Object {
	if t == nil || o == 0 {
		return o
	}
	if int(o) < len(t.objects) && t.objects[o] != 0 {
		return t.objects[o]
	}
	out := o
	if w.maker(o) != sim.Nobody {
		out = w.pool.object(w.text(w.pool.names[o], t.as))
		if k, ok := w.keyspace.keys[o]; ok {
			w.keyspace.keys[out] = key{k.kind, w.objectAs(t, k.of)}
		}
	}
	for len(t.objects) <= int(o) {
		t.objects = append(t.objects, 0)
	}
	t.objects[o] = out
	return out
}

func (w *World) refAs(t *naming, ref sim.Ref) sim.Ref {
	if t == nil || ref == 0 {
		return ref
	}
	if int(ref) < len(t.refs) && t.refs[ref] != 0 {
		return t.refs[ref]
	}
	out := w.valueAs(t, ref)
	for len(t.refs) <= int(ref) {
		t.refs = append(t.refs, 0)
	}
	t.refs[ref] = out
	return out
}

// valueAs is a record, a task or a list under other names.
func (w *World) valueAs(t *naming, ref sim.Ref) sim.Ref {
	e := w.pool.entries[ref]
	switch {
	case e.list != nil:
		list := make([]sim.Ref, len(e.list))
		for i, item := range e.list {
			list[i] = w.refAs(t, item)
		}
		return w.pool.list(list...)
	case e.task.ID != "":
		e.task.ID, e.task.RetriedTaskID = renamed(w, t, e.task.ID), renamed(w, t, e.task.RetriedTaskID)
		e.task.WorkflowID, e.task.SubWorkflowID = renamed(w, t, e.task.WorkflowID), renamed(w, t, e.task.SubWorkflowID)
		return w.pool.task(e.task)
	case e.record.ID != "":
		e.record.ID, e.record.FailedTaskID = renamed(w, t, e.record.ID), renamed(w, t, e.record.FailedTaskID)
		e.record.ParentWorkflowID = renamed(w, t, e.record.ParentWorkflowID)
		e.record.ParentWorkflowTaskID = renamed(w, t, e.record.ParentWorkflowTaskID)
		return w.pool.record(e.record)
	}
	return ref
}

func renamed[ID ~string](w *World, t *naming, id ID) ID { return ID(w.text(string(id), t.as)) }

// ObjectAs is the object under other names.
func (w *World) ObjectAs(o sim.Object, as []sim.ActorID) sim.Object {
	return w.objectAs(w.naming(as), o)
}

// ReplyAs is the reply under other names.
func (w *World) ReplyAs(r sim.Reply, as []sim.ActorID) sim.Reply {
	t := w.naming(as)
	r.Object, r.Ref = w.objectAs(t, r.Object), w.refAs(t, r.Ref)
	return r
}

// StepAs is the step under other names.
func (w *World) StepAs(s sim.Step, as []sim.ActorID) sim.Step {
	t := w.naming(as)
	s.Object, s.Other, s.Ref = w.objectAs(t, s.Object), w.objectAs(t, s.Other), w.refAs(t, s.Ref)
	for i := range s.Access[:s.Accesses] {
		s.Access[i].Object = w.objectAs(t, s.Access[i].Object)
	}
	return s
}

// KeyAs is Key with every actor renamed.
func (w *World) KeyAs(dst []byte, as []sim.ActorID) ([]byte, bool) {
	if w.who.biased {
		return dst, false
	}
	return w.keyUnder(dst, w.naming(as)), true
}

// tied is told of a message, or a member of a set, beside which another stands of the same score: their names order
// them. It notes whether other names would order them otherwise.
func (w *World) tied(o, p sim.Object) {
	if w.who.biased || len(w.who.class) == 0 || o == p {
		return
	}
	a, b := w.maker(o), w.maker(p)
	if a == sim.Nobody && b == sim.Nobody {
		return
	}
	pair := [2]sim.Object{o, p}
	turns, known := w.who.turns[pair]
	if !known {
		turns = w.turns(o, p, a, b)
		w.who.turns[pair] = turns
	}
	w.who.biased = turns
}

// turns tells whether the order of two names that name actors a and b, or Nobody, is another under some other names.
func (w *World) turns(o, p sim.Object, a, b sim.ActorID) bool {
	as := make([]sim.ActorID, len(w.who.names))
	before := w.pool.names[o] < w.pool.names[p]
	for _, x := range w.may(a) {
		for _, y := range w.may(b) {
			if (x == y) != (a == b) {
				continue
			}
			for i := range as {
				as[i] = sim.ActorID(i)
			}
			if a != sim.Nobody {
				as[a] = x
			}
			if b != sim.Nobody {
				as[b] = y
			}
			if w.text(w.pool.names[o], as) < w.text(w.pool.names[p], as) != before {
				return true
			}
		}
	}
	return false
}

// may are the names that an actor may have; Nobody has that alone.
func (w *World) may(a sim.ActorID) []sim.ActorID {
	if a == sim.Nobody {
		return []sim.ActorID{sim.Nobody}
	}
	return w.who.class[a]
}
