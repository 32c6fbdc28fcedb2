package catalogue

import (
	"slices"

	"fermata/model"
	"fermata/sweeper"
)

// The workers while settling.

// hasWorker tells whether a worker, or whoever is asked by a HUMAN task, will end the task: not one that the engine
// itself ends, nor one whose worker is gone.
func (in *instance) hasWorker(t model.Task) bool {
	return (!t.Type.System() || t.Type == model.Human) && !slices.Contains(in.c.Scenario.Gone, t.Ref)
}

// tasksEnded tells whether each task that a worker has to end has ended; or, if its worker is gone, whether its
// response timeout is over.
func (in *instance) tasksEnded(wf model.Workflow) bool {
	for _, t := range wf.Tasks {
		switch {
		case t.Status.Terminal() || t.Type.System() && t.Type != model.Human:
		case in.hasWorker(t) || t.Status != model.TaskInProgress || in.world.Now() < responseEnds(t):
			return false
		}
	}
	return true
}

// responseEnds is when the response timeout of a task in progress is over.
func responseEnds(t model.Task) model.Millis {
	return t.UpdateTime + (t.ResponseTimeoutSeconds + t.CallbackAfter).Millis()
}

// pollOnce takes from a queue of tasks what is due there, as a worker or as the engine's own.
func (s *settler) pollOnce(queue string) {
	w := s.in.world
	switch _, executes := s.server.sweeps.(sweeper.SystemTaskPoller); {
	case queue == model.DeciderQueue:
	case slices.Contains(model.TaskTypeNames(), queue): // of the engine's own
		if executes {
			s.run("the system task worker of "+queue, ask(opSystemTasks, s.server, w, queue))
		}
	case s.server.polls != nil:
		s.run("a poll of "+queue, poll(s.server, w, w.Object(queue)))
	}
}
