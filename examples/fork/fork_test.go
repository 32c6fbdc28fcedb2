package fork_test

import (
	"testing"

	"example.org/fork"
	"fermata/scenarios/suite"
)

func TestFermata(t *testing.T) { suite.Run(t, fork.Right()) }

func TestFermataWrong(t *testing.T) {
	suite.Run(t, fork.Wrong(),
		suite.KnownRed{Scenario: "stale-lookup", Issue: "example/fork#12"})
}
