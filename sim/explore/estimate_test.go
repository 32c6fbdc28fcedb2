package explore_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"fermata/sim"
	"fermata/sim/explore"
	"fermata/sim/tiny"
)

// classChances gives each trace class of a system with the chance that a random walk is of it.
func classChances(s *sim.System) map[[2]uint64]float64 {
	m := sim.New(s)
	defer m.Close()
	var class explore.Class
	all, chance := map[[2]uint64]float64{}, 1.0
	explore.Plain(m, explore.Options{
		Entered: func(m *sim.Machine, open int) {
			if m.Steps() == 1 {
				class.Reset()
				chance = 1
			}
			class.Add(m.Transition())
			chance /= float64(open)
		},
		Ended: func(*sim.Machine) { all[class.Sum] += chance },
	})
	return all
}

// sampled walks at random, with its coverage, and gives what the sample leaves unseen too: exactly, by the chances of
// the classes that it does not have.
func sampled(s *sim.System, chances map[[2]uint64]float64, seed uint64, runs int64) (*explore.Result, float64) {
	m := sim.New(s)
	defer m.Close()
	var class explore.Class
	seen := map[[2]uint64]bool{}
	r := explore.Walk(m, explore.NewRandom(seed), explore.Options{
		SchedulesMax: runs, Coverage: true,
		Entered: func(m *sim.Machine, _ int) {
			if m.Steps() == 1 {
				class.Reset()
			}
			class.Add(m.Transition())
		},
		Ended: func(*sim.Machine) { seen[class.Sum] = true },
	})
	unseen := 0.0
	for c, chance := range chances { //tidy:unordered a sum
		if !seen[c] {
			unseen += chance
		}
	}
	return r, unseen
}

// TestGoodTuringIsRight: for n runs, f1/n has the mean Σ p(1-p)^(n-1) over the classes, by its definition, and the mass
// that they leave unseen has Σ p(1-p)^n. Both sums are exact, from every schedule of workload W with one fixed sweeper:
// 30 classes. The means of 400 samples are within five standard deviations of them. In no sample is more left unseen
// than the bound says, which holds with 95% confidence at least; it is wide.
func TestGoodTuringIsRight(t *testing.T) {
	chances := classChances(workload(1, sweepFixed, 1))
	require.Len(t, chances, 30)
	for _, n := range []int64{10, 60, 200} {
		const samples = 400
		var estimated, left, squares, leftSquares, wantEstimated, wantLeft float64
		for seed := range uint64(samples) {
			r, unseen := sampled(workload(1, sweepFixed, 1), chances, seed, n)
			e := r.Accounts[0].Estimate
			require.True(t, e.Valid)
			require.Equal(t, n, e.Runs)
			require.Equal(t, r.Classes, e.Classes)
			require.LessOrEqual(t, unseen, e.UnseenMax)
			estimated += e.Unseen / samples
			left += unseen / samples
			squares += e.Unseen * e.Unseen / samples
			leftSquares += unseen * unseen / samples
		}
		for _, p := range chances { //tidy:unordered a sum
			wantEstimated += p * math.Pow(1-p, float64(n-1))
			wantLeft += p * math.Pow(1-p, float64(n))
		}
		t.Logf("%d runs: estimated %.4f of %.4f, left %.4f of %.4f", n, estimated, wantEstimated, left, wantLeft)
		require.InDelta(t, wantEstimated, estimated, 5*math.Sqrt((squares-estimated*estimated)/samples))
		require.InDelta(t, wantLeft, left, 5*math.Sqrt((leftSquares-left*left)/samples))
	}
}

// TestClassCounts: a long walk sees as many classes as there are: 30 of workload W with one fixed sweeper. The rarest
// has a chance of 5.1e-5, so that 100,000 runs miss it with a chance of e^-5.1 = 0.006; this seed does not. Of
// the 476 with two, most of which a random walk hardly meets, Chao's estimate is from below, up to its noise.
func TestClassCounts(t *testing.T) {
	chances := classChances(workload(1, sweepFixed, 1))
	rarest := 1.0
	for _, p := range chances { //tidy:unordered a minimum
		rarest = min(rarest, p)
	}
	require.InDelta(t, 5.08e-5, rarest, 1e-7)
	const long = 100_000
	r, unseen := sampled(workload(1, sweepFixed, 1), chances, 2, long)
	e := r.Accounts[0].Estimate
	require.EqualValues(t, 30, r.Classes)
	require.Zero(t, unseen)
	require.GreaterOrEqual(t, e.ClassesAll, 30.0)
	slack := (2*math.Sqrt2 + math.Sqrt(3)) * math.Sqrt(math.Log(60)/long)
	require.InDelta(t, float64(e.Once)/long+slack, e.UnseenMax, 1e-12)

	for _, runs := range []int64{300, 3000} {
		r, _ = sampled(workload(2, sweepFixed, 1), nil, 1, runs)
		e = r.Accounts[0].Estimate
		t.Logf("%d runs: %d classes of 476, estimated %.0f", runs, r.Classes, e.ClassesAll)
		require.Greater(t, e.ClassesAll, float64(r.Classes))
		require.Less(t, e.ClassesAll, 1.1*476)
	}
}

