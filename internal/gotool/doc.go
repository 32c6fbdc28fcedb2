// Package gotool is for tests that run the go command.
package gotool
