// Command try runs one mutant, in a build that has them all (see package mutation), and writes what came out as JSON.
// Its arguments are what to do and the scenarios to do it in:
//
//	try -mutants FILE baseline SCENARIO...    without a mutant: verdict, states, and which functions are called
//	try -mutants FILE -mutant N trial SCENARIO...    up to the first red one, then against the recorded calls
//	try -mutants FILE -mutant N space SCENARIO...    a hash over all that happens there
//
// The engine and the parts are those that the mutant asks for; those of another one are chosen with -as N. The scope is
// each scenario's own, changed by -scope.
package main
