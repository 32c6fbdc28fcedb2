// Package redistest runs a real redis-server for a test: its own, on a port of this machine only, with a folder
// of its own and without persistence. Where none is installed the test is skipped, and says how to get one.
package redistest
