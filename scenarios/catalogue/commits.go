package catalogue

import (
	"cmp"
	"slices"

	"fermata/model"
	"fermata/sim"
	"fermata/sim/world"
	"fermata/sweeper"
)

// commits notes when the operations of a run took effect. The order is the first that a history is tried by; it is no
// part of a run's state: whatever it is, it is held against the history.
type commits struct {
	decider sim.Object
	steps   []commit // by step, from the first
}

// commit is what a step did for its operation.
type commit struct {
	actor sim.ActorID // Nobody: the step belongs to no operation
	op    int32
	kind  commitKind
}

// commitKind tells which of an operation's steps is its commit: the first one of the highest kind.
type commitKind uint8

const (
	goesOn       commitKind = iota // none of those below
	looks                          // an audit reads the status
	storesResult                   // a result of a task is stored
	movesEntry                     // the decider entry comes or goes
	movesStatus                    // the workflow's status becomes another
)

func newCommits(w *world.World) *commits { return &commits{decider: w.Object(model.DeciderQueue)} }

// note sees a transition. One that does not follow the last that was seen follows an earlier one.
func (c *commits) note(t *sim.Transition, e *world.Effect) {
	n := commit{actor: sim.Nobody}
	if t.Op != nil {
		n = commit{t.Actor, int32(t.OpNumber), c.kind(t, e)}
	}
	c.steps = append(c.steps[:min(len(c.steps), t.Number-1)], n)
}

func (c *commits) kind(t *sim.Transition, e *world.Effect) commitKind {
	call := callOf(t.Step)
	goes := call == sweeper.QueueRemove || call == sweeper.QueueAck
	switch {
	case e.StatusAfter != 0 && e.StatusAfter != e.StatusBefore:
		return movesStatus
	case e.Queue == c.decider && (e.Pushed && !e.WasPresent || goes && e.WasPresent):
		return movesEntry
	case t.Op.Verb == opUpdateTask && call == sweeper.DAOUpdateTask:
		return storesResult
	case t.Op.Verb == opInspect && call == sweeper.DAOGetWorkflow:
		return looks
	}
	return goesOn
}

// order gives the numbers of the history's operations, which count its calls from 1, by when they took effect.
func (c *commits) order(h sim.History) []int {
	ops := make([]committed, 0, len(h)/2+1)
	of := make([][]int, sim.Nobody) // the operations of each actor
	for _, e := range h {
		if e.Kind == sim.Call {
			of[e.Actor] = append(of[e.Actor], len(ops))
			ops = append(ops, committed{number: len(ops) + 1})
		}
	}
	for step, n := range c.steps {
		if n.actor != sim.Nobody && int(n.op) < len(of[n.actor]) {
			ops[of[n.actor][n.op]].saw(step+1, n.kind)
		}
	}
	for _, mine := range of {
		for k := 1; k < len(mine); k++ {
			if op := &ops[mine[k]]; op.last == 0 { // it took no step, and so was over with the one before
				op.at, op.last = ops[mine[k-1]].last, ops[mine[k-1]].last
			}
		}
	}
	slices.SortStableFunc(ops, func(a, b committed) int { return cmp.Compare(a.at, b.at) })
	order := make([]int, len(ops))
	for i, op := range ops {
		order[i] = op.number
	}
	return order
}

// committed is an operation with the step by which it took effect and its last, from 1; 0 if it took none.
type committed struct {
	number, at, last int
	kind             commitKind
}

func (o *committed) saw(step int, kind commitKind) {
	if o.at == 0 || kind > o.kind {
		o.at, o.kind = step, kind
	}
	o.last = step
}
