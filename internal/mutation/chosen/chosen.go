package chosen

// FunctionsMax is how many functions may have mutants.
const FunctionsMax = 256

// Mutant is a mutant's number, from 1; 0 is none.
type Mutant int

var (
	number  Mutant
	entered [FunctionsMax]bool
)

// Choose has a mutant run. It is called before anything runs.
func Choose(mutant Mutant) { number = mutant }

// Enter notes that a function with mutants is called, and tells which mutant runs.
func Enter(function int) Mutant {
	entered[function] = true
	return number
}

// Entered tells whether the function was called since the last Forget.
func Entered(function int) bool { return entered[function] }

// Forget forgets which functions were called.
func Forget() { clear(entered[:]) }
