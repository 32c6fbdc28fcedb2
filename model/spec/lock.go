package spec

// Lock specifies a workflow's lock (Lock.java: re-entrant, with a lease).
//
//   - Acquire is true if the lock is free or the owner's own, which adds a hold, and false only while
//     another holds it. An error is without effect.
//   - Release gives up one hold. By anyone but the owner it is an error without effect, and only then
//     an error; a service that failed is recorded as Unknown.
//   - Expire, by the clock, ends all holds of the owner whose lease it was.
type Lock struct{}

// LockState is the state of Lock. The zero value is a free lock.
type LockState struct {
	Owner Actor
	Holds int
}

// Name is "lock".
func (Lock) Name() string { return "lock" }

// Object is the workflow.
func (Lock) Object(op Operation) (Object, bool) {
	known := op.Name == Acquire || op.Name == Release || op.Name == Expire
	return Object{Workflow: op.Workflow}, known
}

// Hash mixes all fields.
func (Lock) Hash(s LockState) uint64 {
	return uint64(hashStart.number(uint64(s.Holds)).text(string(s.Owner)))
}

// Step is described at Lock.
func (Lock) Step(s LockState, op Operation, reply Reply) []LockState {
	to, able := s.effect(op)
	switch {
	case reply.Unknown && able:
		return []LockState{s, to}
	case reply.Unknown:
		return []LockState{s}
	case reply.Err:
		if op.Name == Acquire || !s.heldBy(op.Owner) {
			return []LockState{s}
		}
	case op.Name == Acquire && !reply.Done:
		if !able {
			return []LockState{s}
		}
	case able:
		return []LockState{to}
	}
	return nil
}

func (s LockState) heldBy(owner Actor) bool { return s.Holds > 0 && s.Owner == owner }

// effect gives what the operation does where it is able to.
func (s LockState) effect(op Operation) (LockState, bool) {
	own := s.heldBy(op.Owner)
	switch {
	case op.Name == Acquire:
		return LockState{Owner: op.Owner, Holds: s.Holds + 1}, own || s.Holds == 0
	case op.Name == Release && s.Holds > 1:
		return LockState{Owner: s.Owner, Holds: s.Holds - 1}, own
	}
	return LockState{}, own
}
