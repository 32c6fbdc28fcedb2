// Package chosen says which mutant a process runs, in a build that has every mutant in it. Nothing of the product
// imports it: the calls are put in by the overlay that package mutation writes.
package chosen
