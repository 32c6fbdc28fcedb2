// Package fork is an example of a fork that Fermata judges: two sweepers of its own, over the executor of the proposed
// fix. One of them is right, and one looks the workflow up before it holds the lock.
//
// Copy this module, put your sweeper in place of theirs, and run go test.
package fork
