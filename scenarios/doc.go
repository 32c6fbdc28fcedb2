// Package scenarios is the catalogue: the situations in which the engine's races show, the oracles
// that judge them, and the searches over them.
//
// A Scenario is a start state, actors and the names of the oracles that judge it. A Case is a
// scenario with an engine and a scope. Find looks for a violation of a case, Verify rules one out or
// finds it, Replay runs a schedule again, and each tells a Finding as a Trace that can be read.
//
// The package is what a fork imports: it holds the standard library, porcupine and ours, and draws
// nothing, reads no file and has no clock.
package scenarios
