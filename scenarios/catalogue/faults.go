package catalogue

import (
	"fmt"
	"slices"

	"fermata/sim"
	"fermata/sim/world"
	"fermata/sweeper"
)

// mayBeHit says that the last actor may be hit by the faults of the scope, and its server with it. Sweepers may; others
// only where a scenario says so, and never an audit, the clock or a queue's own thread.
func (c *cast) mayBeHit() {
	a, s := &c.actors[len(c.actors)-1], c.c.Scope
	a.MayCrash, a.MayRestart, a.MayPause = s.may(Crashes), s.may(Restarts), s.may(Pauses)
	a.MayFail = s.may(Errors | LostReplies | LockErrors | LocksIgnored)
}

// restart makes a server afresh. One whose replies are remembered keeps nothing.
func (c *cast) restart(name string) {
	for _, s := range c.servers {
		if s.name == name && !c.remembered {
			s.begin(c.c.Engine, c.ports, c.set)
		}
	}
}

// mayFail tells which calls may fail, and when.
func (c *Case) mayFail(call sweeper.Verb, k sim.FaultKind) bool {
	s := c.Scope
	switch call {
	case sweeper.LockDelete:
		return s.may(LockErrors) && c.Lock() != "redisson" // RedisLock asks nobody
	case sweeper.LockAcquire:
		// That someone has the lock and is told so is no fault.
		return s.may(LockErrors) || s.may(LocksIgnored) && k == sim.ErrorBefore
	case sweeper.LockRelease:
		return s.may(LockErrors | LocksIgnored)
	}
	return s.may(Errors) || s.may(LostReplies) && k == sim.ErrorAfter
}

// lockErrors is what becomes of an exception of the lock service.
func (c *Case) lockErrors() world.LockErrors {
	switch {
	case c.Lock() != "redisson":
		return world.Thrown
	case c.Scope.may(LocksIgnored):
		return world.ToldTrue
	}
	return world.ToldFalse
}

// unfit refuses faults that there cannot be in the case.
func (c *Case) unfit() error {
	s, lock := c.Scope, c.Lock()
	none := lock == "noop" || lock == "disabled"
	refuse := func(k Kinds, why string) error {
		return fmt.Errorf("%w: scope %q: %s", ErrUsage, s, fmt.Sprintf(why, words(kindWords, uint8(k))))
	}
	switch {
	case s.Faults == 0:
		return nil
	case lock == "local" && s.may(Crashes):
		return fmt.Errorf("%w: lock local is in the memory of the one server that all actors are on: "+
			"expected another lock, or no crashes", ErrUsage)
	case lock == "local" && s.may(Restarts):
		return refuse(Restarts, "lock local is gone with the one server that all actors are on: "+
			"expected another lock, or no %s")
	case (none || lock == "local") && s.may(LockErrors|LocksIgnored):
		return refuse(s.Kinds&(LockErrors|LocksIgnored), "lock "+lock+" asks nobody who could fail: "+
			"expected another lock, or no %s")
	case lock != "redisson" && s.may(LocksIgnored):
		return refuse(LocksIgnored, "ignoreLockingExceptions is a setting of lock redisson alone: "+
			"expected it, or no %s")
	case s.may(LockErrors) && s.may(LocksIgnored):
		return refuse(LockErrors|LocksIgnored, "ignoreLockingExceptions is set or it is not: expected one of %s")
	case none && s.may(Pauses):
		return refuse(Pauses, "with lock "+lock+" nobody holds a lease that a pause could outlast: "+
			"expected another lock, or no %s")
	case c.Engine.Goroutines && s.may(Restarts|Pauses):
		return refuse(s.Kinds&(Restarts|Pauses), c.Engine.Name+" has goroutines of its own: expected no %s")
	case !c.someoneToHit():
		return fmt.Errorf("%w: scope %q: %s has nobody to be hit by a fault without a sweeper: expected faults=0",
			ErrUsage, s, c.Scenario.Name)
	}
	return nil
}

// someoneToHit tells whether the scope's faults may hit anybody, or anything.
func (c *Case) someoneToHit() bool {
	return c.Scope.may(Redeliveries) || slices.ContainsFunc(c.instance().cast.actors, func(a sim.ActorSpec) bool {
		return a.MayCrash || a.MayFail || a.MayRestart || a.MayPause
	})
}
