package load

import (
	"fmt"
	"strings"

	"fermata/sim/world"
	"fermata/sweeper"
)

// able refuses an engine that cannot do what the workflows ask of it, or not on these parts.
func (s *Setup) able() error {
	e := &s.Engine
	if e.NeedsFence && !s.Parts.CanFence() {
		return fmt.Errorf("%w: engine %s: expected a lock that gives tokens and a store that refuses by them, "+
			"which lock %s with store %s is not", ErrUsage, e.Name, s.Parts.Lock, s.Parts.Store)
	}
	w := world.New(world.Config{
		Parts: s.Parts, AtomicRepair: e.NeedsAtomicRepair, Fence: e.NeedsFence, ActorName: actorName,
	})
	made := e.New(w.Ports(), s.Settings)
	var lacking []string
	needs := func(name string, has bool) {
		if !has {
			lacking = append(lacking, name)
		}
	}
	_, starts := made.(sweeper.WorkflowStarter)
	needs("StartWorkflow", starts)
	_, polls := made.(sweeper.TaskPoller)
	needs("Poll", polls)
	_, takes := made.(sweeper.TaskUpdater)
	needs("UpdateTask", takes)
	_, sweeps := made.(sweeper.WorkflowSweeper)
	needs("Sweep", sweeps)
	if _, joins := made.(sweeper.SystemTaskPoller); s.Shape.Branches > 0 {
		needs("PollSystemTasks", joins)
	}
	if len(lacking) == 0 {
		return nil
	}
	return fmt.Errorf("%w: engine %s has no %s: expected one that has, since the workflows need it", ErrUsage, e.Name,
		strings.Join(lacking, " and no "))
}
