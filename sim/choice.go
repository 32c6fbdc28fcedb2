package sim

// FaultKind says which fault a choice fires. The zero value is none.
type FaultKind uint8

// The faults. An error before the effect leaves the World as it was; an error after it, which is
// also a lost reply, does not. A crash ends the actor, or its whole server, without its deferred
// calls; locks stay held.
const (
	NoFault FaultKind = iota
	ErrorBefore
	ErrorAfter
	Crash
)

var faultNames = [...]string{"", "error-before", "error-after", "crash"}

// String gives the fault's word in schedules.
func (k FaultKind) String() string { return faultNames[k] }

// FaultNamed finds a fault by its word; NoFault if there is none.
func FaultNamed(word string) FaultKind {
	for k := ErrorBefore; k <= Crash; k++ {
		if faultNames[k] == word {
			return k
		}
	}
	return NoFault
}

// Choice is one thing that a schedule decides: which actor steps, with which of the replies that
// its step leaves open, and whether a fault fires. For a crash, Actor is any actor of the server.
type Choice struct {
	Actor ActorID
	Alt   uint8
	Fault FaultKind
}

// Budget is what a scope allows in a run beyond the operations of its actors. It is part of the
// scope: once spent, the choice is no longer offered.
type Budget struct {
	Advances int // advances of the clock
	Faults   int
}

// Limits cut a run; hitting one is never a pass.
type Limits struct {
	// StepsMax is the most steps in a run; 0 means StepsDefault.
	StepsMax int
}

// StepsDefault is the limit of steps in a run if none is given.
const StepsDefault = 10_000
