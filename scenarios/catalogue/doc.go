// Package catalogue is the catalogue: the situations in which the engine's races show, the oracles
// that judge them, and the searches over them.
//
// A Scenario is a start state, actors and the names of the oracles that judge it. A Case is a
// scenario with an engine and a scope. Find looks for a violation of a case, Verify rules one out or
// finds it, Replay runs a schedule again, and each tells a Finding as a Trace that can be read.
//
// The package draws nothing, writes no file and has no clock. A fork comes to it by package scenarios, the suite for
// `go test`.
package catalogue
