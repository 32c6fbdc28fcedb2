// Package mutation keeps small wrong edits of the engine and the world as data, and builds them all at once. A mutant
// is an edit of one function. In the build, each such function has a copy for each of its mutants beside it, and asks
// at its begin which one is to run (package chosen); the files are put in by go build -overlay, so that nothing in the
// tree changes. Command try runs one mutant: through every scenario, or against the recorded calls of the released
// classes.
package mutation
