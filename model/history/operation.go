package history

import "fermata/model/spec"

// Operation is one operation of a history. It is open as long as it has not returned.
type Operation struct {
	Number    int
	Actor     spec.Actor
	Operation spec.Operation
	// Reply counts once it has returned.
	Reply spec.Reply
	// Returned is the position of its return among the file's events; spec.Never before.
	Returned int
	// CallLine and ReturnLine are the file's lines, one line of an operation with timestamps.
	CallLine, ReturnLine int
	// places are where the judges keep the operation's object, from 1; 0 for one that does not know it.
	places [judgesMax]int32
}

// judgesMax bounds the judges of a check.
const judgesMax = 8

// Open tells whether it has not returned yet.
func (o *Operation) Open() bool { return o.Returned == spec.Never }

// Event is the call or the return of an operation.
type Event struct {
	Kind spec.EventKind
	Op   *Operation
}

// Line is the file's line where it stands.
func (e Event) Line() int {
	if e.Kind == spec.Return {
		return e.Op.ReturnLine
	}
	return e.Op.CallLine
}

// Spec is the event in the words of package spec.
func (e Event) Spec() spec.Event {
	out := spec.Event{Kind: e.Kind, Actor: e.Op.Actor, Op: e.Op.Number}
	if e.Kind == spec.Return {
		out.Reply = e.Op.Reply
	} else {
		out.Operation = e.Op.Operation
	}
	return out
}
