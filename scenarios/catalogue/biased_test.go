package catalogue

import (
	"testing"

	"github.com/stretchr/testify/require"

	"fermata/sim"
	"fermata/sim/explore"
)

// TestFirstIsTheSameThoughBiased: with FirstOnly a search that begins again by names tells what a search by names
// tells, and not what the attempt before met, which depends on where who was when the bias showed.
func TestFirstIsTheSameThoughBiased(t *testing.T) {
	sc := leaseExpiry.Scope
	sc.Sweepers = 2
	c := &Case{Scenario: leaseExpiry, Engine: engine(t, "orkes-community"), Scope: sc}
	run := func(w explore.Reductions) (length int, finds []string) {
		in := c.member(explore.NewNumbers())
		m := sim.NewMemo(in.system)
		defer m.Close()
		r := explore.States(m, in.team(1), explore.Options{FirstOnly: true, Without: w})
		require.Empty(t, r.NotLeast)
		for _, f := range r.Finds {
			finds = append(finds, f.Violation.Oracle+" "+f.Violation.Object)
		}
		t.Log(w, m.Renames(), r.States, r.Limit, len(r.Judging().Choices), r.Judging().Violation.Oracle)
		return len(r.Judging().Choices), finds
	}
	want, all := run(explore.Symmetry)
	got, some := run(0)
	require.Equal(t, want, got)
	require.Equal(t, all, some)
}
