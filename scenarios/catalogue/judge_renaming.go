package catalogue

import (
	"slices"

	"fermata/sim"
)

// KeyAs appends the residuals with every actor renamed.
func (j *judge) KeyAs(dst []byte, as []sim.ActorID) ([]byte, bool) {
	dst = j.hits.saveAs(dst, as)
	for i := range j.oracles {
		dst = j.oracles[i].saveAs(dst, as)
	}
	return dst, true
}

// About tells what the residuals say of an actor.
func (j *judge) About(dst []byte, a sim.ActorID) []byte {
	dst = j.hits.says(dst, a)
	for i := range j.oracles {
		dst = j.oracles[i].says(dst, a)
	}
	return dst
}

func (memoryless) saveAs(dst []byte, _ []sim.ActorID) []byte { return dst }
func (memoryless) says(dst []byte, _ sim.ActorID) []byte     { return dst }

// saveAs is save: the listener's calls are counted whoever makes them.
func (o *listenerOnce) saveAs(dst []byte, _ []sim.ActorID) []byte { return o.save(dst) }

func (o *listenerOnce) says(dst []byte, _ sim.ActorID) []byte { return dst }

// saveAs is save of the holds that the actors have under their other names.
func (o *exclusion) saveAs(dst []byte, as []sim.ActorID) []byte {
	own := o.inside
	o.scratch = append(o.scratch[:0], own...)
	for i := range o.scratch {
		o.scratch[i].actor = as[o.scratch[i].actor]
	}
	slices.SortFunc(o.scratch, func(b, c belief) int {
		if b.workflow != c.workflow {
			return int(b.workflow) - int(c.workflow)
		}
		return int(b.actor) - int(c.actor)
	})
	o.inside = o.scratch
	dst = o.save(dst)
	o.inside = own
	return dst
}

func (o *exclusion) says(dst []byte, a sim.ActorID) []byte {
	for _, b := range o.inside {
		if b.actor == a && b.holds > 0 {
			dst = append(dst, byte(b.workflow), byte(b.workflow>>8), b.holds)
		}
	}
	return dst
}

// saveAs is save of the tasks and of the polls under other names: ids name who minted them.
func (o *taskOnce) saveAs(dst []byte, as []sim.ActorID) []byte {
	tasks, wrong, has := o.tasks, o.wrong, o.has
	o.scratch = append(o.scratch[:0], tasks...)
	for i := range o.scratch {
		o.scratch[i].task = o.in.world.ObjectAs(o.scratch[i].task, as)
	}
	slices.SortFunc(o.scratch, func(e, f taskEpoch) int { return int(e.task) - int(f.task) })
	o.wrongAs, o.hasAs = append(o.wrongAs[:0], wrong...), append(o.hasAs[:0], has...)
	for a := range o.in.cast.actors {
		o.wrongAs[as[a]], o.hasAs[as[a]] = wrong[a], o.in.world.ObjectAs(has[a], as)
	}
	o.tasks, o.wrong, o.has = o.scratch, o.wrongAs, o.hasAs
	dst = o.save(dst)
	o.tasks, o.wrong, o.has = tasks, wrong, has
	return dst
}

// says tells what is known of the tasks that the actor minted, in the order of their ids, and of its poll.
func (o *taskOnce) says(dst []byte, a sim.ActorID) []byte {
	dst = append(dst, flags(o.wrong[a], o.has[a] != 0))
	for _, e := range o.tasks {
		if !e.unknown() && o.in.world.Maker(e.task) == a {
			dst = append(dst, flags(e.open, e.inFlight, e.repaired, e.stolen, e.scheduled))
		}
	}
	return dst
}
