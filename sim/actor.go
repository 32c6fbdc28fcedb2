package sim

import (
	"context"
	"fmt"
	"iter"
	"runtime"
	"runtime/debug"
)

// FailureKind says how an actor's code broke out of the machine. The zero value is not at all.
type FailureKind uint8

// The ways in which an actor can fail. None of them is a finding about the engine's behaviour under
// a schedule: a run in which one happens is unknown.
const (
	NoFailure FailureKind = iota
	Panicked
	ExitedGoroutine
	DoesNotUnwind
	Diverged
	Broken
	TooManyGoroutines
	LeakedGoroutine
	Uncontrolled
	LostContext
	Trespassed
)

// Failure is an actor that broke out: by a panic, by runtime.Goexit (as any t.FailNow does), by
// going on with port calls while being unwound, by doing otherwise than it did on equal replies,
// because what it acts through broke off (Actor.Break), or by what its goroutines do: leave a goroutine
// behind, wait in a way that no schedule controls, call a port without the context of an operation.
type Failure struct {
	Kind  FailureKind
	Actor string
	Value any    // of the panic; or, in words, what diverged or where
	Stack string // taken where the panic was recovered
}

func (f *Failure) Error() string {
	switch f.Kind {
	case Panicked:
		return fmt.Sprintf("%s panicked: %v", f.Actor, f.Value)
	case ExitedGoroutine:
		return f.Actor + " called runtime.Goexit (t.FailNow does): an operation must return"
	case Diverged:
		return fmt.Sprintf("%s does not repeat: %v", f.Actor, f.Value)
	case Broken:
		return fmt.Sprintf("%s broke off: %v", f.Actor, f.Value)
	case TooManyGoroutines:
		return fmt.Sprintf("%s has more than %v goroutines in port calls at once: bound them",
			f.Actor, f.Value)
	case LeakedGoroutine:
		return fmt.Sprintf("%s leaves a goroutine behind: %v", f.Actor, f.Value)
	case Uncontrolled:
		return fmt.Sprintf("%s %v", f.Actor, f.Value)
	case LostContext:
		return fmt.Sprintf("%s called a port without the context that the operation was given: %v", f.Actor, f.Value)
	case Trespassed:
		return f.Actor + " calls a port from a goroutine of its own: such an engine must say so and run under go test"
	}
	return f.Actor + " does not unwind: it went on calling ports after its run had ended"
}

// broken is what Break panics with.
type broken struct{ why error }

// unwind is what a port call panics with to end an operation early. Engine text never sees it.
type unwind struct{}

// unwindCallsMax is how many port calls an actor may make while it is unwound.
const unwindCallsMax = 1000

type actorState uint8

const (
	parked   actorState = 1 + iota // at a step
	waiting                        // its operation is in progress, but not at a step: asleep, or in wait of another
	finished                       // its script is over
	crashed
	failed
)

// Actor is who acts. Code under test reaches it through the ports, and calls only Do and ID.
type Actor struct {
	id    ActorID
	owner ActorID // for whom it acts: itself, unless it is a thread
	state actorState
	first bool  // pending opens op
	plain bool  // pending is, in the words of a QuickWorld
	node  int32 // in the reply tree, if the machine follows one
	pos   int
	spec  *ActorSpec
	wary  bool // looks who calls it

	pending *Step      // the step that the actor is held at
	op      *Operation // the operation that it belongs to
	co      *coroutine

	// steps and doing are what pending and op point to if a coroutine drives the actor. There are two
	// steps, so that a transition can show the one while the actor is held at the other.
	steps [2]Step
	doing Operation
	// sites has where in the code each of the two steps was made; nil unless that is asked for.
	sites *[2][]uintptr

	solo *Solo // if a Driver drives the actor

	// The rest is there if a Host runs the code. Each operation then has an Actor of its own, with a door, which
	// is what the code knows; the Machine's are places in which goroutines are seen.
	ctx    context.Context
	door   Door
	result Reply
	called bool   // the operation's first step was taken
	task   *Actor // of a place: the operation that is seen there
	held   *Held  // of a place: the goroutine; nil at the step of a return
}

// ID is the actor's number in its System.
func (a *Actor) ID() ActorID { return a.id }

// Name is the actor's name.
func (a *Actor) Name() string { return a.spec.Name }

// Operation is the number of the operation that the actor is in, from 0.
func (a *Actor) Operation() int { return a.pos }

