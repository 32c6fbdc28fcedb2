// Package spec holds the sequential specifications of what an engine promises to those who call it,
// and the one adapter to porcupine, which judges a history against them.
//
// A history is a list of events: the calls and returns of operations, in order, without timestamps
// (with touching timestamps a stale read looks concurrent with the write before it, and passes). An
// operation encloses many steps of an engine. It is linearizable if each operation can be given one
// moment between its call and its return at which it happened as a whole, as its specification says.
//
// A specification is a pure, nondeterministic function from a state, an operation and its reply to
// the set of possible next states; the empty set means that the reply is illegal. The reply Unknown
// stands for an operation that never returned, and is accepted with and without the effect.
//
//	events, err := spec.Parse("history.txt", text)
//	running := func(spec.Object) spec.WorkflowState {
//		return spec.WorkflowState{Status: model.Running}
//	}
//	verdict, err := spec.Check(spec.Workflow{}, running, spec.Close(events))
//
// The package has no clock and starts no goroutine. Porcupine starts one for each check and waits
// for it, so a check must never run inside an actor of the simulator.
package spec
