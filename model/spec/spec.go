package spec

import (
	"cmp"

	"fermata/model"
)

// Spec is a sequential specification: how one object answers operations that come one by one. All
// its methods are pure. States are comparable and canonical: equal states are ==.
type Spec[S comparable] interface {
	// Name is the specification's name in output.
	Name() string
	// Object gives the object that the operation is about, and false if the specification does not
	// know the operation. Objects are independent of each other, and judged one by one.
	Object(op Operation) (Object, bool)
	// Step returns every state in which the object can be after the operation gave the reply, each
	// once; none if it cannot give that reply. For the reply Unknown that is the given state and
	// whatever any other reply allows. The operation is one that Object knows.
	Step(state S, op Operation, reply Reply) []S
	// Hash returns equal numbers for equal states.
	Hash(state S) uint64
}

// Object is what a state belongs to: a workflow, or one of its tasks.
type Object struct {
	Workflow model.WorkflowID
	Task     model.TaskID
}

func (o Object) compare(p Object) int {
	if c := cmp.Compare(o.Workflow, p.Workflow); c != 0 {
		return c
	}
	return cmp.Compare(o.Task, p.Task)
}

// String gives the ids, for example "w1" or "w1/t1".
func (o Object) String() string {
	if o.Task == "" {
		return string(o.Workflow)
	}
	return string(o.Workflow) + "/" + string(o.Task)
}

// Always is an initial state that is the same for every object.
func Always[S comparable](state S) func(Object) S { return func(Object) S { return state } }

// distinct drops later duplicates. Sets of states are tiny.
func distinct[S comparable](states []S) []S {
	kept := states[:0]
next:
	for _, s := range states {
		for _, k := range kept {
			if s == k {
				continue next
			}
		}
		kept = append(kept, s)
	}
	return kept
}

// hash is FNV-1a in the making.
type hash uint64

const hashStart hash = 14695981039346656037

func (h hash) number(n uint64) hash {
	for ; n > 0xff; n >>= 8 {
		h = (h ^ hash(n&0xff)) * 1099511628211
	}
	return (h ^ hash(n)) * 1099511628211
}

func (h hash) text(s string) hash {
	for i := 0; i < len(s); i++ {
		h = h.number(uint64(s[i]))
	}
	return h
}

func (h hash) flag(b bool) hash {
	if b {
		return h.number(1)
	}
	return h.number(0)
}
