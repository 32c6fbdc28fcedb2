// Package conductor is the engine under test: the releases of Conductor, each a literal of methods
// over one server.
//
// The text follows the engine's Java: the same verbs, the same order of effects, the same early
// returns; finally is defer, catch is the error branch. Payloads, indexes, metrics, task-status
// listeners, events and limits have no port and are left out; so are the task types that package model does
// not have. A function is named for the first release that has its body,
// sweep3150 for 3.15.0, and stands once, however many releases use it. The sweeper's text alone is
// complete for each generation. There is no flag that tells releases apart.
//
// To add a release or a fork, take the Methods of the nearest one, replace what differs, and call New.
//
// The clock is read only where a definition has a timeout that needs it; with every timeout 0 no
// operation reads it, but for a decide of 3.22.1 and later that starts a FORK, or another task that it
// executes itself: it looks how much of its lease is left.
package conductor