// TestEveryClassIsSeen: each strategy but one meets every class of workload W with one fixed sweeper, and nobody meets
// one that there is not. The exception is the random walk: it misses the rarest with a chance of
// (1-5.1e-5)^24,000 = 0.29.
func TestEveryClassIsSeen(t *testing.T) {
	for _, s := range everyStrategy(1) {
		m := sim.New(workload(1, sweepFixed, 1))
		r := explore.Walk(m, s, explore.Options{SchedulesMax: 24_000, Coverage: true})
		m.Close()
		t.Logf("%s: %d classes, %d pairs", s.Name(), r.Classes, r.Pairs)
		require.LessOrEqual(t, r.Classes, int64(30))
		if s.Name() != "random" {
			require.EqualValues(t, 30, r.Classes, s.Name())
		}
	}
}

// TestReadsFromByHand: A writes a, B reads it: of the two orders, one reads the start and one the write; the write
// itself comes after the start in both. So there are three pairs.
func TestReadsFromByHand(t *testing.T) {
	ps := programs{{{tiny.Write, cellA, 1}}, {{tiny.Read, cellA, 0}}}
	m := sim.New(ps.system())
	defer m.Close()
	r := explore.Walk(m, explore.NewRandom(1), explore.Options{SchedulesMax: 50, Coverage: true})
	require.EqualValues(t, 3, r.Pairs)
	require.EqualValues(t, 2, r.Classes)
}

// TestRuleOfThree: a system whose runs violate with a chance of more than the bound is passed by n runs with a chance
// of less than 5%: (1-3/n)^n < e^-3 = 0.0498. A sample with a violation in it says nothing.
func TestRuleOfThree(t *testing.T) {
	m := sim.New(workload(1, sweepFixed, 1))
	defer m.Close()
	for _, n := range []int64{1, 3, 10, 1000} {
		r := explore.Walk(m, explore.NewRandom(1), explore.Options{SchedulesMax: n})
		e := r.Accounts[0].Estimate
		require.Equal(t, min(1, 3/float64(n)), e.FailureMax)
		require.Less(t, math.Pow(1-e.FailureMax, float64(n)), 0.05)
		require.Zero(t, e.UnseenMax, "nothing was counted")
	}
	bad := sim.New(workload(1, sweepOld, 1))
	defer bad.Close()
	r := explore.Walk(bad, explore.NewPortfolio(1), explore.Options{SchedulesMax: 600})
	for _, a := range r.Accounts {
		if a.Estimate.Valid {
			require.EqualValues(t, 1, a.Estimate.FailureMax, "%s found it again, if not first", a.Strategy)
		}
	}
}

// TestWhatIsASample: runs that are drawn alike and independently, and no others. The runs that count for URW and SURW,
// and for PCT of a fixed depth, are none.
func TestWhatIsASample(t *testing.T) {
	m := sim.New(workload(1, sweepFixed, 1))
	defer m.Close()
	for _, c := range []struct {
		strategy explore.Strategy
		runs     int64
		why      string
	}{
		{explore.NewRandom(1), 100, ""},
		{explore.NewPOS(1), 100, ""},
		{explore.NewURW(1), 99, ""},
		{explore.NewSURW(1), 99, ""},
		{explore.NewPCT(1, 3), 84, ""},
		{explore.NewPCT(1, 0), 0, "its depth and its number of steps differ from run to run"},
		{explore.NewRFF(1), 0, "what it does next depends on what it has seen"},
	} {
		r := explore.Walk(m, c.strategy, explore.Options{SchedulesMax: 100})
		e := r.Accounts[0].Estimate
		require.Equal(t, c.runs > 0, e.Valid, c.strategy.Name())
		require.Equal(t, c.runs, e.Runs)
		require.Equal(t, c.why, e.Why)
	}
}
