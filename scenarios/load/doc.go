// Package load is the load lab: production load in virtual time, on the engine text and the worlds that the searches
// run.
//
// A Setup says everything that a run depends on; Run is a function of it, the same on every machine. A run is made of
// shards, one for each workflow, with a world of its own that is forgotten when nothing can happen to the workflow any
// more. What shards share are the sweepers, which take due messages of all of them, and nothing else.
//
// The package draws nothing, writes no file and has no clock.
package load
