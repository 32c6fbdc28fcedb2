// Package explore chooses: it walks a system at random, searches all its schedules, those within a bound,
// or one of each trace class, replays one, and shrinks one.
//
// A search answers with a Result: what it covered, what it found, and which limit cut it, if one did.
// A search that no limit cut and that left nothing out is Exhausted. What it found is a list of
// schedules; each of them, replayed on a fresh Machine, shows its violation again.
//
// The package sees sim only: actors, steps and accesses.
package explore
