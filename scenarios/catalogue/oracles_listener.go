package catalogue

import (
	"slices"

	"fermata/model"
	"fermata/sim"
	"fermata/sweeper"
)

// listenerOnce counts the listener's calls for each workflow since it last ended, for listener-once and listener-order.
type listenerOnce struct {
	ids    []model.WorkflowID
	counts []calls
	// order makes it listener-order, which says nothing of how often.
	order bool
}

type calls struct {
	ended, finalized uint8 // completed and terminated count as one: only one of them may come
}

func newListenerOnce(in *instance) *listenerOnce {
	ids := in.world.Workflows()
	return &listenerOnce{ids: ids, counts: make([]calls, len(ids))}
}

func newListenerOrder(in *instance) *listenerOnce {
	o := newListenerOnce(in)
	o.order = true
	return o
}

func (o *listenerOnce) reset() {
	clear(o.counts)
}

// of are the calls of a workflow of the start state; nil of another, which is not followed.
func (o *listenerOnce) of(v *view, name string) *calls {
	if o.ids == nil {
		o.ids = v.world.Workflows()
		o.counts = make([]calls, len(o.ids))
	}
	for i, id := range o.ids {
		if string(id) == name {
			return &o.counts[i]
		}
	}
	return nil
}

func (o *listenerOnce) observe(v *view) {
	s := v.t.Step
	if s == nil || v.t.Op == nil {
		return
	}
	switch verb := sweeper.Verb(s.Verb); verb {
	case sweeper.ListenerCompleted, sweeper.ListenerTerminated, sweeper.ListenerFinalized:
		o.called(v, verb, v.world.ObjectName(s.Object))
	}
	if v.e.StatusAfter == model.Running && v.reopens() {
		if c := o.of(v, string(v.e.Workflow)); c != nil { // a new terminal epoch, whose end is to be told
			*c = calls{}
		}
	}
}

func (o *listenerOnce) called(v *view, verb sweeper.Verb, name string) {
	c := o.of(v, name)
	if c == nil {
		return
	}
	if v.t.Choice.Fault == sim.ErrorBefore {
		return // it was not told
	}
	if verb == sweeper.ListenerFinalized {
		if o.order && c.ended == 0 && !v.in.judge.hits.spares(v.t.Step.Object) {
			v.report(name, "the finalized listener of %s was called before any other", name)
		}
		c.finalized = o.count(v, c.finalized, verb, name)
		return
	}
	c.ended = o.count(v, c.ended, verb, name)
}

func (o *listenerOnce) count(v *view, n uint8, verb sweeper.Verb, name string) uint8 {
	if n == 1 && !o.order {
		v.report(name, "%s of %s was called a second time, by %s", verb, name, v.actor())
	}
	return min(n+1, 2)
}

// atRest wants each listener called for a workflow that ended, unless a fault hit the operation that ended it.
func (o *listenerOnce) atRest(v *view) {
	if o.order {
		return
	}
	for _, id := range v.world.Workflows() {
		c := o.of(v, string(id))
		status := v.world.Status(id)
		if c == nil || !status.Terminal() || v.in.judge.hits.spares(v.world.Object(string(id))) {
			continue
		}
		if c.ended == 0 || c.finalized == 0 {
			v.report(string(id), "%s is %s and its listener was not told", id, status)
		}
	}
}

// save says the same before the first call that the judge ever saw as after it: equal states must be equal.
func (o *listenerOnce) save(dst []byte) []byte {
	if !slices.ContainsFunc(o.counts, func(c calls) bool { return c != calls{} }) {
		return append(dst, 0)
	}
	dst = append(dst, byte(len(o.counts)))
	for _, c := range o.counts {
		dst = append(dst, c.ended|c.finalized<<2)
	}
	return dst
}

func (o *listenerOnce) load(src []byte) []byte {
	n := int(src[0])
	src = src[1:]
	if n == 0 {
		clear(o.counts)
		return src
	}
	for i := range n {
		o.counts[i] = calls{ended: src[i] & 3, finalized: src[i] >> 2 & 3}
	}
	return src[n:]
}
