// Package postgres runs the parts of a World that are a SQL database on a real PostgreSQL, for the tests that hold
// the one against the other: the lock of PostgresLockDAO, the queue of PostgresQueueDAO and the store of
// PostgresExecutionDAO, in tables and statements of our own that do what theirs do. Each step is the statement or the
// transaction that the real part would run, with the World's time in place of the server's.
package postgres
