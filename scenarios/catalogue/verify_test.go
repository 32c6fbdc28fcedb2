package catalogue

import (
	"testing"

	"github.com/stretchr/testify/require"

	"fermata/sim"
)

// TestACutSearchIsUnknown: a limit that is hit, or Ctrl-C, is no green, whatever the search and whatever it bounds.
func TestACutSearchIsUnknown(t *testing.T) {
	for _, search := range Searches() {
		t.Run(search, func(t *testing.T) {
			c, err := NewCase("stale-lookup", "proposed", "")
			require.NoError(t, err)
			o := VerifyOptions{Search: search, Preemptions: 1, Delays: 1, StatesMax: 100}
			r, err := Verify(c, o)
			require.NoError(t, err)
			require.Equal(t, Unknown, r.Verdict)
			require.Contains(t, r.Reason, "cut by a limit: ")
			require.NotEmpty(t, r.Limit)
			require.False(t, r.Exhausted)

			o.StatesMax, o.Stop = 0, func() bool { return true }
			r, err = Verify(c, o)
			require.NoError(t, err)
			require.Equal(t, Unknown, r.Verdict)
			require.Equal(t, "stopped", r.Limit)
			require.Positive(t, r.Schedules)
		})
	}
}

// TestOnlyAllInterleavingsAreAProof: every search comes to the end of a small scope. Those that leave out no schedule
// prove, and one that makes a run of each trace class does not; nor does a bound that left something out.
func TestOnlyAllInterleavingsAreAProof(t *testing.T) {
	for _, search := range Searches() {
		for _, bound := range []int{0, 100} {
			small := cutDown(staleLookup)
			c := &Case{Scenario: small, Engine: engine(t, "proposed"), Scope: small.Scope}
			r, err := Verify(c, VerifyOptions{Search: search, Preemptions: bound, Delays: bound})
			require.NoError(t, err)
			require.Equal(t, OK, r.Verdict, search)
			cut := bound == 0 && r.Bounds != ""
			reduces := search == searchDPOR || search == searchDPORPreemptions
			require.Equal(t, cut, r.BoundCut, search)
			require.Equal(t, !cut, r.Exhausted, search)
			require.Equal(t, !cut && !reduces, r.Proved, search)
			require.Equal(t, reduces, len(r.InTheseRuns) > 0, search)
			require.Equal(t, reduces, r.Classes > 0, search)
		}
	}
}

// TestBoundedSearchesSeeWhatTheyShould: with the same bound on preemptions, a run of each trace class violates what any
// run does.
func TestBoundedSearchesSeeWhatTheyShould(t *testing.T) {
	for _, s := range []*Scenario{staleLookup, tornRepair, repairInScheduleGap, lockTakenAway} {
		for bound := range 3 {
			var seen [2][]string
			for i, search := range []string{searchPreemptions, searchDPORPreemptions} {
				small := cutDown(s)
				c := &Case{Scenario: small, Engine: engineOfRelease(), Scope: small.Scope}
				r, err := Verify(c, VerifyOptions{Search: search, Preemptions: bound})
				require.NoError(t, err)
				for _, f := range r.Findings {
					seen[i] = append(seen[i], f.Oracle+" "+f.Object)
				}
			}
			require.ElementsMatch(t, seen[0], seen[1], "%s, %d", s.Name, bound)
		}
	}
}

// TestMemoryBoundsWhatIsRemembered: the limit cuts the searches that remember, and those alone.
func TestMemoryBoundsWhatIsRemembered(t *testing.T) {
	for _, search := range Searches() {
		c, err := NewCase("stale-lookup", "conductor-3.17.0", "")
		require.NoError(t, err)
		o := VerifyOptions{Search: search, MemoryMiB: 1, StatesMax: 100_000, Preemptions: 2, Delays: 2}
		r, err := verify(c.instance(), o)
		require.NoError(t, err)
		require.Equal(t, o.Remembers(), r.Memory > 0, search)
		require.LessOrEqual(t, r.Memory, int64(1<<20), search)
		if search == searchStates || search == searchDPOR {
			require.Equal(t, "memory", r.Limit, search)
		}
	}
}

// hostless refuses to run anything.
type hostless struct{ sim.Host }

// TestGoroutinesAreNotReduced: of goroutines it is not known what they depend on.
func TestGoroutinesAreNotReduced(t *testing.T) {
	e := engineOfRelease()
	e.Goroutines, e.Memoisable = true, false
	in := (&Case{Scenario: tornRepair, Engine: e, Scope: tornRepair.Scope}).instance()
	in.c.Host = hostless{}
	_, err := verify(in, VerifyOptions{Search: searchDPOR})
	require.ErrorIs(t, err, ErrUsage)
	require.ErrorContains(t, err, "does not know what the goroutines of conductor-3.17.0 depend on")
}
