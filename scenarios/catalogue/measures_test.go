package catalogue

import (
	"testing"

	"github.com/stretchr/testify/require"

	"fermata/sweeper"
	"fermata/sweeper/proposed"
)

// The guarded text with no guard on is 3.17.0, and with all on the proposed fix: at every state that
// either reaches, both offer the same steps and get the same replies.
func TestMeasuresEqualTheFlagFreeTexts(t *testing.T) {
	t.Parallel()
	all := proposed.Measures{LockFirst: true, AtomicRepair: true, RemoveFirst: true}
	for _, pair := range [][2]sweeper.Engine{
		{engine(t, "conductor-3.17.0"), proposed.Measures{}.Engine()},
		{engine(t, "proposed"), all.Engine()},
	} {
		for _, s := range Scenarios() {
			t.Run(s.Name+"/"+pair[1].Name, func(t *testing.T) {
				states, err := Compare(s, pair[0], pair[1])
				require.NoError(t, err)
				least := int64(30)
				if !inFull(s) {
					least = 5 // of one operation
				}
				require.Greater(t, states, least)
			})
		}
	}
}

// Engines that differ in one measure must part somewhere, or the comparison sees nothing.
func TestLockstepTellsMeasuresApart(t *testing.T) {
	for name, on := range map[string]*Scenario{ //tidy:unordered each on its own
		"lock-first": staleLookup, "atomic-repair": tornRepair, "remove-first": earlyRelease,
	} {
		_, err := Compare(on, engine(t, "conductor-3.17.0"), engine(t, name))
		require.Error(t, err, name)
	}
}

func engine(t *testing.T, name string) sweeper.Engine {
	t.Helper()
	e, err := engineNamed(name, nil)
	require.NoError(t, err)
	return e
}

// Which measure each scenario needs. Everything else about the cells is in the goldens.
func TestMeasuresThatEachScenarioNeeds(t *testing.T) {
	t.Parallel()
	needs := map[string]proposed.Measures{
		"stale-lookup":           {LockFirst: true},
		"torn-repair":            {AtomicRepair: true},
		"early-release":          {RemoveFirst: true},
		"repair-in-schedule-gap": {LockFirst: true, AtomicRepair: true},
		"missed-completion":      {}, // a sweep decides with each of them
		"lock-taken-away":        {}, // Redisson's is not

		"double-listener": {LockFirst: true}, "stale-timeout": {LockFirst: true},
		"phantom-message": {LockFirst: true}, "duplicate-task": {LockFirst: true},
		"human-twice": {LockFirst: true}, "redelivery-while-sweeping": {LockFirst: true},
		"zombie-message": {}, // no decide of the texts pushes on a miss
		"lock-kept":      {}, // the text has no such leak
		// What an operator asks for is the newest release's where all three are.
		"repeated-terminate": {LockFirst: true, AtomicRepair: true, RemoveFirst: true},
		// The others need more than the sweeper's order: see ProvedOn and ProvedWith.
	}
	for _, m := range proposed.AllMeasures() {
		for _, s := range Scenarios() {
			need, some := needs[s.Name]
			green := some && (m.LockFirst || !need.LockFirst) && (m.AtomicRepair || !need.AtomicRepair) &&
				(m.RemoveFirst || !need.RemoveFirst)
			r := verified(t, s, m.Engine())
			require.Empty(t, r.Reason)
			require.Equal(t, green, r.Verdict == OK, "%s on %s", s.Name, m.Engine().Name)
			require.Equal(t, green, r.Proved)
		}
	}
}

// reports remembers what verifying each cell gave: several tests look at the same cells.
var reports = map[string]*Report{}

func verified(t *testing.T, s *Scenario, e sweeper.Engine) *Report {
	t.Helper()
	c := &Case{Scenario: s, Engine: e, Scope: s.Scope}
	if reports[c.Name()] == nil {
		cell, err := VerifyCell(c, VerifyOptions{})
		require.NoError(t, err)
		reports[c.Name()] = cell.Report
	}
	return reports[c.Name()]
}
