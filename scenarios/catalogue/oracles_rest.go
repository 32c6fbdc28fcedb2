package catalogue

// endedIsDequeued judges the end of a run.
type endedIsDequeued struct{ memoryless }

func (endedIsDequeued) atRest(v *view) {
	for _, id := range v.world.Workflows() {
		if !notQueuedOrNotEnded(v.world, string(id)) && !v.in.judge.hits.spares(v.world.Object(string(id))) {
			v.report(string(id), "%s is %s, nobody is at it, and it is in the decider queue", id, v.world.Status(id))
		}
	}
}
