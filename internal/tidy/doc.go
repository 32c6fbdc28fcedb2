// Package tidy holds the rules of this house, each as a check that a test runs over the whole tree:
// who may import whom, what no deterministic package may use, how long things may be.
package tidy
