// Package sweeper is the contract that an engine is written against: the ports it calls, the
// operations it offers, its settings, and the table of port calls.
//
// An engine is plain Go: context first, values in and values out, no goroutine, no clock. Each port
// call that the table marks as a step is atomic, and between two steps anything may happen. The actor
// travels in the context; an engine passes on the context it was given and keeps nothing between
// operations but its ports and settings.
//
// Java's overloads collapse to the longest form. Its exceptions are the sentinel errors of this
// package. Units are the engine's own (model.Seconds, model.Millis).
//
// What is not here: any simulator. A fork's author reads this package and model, and nothing else.
package sweeper
