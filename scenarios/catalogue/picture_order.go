package catalogue

import (
	"fmt"

	"fermata/model/spec"
)

// PictureOperation is one operation of a picture.
type PictureOperation struct {
	Actor, Call, Result string
	// From and To are its first and last step; To is 0 if it never returned.
	From, To int
	// Order is its place in an order that explains what all of them returned, from 1; 0 if it has none there.
	Order int
	// Unexplained tells that it is one of those that nothing explains.
	Unexplained bool
}

// operations lists a trace's operations in the order of their first steps.
func (p *Picture) operations(t *Trace) {
	open := map[string]int{}
	for i := range t.Steps {
		s := &t.Steps[i]
		if s.Call != "" {
			p.Operations = append(p.Operations, PictureOperation{Actor: s.Actor, Call: s.Call, From: s.Number})
			open[s.Actor] = len(p.Operations)
		}
		if n := open[s.Actor]; s.Return != "" && n > 0 {
			p.Operations[n-1].Result, p.Operations[n-1].To = s.Return, s.Number
			open[s.Actor] = 0
		}
	}
}

// order explains the history of the run: by an order of its operations, or by those that have none. Where an audit
// looked at status and decider entry, the two are judged as one object.
func (p *Picture) order(in *instance, history []spec.Event) error {
	for _, e := range history {
		if e.Kind == spec.Call && e.Operation.Name == spec.Inspect {
			o := newEntryLinear(in).(*linear[spec.EntryState])
			return orderBy(p, o, history)
		}
	}
	return orderBy(p, newWorkflowLinear(in).(*linear[spec.WorkflowState]), history)
}

func orderBy[S comparable](p *Picture, o *linear[S], history []spec.Event) error {
	events := spec.Select(o.spec, spec.Close(history))
	if len(events) == 0 || o.in.c.Scope.Workflows > 1 {
		return nil // an order is of one workflow's operations
	}
	initial := o.initial(spec.Object{Workflow: w1})
	order, err := spec.Linearize(spec.DefaultLimits, o.spec, initial, events)
	if err != nil {
		return fmt.Errorf("%w: a recorded history is malformed: %w", ErrNondeterministic, err)
	}
	numbers := p.numbered(events)
	if order != nil {
		p.OrderOf = o.spec.Name()
		for i, number := range order {
			if op := numbers[number]; op != nil {
				op.Order = i + 1
			}
		}
		return nil
	}
	x, err := spec.Explain(spec.DefaultLimits, o.spec, []S{initial}, events)
	if err != nil || x.Verdict != spec.Violation {
		return err
	}
	p.OrderOf = o.spec.Name()
	for _, number := range x.Operations {
		if op := numbers[number]; op != nil {
			op.Unexplained = true
		}
	}
	return nil
}

// numbered finds the picture's operations by their numbers in the history: each actor's, one after the other.
func (p *Picture) numbered(events []spec.Event) map[int]*PictureOperation {
	of := map[string][]*PictureOperation{}
	for i := range p.Operations {
		op := &p.Operations[i]
		of[op.Actor] = append(of[op.Actor], op)
	}
	numbers := map[int]*PictureOperation{}
	for _, e := range events {
		name := string(e.Actor)
		if e.Kind == spec.Call && len(of[name]) > 0 {
			numbers[e.Op], of[name] = of[name][0], of[name][1:]
		}
	}
	return numbers
}
