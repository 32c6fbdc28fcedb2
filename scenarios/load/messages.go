package load

import (
	"errors"

	"fermata/model"
	"fermata/sim"
	"fermata/sim/world"
	"fermata/sweeper"
)

// moved sees a step of a queue: what it did to the decider message, and to those of tasks.
func (s *shard) moved(step *sim.Step, at int64, e *world.Effect) {
	if step.Object == s.lab.decider || sweeper.Verb(step.Verb).IsCommand() {
		s.visible = never
		if due, ok := s.world.DueOf(s.lab.decider, s.lab.workflow); ok {
			s.visible = max(s.nanos(due), at+1) // of a look and a step at one time the look comes first
		}
	}
	switch {
	case s.lab.unacks:
		s.rescan(at)
	case step.Object == s.lab.decider:
	case len(e.Delivered) > 0:
		for _, id := range e.Delivered {
			s.expect(step.Object, id, at)
		}
	case step.Other != 0:
		s.expect(step.Object, step.Other, at)
	}
}

// expect plans the poll of a task's message, if it is there: by a worker, or by the engine's own.
func (s *shard) expect(queue, message sim.Object, at int64) {
	for i := range s.events {
		if e := &s.events[i]; e.kind == pollOf && e.message == message && e.queue == queue {
			s.drop(i)
			break
		}
	}
	due, ok := s.world.DueOf(queue, message)
	if !ok {
		return
	}
	delay := int64(s.lab.setup.Shape.PollDelay.Draw(s.rand.Rand))
	if queue == s.lab.join {
		delay = s.rand.Int64N(max(systemPoll/int64(s.lab.setup.Servers), 1))
	}
	s.plan(event{at: max(s.nanos(due), at) + delay, kind: pollOf, queue: queue, message: message})
}

// systemPoll is how often a server looks for system tasks: every system-task-worker-poll-interval, after a pop that
// takes its whole timeout. The looks of the servers are spread.
const systemPoll = 250 * millisecond

// rescan plans the polls of every message anew where a queue moves messages by itself, and its next run if it has any.
func (s *shard) rescan(at int64) {
	any := s.world.Contains(model.DeciderQueue, string(workflowID))
	for _, queue := range s.lab.queues {
		for _, id := range s.world.Messages(queue) {
			q, m := s.world.Object(queue), s.world.Object(id)
			any = true
			if !s.expects(q, m) {
				s.expect(q, m, at)
			}
		}
		any = any || false
	}
	for i := range s.events {
		if s.events[i].kind == unacksDue {
			return
		}
	}
	if any {
		s.plan(event{at: (at/unacksPeriod + 1) * unacksPeriod, kind: unacksDue})
	}
}

func (s *shard) expects(queue, message sim.Object) bool {
	for i := range s.events {
		if e := &s.events[i]; e.kind == pollOf && e.message == message && e.queue == queue {
			return true
		}
	}
	return false
}

// unacksPeriod is how often dyno-queues and the SQL queue give back what was not acknowledged.
const unacksPeriod = 60 * second

// unacks is one run of the queue's own thread.
func (s *shard) unacks(p *play) error {
	job := s.world.Unacks()
	err := job(p.ctx(), model.DeciderQueue)
	if s.lab.setup.Parts.Queue == "sql" {
		return err // one transaction over all
	}
	for _, queue := range s.lab.queues {
		err = errors.Join(err, job(p.ctx(), queue))
	}
	return err
}

// poll is a worker that comes for a message.
func (s *shard) poll(e event) {
	k := pollTask
	if e.queue == s.lab.join {
		k = systemTasks
	}
	p := s.ready(k, thread{server: s.anyServer()}, e.at)
	p.queue, p.by = s.world.ObjectName(e.queue), p.pos
	s.play(p)
}

// delivered has a worker work on a task that it was given.
func (s *shard) delivered(p *play, t *model.Task) {
	s.told.deliver(s.lab, t)
	shape := &s.lab.setup.Shape
	works := shape.TaskTime
	if shape.LastTaskTime != nil && s.lab.lasts[t.Ref] {
		works = shape.LastTaskTime
	}
	failed := shape.Failures > 0 && s.rand.Float64() < shape.Failures
	s.plan(event{at: p.ready + int64(works.Draw(s.rand.Rand)), kind: reportOf, task: t.ID, failed: failed, by: p.by})
}
