// Package files reads and writes what a person keeps: nothing is overwritten without being asked, and an error says
// what was expected.
package files
