package fork_test

import (
	"testing"

	"example.org/fork"
	"fermata/scenarios"
)

func TestFermata(t *testing.T) { scenarios.Run(t, fork.Right()) }

func TestFermataWrong(t *testing.T) {
	scenarios.Run(t, fork.Wrong(),
		scenarios.KnownRed{Scenario: "stale-lookup", Issue: "example/fork#12"})
}
