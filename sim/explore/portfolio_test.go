package explore_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"fermata/sim"
	"fermata/sim/explore"
)

func printsOf(s explore.Strategy, runs int64) (prints []uint64) {
	m := sim.New(workload(1, sweepOld, 1))
	defer m.Close()
	explore.Walk(m, s, explore.Options{
		SchedulesMax: runs, Ended: func(m *sim.Machine) { prints = append(prints, m.Fingerprint()) },
	})
	return prints
}

// TestPortfolioTakesTurns: the runs of a portfolio are, in turn, those that its members make alone; every other one is
// of PCT.
func TestPortfolioTakesTurns(t *testing.T) {
	all := printsOf(explore.NewPortfolio(3), 200)
	for i, s := range everyStrategy(3)[1:] {
		first, every := 2*i-1, 10
		if i == 0 {
			first, every = 0, 2
		}
		var mine []uint64
		for at := first; at < len(all); at += every {
			mine = append(mine, all[at])
		}
		require.Equal(t, printsOf(s, int64(len(mine))), mine, s.Name())
	}
}

// TestAccounts: every schedule, step and find is in the account of whose turn it was.
func TestAccounts(t *testing.T) {
	m := sim.New(workload(1, sweepOld, 1))
	defer m.Close()
	r := explore.Walk(m, explore.NewPortfolio(1), explore.Options{SchedulesMax: 1000, Coverage: true})
	var schedules, steps, finds int64
	for i, name := range []string{"pct", "pos", "urw", "surw", "rff", "random"} {
		a := r.Accounts[i]
		require.Equal(t, name, a.Strategy)
		if i == 0 {
			require.EqualValues(t, 500, a.Schedules)
		} else {
			require.EqualValues(t, 100, a.Schedules)
		}
		require.Positive(t, a.Pairs)
		require.LessOrEqual(t, a.Pairs, r.Pairs)
		require.Positive(t, a.Classes)
		require.LessOrEqual(t, a.Classes, r.Classes)
		schedules, steps, finds = schedules+a.Schedules, steps+a.Steps, finds+int64(a.Finds)
	}
	require.Equal(t, []int64{r.Schedules, r.Transitions, int64(len(r.Finds))}, []int64{schedules, steps, finds})
	require.LessOrEqual(t, r.Classes, int64(78), "there are no more")
	require.Len(t, r.Accounts, 6)

	// A run that is cut by its find is in the account too, though it is no complete schedule.
	r = explore.Walk(m, explore.NewPortfolio(1), explore.Options{FirstOnly: true})
	finds, steps = 0, 0
	for _, a := range r.Accounts {
		finds, steps = finds+int64(a.Finds), steps+a.Steps
		require.False(t, a.Estimate.Valid)
		require.Zero(t, a.Classes, "not asked for")
	}
	require.EqualValues(t, 1, finds)
	require.Equal(t, r.Transitions, steps)
}
