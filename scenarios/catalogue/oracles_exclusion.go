package catalogue

import (
	"slices"

	"fermata/model"
	"fermata/sim"
	"fermata/sweeper"
)

// exclusion judges whether the lock keeps others out: it counts the holds that each actor believes to have, by
// what the lock told it. Where locks are disabled an actor is inside from its read of the workflow with its tasks
// to the end of the operation.
type exclusion struct {
	in     *instance
	inside []belief

	scratch []belief
}

// belief is the holds of one actor on one workflow's lock.
type belief struct {
	workflow sim.Object
	actor    sim.ActorID
	holds    uint8
}

// watchExclusion watches only where the scenario is judged by it: what it keeps would split states elsewhere.
func watchExclusion(in *instance) monitor {
	if !slices.Contains(in.c.Scenario.Judged, "mutual-exclusion") {
		return memoryless{}
	}
	return &exclusion{in: in}
}

func (o *exclusion) reset() { o.inside = o.inside[:0] }

func (o *exclusion) of(workflow sim.Object, actor sim.ActorID) *belief {
	at := 0
	for ; at < len(o.inside); at++ {
		b := &o.inside[at]
		if b.workflow == workflow && b.actor == actor {
			return b
		}
		if b.workflow > workflow || b.workflow == workflow && b.actor > actor {
			break
		}
	}
	o.inside = slices.Insert(o.inside, at, belief{workflow: workflow, actor: actor})
	return &o.inside[at]
}

func (o *exclusion) observe(v *view) {
	t := v.t
	if t.Choice.Fault.Kills() {
		for i := range o.inside {
			if v.killed(o.inside[i].actor) {
				o.inside[i].holds = 0
			}
		}
	}
	if t.Step == nil || t.Op == nil {
		return
	}
	if o.in.c.Lock() == "disabled" {
		o.unlocked(v)
		return
	}
	switch sweeper.Verb(t.Step.Verb) {
	case sweeper.LockAcquire:
		if t.Reply.Code == replyDone { // it was told so, true or not
			o.enter(v, t.Step.Object)
		}
	case sweeper.LockRelease:
		if b := o.of(t.Step.Object, t.Actor); b.holds > 0 && t.Choice.Fault != sim.ErrorBefore {
			b.holds--
		}
	}
}

func (o *exclusion) unlocked(v *view) {
	t := v.t
	reads := sweeper.Verb(t.Step.Verb) == sweeper.DAOGetWorkflow && t.Step.A == 1 ||
		callOf(t.Step) == sweeper.DAOGetWorkflow && sweeper.Verb(t.Step.Verb) != sweeper.RedisGet
	if id := v.world.Object(string(w1)); reads && locks(t.Op.Verb) && o.of(id, t.Actor).holds == 0 {
		o.enter(v, id)
	}
	if t.Last {
		for i := range o.inside {
			if o.inside[i].actor == t.Actor {
				o.inside[i].holds = 0
			}
		}
	}
}

// enter notes one more hold, and reports it if another believes to be inside.
func (o *exclusion) enter(v *view, workflow sim.Object) {
	actor := v.t.Actor
	o.of(workflow, actor).holds++
	for _, b := range o.inside {
		if b.workflow == workflow && b.actor != actor && b.holds > 0 {
			id := model.WorkflowID(v.world.ObjectName(workflow))
			v.report(string(id), "%s has the lock of %s, and %s has it still", v.actor(), id,
				v.in.cast.actors[b.actor].Name)
			return
		}
	}
}

func (o *exclusion) atRest(*view) {}

func (o *exclusion) save(dst []byte) []byte {
	at := len(dst)
	dst = append(dst, 0)
	for _, b := range o.inside {
		if b.holds > 0 {
			dst[at]++
			dst = append(dst, byte(b.workflow), byte(b.workflow>>8), byte(b.actor), b.holds)
		}
	}
	return dst
}

func (o *exclusion) load(src []byte) []byte {
	n := int(src[0])
	src = src[1:]
	o.inside = o.inside[:0]
	for range n {
		o.inside = append(o.inside, belief{
			sim.Object(src[0]) | sim.Object(src[1])<<8, sim.ActorID(src[2]), src[3],
		})
		src = src[4:]
	}
	return src
}
