// Package drawn makes drawn calls on the ports of a World, several at the same time, for tests that run the World and
// something else side by side: a Redis, a database.
package drawn
