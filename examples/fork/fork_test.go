package fork_test

import (
	"testing"

	"example.org/fork"
	"fermata/scenarios"
)

func TestFermata(t *testing.T) { scenarios.Run(t, fork.Right()) }

func TestFermataWrong(t *testing.T) {
	// One cause, the lookup before the lock, in every scenario that shows it.
	const issue = "example/fork#12"
	scenarios.Run(t, fork.Wrong(),
		scenarios.KnownRed{Scenario: "stale-lookup", Issue: issue},
		scenarios.KnownRed{Scenario: "double-listener", Issue: issue},
		scenarios.KnownRed{Scenario: "stale-timeout", Issue: issue},
		scenarios.KnownRed{Scenario: "phantom-message", Issue: issue},
		scenarios.KnownRed{Scenario: "duplicate-task", Issue: issue},
		scenarios.KnownRed{Scenario: "redelivery-while-sweeping", Issue: issue},
		scenarios.KnownRed{Scenario: "human-twice", Issue: issue})
}
