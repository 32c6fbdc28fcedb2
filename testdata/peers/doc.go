// Command peers measures Fermata beside its peers on workload W, in turns, and prints the tables of "Beside peers" in
// docs/performance.md. Run it from the module's root: go run ./testdata/peers [-turns 5] [-only REGEXP]. It needs spin
// and gcc, and cargo; what is not there is left out, with a word on how to get it. It exits with 1 if a count is not
// what it must be, or if a peer finds nothing wrong in the sweeper S.
package main
