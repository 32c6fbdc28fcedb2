package catalogue

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"fermata/sim/world"
)

// told is what a report says of findings.
func told(findings []*Finding) (all []string) {
	for _, f := range findings {
		all = append(all, f.Oracle+" "+f.Object+" "+f.Message+"\n"+f.Schedule.Text())
	}
	return all
}

// sameReports holds all that two reports say against each other, but for the transitions taken.
func sameReports(t *testing.T, one, other *Report) {
	t.Helper()
	require.Equal(t, told(one.Findings), told(other.Findings))
	require.Equal(t, told(one.AlsoSeen), told(other.AlsoSeen))
	a, b := *one, *other
	a.Case, b.Case = nil, nil // they have functions
	a.Findings, b.Findings, a.AlsoSeen, b.AlsoSeen, a.Steps, b.Steps = nil, nil, nil, nil, 0, 0
	// Whoever meets a history first says how it is judged; a set that is shared takes more room.
	a.Checks, b.Checks, a.Memory, b.Memory = Checks{}, Checks{}, 0, 0
	of := func(r *Report) string { // a class has another number in another process
		shown, err := json.Marshal(r.Accounts)
		require.NoError(t, err)
		r.Accounts = nil
		return string(shown)
	}
	require.Equal(t, of(&a), of(&b))
	require.Equal(t, a, b)
}

// TestTeamsVerifyTheSame: verdict, states, histories, what was reached and called, and each finding to the last choice;
// on scopes in which a team does share the work, with oracles that judge histories and that settle.
func TestTeamsVerifyTheSame(t *testing.T) {
	for _, c := range []struct{ scenario, engine, scope string }{
		{"early-release", "proposed", ""},
		{"early-release", "conductor-3.17.0", ""},
		{"stale-lookup", "proposed", "sweepers=3"},
		{"repair-in-schedule-gap", "conductor-3.14.0", "sweepers=3"},
	} {
		t.Run(c.scenario+" "+c.engine, func(t *testing.T) {
			one := verifiedBy(t, 1, c.scenario, c.engine, c.scope)
			require.Greater(t, one.Steps, int64(1<<15), "below that nobody joins")
			sameReports(t, one, verifiedBy(t, 3, c.scenario, c.engine, c.scope))
		})
	}
}

func verifiedBy(t *testing.T, workers int, scenario, engine, scope string) *Report {
	c, err := NewCase(scenario, engine, scope)
	require.NoError(t, err)
	r, err := Verify(c, VerifyOptions{Workers: workers})
	require.NoError(t, err)
	return r
}

// TestTeamsFindTheSame: the report of a walk is the same to the last count, found or not.
func TestTeamsFindTheSame(t *testing.T) {
	for _, c := range []struct {
		scenario, engine string
		o                FindOptions
	}{
		{"stale-lookup", "conductor-3.17.0", FindOptions{Seed: 1}},
		{"early-release", "conductor-3.17.0", FindOptions{Seed: 5, Strategy: "random"}},
		{"stale-lookup", "proposed", FindOptions{Seed: 3, Schedules: 1000, Coverage: true}},
		{"early-release", "proposed", FindOptions{Seed: 4, Schedules: 700, Strategy: "rff"}},
	} {
		t.Run(c.scenario+" "+c.engine, func(t *testing.T) {
			of, err := NewCase(c.scenario, c.engine, "")
			require.NoError(t, err)
			var reports []*Report
			for _, workers := range []int{1, 2, 5} {
				c.o.Workers = workers
				r, err := Find(of, c.o)
				require.NoError(t, err)
				reports = append(reports, r)
			}
			for _, r := range reports[1:] {
				require.Equal(t, reports[0].Steps, r.Steps)
				sameReports(t, reports[0], r)
			}
		})
	}
}

// TestWorldsShareNumbers: what two worlds meet in different orders has the same numbers in both where they share them,
// and other numbers where they do not.
func TestWorldsShareNumbers(t *testing.T) {
	c, err := NewCase("stale-lookup", "proposed", "")
	require.NoError(t, err)
	in, err := c.backed()
	require.NoError(t, err)
	names := []string{"one", "two", "three"}
	order := func(w *world.World, names ...string) (numbers []int) {
		for _, name := range names {
			numbers = append(numbers, int(w.Object(name)))
		}
		return numbers
	}
	other := c.member(in.system.Numbers).world
	order(other, "three", "two", "one")
	require.Equal(t, order(in.world, names...), order(other, names...))
	first, second := c.instance().world, c.instance().world
	order(second, "three", "two", "one")
	require.NotEqual(t, order(first, names...), order(second, names...))
}
