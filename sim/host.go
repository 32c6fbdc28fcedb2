package sim

import (
	"context"
	"time"
)

// Host runs the code of actors that start goroutines, sleep, or wait for one another, where a coroutine cannot. What
// it must promise: between two calls of a Stage no goroutine of the run does anything.
type Host interface {
	// Open makes what one Machine drives its runs through; text gives the words of a step that is held.
	Open(text func(h *Held) string) Stage
	// Lost ends the goroutine that calls it, and its run with a Failure: it called a port without the context of an
	// operation.
	Lost(call string)
}

// Stage drives one Machine's runs. Each call but End returns once every goroutine is at rest: held at a port call,
// asleep, or waiting for another.
type Stage interface {
	// Begin begins a run: start, which may be nil, is called as the first of the run's code.
	Begin(start func()) *News
	// Start begins an operation, on a goroutine of its own, by the Actor's Attend.
	Start(op *Actor) *News
	// Answer hands a goroutine the reply to the call that it is held at.
	Answer(h *Held, r Reply) *News
	// Pass lets time pass, by exactly d. What is due meanwhile happens.
	Pass(d time.Duration) *News
	// Wait lets time pass until a goroutine is held or an operation returns, by at most d.
	Wait(d time.Duration) *News
	// Crash ends the operations of the actors without any further effect.
	Crash(ids []ActorID) *News
	// End ends the run without any further effect, calls stop, and tells how code broke out or what it left behind.
	End(stop func()) *Failure
}

// Door is where the port calls of an operation go.
type Door interface {
	Call(op *Actor, s *Step) Reply
	Enter(op *Actor)
	Leave(op *Actor)
}

// News is what happened until everything was at rest, in any order.
type News struct {
	Held     []*Held
	Returned []*Actor
	// Passed is the time that passed.
	Passed  time.Duration
	Failure *Failure
}

// Held is a goroutine that is held at a port call.
type Held struct {
	Op   *Actor // the operation that it acts for
	Step Step
	Own  bool // the operation began on it
	// Goroutine tells goroutines apart; 0 where that is not needed, because it is the operation's own.
	Goroutine uint64
	Site      []uintptr
}

// HostWorld is a World for code that a Host runs: it tells the time, and has two more steps.
type HostWorld interface {
	World
	// NextReturn describes the step by which an operation returns that had no step of its own to return from. It
	// accesses nothing, cannot fail, and has no effect.
	NextReturn(s *Step)
	// NextWait describes the step by which time passes, outside the budget, until something happens: Apply takes it
	// with the actor Clock and, in A, the milliseconds that passed, which its StepText must not tell and its reply
	// must. It also gives the milliseconds to the next deadline of any kind, which the step stays short of; 0 if
	// there is none.
	NextWait(s *Step) (deadline int64)
	// Elapsed is the time since the start of the run, in milliseconds.
	Elapsed() int64
}

// Attend runs the operation. A Host calls it once, on a goroutine of its own, with a context that it cancels when the
// operation is to end.
func (a *Actor) Attend(ctx context.Context, d Door) {
	a.ctx, a.door = ctx, d
	a.result = a.doing.Run(a, &a.doing)
}

// Context is what the context of the operation is to be derived from. Under a Host it is cancelled when the run ends
// or the actor crashes; else it never is.
func (a *Actor) Context() context.Context {
	if a.ctx == nil {
		return context.Background()
	}
	return a.ctx
}

// Hosted tells whether a Host runs the operation.
func (a *Actor) Hosted() bool { return a.door != nil }

// Enter begins what a port does to make its steps, and Leave ends it: under a Host a port may be called by several
// goroutines at once, but between the two, except while it is held in Do, a goroutine is alone. A port that is called
// under a Host calls Do between the two only. Enter does not return to a goroutine that has no business here.
func (a *Actor) Enter() {
	if a.door != nil {
		a.door.Enter(a)
	} else if a.wary {
		a.co.check()
	}
}

// Leave ends what Enter began.
func (a *Actor) Leave() {
	if a.door != nil {
		a.door.Leave(a)
	}
}
