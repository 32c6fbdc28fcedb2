// Package server is the connection to a Redis: an embedded one (miniredis, over a connection in memory) or a
// real one. It opens a Redis only if that can do what the parts need, keeps to the keys of its own prefix,
// and passes virtual time.
//
// A Redis has one connection and sends one command at a time. Nothing is tried again behind the caller's
// back: a connection that breaks stays broken, since what the server did with the last command is not known.
//
// A real server's own clock runs beside virtual time. Times to live shrink by the real time of a run, which
// has to be short against the differences between deadlines; the embedded one has no clock but PassTime.
//
// Its tests pass on Redis 5.0.6, 6.2.14 and 7.0.15, and on Redis and Valkey as they were in October 2024.
package server