// Do takes one step: it parks the actor until the schedule lets it go, and returns the reply. If the
// run ends or the actor crashes meanwhile, Do does not return; deferred calls run, and each port call
// in them ends at once without effect. It panics if it is not the actor's own code that calls it: that
// of another actor, say, or any after Close.
func (a *Actor) Do(s *Step) Reply {
	c := a.co
	if c == nil {
		return a.call(*s)
	}
	switch {
	case c.unwinding:
		c.refuse()
	case !c.running:
		panic("sim: a port of " + a.spec.Name + " is called outside its turn")
	}
	n := 0
	if a.pending == &a.steps[0] {
		n = 1
	}
	a.steps[n] = *s
	a.pending = &a.steps[n]
	if a.sites != nil {
		a.sites[n] = callers()
	}
	if a.solo != nil {
		if r, taken := a.solo.driver.Take(a.solo, a.pending); taken {
			return r
		}
	}
	c.yield(struct{}{})
	if c.unwinding {
		c.refuse()
	}
	return c.reply
}

// sitesMax is how many frames are kept of a step's site.
const sitesMax = 64

// callers are the program counters of who calls Do.
func callers() []uintptr {
	pcs := make([]uintptr, sitesMax)
	return pcs[:runtime.Callers(3, pcs)]
}

// site is where the actor's pending step was made; nil unless that is asked for.
func (a *Actor) site() []uintptr {
	if a.sites == nil || a.pending == nil {
		return nil
	}
	if a.held != nil {
		return a.held.Site
	}
	if a.pending == &a.steps[0] {
		return a.sites[0]
	}
	return a.sites[1]
}

// Break ends the actor's operation, and with it the run, because what it acts through cannot go on: an
// engine in another process that has died, say. It does not return.
func (a *Actor) Break(why error) { panic(broken{why}) }

// undertake makes op the operation that the actor's coroutine runs next.
func (a *Actor) undertake(pos int, op Operation) {
	a.doing = op
	a.op, a.pos = &a.doing, pos
}

// coroutine runs one actor's operations, one after the other, run after run.
type coroutine struct {
	actor *Actor
	next  func() (struct{}, bool)
	stop  func()
	yield func(struct{}) bool

	reply     Reply
	result    Reply
	returned  bool // the operation did, or none is begun yet
	running   bool // the actor's code is, up to its next step
	unwinding bool
	stopped   bool
	refused   int
	lost      bool // cannot be used again
	failure   *Failure
	intruder  intruder
}

func newCoroutine(a *Actor) *coroutine {
	c := &coroutine{actor: a, returned: true}
	c.next, c.stop = iter.Pull(c.loop)
	return c
}

// loop runs the actor's current operation each time it is resumed at the end of one.
func (c *coroutine) loop(yield func(struct{}) bool) {
	c.yield = yield
	defer c.exit()
	for {
		c.run()
		if !yield(struct{}{}) {
			c.stopped = true
			return
		}
	}
}

// exit sees the loop end. Unless it was stopped, the code called runtime.Goexit, which cannot be
// called off: the coroutine is left parked here until it is thrown away.
func (c *coroutine) exit() {
	if c.stopped || c.lost {
		return
	}
	c.fail(ExitedGoroutine, nil, "")
	c.lost = true
	c.yield(struct{}{})
}

func (c *coroutine) run() {
	c.returned = false
	defer c.recover()
	c.result = c.actor.op.Run(c.actor, c.actor.op)
	c.returned = true
}

// recover ends an unwinding or a panic here. It sees nothing of runtime.Goexit.
func (c *coroutine) recover() {
	switch v := recover().(type) {
	case nil, unwind:
	case broken:
		c.fail(Broken, v.why, "")
	default:
		c.fail(Panicked, v, string(debug.Stack()))
	}
}

func (c *coroutine) fail(k FailureKind, value any, stack string) {
	if c.failure == nil {
		c.failure = &Failure{Kind: k, Actor: c.actor.spec.Name, Value: value, Stack: stack}
	}
}

// refuse ends a port call that an unwinding actor makes. Code that recovers and calls again, for
// ever, is left parked.
func (c *coroutine) refuse() {
	if c.lost {
		runtime.Goexit()
	}
	if c.refused++; c.refused <= unwindCallsMax {
		panic(unwind{})
	}
	c.fail(DoesNotUnwind, nil, "")
	c.lost = true
	c.yield(struct{}{})
	runtime.Goexit()
}

// resume lets the actor's code go on until its next step or the end of its operation, and tells
// whether the operation returned.
func (c *coroutine) resume() (returned bool) {
	c.running = true
	c.next()
	c.running = false
	return c.returned
}

// abandon ends the operation in progress without any further effect, and tells how the code broke
// out meanwhile.
func (c *coroutine) abandon() *Failure {
	if c.lost {
		return nil
	}
	c.unwinding, c.refused = true, 0
	c.next()
	c.unwinding = c.lost
	return c.failure
}

// close gives the coroutine back. One that is lost would end the goroutine that stops it, by
// runtime.Goexit, so that is done on a goroutine of its own: the only one that this package starts.
func (c *coroutine) close() {
	if !c.lost {
		c.stop()
		return
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		c.stop()
	}()
	<-done
}
