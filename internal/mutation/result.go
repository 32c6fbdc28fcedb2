package mutation

// What command try writes, as JSON.

// Baseline is what the engine without a mutant does in one scenario.
type Baseline struct {
	Scenario string
	OK       bool // proved in the scenario's scope
	States   int64
	// Beside is what oracles see that do not judge the scenario.
	Beside []Kill
	// Entered are the functions with mutants that are called there, by their places in Functions.
	Entered []int
}

// Trial is what became of a mutant in scenarios of one scope.
type Trial struct {
	Mutant int
	// Killed is the first scenario whose verdict it turns red; nil if none.
	Killed *Kill
	// Beside are oracles that see it where they do not judge, in scenarios that stay as they are.
	Beside []Kill
	// Unknown are the scenarios in which it has no verdict, with the reason.
	Unknown []NoVerdict
	// Traces is the first recorded trace that differs; nil if none does, or it was not held against any. Differing
	// counts all that differ.
	Traces    *Differs
	Differing int
}

// Kill is a scenario and the oracle that rang there.
type Kill struct {
	Scenario, Oracle, Severity string
	Scope                      string // what of the scenario's scope was changed
	Steps                      int    // of the shrunk schedule
}

// NoVerdict is a scenario without a verdict.
type NoVerdict struct{ Scenario, Reason string }

// Differs is a situation whose recorded calls the text does not make.
type Differs struct{ Release, Situation string }

// Walked is the whole space of one scenario.
type Walked struct {
	Scenario string
	States   int64
	Sum      string
	Cut      string // why the walk did not come to its end; empty if it did
}
