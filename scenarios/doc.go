// Package scenarios is what the author of an engine runs in `go test`:
//
//	func TestFermata(t *testing.T) { scenarios.Run(t, fork.Engine()) }
//
// Every scenario of the catalogue becomes a subtest. It fails if the engine violates an oracle that judges the
// scenario, with the story of the smallest interleaving found, a schedule file under testdata/fermata and the command
// that replays it; it fails as well if nothing can be said. A scenario that asks for an operation which the engine does
// not have is skipped as not applicable.
package scenarios
