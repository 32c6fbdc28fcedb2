// Package redis runs the parts of a World on a Redis: the lock as Redisson's scripts, the queues of orkes and dyno and
// the Redis store as their commands, the record store as a script for each call. Each step sends what the real part
// would send, and the World of package world takes it too: the two must answer alike at every step and hold the same
// at the end of every run, or the run is an error. So the same schedule means the same on memory, on an embedded
// miniredis and on a server, and what the oracles see in memory is what the server holds.
//
// Time is virtual. Scores and leases are computed from the World's time, and an advance moves the expiry of keys with
// it: what is over expires at once. On a server a lease gets a minute more, so that real time ends none; a run that
// stands still for longer than that is told as a difference.
package redis
