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

// TestPortfolioTakesTurns: the runs of a portfolio are, in its turns, those that its members make alone: of RFF and PCT
// three in eight each, of SURW two, but for one in 96 of each of the others.
func TestPortfolioTakesTurns(t *testing.T) {
	const round = "sffpfspp" + "sffpfspp" + "sffpfspp" + "sffpf"
	const turns = round + "opp" + round + "upp" + round + "rpp"
	letters := map[byte]string{'f': "rff", 's': "surw", 'p': "pct", 'o': "pos", 'u': "urw", 'r': "random"}
	prints := map[string][]uint64{}
	for i, print := range printsOf(explore.NewPortfolio(3), 192) {
		name := letters[turns[i%len(turns)]]
		prints[name] = append(prints[name], print)
	}
	for _, s := range everyStrategy(3)[1:] {
		mine := prints[s.Name()]
		require.Equal(t, printsOf(s, int64(len(mine))), mine, s.Name())
	}
	require.Len(t, prints["rff"], 72)
	require.Len(t, prints["surw"], 42)
	require.Len(t, prints["pct"], 72)
}

// TestAccounts: every schedule, step and find is in the account of whose turn it was.
func TestAccounts(t *testing.T) {
	m := sim.New(workload(1, sweepOld, 1))
	defer m.Close()
	r := explore.Walk(m, explore.NewPortfolio(1), explore.Options{SchedulesMax: 960, Coverage: true})
	var schedules, steps, finds int64
	for i, want := range []struct {
		name      string
		schedules int64
	}{{"surw", 210}, {"rff", 360}, {"pct", 360}, {"pos", 10}, {"urw", 10}, {"random", 10}} {
		a := r.Accounts[i]
		require.Equal(t, want.name, a.Strategy)
		require.Equal(t, want.schedules, a.Schedules)
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
