package sim

// FaultKind says which fault a choice fires. The zero value is none.
type FaultKind uint8

// The faults. An error before the effect leaves the World as it was; an error after it, which is
// also a lost reply, does not. A crash ends the actor, or its whole server, without its deferred
// calls; locks stay held. A restart is a crash after which the server is there again at once, as a new
// process: its actors go on with their next operations. A pause is a stop of an actor for as long as
// the World says, and a redelivery what the World makes of it.
const (
	NoFault FaultKind = iota
	ErrorBefore
	ErrorAfter
	Crash
	Restart
	Pause
	Redeliver
)

var faultNames = [...]string{"", "error-before", "error-after", "crash", "restart", "pause", "redeliver"}

// String gives the fault's word in schedules.
func (k FaultKind) String() string { return faultNames[k] }

// FaultNamed finds a fault by its word; NoFault if there is none.
func FaultNamed(word string) FaultKind {
	for k := ErrorBefore; k <= Redeliver; k++ {
		if faultNames[k] == word {
			return k
		}
	}
	return NoFault
}

// Apart tells that the fault is a choice of its own, and not a step of an actor that fails.
func (k FaultKind) Apart() bool { return k >= Crash }

// Kills tells that the fault ends an operation in progress, without its deferred calls.
func (k FaultKind) Kills() bool { return k == Crash || k == Restart }

// Choice is one thing that a schedule decides: which actor steps, with which of the replies that
// its step leaves open, and whether a fault fires. For a crash or a restart, Actor is any actor of the server; for a
// redelivery it is the Clock, and Alt which one.
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
