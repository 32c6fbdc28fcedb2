// Package conformance holds an engine's text against the released classes, call by call. A situation is a
// start state, what a few actors do in it, and in which order; its trace is every port call with all its
// arguments, every reply, what each operation returned, and the state at the end. Traces are recorded
// from the released classes behind the gate and are data (testdata/conformance); the text must give the
// same ones.
package conformance
