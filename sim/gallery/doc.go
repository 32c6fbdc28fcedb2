// Package gallery is programs with a known bug, each beside its correct twin, to measure how soon a strategy finds a
// bug: those of SCTBench, of CHESS and SafeStack, for which figures are published, and programs of GenMC whose trace
// classes are counted.
//
// They are written here from their published descriptions, over a World of cells, locks and condition variables. A
// *step* is one access of what another actor writes, or one call on a lock or a condition variable. The *bug* is an
// assertion that fails, a deadlock, or an end that a check refuses.
//
// The package measures nothing; its tests do.
package gallery
