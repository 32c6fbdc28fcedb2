// Package gate runs an engine of another process under the scheduler: each port call of its actors is
// held in that process until the schedule lets it go. To the rest of Fermata such an engine is one more
// sweeper.Engine, and its actors are actors like all others. docs/gate-protocol.md is the protocol.
//
// What the process does on threads of its own, by its own clock or by chance is not under control; the
// Java side (folder java) says what it does about each of these.
//
// A process that ends, hangs, speaks out of turn, or acts for an actor that it was not asked to act for
// breaks its actor off (sim.Broken): the run has no verdict. It never makes a verdict green or red.
package gate
