// Package sim is the machine: actors that are held at every step until a schedule lets them go.
//
// An actor runs operations; an operation takes steps; a step is one atomic effect on a World,
// described as plain data before it happens. A Machine offers the choices that are open, takes the
// one it is given and knows no strategy: who chooses is in sim/explore. Time is an actor too, and
// faults are choices.
//
// The list of choices taken is the schedule, and it alone reproduces a run. A Machine drives actors
// either as coroutines, which run the real code, or along a reply tree, which remembers what the
// code did; both give the same run. A Host is a third way, for code with goroutines.
//
// The package imports nothing of ours: it knows actors, steps and accesses, no workflow and no lock.
package sim
